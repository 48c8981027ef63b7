//! Changing organisations.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde_json::json;

use super::model::{Organisation, OrganisationId};
use super::queries::organisation_of;
use crate::accounts::PersonId;
use crate::platform::db::{StorageError, Tx};
use crate::platform::events::{Area, Audited, Draft, next_seq};
use crate::platform::text::fold;
use crate::schema::{organisation_members, organisations};

/// Name of the stream.
pub const STREAM: &str = "organisation";

/// What of it belongs to the audit.
pub(super) const AUDITED: &[Audited] = &[
    Audited::new(STREAM, "member_joined", Area::Rights),
    Audited::new(STREAM, "member_left", Area::Rights),
    Audited::new(STREAM, "created", Area::Settings),
];

/// Why an organisation was not changed.
#[derive(Debug, thiserror::Error)]
pub enum OrganisationError {
    /// Another one has this name.
    #[error("the name is taken")]
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

/// Makes an organisation.
///
/// # Errors
/// See [`OrganisationError`].
pub fn create_organisation(tx: &mut Tx<'_>, name: &str) -> Result<Organisation, OrganisationError> {
    let created: Organisation = diesel::insert_into(organisations::table)
        .values((
            organisations::name.eq(name),
            organisations::folded_name.eq(fold(name)),
            organisations::created_at.eq(tx.now),
        ))
        .returning((
            organisations::id,
            organisations::name,
            organisations::created_at,
        ))
        .get_result(tx.conn)?;
    record(tx, created.id, "created", json!({ "name": name }))?;
    Ok(created)
}

/// Makes a person a member of an organisation, or of none. Their tickets keep the organisation
/// they were filed under.
///
/// # Errors
/// See [`OrganisationError`].
pub fn set_membership(
    tx: &mut Tx<'_>,
    person: PersonId,
    organisation: Option<OrganisationId>,
) -> Result<(), OrganisationError> {
    let old = organisation_of(tx.conn, person)?;
    if old == organisation {
        return Ok(());
    }
    diesel::delete(organisation_members::table.find(person)).execute(tx.conn)?;
    if let Some(left) = old {
        record(tx, left, "member_left", json!({ "person": person }))?;
    }
    if let Some(joined) = organisation {
        diesel::insert_into(organisation_members::table)
            .values((
                organisation_members::person_id.eq(person),
                organisation_members::organisation_id.eq(joined),
            ))
            .execute(tx.conn)?;
        record(tx, joined, "member_joined", json!({ "person": person }))?;
    }
    Ok(())
}

fn record(
    tx: &mut Tx<'_>,
    id: OrganisationId,
    kind: &'static str,
    data: serde_json::Value,
) -> QueryResult<()> {
    let seq = next_seq(tx.conn, STREAM, id.0)?;
    tx.record(Draft::chosen(STREAM, id.0, seq, kind, data))
        .map(drop)
}
