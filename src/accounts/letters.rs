//! The mails about an account.
//!
//! Anybody can sign up with anybody's address and any name. As long as the address is not proven,
//! what they typed is not repeated to its owner: not in the greeting, not as the recipient's name.
//! Whom a manager invites was named by the manager.

use diesel::QueryResult;
use serde_json::{Value, json};

use super::model::Person;
use crate::platform::db::Tx;
use crate::platform::mail::{Letter, enqueue};

/// "Prove that this address is yours."
pub(super) fn confirm(tx: &mut Tx<'_>, person: &Person, secret: &str) -> QueryResult<()> {
    let data = json!({ "path": password_path(secret) });
    send(
        tx,
        person,
        proven_name(person),
        ("accounts/confirm", data, true),
    )
}

/// "You have an account already."
pub(super) fn already_registered(tx: &mut Tx<'_>, person: &Person) -> QueryResult<()> {
    let letter = ("accounts/already-registered", json!({}), false);
    send(tx, person, proven_name(person), letter)
}

/// "Choose a new password."
pub(super) fn reset(tx: &mut Tx<'_>, person: &Person, secret: &str) -> QueryResult<()> {
    let data = json!({ "path": password_path(secret) });
    send(
        tx,
        person,
        proven_name(person),
        ("accounts/reset", data, true),
    )
}

/// "Your password was changed."
pub(super) fn password_changed(tx: &mut Tx<'_>, person: &Person) -> QueryResult<()> {
    let letter = ("accounts/password-changed", json!({}), false);
    send(tx, person, proven_name(person), letter)
}

/// "You are invited to work here."
pub(super) fn invitation(tx: &mut Tx<'_>, person: &Person, secret: &str) -> QueryResult<()> {
    let data = json!({ "path": password_path(secret) });
    send(
        tx,
        person,
        &person.name,
        ("accounts/invitation", data, true),
    )
}

/// Where a link to choose a password leads.
pub(super) fn password_path(secret: &str) -> String {
    format!("/password/{secret}")
}

/// The name of somebody who has proven that the address is theirs; empty for anybody else.
fn proven_name(person: &Person) -> &str {
    match person.confirmed_at {
        Some(_) => &person.name,
        None => "",
    }
}

fn send(
    tx: &mut Tx<'_>,
    person: &Person,
    name: &str,
    (kind, mut data, secret): (&'static str, Value, bool),
) -> QueryResult<()> {
    data["name"] = name.into();
    let letter = Letter {
        kind,
        to_address: person.email.clone(),
        to_name: name.to_owned(),
        lang: person.language,
        data,
        thread: None,
        secret,
    };
    enqueue(tx, letter).map(drop)
}
