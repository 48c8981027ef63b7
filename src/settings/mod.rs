//! What managers set about the company in the browser: name, logo, colours, languages, phone,
//! sender, limits.
//!
//! What the settings are and what they accept is [`crate::platform::company`]; here is how they are
//! changed. Invariants:
//! * a change is recorded with old and new values, in the history of its group;
//! * a form that was loaded before somebody else's change does not undo it unseen.

mod brand;
mod commands;
mod entered;
mod manage;
mod pages;
mod present;

pub use commands::{Change, ChangeError, STREAM, change};

use rocket::Route;

use crate::platform::company::FOLLOW;
use crate::platform::slice::Slice;
use crate::platform::web::following::OVERRIDES;

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice {
        routes,
        rail: Some(manage::rail),
        schedules: &[FOLLOW, OVERRIDES],
        audited: commands::AUDITED,
        samples: pages::all_samples,
        ..Slice::named("settings")
    }
}

fn routes() -> Vec<Route> {
    [manage::routes(), brand::routes()].concat()
}
