//! Ending the links that open a request without signing in.

use rocket::post;

use super::ticket::Asked;
use crate::accounts::Agent;
use crate::accounts::tokens::revoke_links_to;
use crate::platform::db::StorageError;
use crate::platform::i18n::Message;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Failure, Outcome, Posted, Reply};
use crate::tickets::queries::find_for_desk;

/// Ends every link to a request: one of its mails is in wrong hands.
#[post("/desk/tickets/<reference>/links/end", data = "<posted>")]
pub(super) async fn end(posted: Posted<Agent>, reference: &str) -> Outcome {
    let agent = posted.who;
    let wanted = reference.to_owned();
    let found = agent.site.db.write(agent.actor(), move |tx| {
        let Some(ticket) = find_for_desk(tx.conn, &wanted)? else {
            return Ok::<_, StorageError>(false);
        };
        revoke_links_to(tx, ticket.id.0)?;
        Ok(true)
    });
    if !found.await? {
        return Err(Failure::NotFound);
    }
    Ok(Reply::see_other(Asked::parse(agent.path()).href(reference))
        .with_flash(FlashKind::Ok, Message::new("desk-links-ended")))
}
