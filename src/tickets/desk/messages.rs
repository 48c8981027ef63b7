//! Replies and notes.

use rocket::http::Status as HttpStatus;
use rocket::post;

use super::MAX_BODY;
use super::ticket::{self, Asked, Returned};
use crate::accounts::{Agent, PersonId};
use crate::drafts::Submission;
use crate::platform::db::{StorageError, Tx};
use crate::platform::i18n::Message as Text;
use crate::platform::web::form::FormErrors;
use crate::platform::web::idempotency::{self, Claim};
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Check, Failure, Fields, FormState, Outcome, Posted, Reply};
use crate::tickets::commands::{
    MessageText, NewFile, NewMessage, StatusAfter, TicketError, write_message,
};
use crate::tickets::drafting::{self, Form, Spot};
use crate::tickets::limits::{self, Wait};
use crate::tickets::model::{AuthorKind, Channel, Status, Ticket, Visibility};
use crate::tickets::queries::{Readers, find_for_desk, list_envelopes};
use crate::tickets::{store, uploads};

/// What is to be written, and what its author had read.
#[derive(Clone, Debug)]
struct Draft {
    message: NewMessage,
    /// The version of the request that the form was made from; 0 is none.
    version: i64,
    /// Key of the form.
    key: Option<String>,
    /// What the form says of what was typed before.
    submission: Submission,
    /// Path of the request, with the way back.
    href: String,
}

/// Why nothing was written.
enum Refused {
    /// There is no such request.
    Gone,
    /// Others have written since.
    Overtaken,
    /// The status cannot follow the present one.
    Status,
    /// The database.
    Storage(StorageError),
}

/// Answers the customer, or leaves a note.
#[post("/desk/tickets/<reference>/messages", data = "<posted>")]
pub(super) async fn write(posted: Posted<Agent>, reference: &str) -> Outcome {
    let Posted {
        who: agent,
        fields,
        uploads,
    } = posted;
    let mut check = Check::new(&fields);
    let body = check.text("body", MAX_BODY);
    let status_after = status_after(&mut check);
    let visibility = visibility(&mut check);
    find(&agent, reference).await?;
    if let Err(wait) = limits::count_files(&agent, uploads.len()) {
        return too_many(&agent, reference, (&fields, Vec::new()), wait).await;
    }
    let already = drafting::count_files(&fields);
    let files = uploads::keep_files(&agent.site, uploads, already, &mut check).await?;
    if let Err(errors) = check.finish(()) {
        return refuse(&agent, reference, (&fields, files), &errors).await;
    }
    let form = idempotency::submission_key(&fields, agent.actor(), reference);
    if let Err(wait) = limits::count_message(&agent.site, &agent.me, &form) {
        return too_many(&agent, reference, (&fields, files), wait).await;
    }
    let body = MessageText::render(body).await?;
    let draft = Draft {
        message: message(body, visibility, status_after, files.clone()),
        version: fields.get("version").parse().unwrap_or(0),
        key: Some(form),
        submission: drafting::submission(&fields),
        href: Asked::parse(agent.path()).href(reference),
    };
    let (key, version) = (reference.to_owned(), draft.version);
    let me = agent.me.id;
    let outcome = (agent.site.db)
        .write(agent.actor(), move |tx| apply(tx, &key, me, &draft))
        .await;
    answer(&agent, reference, (&fields, version, files), outcome).await
}

/// Looks for the request before any file is kept for it.
async fn find(agent: &Agent, reference: &str) -> Result<(), Failure> {
    let wanted = reference.to_owned();
    let found = (agent.site.db)
        .read(move |conn| find_for_desk(conn, &wanted).map_err(StorageError::from))
        .await?;
    found.map(drop).ok_or(Failure::NotFound)
}

async fn answer(
    agent: &Agent,
    reference: &str,
    (fields, version, files): (&Fields, i64, Vec<NewFile>),
    outcome: Result<(String, Option<&'static str>), Refused>,
) -> Outcome {
    match outcome {
        Ok((location, Some(said))) => {
            Ok(Reply::see_other(location).with_flash(FlashKind::Ok, Text::new(said)))
        }
        Ok((location, None)) => Ok(Reply::see_other(location)),
        Err(Refused::Gone) => Err(Failure::NotFound),
        Err(Refused::Overtaken) => {
            come_back(agent, reference, fields, files).await?;
            let kept = FormState::refused(fields, &FormErrors::default(), agent.lang);
            let returned = Returned {
                composer: Some(kept),
                written_on: Some(version),
                ..Returned::default()
            };
            ticket::page(agent, HttpStatus::Conflict, reference, returned).await
        }
        Err(Refused::Status) => {
            let errors = FormErrors::one("status", Text::new("desk-status-refused"));
            refuse(agent, reference, (fields, files), &errors).await
        }
        Err(Refused::Storage(error)) => Err(error.into()),
    }
}

fn visibility(check: &mut Check<'_>) -> Visibility {
    match check.raw("kind") {
        "" | "reply" => Visibility::Public,
        "note" => Visibility::Note,
        _ => {
            check.error("kind", Text::new("form-choice"));
            // Should the error ever be overlooked, nobody outside may read it.
            Visibility::Note
        }
    }
}

fn status_after(check: &mut Check<'_>) -> StatusAfter {
    if matches!(check.raw("status"), "" | "keep") {
        return StatusAfter::Keep;
    }
    check
        .choice("status")
        .map_or(StatusAfter::Keep, |status: Status| StatusAfter::Set(status))
}

fn message(
    body: MessageText,
    visibility: Visibility,
    status_after: StatusAfter,
    files: Vec<NewFile>,
) -> NewMessage {
    NewMessage {
        author_kind: AuthorKind::Agent,
        visibility,
        body,
        files,
        channel: Channel::Web,
        status_after,
    }
}

/// Writes the message. Answers where it is, and what to say of it unless it was written before.
fn apply(
    tx: &mut Tx<'_>,
    reference: &str,
    me: PersonId,
    draft: &Draft,
) -> Result<(String, Option<&'static str>), Refused> {
    let ticket = find_for_desk(tx.conn, reference)?.ok_or(Refused::Gone)?;
    let claim = match &draft.key {
        Some(key) => idempotency::claim(tx, key)?,
        None => Claim::Fresh,
    };
    let spot = Spot::on(Form::Message, &ticket);
    let kept = drafting::take(tx, &me.into(), &spot, &draft.submission)?;
    if let Claim::Repeated(location) = claim {
        return Ok((location, None));
    }
    // From here on nobody else writes to this ticket.
    let ticket = store::load(tx.conn, ticket.id)?.ticket;
    let is_public = draft.message.visibility == Visibility::Public;
    if is_public && is_overtaken(tx, &ticket, me, draft.version)? {
        return Err(Refused::Overtaken);
    }
    let mut message = draft.message.clone();
    message.files.splice(0..0, kept);
    write_message(tx, ticket.id, &message)?;
    let location = format!("{}#message-{}", draft.href, ticket.version + 1);
    if let Some(key) = &draft.key {
        idempotency::settle(tx, key, &location)?;
    }
    let said = if is_public { "desk-sent" } else { "desk-noted" };
    Ok((location, Some(said)))
}

/// Whether somebody else wrote to or for the customer after a version.
fn is_overtaken(
    tx: &mut Tx<'_>,
    ticket: &Ticket,
    me: PersonId,
    version: i64,
) -> Result<bool, Refused> {
    if version == ticket.version {
        return Ok(false);
    }
    let public = list_envelopes(tx.conn, ticket.id, Readers::Customer)?;
    Ok(public
        .iter()
        .any(|message| message.seq > version && message.author_id != Some(me)))
}

/// Keeps the form as a draft, with its files.
async fn come_back(
    agent: &Agent,
    reference: &str,
    fields: &Fields,
    files: Vec<NewFile>,
) -> Result<(), Failure> {
    let reference = reference.to_owned();
    let ticket = (agent.site.db)
        .read(move |conn| find_for_desk(conn, &reference).map_err(StorageError::from))
        .await?
        .ok_or(Failure::NotFound)?;
    let spot = Spot::on(Form::Message, &ticket);
    drafting::come_back(agent, &spot, fields, files)
        .await
        .map(drop)
}

async fn refuse(
    agent: &Agent,
    reference: &str,
    form: (&Fields, Vec<NewFile>),
    errors: &FormErrors,
) -> Outcome {
    give_back(
        agent,
        HttpStatus::UnprocessableEntity,
        reference,
        form,
        errors,
    )
    .await
}

/// The page with everything typed, to be sent again later.
async fn too_many(
    agent: &Agent,
    reference: &str,
    form: (&Fields, Vec<NewFile>),
    wait: Wait,
) -> Outcome {
    let status = HttpStatus::TooManyRequests;
    let page = give_back(agent, status, reference, form, &wait.errors()).await;
    page.map(|page| wait.announce(page))
}

async fn give_back(
    agent: &Agent,
    status: HttpStatus,
    reference: &str,
    (fields, files): (&Fields, Vec<NewFile>),
    errors: &FormErrors,
) -> Outcome {
    come_back(agent, reference, fields, files).await?;
    let returned = Returned {
        composer: Some(FormState::refused(fields, errors, agent.lang)),
        ..Returned::default()
    };
    ticket::page(agent, status, reference, returned).await
}

impl From<TicketError> for Refused {
    fn from(error: TicketError) -> Self {
        match error {
            TicketError::Transition { .. } => Self::Status,
            TicketError::Storage(error) => Self::Storage(error),
            other => Self::Storage(StorageError::Other(other.to_string())),
        }
    }
}

impl From<diesel::result::Error> for Refused {
    fn from(error: diesel::result::Error) -> Self {
        Self::Storage(error.into())
    }
}

impl From<StorageError> for Refused {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}
