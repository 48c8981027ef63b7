//! Changing request types.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde_json::json;

use super::model::{RequestType, RequestTypeId};
use super::queries;
use crate::platform::db::{StorageError, Tx};
use crate::platform::events::{Area, Audited, Draft};
use crate::schema::request_types;
use crate::teams::TeamId;

/// Name of the stream in the history.
/// Name of the stream.
pub const STREAM: &str = "request_type";

/// What of it belongs to the audit.
pub(super) const AUDITED: &[Audited] = &[
    Audited::new(STREAM, "created", Area::Settings),
    Audited::new(STREAM, "changed", Area::Settings),
    Audited::new(STREAM, "archived", Area::Settings),
    Audited::new(STREAM, "restored", Area::Settings),
];

/// What a request type is made of.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, Insertable, AsChangeset)]
#[diesel(table_name = request_types, treat_none_as_null = true)]
pub struct RequestTypeInput {
    /// Stable name.
    pub key: String,
    /// Name in French.
    pub name_fr: String,
    /// Name in English.
    pub name_en: String,
    /// What belongs here, in French.
    pub hint_fr: String,
    /// What belongs here, in English.
    pub hint_en: String,
    /// Name of an icon.
    pub icon: String,
    /// Order on the form.
    pub position: i32,
    /// Team at first.
    pub default_team_id: Option<TeamId>,
    /// Priority at first.
    pub default_priority: String,
}

/// Why a request type was not changed.
#[derive(Debug, thiserror::Error)]
pub enum RequestTypeError {
    /// Another one has this key.
    #[error("the key is taken")]
    KeyTaken,
    /// Somebody changed it after the form was opened.
    #[error("it was changed meanwhile")]
    Overtaken,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<DieselError> for RequestTypeError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Self::KeyTaken,
            other => Self::Storage(other.into()),
        }
    }
}

/// Adds a request type.
///
/// # Errors
/// See [`RequestTypeError`].
pub fn create_request_type(
    tx: &mut Tx<'_>,
    input: &RequestTypeInput,
) -> Result<RequestType, RequestTypeError> {
    let id: RequestTypeId = diesel::insert_into(request_types::table)
        .values((input, request_types::version.eq(1)))
        .returning(request_types::id)
        .get_result(tx.conn)?;
    record(tx, id, 1, "created", json!({ "new": input }))?;
    Ok(queries::get_request_type(tx.conn, id)?)
}

/// Changes a request type. Tickets that have it keep it.
///
/// # Errors
/// See [`RequestTypeError`].
pub fn change_request_type(
    tx: &mut Tx<'_>,
    id: RequestTypeId,
    input: &RequestTypeInput,
) -> Result<RequestType, RequestTypeError> {
    let old = queries::get_request_type(tx.conn, id)?;
    let version = old.version + 1;
    diesel::update(request_types::table.find(id))
        .set((input, request_types::version.eq(version)))
        .execute(tx.conn)?;
    let before = RequestTypeInput::from(old);
    record(
        tx,
        id,
        version,
        "changed",
        json!({ "old": before, "new": input }),
    )?;
    Ok(queries::get_request_type(tx.conn, id)?)
}

/// Takes a request type off the form, or puts it back.
///
/// # Errors
/// See [`RequestTypeError`].
pub fn archive_request_type(
    tx: &mut Tx<'_>,
    id: RequestTypeId,
    archived: bool,
) -> Result<(), RequestTypeError> {
    let old = queries::get_request_type(tx.conn, id)?;
    if old.archived_at.is_some() == archived {
        return Ok(());
    }
    let version = old.version + 1;
    diesel::update(request_types::table.find(id))
        .set((
            request_types::archived_at.eq(archived.then_some(tx.now)),
            request_types::version.eq(version),
        ))
        .execute(tx.conn)?;
    let kind = if archived { "archived" } else { "restored" };
    record(tx, id, version, kind, json!({}))?;
    Ok(())
}

/// Gives a new installation the kinds that nearly every company has.
///
/// # Errors
/// See [`RequestTypeError`].
pub fn ensure_request_types(tx: &mut Tx<'_>) -> Result<(), RequestTypeError> {
    if !queries::list_all_request_types(tx.conn)?.is_empty() {
        return Ok(());
    }
    const FIRST: [(&str, &str, &str, &str, &str, &str, &str); 4] = [
        (
            "incident",
            "Une panne",
            "Something is broken",
            "Coupure, erreur, lenteur",
            "An outage, an error, slowness",
            "triangle-alert",
            "high",
        ),
        (
            "question",
            "Une question",
            "A question",
            "Comment faire, où trouver",
            "How to do it, where to find it",
            "message-circle",
            "normal",
        ),
        (
            "request",
            "Un ajout ou un changement",
            "An addition or a change",
            "Accès, matériel, option",
            "Access, equipment, an option",
            "package",
            "normal",
        ),
        (
            "complaint",
            "Une réclamation",
            "A complaint",
            "Ce qui ne s’est pas passé comme prévu",
            "What did not go as it should have",
            "flag",
            "high",
        ),
    ];
    for (position, (key, name_fr, name_en, hint_fr, hint_en, icon, priority)) in (1..).zip(FIRST) {
        let input = RequestTypeInput {
            key: key.to_owned(),
            name_fr: name_fr.to_owned(),
            name_en: name_en.to_owned(),
            hint_fr: hint_fr.to_owned(),
            hint_en: hint_en.to_owned(),
            icon: icon.to_owned(),
            position,
            default_team_id: None,
            default_priority: priority.to_owned(),
        };
        create_request_type(tx, &input)?;
    }
    Ok(())
}

impl From<RequestType> for RequestTypeInput {
    fn from(kind: RequestType) -> Self {
        Self {
            key: kind.key,
            name_fr: kind.name_fr,
            name_en: kind.name_en,
            hint_fr: kind.hint_fr,
            hint_en: kind.hint_en,
            icon: kind.icon,
            position: kind.position,
            default_team_id: kind.default_team_id,
            default_priority: kind.default_priority,
        }
    }
}

fn record(
    tx: &mut Tx<'_>,
    id: RequestTypeId,
    seq: i64,
    kind: &'static str,
    data: serde_json::Value,
) -> QueryResult<()> {
    tx.record(Draft::chosen(STREAM, id.0, seq, kind, data))
        .map(drop)
}
