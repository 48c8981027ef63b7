//! From an address to a password: no password is ever chosen before the address is proven.

use diesel::prelude::*;
use serde_json::json;

use super::{AccountError, find_or_create_requester};
use crate::accounts::events::{kind, record};
use crate::accounts::letters;
use crate::accounts::model::Person;
use crate::accounts::queries::{find_person_by_email, get_person};
use crate::accounts::sessions::close_all_sessions;
use crate::accounts::tokens::{self, Purpose};
use crate::platform::db::Tx;
use crate::platform::i18n::Lang;
use crate::schema::people;

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
pub(super) fn confirm(tx: &mut Tx<'_>, person: &Person) -> Result<(), AccountError> {
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
