//! The key that signs what leaves the program and comes back: form tokens, links.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::random;

/// A 256-bit key, made at the first start and kept in the data folder.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

impl SecretKey {
    /// Reads the key file, or makes it (readable by its owner alone).
    ///
    /// # Errors
    /// When the file cannot be read or written, or is not a key.
    pub fn load_or_create(path: &Path) -> std::io::Result<Self> {
        if let Some(key) = Self::load(path)? {
            return Ok(key);
        }
        let key = random::bytes::<32>();
        let folder = path.parent().unwrap_or(Path::new("."));
        // Written aside, readable by its owner alone, then named: never half a key. Of two
        // processes that start at once, the later one reads the other's.
        let mut draft = tempfile::NamedTempFile::new_in(folder)?;
        draft.write_all(&key)?;
        draft.as_file().sync_all()?;
        match draft.persist_noclobber(path) {
            Ok(_) => {
                File::open(folder)?.sync_all()?;
                Ok(Self(key))
            }
            Err(failed) if failed.error.kind() == ErrorKind::AlreadyExists => {
                Self::load(path)?.ok_or(failed.error)
            }
            Err(failed) => Err(failed.error),
        }
    }

    fn load(path: &Path) -> std::io::Result<Option<Self>> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let key = bytes.try_into().map_err(|_| {
            let reason = format!("{} is not a key of 32 bytes", path.display());
            std::io::Error::new(ErrorKind::InvalidData, reason)
        })?;
        Ok(Some(Self(key)))
    }

    /// A key that lasts as long as the process, for tests.
    #[must_use]
    pub fn ephemeral() -> Self {
        Self(random::bytes())
    }

    /// HMAC-SHA-256 (RFC 2104) over a purpose and parts, as 43 URL-safe characters.
    #[must_use]
    pub fn sign(&self, purpose: &str, parts: &[&str]) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(purpose.as_bytes());
        for part in parts {
            // The length keeps ("ab", "c") apart from ("a", "bc").
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        BASE64URL_NOPAD.encode(&mac.finalize().into_bytes())
    }
}

/// SHA-256 of a secret as hexadecimal: what the database keeps instead of the secret.
#[must_use]
pub fn digest(secret: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(secret.as_bytes()))
}
