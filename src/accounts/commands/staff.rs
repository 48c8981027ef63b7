//! Who works here, and who is shut out.

use diesel::prelude::*;
use serde_json::json;

use super::passwords::confirm;
use super::{AccountError, NewPerson, create_person, set_password};
use crate::accounts::events::{kind, record};
use crate::accounts::letters;
use crate::accounts::model::{Person, PersonId, Role};
use crate::accounts::queries::{count_active_managers, find_person_by_email, get_person};
use crate::accounts::sessions::close_all_sessions;
use crate::accounts::tokens::{self, Purpose};
use crate::platform::db::{Timestamp, Tx};
use crate::schema::people;

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
    take_turn(tx)?;
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
    take_turn(tx)?;
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
    tokens::revoke_tokens(tx, &[Purpose::TicketLink], Some(id))?;
    Ok(record(tx, id, kind::DISABLED, json!({}))?)
}

/// Opens a shut account again.
///
/// # Errors
/// [`AccountError::Erased`].
pub fn enable(tx: &mut Tx<'_>, id: PersonId) -> Result<Person, AccountError> {
    let person = get_person(tx.conn, id)?;
    if person.is_erased() {
        return Err(AccountError::Erased);
    }
    if person.disabled_at.is_none() {
        return Ok(person);
    }
    diesel::update(people::table.find(id))
        .set(people::disabled_at.eq(None::<Timestamp>))
        .execute(tx.conn)?;
    Ok(record(tx, id, kind::ENABLED, json!({}))?)
}

/// Those who may take a manager away do so one after the other, or each of two would leave it to the
/// other's to stay. It is taken whatever the role: somebody else may just have made them a manager.
pub(super) fn take_turn(tx: &mut Tx<'_>) -> QueryResult<()> {
    tx.take_turn("managers")
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
    let data = json!({ "role": new.role.as_str() });
    record(tx, person.id, kind::ADDED, data)?;
    set_password(tx, &person, hash)
}
