//! What is recorded of addresses that nobody here has.
//!
//! Somebody who tries to sign in may type anything as the address: a colleague's, or their own of
//! another company. It is not kept. What is kept is its print: 40 bits of an HMAC with the
//! installation's key. Two tries with one address have the same print, and a manager who asks
//! whether an address was tried is answered by its print. A print cannot be turned into an
//! address; without the key, which is not in the database, an address cannot even be tried on it.

use data_encoding::BASE32_NOPAD;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde_json::Value;

use super::events::kind;
use crate::platform::db::Tx;
use crate::platform::events::{Draft, next_seq};
use crate::platform::secret::SecretKey;

/// Name of the stream; a print is the key of each thing in it.
pub const STREAM: &str = "stranger";

/// Bytes of a print.
const BYTES: usize = 5;

/// Times that the number of an event is drawn anew, when another try with the same address takes
/// it at the same instant.
const TRIES: usize = 5;

/// The print of an address, as the key of a stream.
#[must_use]
pub fn print(key: &SecretKey, address: &str) -> i64 {
    key.mac("unknown address", &[&address.trim().to_lowercase()])
        .iter()
        .take(BYTES)
        .fold(0, |print, byte| print << 8 | i64::from(*byte))
}

/// A print as people read it: eight letters and digits.
#[must_use]
pub fn shown(print: i64) -> String {
    let bytes = print.to_be_bytes();
    BASE32_NOPAD.encode(&bytes[bytes.len() - BYTES..])
}

/// Records that somebody was not let in who named nobody that we know.
pub(super) fn record(
    tx: &mut Tx<'_>,
    key: &SecretKey,
    address: &str,
    data: Value,
) -> QueryResult<()> {
    let print = print(key, address);
    let mut tries = 1;
    loop {
        let recorded = tx.attempt(|tx| {
            let seq = next_seq(tx.conn, STREAM, print)?;
            let kind = kind::SIGN_IN_DENIED;
            tx.record(Draft::chosen(STREAM, print, seq, kind, data.clone()))
        });
        match recorded {
            Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _))
                if tries < TRIES =>
            {
                tries += 1;
            }
            outcome => return outcome.map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_one_print_under_one_key() {
        let key = SecretKey::ephemeral();
        let claire = print(&key, "claire@tilleuls.example");
        assert_eq!(print(&key, " Claire@Tilleuls.example"), claire);
        assert_ne!(print(&key, "paul@tilleuls.example"), claire);
        let other = SecretKey::ephemeral();
        assert_ne!(print(&other, "claire@tilleuls.example"), claire);
        assert!((0..1 << 40).contains(&claire));
        assert_eq!(shown(claire).len(), 8);
        assert_eq!(shown(0), "AAAAAAAA");
    }
}
