//! The link that shows one ticket to somebody without an account.
//!
//! It reads and no more: whoever is forwarded the mail cannot answer in its owner's name.

use rocket::get;

use super::show::{self, Access, ReplyForm};
use crate::accounts::tokens::{self, Purpose};
use crate::accounts::{Place, Visitor};
use crate::platform::db::StorageError;
use crate::platform::web::{Failure, Outcome};
use crate::tickets::model::TicketId;
use crate::tickets::queries::{self, Scope};

/// Days that a link holds.
pub const TRACK_DAYS: i64 = 90;

/// The address of a ticket for who holds a link's secret.
#[must_use]
pub fn track_path(secret: &str) -> String {
    format!("/track/{secret}")
}

#[get("/track/<secret>")]
pub(super) async fn page(visitor: Visitor, secret: &str) -> Outcome {
    let scope = scope(&visitor, secret).await?;
    let details = visitor
        .site
        .db
        .read(move |conn| {
            let found = queries::find_by_scope(conn, scope)?;
            found.map(|ticket| show::load(conn, ticket)).transpose()
        })
        .await
        .map_err(|error: StorageError| Failure::from(error))?
        .ok_or(Failure::NotFound)?;
    let view = show::present(
        &visitor,
        &details,
        ReplyForm::default(),
        Access::Link(secret),
    );
    visitor.page(Place::section("requests"), &view)
}

/// The one ticket that a secret opens.
pub(super) async fn scope(visitor: &Visitor, secret: &str) -> Result<Scope, Failure> {
    let (secret, now) = (secret.to_owned(), visitor.now);
    let token = visitor
        .site
        .db
        .read(move |conn| {
            tokens::find_token(conn, Purpose::TicketLink, &secret, now).map_err(StorageError::from)
        })
        .await?
        .ok_or(Failure::NotFound)?;
    let ticket = token.subject_id.ok_or(Failure::NotFound)?;
    Ok(Scope::Link(TicketId(ticket)))
}
