//! What happens to a person, in the past tense.

use diesel::prelude::*;
use serde_json::Value;

use super::model::{Person, PersonId};
use crate::platform::db::Tx;
use crate::platform::events::{Area, Audited, Draft};
use crate::schema::people;

/// Name of the stream.
pub const STREAM: &str = "person";

/// What somebody says of themselves changed; its data has `old` and `new`, each with `name`.
pub const PROFILE_CHANGED: &str = "profile_changed";

/// They were forgotten; its data has how much was.
pub const ERASED: &str = "erased";

/// What is held about them was handed out; its data says by whom.
pub const DATA_EXPORTED: &str = "data_exported";

/// What says from where somebody came: of their stream, and of those of strangers
/// ([`super::strangers::STREAM`], and [`super::rules::STREAM`] before there was that).
pub const FROM_SOMEWHERE: [&str; 3] = [kind::SIGNED_IN, kind::SIGN_IN_DENIED, kind::SESSION_ENDED];

/// Kinds of events.
pub(super) mod kind {
    pub use super::{ERASED, PROFILE_CHANGED};

    pub const REGISTERED: &str = "registered";
    pub const INVITED: &str = "invited";
    pub const ADDED: &str = "added";
    pub const CONFIRMED: &str = "confirmed";
    pub const PASSWORD_CHANGED: &str = "password_changed";
    pub const ROLE_CHANGED: &str = "role_changed";
    pub const DISABLED: &str = "disabled";
    pub const ENABLED: &str = "enabled";
    pub const SIGNED_IN: &str = "signed_in";
    pub const SIGN_IN_DENIED: &str = "sign_in_denied";
    pub const SIGNED_OUT: &str = "signed_out";
    pub const SESSION_ENDED: &str = "session_ended";
    pub const SESSIONS_ENDED: &str = "sessions_ended";
    pub const FACTOR_ADDED: &str = "factor_added";
    pub const FACTOR_REMOVED: &str = "factor_removed";
    pub const FACTOR_RESET: &str = "factor_reset";
    pub const RECOVERY_CODES_MADE: &str = "recovery_codes_made";
    pub const RECOVERY_CODE_USED: &str = "recovery_code_used";
}

/// The stream of what people tried that is not theirs; each denial is a thing of its own.
pub const DENIALS: &str = "denial";

/// A page that their role does not have.
pub(super) const DENIED: &str = "denied";

/// Something of a request of somebody else; its data has the `reference`.
pub(super) const REQUEST_DENIED: &str = "request_denied";

/// A form that does not come from a page of their session; its data has the `reason`.
pub(super) const FORM_DENIED: &str = "form_denied";

const fn audited(kind: &'static str, area: Area) -> Audited {
    Audited::new(STREAM, kind, area)
}

/// What of it belongs to the audit.
pub(super) const AUDITED: &[Audited] = &[
    audited(kind::SIGNED_IN, Area::SignIn),
    audited(kind::SIGNED_OUT, Area::SignIn),
    audited(kind::SESSION_ENDED, Area::SignIn),
    audited(kind::SESSIONS_ENDED, Area::SignIn),
    audited(kind::PASSWORD_CHANGED, Area::SignIn),
    audited(kind::FACTOR_ADDED, Area::SignIn),
    audited(kind::FACTOR_REMOVED, Area::SignIn),
    audited(kind::FACTOR_RESET, Area::SignIn),
    audited(kind::RECOVERY_CODES_MADE, Area::SignIn),
    audited(kind::RECOVERY_CODE_USED, Area::SignIn),
    audited(kind::SIGN_IN_DENIED, Area::Denial),
    audited(kind::INVITED, Area::Rights),
    audited(kind::ADDED, Area::Rights),
    audited(kind::ROLE_CHANGED, Area::Rights),
    audited(kind::DISABLED, Area::Rights),
    audited(kind::ENABLED, Area::Rights),
    audited(kind::ERASED, Area::Rights),
    audited(DATA_EXPORTED, Area::Export),
    Audited::new(super::strangers::STREAM, kind::SIGN_IN_DENIED, Area::Denial),
    // From when all addresses that nobody has were one stream.
    Audited::new(super::rules::STREAM, kind::SIGN_IN_DENIED, Area::Denial),
    Audited::new(super::rules::STREAM, "rules_changed", Area::Settings),
    Audited::new(DENIALS, DENIED, Area::Denial),
    Audited::new(DENIALS, REQUEST_DENIED, Area::Denial),
    Audited::new(DENIALS, FORM_DENIED, Area::Denial),
];

/// Records that something happened to a person, and counts it in their row. The row is locked
/// first, so that two changes at once take their numbers one after the other.
pub(super) fn record(
    tx: &mut Tx<'_>,
    id: PersonId,
    kind: &'static str,
    data: Value,
) -> QueryResult<Person> {
    diesel::update(people::table.find(id))
        .set(people::updated_at.eq(tx.now))
        .execute(tx.conn)?;
    note(tx, id, kind, data)
}

/// As `record`, for what leaves the person as they are: they came or went.
pub fn note(tx: &mut Tx<'_>, id: PersonId, kind: &'static str, data: Value) -> QueryResult<Person> {
    let person: Person = diesel::update(people::table.find(id))
        .set(people::version.eq(people::version + 1))
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
