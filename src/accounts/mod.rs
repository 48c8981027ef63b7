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
mod denials;
mod devices;
mod directory;
pub mod events;
pub mod factor;
mod guards;
mod interrupted;
mod letters;
mod marks;
pub mod model;
mod networks;
mod once;
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
mod resumption;
pub mod rules;
mod second_step;
pub mod sessions;
mod setup;
mod shared_pages;
mod sign_in;
mod sign_in_rules;
mod sign_up;
pub mod strangers;
pub mod tokens;
mod visitor;
pub mod zones;

pub use commands::{AccountError, NewPerson, find_or_create_requester, invite};
pub use directory::{is_active_agent, list_active_agents, people_by_id};
pub use events::{DENIALS, STREAM};
pub use factor::check_password;
pub use model::{Person, PersonId, Role};
pub use queries::{find_person_by_email, get_person};
pub use setup::setup_path;
pub use sign_in::sign_in_path;
pub use visitor::{AccountHolder, Agent, Customer, Manager, Place, Visitor};

use std::time::Duration;

use diesel::QueryResult;
use rocket::{Catcher, Route};

use crate::config::Settings;
use crate::platform::db::{Conn, Database, StorageError};
use crate::platform::mail::Mail;
use crate::platform::schedule::Schedule;
use crate::platform::slice::Slice;
use crate::platform::web::Site;
use crate::platform::web::parts::Parts;

const SCHEDULES: &[Schedule] = &[
    Schedule {
        name: "expired-sessions",
        every: Duration::from_secs(3600),
        run: sweep,
        at_end: false,
    },
    Schedule {
        name: "password letters",
        every: Duration::from_millis(500),
        run: write_to_who_asked,
        at_end: false,
    },
    denials::SCHEDULE,
];

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice {
        routes,
        catchers,
        schedules: SCHEDULES,
        audited: events::AUDITED,
        rail: Some(people::rail),
        still_wanted: Some(may_still_leave),
        after_restore: Some(end_what_let_people_in),
        open: Some(open),
        samples: pages::samples,
        ..Slice::named("accounts")
    }
}

/// Nothing leaves to somebody whose account was shut while it waited.
fn may_still_leave(conn: &mut Conn, mail: &Mail) -> QueryResult<bool> {
    let person = queries::find_person_by_email(conn, &mail.to_address)?;
    Ok(person.is_none_or(|person| person.disabled_at.is_none()))
}

/// After a restore neither a session nor a link to a password of then lets anybody in: what was
/// ended or used since the backup, for a reason, would hold again.
fn end_what_let_people_in(conn: &mut Conn) -> QueryResult<Option<String>> {
    queries::forget_who_asked(conn)?;
    let links = tokens::end_all_to_passwords(conn)?;
    let links = (links > 0).then(|| "links to choose a password do not hold any more".to_owned());
    let told: Vec<String> = sessions::end_all(conn)?.into_iter().chain(links).collect();
    Ok((!told.is_empty()).then(|| told.join("; ")))
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
    parts.insert(denials::Waiting::default());
    Ok(())
}

/// Writes to those who asked for an account or a new password.
fn write_to_who_asked(site: &Site) -> Result<(), StorageError> {
    let asked = site
        .db
        .read_blocking(|conn| queries::is_letter_asked(conn).map_err(StorageError::from))?;
    if !asked {
        return Ok(());
    }
    site.db
        .write_blocking(crate::platform::db::Actor::System, |tx| {
            tx.set_origin("schedule");
            commands::write_letters(tx)
        })
        .map_err(|error| match error {
            AccountError::Storage(error) => error,
            other => StorageError::Other(other.to_string()),
        })
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
