//! What can be done to a company.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde_json::{Value, json};

use super::model::{Organisation, OrganisationId};
use super::queries::{get_organisation, organisation_of};
use crate::accounts::PersonId;
use crate::platform::db::{StorageError, Tx};
use crate::platform::events::{Draft, next_seq};
use crate::platform::text::fold;
use crate::schema::{organisation_members, organisations};

/// Why a company was not changed.
#[derive(Debug, thiserror::Error)]
pub enum OrganisationError {
    /// Another company has this name, but for case and accents.
    #[error("another organisation has this name")]
    NameTaken,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<DieselError> for OrganisationError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Self::NameTaken,
            other => Self::Storage(other.into()),
        }
    }
}

/// Makes a company known.
///
/// # Errors
/// [`OrganisationError::NameTaken`].
pub fn create_organisation(tx: &mut Tx<'_>, name: &str) -> Result<Organisation, OrganisationError> {
    let now = tx.now;
    let id: OrganisationId = tx.attempt(|tx| {
        diesel::insert_into(organisations::table)
            .values((
                organisations::name.eq(name),
                organisations::folded_name.eq(fold(name)),
                organisations::created_at.eq(now),
            ))
            .returning(organisations::id)
            .get_result(tx.conn)
    })?;
    record(tx, id, "created", json!({ "name": name }))?;
    Ok(get_organisation(tx.conn, id)?)
}

/// Gives a company another name.
///
/// # Errors
/// [`OrganisationError::NameTaken`].
pub fn rename_organisation(
    tx: &mut Tx<'_>,
    id: OrganisationId,
    name: &str,
) -> Result<(), OrganisationError> {
    let old = get_organisation(tx.conn, id)?;
    if old.name == name {
        return Ok(());
    }
    tx.attempt(|tx| {
        diesel::update(organisations::table.find(id))
            .set((
                organisations::name.eq(name),
                organisations::folded_name.eq(fold(name)),
            ))
            .execute(tx.conn)
    })?;
    record(tx, id, "renamed", json!({ "old": old.name, "new": name }))
}

/// Makes a person a member; they leave the company they were in before.
///
/// # Errors
/// When the database refuses, for one because there is no such company.
pub fn add_member(
    tx: &mut Tx<'_>,
    id: OrganisationId,
    person: PersonId,
) -> Result<(), OrganisationError> {
    get_organisation(tx.conn, id)?;
    match organisation_of(tx.conn, person)? {
        Some(current) if current == id => return Ok(()),
        Some(former) => remove_member(tx, former, person)?,
        None => {}
    }
    diesel::insert_into(organisation_members::table)
        .values((
            organisation_members::person_id.eq(person),
            organisation_members::organisation_id.eq(id),
        ))
        .execute(tx.conn)?;
    record(tx, id, "member_added", json!({ "person": person }))
}

/// Ends a membership.
///
/// # Errors
/// When the database refuses.
pub fn remove_member(
    tx: &mut Tx<'_>,
    id: OrganisationId,
    person: PersonId,
) -> Result<(), OrganisationError> {
    let removed = diesel::delete(
        organisation_members::table
            .filter(organisation_members::organisation_id.eq(id))
            .filter(organisation_members::person_id.eq(person)),
    )
    .execute(tx.conn)?;
    if removed == 0 {
        return Ok(());
    }
    record(tx, id, "member_removed", json!({ "person": person }))
}

fn record(
    tx: &mut Tx<'_>,
    id: OrganisationId,
    kind: &'static str,
    data: Value,
) -> Result<(), OrganisationError> {
    let seq = next_seq(tx.conn, "organisation", id.0)?;
    tx.record(Draft {
        stream: "organisation",
        stream_id: id.0,
        seq,
        kind,
        data,
        facts: Value::Null,
        decision: None,
    })?;
    Ok(())
}
