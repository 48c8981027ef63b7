//! Attachments, for agents.

use rocket::get;

use crate::accounts::Agent;
use crate::platform::db::StorageError;
use crate::platform::web::{Failure, Outcome};
use crate::tickets::files::attachment_reply;
use crate::tickets::queries::{Readers, find_for_desk, list_attachments};

/// An attachment of a request.
#[get("/desk/tickets/<reference>/files/<public_id>")]
pub(super) async fn fetch(agent: Agent, reference: &str, public_id: &str) -> Outcome {
    let (reference, public_id) = (reference.to_owned(), public_id.to_owned());
    let found = agent
        .site
        .db
        .read(move |conn| {
            let Some(ticket) = find_for_desk(conn, &reference)? else {
                return Ok::<_, StorageError>(None);
            };
            let files = list_attachments(conn, ticket.id, Readers::Agents)?;
            Ok(files.into_iter().find(|file| file.public_id == public_id))
        })
        .await?;
    attachment_reply(&agent.site, found.ok_or(Failure::NotFound)?).await
}
