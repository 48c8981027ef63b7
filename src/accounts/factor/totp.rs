//! Codes by time: RFC 6238 with SHA-1, six digits, 30 seconds, as every application makes them.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use totp_rs::{Algorithm, Builder, Secret, Totp};

use crate::platform::db::Timestamp;
use crate::platform::random;
use crate::platform::secret::SecretKey;

/// Bytes of a key: what SHA-1 makes full use of (RFC 4226, section 4, R6).
const LENGTH: usize = 20;
/// Seconds that a code is shown.
const STEP: u64 = 30;
/// Steps that the clocks of server and telephone may lie apart, before and after.
const SKEW: u16 = 1;
/// What sealed keys are sealed for.
const PURPOSE: &str = "totp key";

/// The key that a person's application and the portal share.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpKey([u8; LENGTH]);

/// A key is not for logs.
impl fmt::Debug for TotpKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpKey")
    }
}

impl TotpKey {
    /// A new key.
    #[must_use]
    pub fn draw() -> Self {
        Self(random::bytes())
    }

    /// Reads a key as it is typed: base32, with or without spaces.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let bytes = BASE32_NOPAD.decode(text.to_uppercase().as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The key to be typed: base32 in groups of four.
    #[must_use]
    pub fn typed(&self) -> String {
        let text = BASE32_NOPAD.encode(&self.0);
        let groups: Vec<&[u8]> = text.as_bytes().chunks(4).collect();
        let groups = groups.into_iter().map(String::from_utf8_lossy);
        groups.collect::<Vec<_>>().join(" ")
    }

    /// The address that applications read from a QR code
    /// (<https://github.com/google/google-authenticator/wiki/Key-Uri-Format>).
    #[must_use]
    pub fn uri(&self, issuer: &str, account: &str) -> String {
        let plain = |text: &str| {
            let text = text.replace(':', " ");
            utf8_percent_encode(text.trim(), NON_ALPHANUMERIC).to_string()
        };
        let (issuer, account) = (plain(issuer), plain(account));
        let secret = BASE32_NOPAD.encode(&self.0);
        format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}")
    }

    /// The code shown at an instant, in seconds since the Unix epoch.
    #[must_use]
    pub fn code_at(&self, seconds: u64) -> String {
        self.totp().generate(seconds).to_string()
    }

    /// The step whose code this is, if it is that of now or of a step beside it.
    #[must_use]
    pub fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let seconds = u64::try_from(now.seconds()).ok()?;
        let step = self.totp().check(code, seconds)?;
        i64::try_from(step).ok()
    }

    /// For the database; opens for the same owner alone.
    #[must_use]
    pub fn seal(&self, key: &SecretKey, owner: &str) -> String {
        key.seal(PURPOSE, owner, &self.0)
    }

    /// What [`seal`](Self::seal) made; nothing when the server's key was replaced since.
    #[must_use]
    pub fn unseal(key: &SecretKey, owner: &str, sealed: &str) -> Option<Self> {
        let bytes = key.unseal(PURPOSE, owner, sealed)?;
        bytes.try_into().ok().map(Self)
    }

    fn totp(&self) -> Totp {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_step_duration(STEP)
            .with_skew(SKEW)
            .with_secret(Secret::new_stack(self.0))
            .build()
            .expect("six digits and 20 bytes are what RFC 4226 asks for")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The last six of the eight digits in RFC 6238, appendix B, for SHA-1.
    const VECTORS: [(u64, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];

    fn rfc_key() -> TotpKey {
        TotpKey(*b"12345678901234567890")
    }

    fn at(seconds: u64) -> Timestamp {
        let micros = i64::try_from(seconds).expect("within the calendar") * 1_000_000;
        Timestamp::from_micros(micros)
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        for (seconds, code) in VECTORS {
            assert_eq!(rfc_key().code_at(seconds), code);
            let step = i64::try_from(seconds / STEP).expect("small");
            assert_eq!(rfc_key().step_of(code, at(seconds)), Some(step));
        }
    }

    proptest! {
        #[test]
        fn around_the_vectors_a_code_holds_for_one_step_on_either_side(
            which in 0..VECTORS.len(), offset in -150_i64..=150,
        ) {
            let (seconds, code) = VECTORS[which];
            let now = seconds.checked_add_signed(offset).unwrap_or(0);
            let apart = (now / STEP).abs_diff(seconds / STEP);
            let found = rfc_key().step_of(code, at(now));
            prop_assert_eq!(found.is_some(), apart <= 1, "{} steps apart", apart);
        }

        #[test]
        fn anything_but_six_digits_is_no_code(text in ".*", seconds in 0_u64..4_000_000_000) {
            let digits = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
            if !digits {
                prop_assert_eq!(rfc_key().step_of(&text, at(seconds)), None);
            }
        }

        #[test]
        fn what_is_typed_is_the_key(bytes: [u8; LENGTH]) {
            let key = TotpKey(bytes);
            prop_assert_eq!(TotpKey::parse(&key.typed()), Some(key.clone()));
            prop_assert_eq!(TotpKey::parse(&key.typed().to_lowercase()), Some(key));
        }
    }

    #[test]
    fn applications_read_issuer_and_account() {
        let uri = rfc_key().uri("Lumen: Télécom", "a+b@oak.example");
        let expected = "otpauth://totp/Lumen%20%20T%C3%A9l%C3%A9com:a%2Bb%40oak%2Eexample\
                        ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Lumen%20%20T%C3%A9l%C3%A9com";
        assert_eq!(uri, expected);
    }
}
