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

pub mod model;
pub mod pages;
pub mod sessions;
mod visitor;

pub use model::{Person, PersonId, Role};
pub use visitor::{Agent, Customer, Manager, Place, Visitor};

use crate::platform::slice::Slice;

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice::named("accounts")
}

/// Whether a person may be given tickets. (Moves into the slice's queries.)
///
/// # Errors
/// When the database refuses.
pub fn is_active_agent(
    conn: &mut crate::platform::db::Conn,
    id: PersonId,
) -> diesel::QueryResult<bool> {
    use crate::schema::people;
    use diesel::prelude::*;
    let role: Option<Role> = people::table
        .find(id)
        .filter(people::disabled_at.is_null())
        .select(people::role)
        .first(conn)
        .optional()?;
    Ok(role.is_some_and(Role::is_agent))
}
