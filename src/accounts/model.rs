//! People and what they may be.

use chrono_tz::Tz;
use diesel::prelude::*;

use crate::platform::db::{Actor, Timestamp};
use crate::platform::i18n::Lang;
use crate::schema::people;

crate::id_type! {
    /// Key of a person.
    PersonId
}

crate::text_enum! {
    /// What a person is here for. Each includes nothing of the others but that a manager is
    /// also an agent.
    Role {
        /// Files requests and follows them.
        Customer = "customer",
        /// Works on tickets.
        Agent = "agent",
        /// Works on tickets and on the rules.
        Manager = "manager",
    }
}

impl Role {
    /// Whether the desk is theirs.
    #[must_use]
    pub const fn is_agent(self) -> bool {
        matches!(self, Self::Agent | Self::Manager)
    }

    /// Whether the settings are theirs.
    #[must_use]
    pub const fn is_manager(self) -> bool {
        matches!(self, Self::Manager)
    }
}

/// A person: somebody with an account, or only a known address (no password yet).
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = people)]
pub struct Person {
    /// Key.
    pub id: PersonId,
    /// Address, lower case, unique.
    pub email: String,
    /// Name as they write it; the part before the @ until they tell.
    pub name: String,
    /// What they are here for.
    pub role: Role,
    /// Language of their mails and, unless switched, pages.
    pub language: Lang,
    /// IANA name of their time zone; empty until they choose one.
    pub time_zone: String,
    /// Argon2id, in PHC form; nothing until they choose a password.
    pub password_hash: Option<String>,
    /// When they proved that the address is theirs.
    pub confirmed_at: Option<Timestamp>,
    /// When a manager closed the account.
    pub disabled_at: Option<Timestamp>,
    /// When they were first known.
    pub created_at: Timestamp,
    /// When something of this changed last.
    pub updated_at: Timestamp,
    /// Number of their last event.
    pub version: i64,
}

impl Person {
    /// The time zone they chose, or the portal's.
    #[must_use]
    pub fn zone_or(&self, portal: Tz) -> Tz {
        self.time_zone.parse().unwrap_or(portal)
    }

    /// As the one who does something.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        Actor::Person(self.id.0)
    }

    /// What stands in the place of the address of somebody who was erased: no mail can go to it, and
    /// nobody can register with it.
    #[must_use]
    pub fn erased_address(id: PersonId) -> String {
        format!("erased-{id}")
    }

    /// Whether they were forgotten.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.email == Self::erased_address(self.id)
    }

    /// Whether they may sign in.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        self.disabled_at.is_none() && self.password_hash.is_some()
    }
}
