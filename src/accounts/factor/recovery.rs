//! Recovery codes: ten that work once each, for when the application is out of reach.
//!
//! A code has 60 random bits. The database keeps its HMAC under the server's key: nobody can try
//! codes against a copy of the database, whatever they can compute, so the slow hash that a
//! password needs would cost without protecting anything more.

use data_encoding::BASE32_NOPAD;

use crate::accounts::model::PersonId;
use crate::platform::random;
use crate::platform::secret::SecretKey;

/// Codes that are made at once.
pub(super) const COUNT: usize = 10;
/// Characters of a code, of five bits each.
const LENGTH: usize = 12;
/// Characters of a group, for the eye.
const GROUP: usize = 4;
const PURPOSE: &str = "recovery code";

/// New codes, as they are shown.
pub(super) fn draw() -> Vec<String> {
    (0..COUNT).map(|_| draw_one()).collect()
}

fn draw_one() -> String {
    let text = BASE32_NOPAD.encode(&random::bytes::<8>()).to_lowercase();
    let groups = [
        &text[..GROUP],
        &text[GROUP..2 * GROUP],
        &text[2 * GROUP..LENGTH],
    ];
    groups.join("-")
}

/// A code as it is compared: case, hyphens and spaces do not count. Nothing when it cannot be one.
pub(super) fn normalise(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect::<String>()
        .to_ascii_lowercase();
    let plain = code.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7'));
    (code.len() == LENGTH && plain).then_some(code)
}

/// What the database keeps of a code.
pub(super) fn hash(key: &SecretKey, owner: PersonId, normalised: &str) -> String {
    key.sign(PURPOSE, &[&owner.0.to_string(), normalised])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_differ_and_are_read_however_they_are_typed() {
        let codes = draw();
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), COUNT);
        for code in codes {
            let plain = code.replace('-', "");
            assert_eq!(normalise(&code), Some(plain.clone()));
            assert_eq!(normalise(&plain.to_uppercase()), Some(plain));
        }
    }

    proptest! {
        #[test]
        fn what_cannot_be_a_code_is_never_looked_up(text in ".*") {
            if let Some(code) = normalise(&text) {
                prop_assert_eq!(code.len(), LENGTH);
                prop_assert!(code.is_ascii());
            }
        }
    }
}
