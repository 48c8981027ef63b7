//! The key that signs what leaves the program and comes back: form tokens, links.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
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
        let mut options = OpenOptions::new();
        match options.write(true).create_new(true).mode(0o600).open(path) {
            Ok(mut file) => {
                let key = random::bytes::<32>();
                file.write_all(&key)?;
                file.sync_all()?;
                Ok(Self(key))
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let mut bytes = Vec::new();
                std::fs::File::open(path)?.read_to_end(&mut bytes)?;
                let key = bytes.try_into().map_err(|_| {
                    std::io::Error::new(
                        ErrorKind::InvalidData,
                        format!("{} is not a key of 32 bytes", path.display()),
                    )
                })?;
                Ok(Self(key))
            }
            Err(error) => Err(error),
        }
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
