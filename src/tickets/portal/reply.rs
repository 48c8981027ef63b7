//! A customer's reply.

use rocket::http::Status;
use rocket::post;

use super::details::{Details, read};
use super::new::BODY;
use super::show::{self, Access, ReplyForm};
use crate::accounts::{Customer, Place};
use crate::drafts::Submission;
use crate::platform::db::Tx;
use crate::platform::i18n::Message as Text;
use crate::platform::web::form::FormErrors;
use crate::platform::web::idempotency::{self, Claim};
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Check, Fields, FormState, Outcome, Posted, Reply};
use crate::tickets::commands::{
    MessageText, NewFile, NewMessage, StatusAfter, TicketError, write_message,
};
use crate::tickets::drafting::{self, Form, Spot};
use crate::tickets::limits::{self, Wait};
use crate::tickets::model::{AuthorKind, Channel, TicketId, Visibility};
use crate::tickets::store;
use crate::tickets::uploads::keep_files;

#[post("/requests/<reference>/messages", data = "<form>")]
pub(super) async fn write(form: Posted<Customer>, reference: &str) -> Outcome {
    let Posted {
        who: customer,
        fields,
        uploads,
    } = form;
    let details = read(&customer, reference, None).await?;
    let mut check = Check::new(&fields);
    let body = check.text("body", BODY);
    if let Err(wait) = limits::count_files(&customer, uploads.len()) {
        return too_many(&customer, &details, (&fields, wait), Vec::new()).await;
    }
    let already = drafting::count_files(&fields);
    let files = keep_files(&customer.site, uploads, already, &mut check).await?;
    if let Err(errors) = check.finish(()) {
        let (status, why) = (Status::UnprocessableEntity, (&fields, &errors));
        return give_back(&customer, status, &details, why, files).await;
    }
    let spot = Spot::on(Form::Reply, &details.ticket);
    let key = idempotency::submission_key(&fields, customer.actor(), spot.address());
    if let Err(wait) = limits::count_message(&customer.site, &customer.me, &key) {
        return too_many(&customer, &details, (&fields, wait), files).await;
    }
    let body = MessageText::render(body).await?;
    let form = (key, drafting::submission(&fields));
    let written = send(
        &customer,
        spot,
        form,
        from_customer(body, files),
        details.ticket.id,
    )
    .await?;
    Ok(Reply::see_other(written).with_flash(FlashKind::Ok, Text::new("ticket-reply-sent")))
}

/// Sends the reply once, however often its form is sent, and answers where it is.
async fn send(
    customer: &Customer,
    spot: Spot,
    (key, sent): (String, Submission),
    message: NewMessage,
    id: TicketId,
) -> Result<String, TicketError> {
    let me = customer.me.id;
    let write = move |tx: &mut Tx<'_>| {
        let claim = idempotency::claim(tx, &key)?;
        let mut message = message.clone();
        let kept = drafting::take(tx, &me.into(), &spot, &sent)?;
        message.files.splice(0..0, kept);
        match claim {
            Claim::Repeated(written) => Ok(written),
            Claim::Fresh => {
                let written = format!("{}#message-{}", spot.address(), next_seq(tx, id)?);
                write_message(tx, id, &message)?;
                idempotency::settle(tx, &key, &written)?;
                Ok(written)
            }
        }
    };
    customer.site.db.write(customer.actor(), write).await
}

/// What is written now is the next event, and has its number.
fn next_seq(tx: &mut Tx<'_>, id: TicketId) -> Result<i64, TicketError> {
    Ok(store::load(tx.conn, id)?.ticket.version + 1)
}

/// The page with everything typed, to be sent again later.
async fn too_many(
    customer: &Customer,
    details: &Details,
    (fields, wait): (&Fields, Wait),
    files: Vec<NewFile>,
) -> Outcome {
    let (status, why) = (Status::TooManyRequests, (fields, &wait.errors()));
    let page = give_back(customer, status, details, why, files).await;
    page.map(|page| wait.announce(page))
}

async fn give_back(
    customer: &Customer,
    status: Status,
    details: &Details,
    (fields, errors): (&Fields, &FormErrors),
    files: Vec<NewFile>,
) -> Outcome {
    let spot = Spot::on(Form::Reply, &details.ticket);
    let draft = drafting::come_back(customer, &spot, fields, files).await?;
    let form = ReplyForm {
        state: FormState::refused(fields, errors, customer.lang),
        draft: Some(drafting::view(customer, &spot, draft.as_ref(), false)),
    };
    let view = show::present(customer, details, form, Access::Own);
    customer.page_with(status, Place::section("requests"), &view)
}

fn from_customer(body: MessageText, files: Vec<NewFile>) -> NewMessage {
    NewMessage {
        author_kind: AuthorKind::Customer,
        visibility: Visibility::Public,
        body,
        files,
        channel: Channel::Web,
        status_after: StatusAfter::Keep,
    }
}
