//! People: who they are, how they sign in, what they may reach.
//!
//! Invariants:
//! * the database holds no secret that could be used: passwords are argon2id, session and
//!   link secrets are hashes;
//! * nobody chooses a password before they proved that the address is theirs, so an account
//!   cannot be prepared for somebody else;
//! * closing an account or changing its password ends its sessions at once.
//!
//! It deliberately does not know organisations, teams or tickets.

pub mod commands;
mod directory;
pub mod events;
mod guards;
mod letters;
pub mod model;
pub mod pages;
pub mod passwords;
pub mod queries;
pub mod sessions;
pub mod tokens;
mod visitor;

pub use commands::{AccountError, NewPerson, find_or_create_requester, invite};
pub use directory::{is_active_agent, list_active_agents, people_by_id};
pub use events::STREAM;
pub use model::{Person, PersonId, Role};
pub use queries::{find_person_by_email, get_person};
pub use visitor::{Agent, Customer, Manager, Place, Visitor};

use crate::platform::slice::Slice;

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice::named("accounts")
}
