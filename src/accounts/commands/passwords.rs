//! From an address to a password: no password is ever chosen before the address is proven.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::json;

use super::{AccountError, Details, change_details, find_or_create_requester};
use crate::accounts::events::{kind, record};
use crate::accounts::letters;
use crate::accounts::model::Person;
use crate::accounts::queries::{find_person_by_email, get_person};
use crate::accounts::sessions::close_all_sessions;
use crate::accounts::tokens::{self, Purpose};
use crate::platform::db::Tx;
use crate::platform::i18n::Lang;
use crate::schema::{people, reset_requests, sign_up_requests};

/// Requests for an account, and for a new password, that are answered in one transaction, at most.
const ANSWERED: i64 = 50;

/// Notes that somebody asked for an account: the same work, whoever the address belongs to, so that
/// nothing can be told from how long it takes. [`write_letters`] does the rest.
///
/// # Errors
/// When the database refuses.
pub fn ask_to_sign_up(tx: &mut Tx<'_>, email: &str, name: &str, lang: Lang) -> QueryResult<()> {
    diesel::insert_into(sign_up_requests::table)
        .values((
            sign_up_requests::email.eq(email),
            sign_up_requests::name.eq(name),
            sign_up_requests::language.eq(lang),
            sign_up_requests::asked_at.eq(tx.now),
        ))
        .execute(tx.conn)
        .map(drop)
}

fn request_sign_up(
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

/// Notes that somebody asked for a new password for an address, as [`ask_to_sign_up`] does.
///
/// # Errors
/// When the database refuses.
pub fn ask_for_reset(tx: &mut Tx<'_>, email: &str) -> QueryResult<()> {
    diesel::insert_into(reset_requests::table)
        .values((
            reset_requests::email.eq(email),
            reset_requests::asked_at.eq(tx.now),
        ))
        .execute(tx.conn)
        .map(drop)
}

/// Writes to the owners of addresses for which an account was asked for, or a new password if they
/// have one. Forgets who asked.
///
/// # Errors
/// When the database refuses.
pub fn write_letters(tx: &mut Tx<'_>) -> Result<(), AccountError> {
    write_to_who_signed_up(tx)?;
    write_to_who_forgot(tx)
}

fn write_to_who_signed_up(tx: &mut Tx<'_>) -> Result<(), AccountError> {
    let asked: Vec<(i64, String, String, Lang)> = sign_up_requests::table
        .order(sign_up_requests::id)
        .limit(ANSWERED)
        .select((
            sign_up_requests::id,
            sign_up_requests::email,
            sign_up_requests::name,
            sign_up_requests::language,
        ))
        .load(tx.conn)?;
    for (_, email, name, lang) in &asked {
        request_sign_up(tx, email, name, *lang)?;
    }
    let done: Vec<i64> = asked.iter().map(|(id, ..)| *id).collect();
    diesel::delete(sign_up_requests::table.filter(sign_up_requests::id.eq_any(done)))
        .execute(tx.conn)?;
    Ok(())
}

fn write_to_who_forgot(tx: &mut Tx<'_>) -> Result<(), AccountError> {
    let asked: Vec<(i64, String)> = reset_requests::table
        .order(reset_requests::id)
        .limit(ANSWERED)
        .select((reset_requests::id, reset_requests::email))
        .load(tx.conn)?;
    let emails: BTreeSet<&str> = asked.iter().map(|(_, email)| email.as_str()).collect();
    for email in emails {
        request_reset(tx, email)?;
    }
    let done: Vec<i64> = asked.iter().map(|(id, _)| *id).collect();
    diesel::delete(reset_requests::table.filter(reset_requests::id.eq_any(done)))
        .execute(tx.conn)?;
    Ok(())
}

fn request_reset(tx: &mut Tx<'_>, email: &str) -> Result<(), AccountError> {
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
/// lead to a password and all sessions end. What they are called is for them to say, with the
/// first password: until then anybody may have said it.
///
/// # Errors
/// [`AccountError::Link`] when the link does not hold.
pub fn set_password_by_link(
    tx: &mut Tx<'_>,
    secret: &str,
    hash: &str,
    name: Option<&str>,
) -> Result<Person, AccountError> {
    let token = tokens::redeem_token(tx, &Purpose::PASSWORD, secret)?.ok_or(AccountError::Link)?;
    let person = get_person(tx.conn, token.person_id.ok_or(AccountError::Link)?)?;
    if person.disabled_at.is_some() {
        return Err(AccountError::Link);
    }
    tx.actor = person.actor();
    if let Some(name) = name.filter(|_| person.confirmed_at.is_none()) {
        let details = Details {
            name: name.to_owned(),
            ..Details::of(&person)
        };
        change_details(tx, person.id, &details)?;
    }
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
    if first {
        // From now on their requests are behind their sign-in, not behind mails that may have
        // been forwarded.
        tokens::revoke_tokens(tx, &[Purpose::TicketLink], Some(person.id))?;
    }
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
