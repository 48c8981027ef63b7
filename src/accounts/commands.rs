//! What can be done to a person's account. Every change is an event of their stream.

use diesel::prelude::*;
use diesel::result::Error as DieselError;
use serde_json::json;

use super::events::{kind, record};
use super::letters;
use super::model::{Person, PersonId, Role};
use super::queries::{count_active_managers, find_person_by_email, get_person};
use super::sessions::close_all_sessions;
use super::tokens::{self, Purpose};
use crate::platform::db::{StorageError, Tx};
use crate::platform::i18n::Lang;
use crate::schema::people;

/// Why a person's account was not changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The last manager who can sign in would be lost.
    #[error("the last manager cannot be taken away")]
    LastManager,
    /// The address already belongs to somebody who can sign in with that role.
    #[error("this address has an account already")]
    Known,
    /// The account was shut.
    #[error("the account is disabled")]
    Disabled,
    /// The link does not hold.
    #[error("the link does not hold any more")]
    Link,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<DieselError> for AccountError {
    fn from(error: DieselError) -> Self {
        Self::Storage(error.into())
    }
}

/// Somebody to be known from now on.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Address, in any case.
    pub email: String,
    /// Name; empty takes the part of the address before the @.
    pub name: String,
    /// What they are here for.
    pub role: Role,
    /// Language of their mails.
    pub language: Lang,
    /// IANA name of their time zone; empty until they choose one.
    pub time_zone: String,
}

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
        Err(DieselError::DatabaseError(diesel::result::DatabaseErrorKind::UniqueViolation, _)) => {
            find_person_by_email(tx.conn, email)?.ok_or(DieselError::NotFound)
        }
        outcome => outcome,
    }
}

/// Asks for an account. Whoever owns the address gets a mail; who asked learns nothing.
///
/// # Errors
/// When the database refuses.
pub fn request_sign_up(
    tx: &mut Tx<'_>,
    email: &str,
    name: &str,
    lang: Lang,
) -> Result<(), AccountError> {
    let person = find_or_create_requester(tx, email, name, lang)?;
    if person.disabled_at.is_some() {
        return Ok(());
    }
    if person.password_hash.is_some() {
        letters::already_registered(tx, &person)?;
    } else {
        let secret = tokens::issue_token(tx, Purpose::SignUp, Some(person.id), None)?;
        letters::confirm(tx, &person, &secret)?;
    }
    Ok(())
}

/// Asks for a new password. Whoever owns the address gets a mail if they have an account.
///
/// # Errors
/// When the database refuses.
pub fn request_reset(tx: &mut Tx<'_>, email: &str) -> Result<(), AccountError> {
    let Some(person) = find_person_by_email(tx.conn, email)? else {
        return Ok(());
    };
    if person.disabled_at.is_some() {
        return Ok(());
    }
    if person.password_hash.is_some() {
        let secret = tokens::issue_token(tx, Purpose::Reset, Some(person.id), None)?;
        letters::reset(tx, &person, &secret)?;
    } else {
        let secret = tokens::issue_token(tx, Purpose::SignUp, Some(person.id), None)?;
        letters::confirm(tx, &person, &secret)?;
    }
    Ok(())
}

/// Sets the password of whom a link was sent to: it proves the address, too. All links that
/// lead to a password and all sessions end.
///
/// # Errors
/// [`AccountError::Link`] when the link does not hold.
pub fn set_password_by_link(
    tx: &mut Tx<'_>,
    secret: &str,
    hash: &str,
) -> Result<Person, AccountError> {
    let token = tokens::redeem_token(tx, &Purpose::PASSWORD, secret)?.ok_or(AccountError::Link)?;
    let person = get_person(tx.conn, token.person_id.ok_or(AccountError::Link)?)?;
    if person.disabled_at.is_some() {
        return Err(AccountError::Link);
    }
    tx.actor = person.actor();
    confirm(tx, &person)?;
    set_password(tx, &person, hash)
}

/// Replaces a password. All links that lead to a password and all sessions end, the running
/// one included: the caller opens a new one.
///
/// # Errors
/// When the database refuses.
pub fn set_password(tx: &mut Tx<'_>, person: &Person, hash: &str) -> Result<Person, AccountError> {
    diesel::update(people::table.find(person.id))
        .set(people::password_hash.eq(hash))
        .execute(tx.conn)?;
    close_all_sessions(tx, person.id)?;
    tokens::revoke_tokens(tx, &Purpose::PASSWORD, Some(person.id))?;
    let first = person.password_hash.is_none();
    let changed = record(
        tx,
        person.id,
        kind::PASSWORD_CHANGED,
        json!({ "first": first }),
    )?;
    if !first {
        letters::password_changed(tx, &changed)?;
    }
    Ok(changed)
}

/// Notes that an address was proven.
fn confirm(tx: &mut Tx<'_>, person: &Person) -> Result<(), AccountError> {
    if person.confirmed_at.is_none() {
        diesel::update(people::table.find(person.id))
            .set(people::confirmed_at.eq(tx.now))
            .execute(tx.conn)?;
        record(
            tx,
            person.id,
            kind::CONFIRMED,
            json!({ "email": person.email }),
        )?;
    }
    Ok(())
}

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
    fn of(person: &Person) -> Self {
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

/// Invites an agent or manager: a link to choose a password goes to the address.
///
/// # Errors
/// [`AccountError::Known`] when the person already works here, [`AccountError::Disabled`] when
/// their account was shut.
pub fn invite(tx: &mut Tx<'_>, new: &NewPerson) -> Result<Person, AccountError> {
    let person = match find_person_by_email(tx.conn, &new.email)? {
        Some(person) if person.disabled_at.is_some() => return Err(AccountError::Disabled),
        Some(person) if person.role.is_agent() => return Err(AccountError::Known),
        Some(person) => set_role(tx, person.id, new.role)?,
        None => create_person(tx, new)?,
    };
    send_invitation(tx, &person)
}

/// Sends an invitation again; the earlier link ends.
///
/// # Errors
/// [`AccountError::Known`] when the person has chosen a password meanwhile.
pub fn resend_invitation(tx: &mut Tx<'_>, id: PersonId) -> Result<Person, AccountError> {
    let person = get_person(tx.conn, id)?;
    if person.disabled_at.is_some() {
        return Err(AccountError::Disabled);
    }
    if person.password_hash.is_some() {
        return Err(AccountError::Known);
    }
    send_invitation(tx, &person)
}

fn send_invitation(tx: &mut Tx<'_>, person: &Person) -> Result<Person, AccountError> {
    let secret = tokens::issue_token(tx, Purpose::Invitation, Some(person.id), None)?;
    letters::invitation(tx, person, &secret)?;
    let data = json!({ "role": person.role.as_str() });
    Ok(record(tx, person.id, kind::INVITED, data)?)
}

/// Gives a person another role. Their sessions end: a role decides how long one lasts.
///
/// # Errors
/// [`AccountError::LastManager`].
pub fn set_role(tx: &mut Tx<'_>, id: PersonId, role: Role) -> Result<Person, AccountError> {
    let person = get_person(tx.conn, id)?;
    if person.role == role {
        return Ok(person);
    }
    diesel::update(people::table.find(id))
        .set(people::role.eq(role))
        .execute(tx.conn)?;
    keep_a_manager(tx, &person)?;
    close_all_sessions(tx, id)?;
    let data = json!({ "old": person.role.as_str(), "new": role.as_str() });
    Ok(record(tx, id, kind::ROLE_CHANGED, data)?)
}

/// Shuts an account: sessions and links end at once.
///
/// # Errors
/// [`AccountError::LastManager`].
pub fn disable(tx: &mut Tx<'_>, id: PersonId) -> Result<Person, AccountError> {
    let person = get_person(tx.conn, id)?;
    if person.disabled_at.is_some() {
        return Ok(person);
    }
    diesel::update(people::table.find(id))
        .set(people::disabled_at.eq(tx.now))
        .execute(tx.conn)?;
    keep_a_manager(tx, &person)?;
    close_all_sessions(tx, id)?;
    tokens::revoke_tokens(tx, &Purpose::PASSWORD, Some(id))?;
    Ok(record(tx, id, kind::DISABLED, json!({}))?)
}

/// Opens a shut account again.
///
/// # Errors
/// When the database refuses.
pub fn enable(tx: &mut Tx<'_>, id: PersonId) -> Result<Person, AccountError> {
    let person = get_person(tx.conn, id)?;
    if person.disabled_at.is_none() {
        return Ok(person);
    }
    diesel::update(people::table.find(id))
        .set(people::disabled_at.eq(None::<crate::platform::db::Timestamp>))
        .execute(tx.conn)?;
    Ok(record(tx, id, kind::ENABLED, json!({}))?)
}

/// Refuses, after the change, one that leaves no manager; the transaction then undoes it.
fn keep_a_manager(tx: &mut Tx<'_>, before: &Person) -> Result<(), AccountError> {
    let was_one = before.role.is_manager() && before.is_active();
    if was_one && count_active_managers(tx.conn)? == 0 {
        return Err(AccountError::LastManager);
    }
    Ok(())
}

/// A link that makes the first manager, if there is none yet.
///
/// # Errors
/// When the database refuses.
pub fn issue_first_manager_link(tx: &mut Tx<'_>) -> Result<Option<String>, AccountError> {
    if count_active_managers(tx.conn)? > 0 {
        return Ok(None);
    }
    Ok(Some(tokens::issue_token(
        tx,
        Purpose::FirstManager,
        None,
        None,
    )?))
}

/// Makes the first manager.
///
/// # Errors
/// [`AccountError::Link`] when the link does not hold or there is a manager.
pub fn create_first_manager(
    tx: &mut Tx<'_>,
    secret: &str,
    new: &NewPerson,
    hash: &str,
) -> Result<Person, AccountError> {
    if count_active_managers(tx.conn)? > 0 {
        return Err(AccountError::Link);
    }
    tokens::redeem_token(tx, &[Purpose::FirstManager], secret)?.ok_or(AccountError::Link)?;
    add_with_password(tx, new, hash)
}

/// Makes somebody who can sign in at once: for who has access to the machine.
///
/// # Errors
/// [`AccountError::Known`] when the address has an account, [`AccountError::Disabled`] when
/// that was shut.
pub fn add_with_password(
    tx: &mut Tx<'_>,
    new: &NewPerson,
    hash: &str,
) -> Result<Person, AccountError> {
    let person = match find_person_by_email(tx.conn, &new.email)? {
        Some(person) if person.disabled_at.is_some() => return Err(AccountError::Disabled),
        Some(person) if person.password_hash.is_some() => return Err(AccountError::Known),
        Some(person) => set_role(tx, person.id, new.role)?,
        None => create_person(tx, new)?,
    };
    confirm(tx, &person)?;
    set_password(tx, &person, hash)
}

/// A customer of whom nothing but this is known.
#[must_use]
pub fn customer(email: &str, name: &str, lang: Lang) -> NewPerson {
    NewPerson {
        email: email.to_owned(),
        name: name.to_owned(),
        role: Role::Customer,
        language: lang,
        time_zone: String::new(),
    }
}
