//! The link that shows one ticket to somebody without an account.
//!
//! It reads and no more: whoever is forwarded the mail cannot answer in its owner's name.

use rocket::get;

use super::details::{Promises, load};
use super::show::{self, Access, ReplyForm};
use crate::accounts::tokens::{self, Purpose};
use crate::accounts::{Place, Visitor, get_person};
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

#[get("/track/<secret>?<before>")]
pub(super) async fn page(visitor: Visitor, secret: &str, before: Option<i64>) -> Outcome {
    let scope = scope(&visitor, secret).await?;
    let promises = Promises::of(&visitor);
    let details = visitor
        .site
        .db
        .read(move |conn| {
            let found = queries::find_by_scope(conn, scope)?;
            let loaded = found.map(|ticket| load(conn, ticket, before, promises));
            loaded.transpose()
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
    visitor.count_link()?;
    let (secret, now) = (secret.to_owned(), visitor.now);
    let ticket = visitor.site.db.read(move |conn| {
        let token = tokens::find_token(conn, Purpose::TicketLink, &secret, now)?;
        let Some((person, ticket)) = token.and_then(|t| Some((t.person_id?, t.subject_id?))) else {
            return Ok::<_, StorageError>(None);
        };
        // Whoever is shut out, is so by every way.
        let shut_out = get_person(conn, person)?.disabled_at.is_some();
        Ok((!shut_out).then_some(TicketId(ticket)))
    });
    ticket.await?.map(Scope::Link).ok_or(Failure::NotFound)
}
