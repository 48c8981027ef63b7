//! Files that came with a customer's messages.

use rocket::get;

use super::{show, track};
use crate::accounts::{Customer, Visitor};
use crate::platform::db::StorageError;
use crate::platform::web::{Failure, Outcome};
use crate::tickets::files::attachment_reply;
use crate::tickets::queries::{self, Scope};

#[get("/requests/<reference>/files/<public_id>")]
pub(super) async fn own(customer: Customer, reference: &str, public_id: &str) -> Outcome {
    let ticket = show::own(&customer, reference).await?;
    send(&customer, Scope::Link(ticket.id), public_id).await
}

#[get("/track/<secret>/files/<public_id>")]
pub(super) async fn tracked(visitor: Visitor, secret: &str, public_id: &str) -> Outcome {
    let scope = track::scope(&visitor, secret).await?;
    send(&visitor, scope, public_id).await
}

async fn send(visitor: &Visitor, scope: Scope, public_id: &str) -> Outcome {
    let public_id = public_id.to_owned();
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
