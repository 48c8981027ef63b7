//! What happens to a person, in the past tense.

use diesel::prelude::*;
use serde_json::Value;

use super::model::{Person, PersonId};
use crate::platform::db::Tx;
use crate::platform::events::Draft;
use crate::schema::people;

/// Name of the stream.
pub const STREAM: &str = "person";

/// What somebody says of themselves changed; its data has `old` and `new`, each with `name`.
pub const PROFILE_CHANGED: &str = "profile_changed";

/// Kinds of events.
pub(super) mod kind {
    pub use super::PROFILE_CHANGED;

    pub const REGISTERED: &str = "registered";
    pub const INVITED: &str = "invited";
    pub const CONFIRMED: &str = "confirmed";
    pub const PASSWORD_CHANGED: &str = "password_changed";
    pub const ROLE_CHANGED: &str = "role_changed";
    pub const DISABLED: &str = "disabled";
    pub const ENABLED: &str = "enabled";
}

/// Records that something happened to a person, and counts it in their row. The row is locked
/// first, so that two changes at once take their numbers one after the other.
pub(super) fn record(
    tx: &mut Tx<'_>,
    id: PersonId,
    kind: &'static str,
    data: Value,
) -> QueryResult<Person> {
    let person: Person = diesel::update(people::table.find(id))
        .set((
            people::version.eq(people::version + 1),
            people::updated_at.eq(tx.now),
        ))
        .returning(people::all_columns)
        .get_result(tx.conn)?;
    tx.record(Draft {
        stream: STREAM,
        stream_id: id.0,
        seq: person.version,
        kind,
        data,
        facts: Value::Null,
        decision: None,
    })?;
    Ok(person)
}
