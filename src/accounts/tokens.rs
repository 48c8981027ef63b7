//! Links that let their holder do one thing: the only place that makes and reads them.
//!
//! A secret has 192 random bits and leaves in a mail; the database keeps its hash. It is bound
//! to a purpose, so that a link for reading one ticket never sets a password, and it expires.

use chrono::Duration;
use diesel::prelude::*;

use super::model::PersonId;
use crate::platform::db::{Conn, Timestamp, Tx};
use crate::platform::random;
use crate::platform::secret::digest;
use crate::schema::tokens;

crate::text_enum! {
    /// What a link is for.
    Purpose {
        /// Proves an address and lets its owner choose their first password.
        SignUp = "sign_up",
        /// Lets the owner of an account choose a new password.
        Reset = "reset",
        /// Lets somebody who was invited choose their first password.
        Invitation = "invitation",
        /// Makes the first manager of an empty installation.
        FirstManager = "first_manager",
        /// Shows one ticket, to be read; its `subject_id` is the ticket.
        TicketLink = "ticket_link",
    }
}

impl Purpose {
    /// The purposes whose link leads to choosing a password.
    pub const PASSWORD: [Self; 3] = [Self::SignUp, Self::Reset, Self::Invitation];

    /// How long a link holds.
    #[must_use]
    pub const fn lifetime(self) -> Duration {
        match self {
            Self::SignUp | Self::FirstManager => Duration::hours(24),
            Self::Reset => Duration::minutes(60),
            Self::Invitation => Duration::hours(72),
            Self::TicketLink => Duration::days(90),
        }
    }

    /// Whether a new link of this kind ends the earlier ones of the same person.
    const fn replaces(self) -> bool {
        !matches!(self, Self::TicketLink)
    }
}

/// A link that still holds.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = tokens)]
pub struct Token {
    /// Key.
    pub id: i64,
    /// What it is for.
    pub purpose: Purpose,
    /// Whose it is.
    pub person_id: Option<PersonId>,
    /// What it is about: a ticket, for links to one.
    pub subject_id: Option<i64>,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Makes a link and returns its secret, which is not stored.
///
/// # Errors
/// When the database refuses.
pub fn issue_token(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    person: Option<PersonId>,
    subject: Option<i64>,
) -> QueryResult<String> {
    if purpose.replaces() {
        revoke_tokens(tx, &[purpose], person)?;
    }
    let secret = random::token();
    diesel::insert_into(tokens::table)
        .values((
            tokens::token_hash.eq(digest(&secret)),
            tokens::purpose.eq(purpose),
            tokens::person_id.eq(person),
            tokens::subject_id.eq(subject),
            tokens::created_at.eq(tx.now),
            tokens::expires_at.eq(tx.now + purpose.lifetime()),
        ))
        .execute(tx.conn)?;
    Ok(secret)
}

/// The link behind a secret, if it is for this purpose, unused and in time.
///
/// # Errors
/// When the database refuses.
pub fn find_token(
    conn: &mut Conn,
    purpose: Purpose,
    secret: &str,
    now: Timestamp,
) -> QueryResult<Option<Token>> {
    find_among(conn, &[purpose], secret, now)
}

/// As [`find_token`], for any of several purposes.
///
/// # Errors
/// When the database refuses.
pub fn find_among(
    conn: &mut Conn,
    purposes: &[Purpose],
    secret: &str,
    now: Timestamp,
) -> QueryResult<Option<Token>> {
    if !is_well_formed(secret) {
        return Ok(None);
    }
    tokens::table
        .filter(tokens::token_hash.eq(digest(secret)))
        .filter(tokens::purpose.eq_any(purposes.to_vec()))
        .filter(tokens::used_at.is_null())
        .filter(tokens::expires_at.gt(now))
        .select(Token::as_select())
        .first(conn)
        .optional()
}

/// Uses a link up. Of two who use it at once, one gets it.
///
/// # Errors
/// When the database refuses.
pub fn redeem_token(
    tx: &mut Tx<'_>,
    purposes: &[Purpose],
    secret: &str,
) -> QueryResult<Option<Token>> {
    let Some(token) = find_among(tx.conn, purposes, secret, tx.now)? else {
        return Ok(None);
    };
    let used = diesel::update(tokens::table.find(token.id))
        .filter(tokens::used_at.is_null())
        .set(tokens::used_at.eq(tx.now))
        .execute(tx.conn)?;
    Ok((used == 1).then_some(token))
}

/// Ends every link of these kinds that a person has.
///
/// # Errors
/// When the database refuses.
pub fn revoke_tokens(
    tx: &mut Tx<'_>,
    purposes: &[Purpose],
    person: Option<PersonId>,
) -> QueryResult<()> {
    let links = tokens::table.filter(tokens::purpose.eq_any(purposes.to_vec()));
    match person {
        Some(person) => diesel::delete(links.filter(tokens::person_id.eq(person))).execute(tx.conn),
        None => diesel::delete(links.filter(tokens::person_id.is_null())).execute(tx.conn),
    }
    .map(drop)
}

/// Ends every link that leads to a password; answers how many.
///
/// # Errors
/// When the database refuses.
pub fn end_all_to_passwords(conn: &mut Conn) -> QueryResult<usize> {
    let purposes = [Purpose::PASSWORD.as_slice(), &[Purpose::FirstManager]].concat();
    diesel::delete(tokens::table.filter(tokens::purpose.eq_any(purposes))).execute(conn)
}

/// Ends every link to a ticket.
///
/// # Errors
/// When the database refuses.
pub fn revoke_links_to(tx: &mut Tx<'_>, ticket: i64) -> QueryResult<usize> {
    diesel::delete(
        tokens::table
            .filter(tokens::purpose.eq(Purpose::TicketLink))
            .filter(tokens::subject_id.eq(ticket)),
    )
    .execute(tx.conn)
}

/// Removes links that have expired.
///
/// # Errors
/// When the database refuses.
pub fn sweep_tokens(tx: &mut Tx<'_>) -> QueryResult<usize> {
    diesel::delete(tokens::table.filter(tokens::expires_at.le(tx.now))).execute(tx.conn)
}

/// Whether a text can be a secret of ours. Nothing else is ever looked up: neither the empty
/// text nor a pattern can match a row.
fn is_well_formed(secret: &str) -> bool {
    secret.len() == 32
        && secret
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_secrets_of_ours_are_looked_up() {
        for odd in [
            "",
            " ",
            "%",
            "_",
            "*",
            "\0",
            "é",
            &"a".repeat(31),
            &"a".repeat(33),
        ] {
            assert!(!is_well_formed(odd), "{odd:?}");
        }
        assert!(!is_well_formed(&"%".repeat(32)));
        assert!(is_well_formed(&random::token()));
    }

    proptest! {
        #[test]
        fn a_text_with_anything_else_in_it_is_not_a_secret(text in ".{32}") {
            let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
            prop_assert_eq!(is_well_formed(&text), plain);
        }
    }
}
