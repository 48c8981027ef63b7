//! Secrets that travel in links: the one place that makes and checks them.
//!
//! A token is 192 random bits, kept as a hash, good for one purpose until an instant, and, but
//! for the link to a ticket, once.

use chrono::Duration;
use diesel::prelude::*;

use super::model::PersonId;
use crate::platform::db::{Conn, Timestamp, Tx};
use crate::platform::random;
use crate::platform::secret::digest;
use crate::schema::tokens;

crate::text_enum! {
    /// What a token is good for.
    Purpose {
        /// Proves an address at sign-up and lets its owner choose a password.
        SignUp = "sign_up",
        /// Lets the owner of an address choose a new password.
        Reset = "reset",
        /// Lets an invited person choose their first password.
        Invitation = "invitation",
        /// Makes the first manager.
        FirstManager = "first_manager",
        /// Shows one ticket; `subject_id` is its key.
        TicketLink = "ticket_link",
    }
}

impl Purpose {
    /// How long a token of this purpose holds.
    #[must_use]
    pub fn lifetime(self) -> Duration {
        match self {
            Self::SignUp | Self::FirstManager => Duration::hours(24),
            Self::Reset => Duration::minutes(60),
            Self::Invitation => Duration::hours(72),
            Self::TicketLink => Duration::days(90),
        }
    }
}

/// A token that holds.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = tokens)]
pub struct Token {
    /// Key.
    pub id: i64,
    /// Whose.
    pub person_id: Option<PersonId>,
    /// What it is about, by key.
    pub subject_id: Option<i64>,
}

/// Makes a token and returns its secret.
///
/// # Errors
/// When the database refuses.
pub fn issue_token(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    person: Option<PersonId>,
    subject: Option<i64>,
) -> QueryResult<String> {
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

/// The token behind a secret, if it holds for this purpose. A blank secret never matches: what
/// is compared is a hash, and no hash is blank.
///
/// # Errors
/// When the database refuses.
pub fn find_token(
    conn: &mut Conn,
    purpose: Purpose,
    secret: &str,
    now: Timestamp,
) -> QueryResult<Option<Token>> {
    tokens::table
        .filter(tokens::token_hash.eq(digest(secret)))
        .filter(tokens::purpose.eq(purpose))
        .filter(tokens::expires_at.gt(now))
        .filter(tokens::used_at.is_null())
        .select(Token::as_select())
        .first(conn)
        .optional()
}

/// Uses a token up. None when it does not hold, or when somebody else was faster.
///
/// # Errors
/// When the database refuses.
pub fn redeem_token(tx: &mut Tx<'_>, purpose: Purpose, secret: &str) -> QueryResult<Option<Token>> {
    let Some(token) = find_token(tx.conn, purpose, secret, tx.now)? else {
        return Ok(None);
    };
    let used = diesel::update(
        tokens::table
            .find(token.id)
            .filter(tokens::used_at.is_null()),
    )
    .set(tokens::used_at.eq(tx.now))
    .execute(tx.conn)?;
    Ok((used == 1).then_some(token))
}

/// Voids every unused token of a person for a purpose.
///
/// # Errors
/// When the database refuses.
pub fn revoke_tokens(tx: &mut Tx<'_>, purpose: Purpose, person: PersonId) -> QueryResult<()> {
    diesel::delete(
        tokens::table
            .filter(tokens::person_id.eq(person))
            .filter(tokens::purpose.eq(purpose))
            .filter(tokens::used_at.is_null()),
    )
    .execute(tx.conn)
    .map(drop)
}

/// Removes tokens that have expired.
///
/// # Errors
/// When the database refuses.
pub fn sweep_tokens(tx: &mut Tx<'_>) -> QueryResult<usize> {
    diesel::delete(tokens::table.filter(tokens::expires_at.le(tx.now))).execute(tx.conn)
}
