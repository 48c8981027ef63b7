//! What is kept of a policy.

use diesel::prelude::*;

use crate::accounts::PersonId;
use crate::platform::db::Timestamp;
use crate::schema::{sla_policies, sla_policy_versions};
use crate::sla::policy::{Policy, PolicyId};

/// A policy, without what it says.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = sla_policies)]
pub struct PolicyRow {
    /// Key.
    pub id: PolicyId,
    /// Its name: `4h`, `Same day`.
    pub name: String,
    /// Its place in the order of precedence.
    pub position: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was given up; what was promised by it stays.
    pub archived_at: Option<Timestamp>,
    /// Number of its latest version.
    pub version: i64,
}

/// A version of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyVersion {
    /// Which one, from 1.
    pub number: i64,
    /// The policy's name at that time.
    pub name: String,
    /// What it says.
    pub content: Policy,
    /// Since when.
    pub at: Timestamp,
    /// Who said so; nobody when the program did.
    pub author: Option<PersonId>,
}

/// A version, without what it says.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sla_policy_versions)]
pub struct VersionRow {
    /// Which one, from 1.
    pub number: i64,
    /// Since when.
    pub at: Timestamp,
    /// Who said so.
    pub author_id: Option<PersonId>,
}
