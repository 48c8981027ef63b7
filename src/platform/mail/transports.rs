//! Ways out: a mail server, or a folder as long as there is none.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::transport::smtp::{self, PoolConfig};
use lettre::{Message, SmtpTransport, Transport as _};

use super::Mail;
use super::queue::Wanted;
use crate::config::Settings;
use crate::platform::text::excerpt;

/// Longest wait for one answer of the server.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Reasons are shown on a page: longer ones are cut, in characters.
const MAX_REASON: usize = 500;

/// The way that mails take.
pub enum Transport {
    /// To a server, which takes charge of them.
    Smtp(SmtpTransport),
    /// Into a folder, each once, where people can read them. They stay waiting.
    Folder(PathBuf),
}

/// Why a mail did not leave, in the words of whoever refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The server says never.
    #[error("{0}")]
    Permanent(String),
    /// The server says not now.
    #[error("{0}")]
    Temporary(String),
    /// No server was reached, or it takes mail from nobody: the others fare no better.
    #[error("{0}")]
    Unreachable(String),
}

impl Transport {
    /// The way that the settings ask for.
    ///
    /// # Errors
    /// When the address of the server cannot be used.
    pub fn from_settings(settings: &Settings) -> Result<Self, String> {
        let Some(url) = &settings.smtp_url else {
            return Ok(Self::Folder(settings.data_dir.join("outbox")));
        };
        let builder = SmtpTransport::from_url(url).map_err(|error| error.to_string())?;
        Ok(Self::Smtp(
            builder
                .timeout(Some(TIMEOUT))
                .pool_config(PoolConfig::new().max_size(2))
                .build(),
        ))
    }

    /// Whether mails leave at all.
    #[must_use]
    pub const fn is_server(&self) -> bool {
        matches!(self, Self::Smtp(_))
    }

    pub(super) const fn wanted(&self) -> Wanted {
        match self {
            Self::Smtp(_) => Wanted::Due,
            Self::Folder(_) => Wanted::NotExported,
        }
    }

    pub(super) fn send(&self, mail: &Mail, message: &Message) -> Result<(), Refusal> {
        match self {
            Self::Smtp(server) => server.send(message).map(drop).map_err(|e| refusal(&e)),
            Self::Folder(folder) => write(folder, mail, &message.formatted())
                .map_err(|error| Refusal::Unreachable(error.to_string())),
        }
    }
}

/// Name of a mail's file in the outbox folder.
#[must_use]
pub fn file_name(mail: &Mail) -> String {
    format!("{}-{}.eml", mail.id, mail.kind.replace('/', "-"))
}

/// Removes the file of a mail that has left: the folder shows what has not, and a secret one
/// must not lie around.
pub(super) fn remove_export(data_dir: &Path, mail: &Mail) {
    let path = data_dir.join("outbox").join(file_name(mail));
    match std::fs::remove_file(&path) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => tracing::warn!(%error, path = %path.display(), "could not be removed"),
    }
}

/// Under its name the file is whole, or is not there.
fn write(folder: &Path, mail: &Mail, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(folder.join(file_name(mail)))?;
    Ok(())
}

fn refusal(error: &smtp::Error) -> Refusal {
    let words =
        std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    let code = error.status().map(u16::from);
    let words = match code {
        Some(code) => format!("{code} {words}"),
        None => words,
    };
    let words = excerpt(&words, MAX_REASON);
    match code {
        // 421: closing; 53x and 454: about us, not about the mail (RFC 4954, section 6).
        Some(421 | 454 | 530 | 532 | 534 | 535 | 538) => Refusal::Unreachable(words),
        Some(_) if error.is_permanent() => Refusal::Permanent(words),
        Some(_) => Refusal::Temporary(words),
        None => Refusal::Unreachable(words),
    }
}
