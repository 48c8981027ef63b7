//! The key that signs what leaves the program and comes back (form tokens, links), and that seals
//! what the database must not tell whoever reads a copy of it.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::random;

/// Bytes of the random number that is drawn for each sealed text (XChaCha20-Poly1305).
const NONCE: usize = 24;

/// Begins every sealed text: tells how it was made, should that ever change.
const SEALED: &str = "1.";

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
        BASE64URL_NOPAD.encode(&self.mac(purpose, parts))
    }

    /// Encrypts a text for the database with XChaCha20-Poly1305, under a key of the purpose's own.
    /// It opens again only for the same purpose and owner.
    ///
    /// # Panics
    /// Never: the cipher refuses only texts of 256 GiB.
    #[must_use]
    pub fn seal(&self, purpose: &str, owner: &str, plain: &[u8]) -> String {
        let nonce = random::bytes::<NONCE>();
        let payload = Payload {
            msg: plain,
            aad: owner.as_bytes(),
        };
        let text = self
            .cipher(purpose)
            .encrypt(&XNonce::from(nonce), payload)
            .expect("the text is shorter than the cipher's bound");
        format!(
            "{SEALED}{}",
            BASE64URL_NOPAD.encode(&[&nonce[..], &text].concat())
        )
    }

    /// What was sealed; nothing when it was changed, is another owner's, or the key was replaced.
    #[must_use]
    pub fn unseal(&self, purpose: &str, owner: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = sealed.strip_prefix(SEALED)?;
        let bytes = BASE64URL_NOPAD.decode(bytes.as_bytes()).ok()?;
        let (nonce, text) = bytes.split_first_chunk::<NONCE>()?;
        let payload = Payload {
            msg: text,
            aad: owner.as_bytes(),
        };
        let cipher = self.cipher(purpose);
        cipher.decrypt(&XNonce::from(*nonce), payload).ok()
    }

    fn cipher(&self, purpose: &str) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.mac("sealing key", &[purpose]).into())
    }

    /// As [`Self::sign`], in bytes.
    ///
    /// # Panics
    /// Never: HMAC takes a key of any length.
    #[must_use]
    pub fn mac(&self, purpose: &str, parts: &[&str]) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.0)
            .expect("HMAC takes a key of any length");
        mac.update(purpose.as_bytes());
        for part in parts {
            // The length keeps ("ab", "c") apart from ("a", "bc").
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }
}

/// SHA-256 of a secret as hexadecimal: what the database keeps instead of the secret.
#[must_use]
pub fn digest(secret: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(secret.as_bytes()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_sealed_opens_for_its_owner_alone(plain: Vec<u8>, owner in ".*", other in ".*") {
            let key = SecretKey::ephemeral();
            let sealed = key.seal("test", &owner, &plain);
            prop_assert_eq!(key.unseal("test", &owner, &sealed), Some(plain));
            prop_assert_eq!(key.unseal("another", &owner, &sealed), None);
            prop_assert_eq!(SecretKey::ephemeral().unseal("test", &owner, &sealed), None);
            if other != owner {
                prop_assert_eq!(key.unseal("test", &other, &sealed), None);
            }
        }

        #[test]
        fn what_was_changed_does_not_open(plain: Vec<u8>, at: prop::sample::Index) {
            let key = SecretKey::ephemeral();
            let sealed = key.seal("test", "1", &plain);
            let at = at.index(sealed.len());
            let changed: String = sealed
                .char_indices()
                .map(|(i, c)| if i == at { if c == 'A' { 'B' } else { 'A' } } else { c })
                .collect();
            prop_assert_eq!(key.unseal("test", "1", &changed), None);
        }

        #[test]
        fn any_text_is_refused_without_panic(text in ".*") {
            prop_assert_eq!(SecretKey::ephemeral().unseal("test", "1", &text), None);
        }
    }

    #[test]
    fn the_same_text_never_looks_the_same() {
        let key = SecretKey::ephemeral();
        assert_ne!(
            key.seal("test", "1", b"text"),
            key.seal("test", "1", b"text")
        );
    }
}
