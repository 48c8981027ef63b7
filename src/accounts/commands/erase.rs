//! Forgetting somebody: the account stays as a number, so that what it took part in still adds up.

use diesel::prelude::*;
use serde_json::Value;

use super::AccountError;
use super::staff::take_turn;
use crate::accounts::events::{STREAM, kind, record};
use crate::accounts::model::{Person, PersonId, Role};
use crate::accounts::queries::{count_active_managers, get_person};
use crate::platform::db::{Timestamp, Tx};
use crate::platform::events::redact_stream;
use crate::schema::{
    pending_sign_ins, people, recovery_codes, reset_requests, second_factors, sessions,
    sign_up_requests, tokens,
};

/// Refuses to erase the last manager who can sign in, as they are by now.
///
/// # Errors
/// [`AccountError::LastManager`].
pub fn may_be_erased(tx: &mut Tx<'_>, person: &Person) -> Result<(), AccountError> {
    take_turn(tx)?;
    let person = get_person(tx.conn, person.id)?;
    let is_one = person.role.is_manager() && person.is_active();
    if is_one && count_active_managers(tx.conn)? <= 1 {
        return Err(AccountError::LastManager);
    }
    Ok(())
}

/// Takes everything that tells who somebody is out of their account and its history, and ends all
/// that let them in. `data` says in the history what else was erased.
///
/// # Errors
/// When the database refuses.
pub fn erase_account(
    tx: &mut Tx<'_>,
    id: PersonId,
    pseudonym: &str,
    data: Value,
) -> QueryResult<Person> {
    let before = get_person(tx.conn, id)?;
    diesel::delete(sessions::table.filter(sessions::person_id.eq(id))).execute(tx.conn)?;
    diesel::delete(tokens::table.filter(tokens::person_id.eq(id))).execute(tx.conn)?;
    diesel::delete(pending_sign_ins::table.filter(pending_sign_ins::person_id.eq(id)))
        .execute(tx.conn)?;
    diesel::delete(recovery_codes::table.filter(recovery_codes::person_id.eq(id)))
        .execute(tx.conn)?;
    diesel::delete(second_factors::table.filter(second_factors::person_id.eq(id)))
        .execute(tx.conn)?;
    diesel::delete(reset_requests::table.filter(reset_requests::email.eq(&before.email)))
        .execute(tx.conn)?;
    diesel::delete(sign_up_requests::table.filter(sign_up_requests::email.eq(&before.email)))
        .execute(tx.conn)?;
    diesel::update(people::table.find(id))
        .set((
            people::email.eq(Person::erased_address(id)),
            people::name.eq(pseudonym),
            people::time_zone.eq(""),
            people::password_hash.eq(None::<String>),
            people::confirmed_at.eq(None::<Timestamp>),
            people::disabled_at.eq(before.disabled_at.unwrap_or(tx.now)),
        ))
        .execute(tx.conn)?;
    forget_history(tx, id)?;
    record(tx, id, kind::ERASED, data)
}

/// Leaves of somebody's history that things happened, and when.
///
/// # Errors
/// When the database refuses.
pub fn forget_history(tx: &mut Tx<'_>, id: PersonId) -> QueryResult<()> {
    redact_stream(tx, STREAM, id.0, &|_, data, facts| {
        blank(data);
        blank(facts);
    })
}

/// Empties every text that is not one of the program's own words.
fn blank(value: &mut Value) {
    match value {
        Value::String(text) if !is_our_word(text) => text.clear(),
        Value::Array(values) => values.iter_mut().for_each(blank),
        Value::Object(fields) => fields.values_mut().for_each(blank),
        _ => {}
    }
}

/// Roles, and how somebody proved who they are or why they were refused.
fn is_our_word(text: &str) -> bool {
    const WORDS: [&str; 10] = [
        "password",
        "link",
        "code",
        "disabled",
        "totp",
        "recovery_code",
        "command",
        "self",
        "manager",
        "machine",
    ];
    text.parse::<Role>().is_ok() || WORDS.contains(&text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_happened_stays_and_to_whom_does_not() {
        let mut data = json!({
            "old": { "name": "Claire", "role": "agent" },
            "by": "password",
            "network": "192.0.2.x",
            "count": 3,
            "seen": ["Firefox", null, true],
        });
        blank(&mut data);
        let left = json!({
            "old": { "name": "", "role": "agent" },
            "by": "password",
            "network": "",
            "count": 3,
            "seen": ["", null, true],
        });
        assert_eq!(data, left);
    }
}
