//! Files that came with a customer's messages.

use rocket::get;

use super::{show, track};
use crate::accounts::{Customer, Visitor};
use crate::platform::db::StorageError;
use crate::platform::web::{Failure, Outcome};
use crate::tickets::files::attachment_reply;
use crate::tickets::own::{Sought, find_own};
use crate::tickets::queries::{self, Scope};

#[get("/requests/<reference>/files/<public_id>")]
pub(super) async fn own(customer: Customer, reference: &str, public_id: &str) -> Outcome {
    let ticket = show::own(&customer, reference).await?;
    let (scope, sought) = (Scope::Link(ticket.id), public_id.to_owned());
    let file = find_own(&customer, Sought::File(public_id.to_owned()), move |conn| {
        queries::find_attachment(conn, Some(scope), &sought).map_err(StorageError::from)
    });
    attachment_reply(&customer.site, file.await?).await
}

#[get("/track/<secret>/files/<public_id>")]
pub(super) async fn tracked(visitor: Visitor, secret: &str, public_id: &str) -> Outcome {
    let (scope, public_id) = (track::scope(&visitor, secret).await?, public_id.to_owned());
    let attachment = visitor
        .site
        .db
        .read(move |conn| {
            queries::find_attachment(conn, Some(scope), &public_id).map_err(StorageError::from)
        })
        .await?
        .ok_or(Failure::NotFound)?;
    attachment_reply(&visitor.site, attachment).await
}
