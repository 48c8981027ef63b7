//! The only caller of the machine's source of randomness.

use data_encoding::BASE64URL_NOPAD;

/// Fills an array from the operating system's generator.
///
/// # Panics
/// When the operating system has no randomness to give: nothing secret can be made then.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that draws random bytes"
)]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut buffer = [0_u8; N];
    getrandom::fill(&mut buffer).expect("the operating system provides random bytes");
    buffer
}

/// 192 bits as 32 characters that are safe in a URL, a cookie and a mail.
#[must_use]
pub fn token() -> String {
    BASE64URL_NOPAD.encode(&bytes::<24>())
}

/// A random identifier for things that are addressed from outside, such as attachments.
#[must_use]
pub fn public_id() -> String {
    uuid::Builder::from_random_bytes(bytes::<16>())
        .into_uuid()
        .simple()
        .to_string()
}
