//! The second factor: a code that changes every 30 seconds (TOTP, RFC 6238), and ten recovery
//! codes for the day the telephone is lost.
//!
//! Invariants:
//! * the key is kept sealed, for its owner alone, so that a copy of the database opens nothing;
//! * a factor counts once a code has proved that its owner's device holds the key;
//! * no code is taken twice, and nothing else changes before one was taken;
//! * whoever has a factor has no session that did without it.

use rocket::Route;

pub(super) mod commands;
mod enrolment;
mod own;
mod pages;
mod recovery;
mod totp;

pub use commands::{
    Answer, add, has_factor, list_without_factor, make_recovery_codes, prove, remove, reset,
    summary,
};
pub use totp::TotpKey;

pub use own::check_password;
pub(super) use pages::samples;

/// Where a person adds their second factor, or sees to it.
pub(super) const PATH: &str = "/profile/factor";

pub(super) fn routes() -> Vec<Route> {
    [enrolment::routes(), own::routes()].concat()
}
