//! What people say of themselves.

use diesel::prelude::*;
use serde_json::json;

use super::AccountError;
use crate::accounts::events::{kind, record};
use crate::accounts::model::{Person, PersonId};
use crate::accounts::queries::get_person;
use crate::platform::db::Tx;
use crate::platform::i18n::Lang;
use crate::schema::people;

/// What a person says of themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// Name.
    pub name: String,
    /// Language of pages and mails.
    pub language: Lang,
    /// IANA name of a time zone.
    pub time_zone: String,
}

impl Details {
    /// What a person says of themselves now.
    #[must_use]
    pub fn of(person: &Person) -> Self {
        Self {
            name: person.name.clone(),
            language: person.language,
            time_zone: person.time_zone.clone(),
        }
    }

    fn to_json(&self) -> serde_json::Value {
        json!({
            "name": self.name,
            "language": self.language.as_str(),
            "time_zone": self.time_zone,
        })
    }
}

/// Changes what a person says of themselves.
///
/// # Errors
/// When the database refuses.
pub fn change_details(tx: &mut Tx<'_>, id: PersonId, new: &Details) -> Result<(), AccountError> {
    let old = Details::of(&get_person(tx.conn, id)?);
    if old == *new {
        return Ok(());
    }
    diesel::update(people::table.find(id))
        .set((
            people::name.eq(&new.name),
            people::language.eq(new.language),
            people::time_zone.eq(&new.time_zone),
        ))
        .execute(tx.conn)?;
    let data = json!({ "old": old.to_json(), "new": new.to_json() });
    record(tx, id, kind::PROFILE_CHANGED, data)?;
    Ok(())
}
