//! A customer's reply.

use rocket::post;

use super::new::BODY;
use super::show::{self, Access, Details, ReplyForm};
use crate::accounts::{Customer, Place};
use crate::platform::db::Tx;
use crate::platform::i18n::Message as Text;
use crate::platform::web::form::FormErrors;
use crate::platform::web::idempotency::{self, Claim};
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Check, Fields, FormState, Outcome, Posted, Reply};
use crate::tickets::commands::{NewFile, NewMessage, StatusAfter, TicketError, write_message};
use crate::tickets::drafting::{self, Form, Spot};
use crate::tickets::model::{AuthorKind, Channel, TicketId, Visibility};
use crate::tickets::queries::Scope;
use crate::tickets::store;
use crate::tickets::uploads::keep_files;

#[post("/requests/<reference>/messages", data = "<form>")]
pub(super) async fn write(form: Posted<Customer>, reference: &str) -> Outcome {
    let Posted {
        who: customer,
        fields,
        uploads,
    } = form;
    let details = show::read(&customer, Scope::Requester(customer.me.id), reference).await?;
    let mut check = Check::new(&fields);
    let body = check.text("body", BODY);
    let already = drafting::count_files(&fields);
    let files = keep_files(&customer.site, uploads, already, &mut check).await?;
    if let Err(errors) = check.finish(()) {
        return refused(&customer, &details, (&fields, &errors), files).await;
    }
    let written = send(&customer, &details, &fields, from_customer(body, files)).await?;
    Ok(Reply::see_other(written).with_flash(FlashKind::Ok, Text::new("ticket-reply-sent")))
}

/// Sends the reply once, however often its form is sent, and answers where it is.
async fn send(
    customer: &Customer,
    details: &Details,
    fields: &Fields,
    message: NewMessage,
) -> Result<String, TicketError> {
    let (id, me) = (details.ticket.id, customer.me.id);
    let spot = Spot::on(Form::Reply, &details.ticket);
    let key = idempotency::submission_key(fields, customer.actor(), spot.address());
    let sent = drafting::submission(fields);
    let write = move |tx: &mut Tx<'_>| {
        let claim = idempotency::claim(tx, &key)?;
        let mut message = message.clone();
        let kept = drafting::take(tx, me, &spot, &sent)?;
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

async fn refused(
    customer: &Customer,
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
    customer.refused_page(Place::section("requests"), &view)
}

fn from_customer(body: String, files: Vec<NewFile>) -> NewMessage {
    NewMessage {
        author_kind: AuthorKind::Customer,
        visibility: Visibility::Public,
        body,
        files,
        channel: Channel::Web,
        status_after: StatusAfter::Keep,
    }
}
