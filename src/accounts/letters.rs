//! The mails about an account.

use diesel::QueryResult;
use serde_json::{Value, json};

use super::model::Person;
use crate::platform::db::Tx;
use crate::platform::mail::{Letter, enqueue};

/// "Prove that this address is yours."
pub(super) fn confirm(tx: &mut Tx<'_>, person: &Person, secret: &str) -> QueryResult<()> {
    let data = json!({ "name": person.name, "path": password_path(secret) });
    send(tx, person, "accounts/confirm", data, true)
}

/// "You have an account already."
pub(super) fn already_registered(tx: &mut Tx<'_>, person: &Person) -> QueryResult<()> {
    let data = json!({ "name": person.name });
    send(tx, person, "accounts/already-registered", data, false)
}

/// "Choose a new password."
pub(super) fn reset(tx: &mut Tx<'_>, person: &Person, secret: &str) -> QueryResult<()> {
    let data = json!({ "name": person.name, "path": password_path(secret) });
    send(tx, person, "accounts/reset", data, true)
}

/// "Your password was changed."
pub(super) fn password_changed(tx: &mut Tx<'_>, person: &Person) -> QueryResult<()> {
    let data = json!({ "name": person.name });
    send(tx, person, "accounts/password-changed", data, false)
}

/// "A second factor was added."
pub(super) fn factor_added(tx: &mut Tx<'_>, person: &Person) -> QueryResult<()> {
    let data = json!({ "name": person.name });
    send(tx, person, "accounts/factor-added", data, false)
}

/// "Your second factor was removed."
pub(super) fn factor_removed(tx: &mut Tx<'_>, person: &Person) -> QueryResult<()> {
    let data = json!({ "name": person.name });
    send(tx, person, "accounts/factor-removed", data, false)
}

/// "Your second factor was reset for you."
pub(super) fn factor_reset(tx: &mut Tx<'_>, person: &Person) -> QueryResult<()> {
    let data = json!({ "name": person.name });
    send(tx, person, "accounts/factor-reset", data, false)
}

/// "A recovery code was used."
pub(super) fn recovery_code_used(tx: &mut Tx<'_>, person: &Person, left: i64) -> QueryResult<()> {
    let data = json!({ "name": person.name, "left": left });
    send(tx, person, "accounts/recovery-code-used", data, false)
}

/// "New recovery codes were made."
pub(super) fn recovery_codes_made(tx: &mut Tx<'_>, person: &Person) -> QueryResult<()> {
    let data = json!({ "name": person.name });
    send(tx, person, "accounts/recovery-codes-made", data, false)
}

/// "You are invited to work here."
pub(super) fn invitation(tx: &mut Tx<'_>, person: &Person, secret: &str) -> QueryResult<()> {
    let data = json!({ "name": person.name, "path": password_path(secret) });
    send(tx, person, "accounts/invitation", data, true)
}

/// Where a link to choose a password leads.
pub(super) fn password_path(secret: &str) -> String {
    format!("/password/{secret}")
}

fn send(
    tx: &mut Tx<'_>,
    person: &Person,
    kind: &'static str,
    data: Value,
    secret: bool,
) -> QueryResult<()> {
    let letter = Letter {
        kind,
        to_address: person.email.clone(),
        to_name: person.name.clone(),
        lang: person.language,
        data,
        thread: None,
        secret,
    };
    enqueue(tx, letter).map(drop)
}
