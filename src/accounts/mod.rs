//! People: who they are, how they sign in, what they may reach.
//!
//! Invariants:
//! * the database holds no secret that could be used: passwords are argon2id, session and
//!   link secrets are hashes;
//! * nobody chooses a password before they proved that the address is theirs, so an account
//!   cannot be prepared for somebody else;
//! * closing an account or changing its password ends its sessions at once;
//! * who has a second factor has no session that did without it, and nothing changes before all
//!   that is asked for was verified.
//!
//! It deliberately does not know organisations, teams or tickets.

pub mod commands;
mod devices;
mod directory;
pub mod events;
pub mod factor;
mod guards;
mod interrupted;
mod letters;
pub mod model;
mod networks;
mod opening;
mod own_sessions;
pub mod pages;
mod password_link;
pub mod passwords;
pub mod pending;
mod people;
mod person_access;
mod preferences;
mod profile;
pub mod queries;
pub mod rules;
mod second_step;
pub mod sessions;
mod setup;
mod shared_pages;
mod sign_in;
mod sign_in_rules;
mod sign_up;
pub mod tokens;
mod visitor;
pub mod zones;

pub use commands::{AccountError, NewPerson, find_or_create_requester, invite};
pub use directory::{is_active_agent, list_active_agents, people_by_id};
pub use events::STREAM;
pub use model::{Person, PersonId, Role};
pub use queries::{find_person_by_email, get_person};
pub use setup::setup_path;
pub use sign_in::sign_in_path;
pub use visitor::{AccountHolder, Agent, Customer, Manager, Place, Visitor};

use std::time::Duration;

use rocket::{Catcher, Route};

use crate::config::Settings;
use crate::platform::db::{Database, StorageError};
use crate::platform::schedule::Schedule;
use crate::platform::slice::Slice;
use crate::platform::web::Site;
use crate::platform::web::parts::Parts;

const SCHEDULES: &[Schedule] = &[Schedule {
    name: "expired-sessions",
    every: Duration::from_secs(3600),
    run: sweep,
}];

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice {
        routes,
        catchers,
        schedules: SCHEDULES,
        rail: Some(people::rail),
        after_restore: Some(sessions::end_all),
        open: Some(open),
        samples: pages::samples,
        ..Slice::named("accounts")
    }
}

fn routes() -> Vec<Route> {
    [
        sign_in::routes(),
        second_step::routes(),
        sign_up::routes(),
        password_link::routes(),
        setup::routes(),
        profile::routes(),
        own_sessions::routes(),
        factor::routes(),
        preferences::routes(),
        interrupted::routes(),
        people::routes(),
        person_access::routes(),
        sign_in_rules::routes(),
    ]
    .concat()
}

fn catchers() -> Vec<Catcher> {
    interrupted::catchers()
}

fn open(_: &Settings, _: &Database, parts: &mut Parts) -> Result<(), String> {
    parts.insert(passwords::Passwords::new());
    Ok(())
}

/// Removes sessions and links that have expired, and what the limiter need not know any more.
fn sweep(site: &Site) -> Result<(), StorageError> {
    site.limiter.sweep();
    let limits = site.settings.sessions;
    site.db
        .write_blocking(crate::platform::db::Actor::System, move |tx| {
            sessions::sweep_sessions(tx, &limits)?;
            pending::sweep(tx)?;
            tokens::sweep_tokens(tx)?;
            Ok(())
        })
}
