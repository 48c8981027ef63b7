//! People who are known by their address alone.

use diesel::prelude::*;
use serde_json::json;

use super::model::{Person, Role};
use crate::both;
use crate::platform::db::Tx;
use crate::platform::events::Draft;
use crate::platform::i18n::Lang;
use crate::schema::people;

/// Name of the stream of people in the history.
pub const STREAM: &str = "person";

/// The person behind an address, made if it was never seen. They have no password, and what
/// is already known of them (name, language) stays as it is.
///
/// # Errors
/// When the database refuses.
pub fn find_or_create_requester(
    tx: &mut Tx<'_>,
    email: &str,
    name: &str,
    lang: Lang,
) -> QueryResult<Person> {
    let now = tx.now;
    let inserted = both!(tx.conn, |conn| diesel::insert_into(people::table)
        .values((
            people::email.eq(email),
            people::name.eq(name),
            people::role.eq(Role::Customer),
            people::language.eq(lang),
            people::time_zone.eq("Europe/Paris"),
            people::created_at.eq(now),
            people::updated_at.eq(now),
            people::version.eq(1),
        ))
        .on_conflict_do_nothing()
        .execute(conn))?;
    let person: Person = people::table
        .filter(people::email.eq(email))
        .select(Person::as_select())
        .first(tx.conn)?;
    if inserted == 1 {
        tx.record(Draft {
            stream: STREAM,
            stream_id: person.id.0,
            seq: 1,
            kind: "known",
            data: json!({ "email": email, "name": name, "language": lang }),
            facts: json!({}),
            decision: None,
        })?;
    }
    Ok(person)
}
