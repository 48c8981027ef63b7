//! Changing policies.

use diesel::dsl::max;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde_json::json;

use super::queries::{get_policy, get_version, list_policies};
use crate::platform::db::{Conn, StorageError, Tx};
use crate::platform::events::{Draft, next_seq};
use crate::platform::text::fold;
use crate::schema::{sla_policies, sla_policy_versions};
use crate::sla::policy::{Policy, PolicyId};

/// Name of the stream in the history.
pub const STREAM: &str = "sla_policy";

/// What a policy is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyInput {
    /// Its name.
    pub name: String,
    /// What it says.
    pub content: Policy,
}

/// Why a policy was not changed.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// Another one has this name.
    #[error("the name is taken")]
    NameTaken,
    /// Somebody changed it after the form was opened.
    #[error("it was changed meanwhile")]
    Overtaken,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<DieselError> for PolicyError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Self::NameTaken,
            other => Self::Storage(other.into()),
        }
    }
}

/// Makes a policy, last in the order.
///
/// # Errors
/// See [`PolicyError`].
pub fn create_policy(tx: &mut Tx<'_>, input: &PolicyInput) -> Result<PolicyId, PolicyError> {
    let last: Option<i32> = sla_policies::table
        .select(max(sla_policies::position))
        .first(tx.conn)?;
    let id: PolicyId = diesel::insert_into(sla_policies::table)
        .values((
            sla_policies::name.eq(&input.name),
            sla_policies::folded_name.eq(fold(&input.name)),
            sla_policies::position.eq(last.unwrap_or(0) + 1),
            sla_policies::created_at.eq(tx.now),
            sla_policies::version.eq(1),
        ))
        .returning(sla_policies::id)
        .get_result(tx.conn)?;
    add_version(tx, id, 1, input)?;
    let data = json!({ "version": 1, "name": input.name });
    record(tx, id, "created", data)?;
    Ok(id)
}

/// Changes what a policy says: adds a version. `seen` is the version that whoever changes it has
/// seen. Answers whether anything is different now.
///
/// # Errors
/// See [`PolicyError`].
pub fn change_policy(
    tx: &mut Tx<'_>,
    id: PolicyId,
    seen: i64,
    input: &PolicyInput,
) -> Result<bool, PolicyError> {
    let row = get_policy(tx.conn, id)?;
    if row.version != seen {
        return Err(PolicyError::Overtaken);
    }
    let old = get_version(tx.conn, id, row.version)?;
    if (&old.name, &old.content) == (&input.name, &input.content) {
        return Ok(false);
    }
    let version = row.version + 1;
    let still = sla_policies::table
        .find(id)
        .filter(sla_policies::version.eq(row.version));
    let changed = diesel::update(still)
        .set((
            sla_policies::name.eq(&input.name),
            sla_policies::folded_name.eq(fold(&input.name)),
            sla_policies::version.eq(version),
        ))
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(PolicyError::Overtaken);
    }
    add_version(tx, id, version, input)?;
    let data = json!({ "version": version, "name": input.name });
    record(tx, id, "changed", data)?;
    Ok(true)
}

/// The policies in use in the order that they would have after one of them was moved by a place, and
/// from where to where it would go; none when it is at the end already.
///
/// # Errors
/// When the database refuses.
pub fn order_after(conn: &mut Conn, id: PolicyId, up: bool) -> QueryResult<Option<Moved>> {
    let mut order: Vec<PolicyId> = list_policies(conn)?
        .into_iter()
        .filter(|policy| policy.archived_at.is_none())
        .map(|policy| policy.id)
        .collect();
    let Some(from) = order.iter().position(|other| *other == id) else {
        return Ok(None);
    };
    let to = if up {
        from.checked_sub(1)
    } else {
        Some(from + 1)
    };
    let Some(to) = to.filter(|to| *to < order.len()) else {
        return Ok(None);
    };
    order.swap(from, to);
    Ok(Some(Moved { order, from, to }))
}

/// An order in which a policy has another place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The policies in use.
    pub order: Vec<PolicyId>,
    /// The place that it had, from 0.
    pub from: usize,
    /// The place that it gets.
    pub to: usize,
}

/// Moves a policy one place up or down in the order of those that are in use.
///
/// # Errors
/// See [`PolicyError`].
pub fn move_policy(tx: &mut Tx<'_>, id: PolicyId, up: bool) -> Result<bool, PolicyError> {
    let Some(Moved { order, from, to }) = order_after(tx.conn, id, up)? else {
        return Ok(false);
    };
    for (place, policy) in order.iter().enumerate() {
        let position = i32::try_from(place + 1).unwrap_or(i32::MAX);
        diesel::update(sla_policies::table.find(policy))
            .set(sla_policies::position.eq(position))
            .execute(tx.conn)?;
    }
    let by = if up { "up" } else { "down" };
    let data = json!({ "by": by, "from": from + 1, "to": to + 1 });
    record(tx, id, "moved", data)?;
    Ok(true)
}

/// Gives a policy up, or takes it back.
///
/// # Errors
/// See [`PolicyError`].
pub fn archive_policy(tx: &mut Tx<'_>, id: PolicyId, archived: bool) -> Result<bool, PolicyError> {
    let row = get_policy(tx.conn, id)?;
    if row.archived_at.is_some() == archived {
        return Ok(false);
    }
    diesel::update(sla_policies::table.find(id))
        .set(sla_policies::archived_at.eq(archived.then_some(tx.now)))
        .execute(tx.conn)?;
    let kind = if archived { "archived" } else { "restored" };
    record(tx, id, kind, json!({}))?;
    Ok(true)
}

fn add_version(tx: &mut Tx<'_>, id: PolicyId, number: i64, input: &PolicyInput) -> QueryResult<()> {
    let content = serde_json::to_string(&input.content)
        .map_err(|error| DieselError::SerializationError(Box::new(error)))?;
    diesel::insert_into(sla_policy_versions::table)
        .values((
            sla_policy_versions::policy_id.eq(id.0),
            sla_policy_versions::number.eq(number),
            sla_policy_versions::name.eq(&input.name),
            sla_policy_versions::content.eq(content),
            sla_policy_versions::at.eq(tx.now),
            sla_policy_versions::author_id.eq(tx.actor.person()),
        ))
        .execute(tx.conn)
        .map(drop)
}

fn record(
    tx: &mut Tx<'_>,
    id: PolicyId,
    kind: &'static str,
    data: serde_json::Value,
) -> QueryResult<()> {
    let seq = next_seq(tx.conn, STREAM, id.0)?;
    tx.record(Draft::chosen(STREAM, id.0, seq, kind, data))
        .map(drop)
}
