//! People who are not known yet.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde_json::json;

use super::{NewPerson, customer};
use crate::accounts::events::{kind, record};
use crate::accounts::model::{Person, PersonId};
use crate::accounts::queries::find_person_by_email;
use crate::platform::db::Tx;
use crate::platform::i18n::Lang;
use crate::schema::people;

/// Makes a person without password.
///
/// # Errors
/// When the database refuses, for one because the address is known.
pub fn create_person(tx: &mut Tx<'_>, new: &NewPerson) -> QueryResult<Person> {
    let email = new.email.to_lowercase();
    let name = match new.name.trim() {
        "" => email.split('@').next().unwrap_or_default(),
        name => name,
    };
    let id: PersonId = diesel::insert_into(people::table)
        .values((
            people::email.eq(&email),
            people::name.eq(name),
            people::role.eq(new.role),
            people::language.eq(new.language),
            people::time_zone.eq(&new.time_zone),
            people::created_at.eq(tx.now),
            people::updated_at.eq(tx.now),
            people::version.eq(0_i64),
        ))
        .returning(people::id)
        .get_result(tx.conn)?;
    let data = json!({ "email": email, "name": name, "role": new.role.as_str() });
    record(tx, id, kind::REGISTERED, data)
}

/// The person who writes from an address: known, or from now on a guest. A known person's name
/// is not changed by what somebody who has not signed in says.
///
/// # Errors
/// When the database refuses.
pub fn find_or_create_requester(
    tx: &mut Tx<'_>,
    email: &str,
    name: &str,
    lang: Lang,
) -> QueryResult<Person> {
    if let Some(person) = find_person_by_email(tx.conn, email)? {
        return Ok(person);
    }
    let new = customer(email, name, lang);
    match tx.attempt(|tx| create_person(tx, &new)) {
        // Somebody else made them at the same instant.
        Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
            find_person_by_email(tx.conn, email)?.ok_or(DieselError::NotFound)
        }
        outcome => outcome,
    }
}
