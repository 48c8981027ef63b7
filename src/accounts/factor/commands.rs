//! What can be done with a second factor. Every change is an event of its owner's stream, and a
//! mail to them.

use diesel::prelude::*;
use serde_json::json;

use super::recovery;
use super::totp::TotpKey;
use crate::accounts::events::{kind, note, record};
use crate::accounts::letters;
use crate::accounts::model::{Person, PersonId, Role};
use crate::accounts::sessions::close_all_sessions;
use crate::both;
use crate::platform::db::{Conn, Timestamp, Tx};
use crate::platform::i18n::Message;
use crate::platform::secret::SecretKey;
use crate::platform::web::form::{Fields, FormErrors};
use crate::schema::{people, recovery_codes, second_factors};

crate::text_enum! {
    /// What somebody proved themselves with besides the password.
    Means {
        /// The code of the moment.
        Code = "code",
        /// One of the codes for emergencies.
        RecoveryCode = "recovery_code",
    }
}

/// What somebody answers when they are asked for their second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Six digits of the application.
    Code(String),
    /// A recovery code as it is compared; nothing when it cannot be one.
    Recovery(Option<String>),
}

impl Answer {
    /// Reads the fields `code` and `recovery_code`.
    ///
    /// # Errors
    /// When both are empty.
    pub fn read(fields: &Fields) -> Result<Self, FormErrors> {
        let recovery = fields.get("recovery_code");
        if !recovery.trim().is_empty() {
            return Ok(Self::Recovery(recovery::normalise(recovery)));
        }
        let code: String = fields
            .get("code")
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect();
        if code.is_empty() {
            return Err(FormErrors::one("code", Message::new("form-required")));
        }
        Ok(Self::Code(code))
    }

    /// What is wrong with it, when it did not prove anything.
    #[must_use]
    pub fn refused(&self) -> FormErrors {
        match self {
            Self::Code(_) => FormErrors::one("code", Message::new("factor-code-wrong")),
            Self::Recovery(_) => {
                FormErrors::one("recovery_code", Message::new("factor-recovery-wrong"))
            }
        }
    }
}

/// Who a key is sealed for.
fn owner(id: PersonId) -> String {
    id.0.to_string()
}

/// Whether a person has a second factor.
///
/// # Errors
/// When the database refuses.
pub fn has_factor(conn: &mut Conn, id: PersonId) -> QueryResult<bool> {
    Ok(summary(conn, id)?.is_some())
}

/// Since when a person has a second factor, and how many recovery codes are left.
///
/// # Errors
/// When the database refuses.
pub fn summary(conn: &mut Conn, id: PersonId) -> QueryResult<Option<(Timestamp, i64)>> {
    let since: Option<Timestamp> = second_factors::table
        .find(id)
        .select(second_factors::added_at)
        .first(conn)
        .optional()?;
    let Some(since) = since else {
        return Ok(None);
    };
    let left = recovery_codes::table
        .filter(recovery_codes::person_id.eq(id))
        .filter(recovery_codes::used_at.is_null())
        .count()
        .get_result(conn)?;
    Ok(Some((since, left)))
}

/// Agents and managers who can sign in and have no second factor, by name; `most` at most.
///
/// # Errors
/// When the database refuses.
pub fn list_without_factor(conn: &mut Conn, most: i64) -> QueryResult<Vec<Person>> {
    people::table
        .filter(people::role.eq_any([Role::Agent, Role::Manager]))
        .filter(people::disabled_at.is_null())
        .filter(people::id.ne_all(second_factors::table.select(second_factors::person_id)))
        .order((people::name.asc(), people::id.asc()))
        .limit(most)
        .select(Person::as_select())
        .load(conn)
}

/// Adds a factor whose key was proved with a code of `step`, and returns the recovery codes, which
/// nobody sees again. Nothing happens when there is one already. All sessions end, the running one
/// included: the caller opens a new one.
///
/// # Errors
/// When the database refuses.
pub fn add(
    tx: &mut Tx<'_>,
    key: &SecretKey,
    id: PersonId,
    totp: &TotpKey,
    step: i64,
) -> QueryResult<Option<(Person, Vec<String>)>> {
    let now = tx.now;
    let inserted = both!(tx.conn, |conn| diesel::insert_into(second_factors::table)
        .values((
            second_factors::person_id.eq(id),
            second_factors::sealed_key.eq(totp.seal(key, &owner(id))),
            second_factors::last_step.eq(step),
            second_factors::added_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(conn))?;
    if inserted == 0 {
        return Ok(None);
    }
    let codes = renew_codes(tx, key, id)?;
    close_all_sessions(tx, id)?;
    let person = record(tx, id, kind::FACTOR_ADDED, json!({ "kind": "totp" }))?;
    letters::factor_added(tx, &person)?;
    Ok(Some((person, codes)))
}

/// Whether an answer proves its sender. A code is used up by that; a wrong one changes nothing.
///
/// # Errors
/// When the database refuses.
pub fn prove(
    tx: &mut Tx<'_>,
    key: &SecretKey,
    id: PersonId,
    answer: &Answer,
) -> QueryResult<Option<Means>> {
    match answer {
        Answer::Code(code) => Ok(use_code(tx, key, id, code)?.then_some(Means::Code)),
        Answer::Recovery(Some(code)) => {
            Ok(use_recovery_code(tx, key, id, code)?.then_some(Means::RecoveryCode))
        }
        Answer::Recovery(None) => Ok(None),
    }
}

fn use_code(tx: &mut Tx<'_>, key: &SecretKey, id: PersonId, code: &str) -> QueryResult<bool> {
    let sealed: Option<String> = second_factors::table
        .find(id)
        .select(second_factors::sealed_key)
        .first(tx.conn)
        .optional()?;
    let Some(sealed) = sealed else {
        return Ok(false);
    };
    let Some(totp) = TotpKey::unseal(key, &owner(id), &sealed) else {
        tracing::error!(
            person = id.0,
            "the key of a second factor cannot be opened: secret.key was replaced; reset the factor"
        );
        return Ok(false);
    };
    let Some(step) = totp.step_of(code, tx.now) else {
        return Ok(false);
    };
    // Of two who send the same code at once, one finds the row as it was.
    let taken = diesel::update(second_factors::table.find(id))
        .filter(second_factors::last_step.lt(step))
        .set(second_factors::last_step.eq(step))
        .execute(tx.conn)?;
    Ok(taken == 1)
}

fn use_recovery_code(
    tx: &mut Tx<'_>,
    key: &SecretKey,
    id: PersonId,
    code: &str,
) -> QueryResult<bool> {
    let used = diesel::update(
        recovery_codes::table
            .filter(recovery_codes::person_id.eq(id))
            .filter(recovery_codes::code_hash.eq(recovery::hash(key, id, code)))
            .filter(recovery_codes::used_at.is_null()),
    )
    .set(recovery_codes::used_at.eq(tx.now))
    .execute(tx.conn)?;
    if used == 0 {
        return Ok(false);
    }
    let left = summary(tx.conn, id)?.map_or(0, |(_, left)| left);
    let person = note(tx, id, kind::RECOVERY_CODE_USED, json!({ "left": left }))?;
    letters::recovery_code_used(tx, &person, left)?;
    Ok(true)
}

/// Makes new recovery codes; the earlier ones end.
///
/// # Errors
/// When the database refuses.
pub fn make_recovery_codes(
    tx: &mut Tx<'_>,
    key: &SecretKey,
    id: PersonId,
) -> QueryResult<Vec<String>> {
    let codes = renew_codes(tx, key, id)?;
    let person = record(tx, id, kind::RECOVERY_CODES_MADE, json!({}))?;
    letters::recovery_codes_made(tx, &person)?;
    Ok(codes)
}

fn renew_codes(tx: &mut Tx<'_>, key: &SecretKey, id: PersonId) -> QueryResult<Vec<String>> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::person_id.eq(id)))
        .execute(tx.conn)?;
    let codes = recovery::draw();
    for code in &codes {
        let plain = recovery::normalise(code).expect("a code of ours can be one");
        diesel::insert_into(recovery_codes::table)
            .values((
                recovery_codes::person_id.eq(id),
                recovery_codes::code_hash.eq(recovery::hash(key, id, &plain)),
            ))
            .execute(tx.conn)?;
    }
    Ok(codes)
}

/// Takes a person's own factor away; says whether there was one.
///
/// # Errors
/// When the database refuses.
pub fn remove(tx: &mut Tx<'_>, id: PersonId) -> QueryResult<bool> {
    if !delete(tx, id)? {
        return Ok(false);
    }
    let person = record(tx, id, kind::FACTOR_REMOVED, json!({}))?;
    letters::factor_removed(tx, &person)?;
    Ok(true)
}

/// Takes somebody else's factor away, who has lost it: they are told, and their sessions end. Says
/// whether there was one.
///
/// # Errors
/// When the database refuses.
pub fn reset(tx: &mut Tx<'_>, id: PersonId) -> QueryResult<bool> {
    if !delete(tx, id)? {
        return Ok(false);
    }
    close_all_sessions(tx, id)?;
    let person = record(tx, id, kind::FACTOR_RESET, json!({}))?;
    letters::factor_reset(tx, &person)?;
    Ok(true)
}

fn delete(tx: &mut Tx<'_>, id: PersonId) -> QueryResult<bool> {
    let deleted = diesel::delete(second_factors::table.find(id)).execute(tx.conn)?;
    Ok(deleted == 1)
}
