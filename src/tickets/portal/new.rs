//! Filing a request, with or without an account.

use diesel::OptionalExtension;
use diesel::result::Error as DieselError;
use rocket::http::Status;
use rocket::{get, post};

use super::present::file_limits;
use crate::accounts::{self, Person, Place, Visitor};
use crate::drafts::Owner;
use crate::forms::{self, RequestType, RequestTypeId};
use crate::platform::db::{StorageError, Tx};
use crate::platform::i18n::{Lang, Message};
use crate::platform::web::form::FormErrors;
use crate::platform::web::idempotency::{self, Claim};
use crate::platform::web::limits::Action;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::widgets::TextLink;
use crate::platform::web::{Check, Failure, Fields, FormState, Outcome, Posted, Reply};
use crate::tickets::commands::{MessageText, NewFile, NewTicket, TicketError, file_ticket};
use crate::tickets::drafting::{self, DraftView, Form, Spot};
use crate::tickets::limits::{self, Wait};
use crate::tickets::model::{AuthorKind, Channel};
use crate::tickets::pages::{GuestFiled, New, TypeTile};
use crate::tickets::uploads::keep_files;

/// Characters of a subject, at most.
pub(super) const SUBJECT: usize = 200;
/// Where what is typed here is kept.
const SPOT: Spot = Spot::new(Form::Request);
/// Characters of a message, at most.
pub(super) const BODY: usize = 20_000;

#[get("/requests/new?<subject>&<kind>")]
pub(super) async fn form(
    visitor: Visitor,
    subject: Option<String>,
    kind: Option<String>,
) -> Outcome {
    let mut state = FormState::empty()
        .with("subject", subject.unwrap_or_default())
        .with("request_type", kind.unwrap_or_default());
    let draft = drafting::read(&visitor, &SPOT).await?;
    state = state.with_all(draft.as_ref().map(|draft| &draft.fields));
    let draft = drafting::view(&visitor, &SPOT, draft.as_ref(), true);
    let view = page(&visitor, state, draft).await?;
    visitor.page(Place::section("requests"), &view)
}

#[post("/requests", data = "<form>")]
pub(super) async fn create(form: Posted<Visitor>) -> Outcome {
    let Posted {
        who: visitor,
        fields,
        uploads,
    } = form;
    let uploads = drafting::of_this_session(&visitor, &fields, uploads)?;
    let mut check = Check::new(&fields);
    let input = read(&mut check, visitor.person.is_none());
    check_type(&visitor, &input, &mut check).await?;
    if let Err(wait) = limits::count_files(&visitor, uploads.len()) {
        return too_many(&visitor, &fields, wait, Vec::new()).await;
    }
    let already = drafting::count_files(&fields);
    let files = keep_files(&visitor.site, uploads, already, &mut check).await?;
    let input = match check.finish(input) {
        Ok(input) => input,
        Err(errors) => return refused(&visitor, &fields, &errors, files).await,
    };
    let key = idempotency::submission_key(&fields, visitor.actor(), "/requests");
    if let Err(wait) = within_limits(&visitor, &input, &key) {
        return too_many(&visitor, &fields, wait, files).await;
    }
    let text = MessageText::render(input.body.clone()).await?;
    match store(&visitor, (key, &fields), input, (text, files.clone())).await {
        Ok(location) => {
            Ok(Reply::see_other(location).with_flash(FlashKind::Ok, Message::new("ticket-filed")))
        }
        Err(FileError::UnknownType) => {
            let errors = FormErrors::one("request_type", Message::new("form-choice"));
            refused(&visitor, &fields, &errors, files).await
        }
        Err(FileError::Ticket(error)) => Err(error.into()),
    }
}

/// What a guest sees once their request is filed. Anyone can open this address with any number:
/// it tells nothing about the request.
#[get("/requests/filed?<reference>")]
pub(super) async fn filed(visitor: Visitor, reference: Option<&str>) -> Outcome {
    let reference: String = reference
        .ok_or(Failure::NotFound)?
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .take(20)
        .collect();
    let view = GuestFiled {
        reference,
        sign_up_href: "/sign-up".to_owned(),
        home_href: "/".to_owned(),
    };
    visitor.page(Place::section("requests"), &view)
}

struct Input {
    request_type: Option<RequestTypeId>,
    subject: String,
    body: String,
    guest: Option<(String, String)>,
}

fn read(check: &mut Check<'_>, guest: bool) -> Input {
    Input {
        request_type: check.choice("request_type"),
        subject: check.line("subject", SUBJECT),
        body: check.text("body", BODY),
        guest: guest.then(|| (check.line("name", 120), check.email("email"))),
    }
}

/// Somebody without an account can make us write to any address: both are counted. Of others it is
/// counted what they write.
///
/// # Errors
/// When there was too much.
fn within_limits(visitor: &Visitor, input: &Input, form: &str) -> Result<(), Wait> {
    let site = &visitor.site;
    if let Some(person) = &visitor.person {
        return limits::count_message(site, person, form);
    }
    let Some((_, email)) = &input.guest else {
        return Ok(());
    };
    let counted = site.limiter.check(Action::Anonymous, &visitor.address);
    counted
        .and_then(|()| site.limiter.check(Action::MailTo, email))
        .map_err(Wait::for_seconds)
}

/// The form with everything typed, to be sent again later.
async fn too_many(visitor: &Visitor, fields: &Fields, wait: Wait, files: Vec<NewFile>) -> Outcome {
    let state = FormState::refused(fields, &wait.errors(), visitor.lang);
    let draft = returned(visitor, fields, files).await?;
    let view = page(visitor, state, draft).await?;
    visitor
        .page_with(Status::TooManyRequests, Place::section("requests"), &view)
        .map(|page| wait.announce(page))
}

/// Only a type that is offered can be chosen. Looked at before any file is kept.
async fn check_type(
    visitor: &Visitor,
    input: &Input,
    check: &mut Check<'_>,
) -> Result<(), Failure> {
    let Some(id) = input.request_type else {
        return Ok(());
    };
    let types = visitor
        .site
        .db
        .read(|conn| forms::list_request_types(conn).map_err(StorageError::from))
        .await?;
    if types.iter().all(|kind| kind.id != id) {
        check.error("request_type", Message::new("form-choice"));
    }
    Ok(())
}

enum FileError {
    UnknownType,
    Ticket(TicketError),
}

impl From<DieselError> for FileError {
    fn from(error: DieselError) -> Self {
        Self::Ticket(error.into())
    }
}

impl From<StorageError> for FileError {
    fn from(error: StorageError) -> Self {
        Self::Ticket(error.into())
    }
}

impl From<TicketError> for FileError {
    fn from(error: TicketError) -> Self {
        Self::Ticket(error)
    }
}

/// Files the request once, however often its form is sent, and answers where to go.
async fn store(
    visitor: &Visitor,
    (key, fields): (String, &Fields),
    input: Input,
    (text, files): (MessageText, Vec<NewFile>),
) -> Result<String, FileError> {
    let (person, owner) = (visitor.person.clone(), Owner::of(visitor));
    let (actor, lang) = (visitor.actor(), visitor.lang);
    let prefix = visitor.site.settings.reference_prefix.clone();
    let form_key = idempotency::form_key(fields);
    let sent = drafting::submission(fields);
    visitor
        .site
        .db
        .write(actor, move |tx| {
            let claim = idempotency::claim(tx, &key)?;
            let mut all = drafting::take(tx, &owner, &SPOT, &sent)?;
            if let Claim::Repeated(location) = claim {
                return Ok(location);
            }
            all.extend(files.iter().cloned());
            let request_type = active_type(tx, input.request_type)?;
            let requester = requester(tx, person.as_ref(), input.guest.as_ref(), lang)?;
            let ticket = file_ticket(
                tx,
                &NewTicket {
                    subject: input.subject.clone(),
                    body: text.clone(),
                    files: all,
                    request_type,
                    channel: match person {
                        Some(_) => Channel::Web,
                        None => Channel::WebGuest,
                    },
                    language: lang,
                    prefix: prefix.clone(),
                    form_key: form_key.clone(),
                    author: AuthorKind::Customer,
                    requester,
                },
            )?;
            let location = match person {
                Some(_) => format!("/requests/{}", ticket.reference),
                None => format!("/requests/filed?reference={}", ticket.reference),
            };
            idempotency::settle(tx, &key, &location)?;
            Ok(location)
        })
        .await
}

fn active_type(tx: &mut Tx<'_>, id: Option<RequestTypeId>) -> Result<RequestType, FileError> {
    let id = id.ok_or(FileError::UnknownType)?;
    forms::get_request_type(tx.conn, id)
        .optional()?
        .filter(|kind| kind.archived_at.is_none())
        .ok_or(FileError::UnknownType)
}

fn requester(
    tx: &mut Tx<'_>,
    person: Option<&Person>,
    guest: Option<&(String, String)>,
    lang: Lang,
) -> Result<Person, FileError> {
    match (person, guest) {
        (Some(person), _) => Ok(person.clone()),
        (None, Some((name, email))) => {
            Ok(accounts::find_or_create_requester(tx, email, name, lang)?)
        }
        (None, None) => Err(FileError::from(DieselError::NotFound)),
    }
}

async fn refused(
    visitor: &Visitor,
    fields: &Fields,
    errors: &FormErrors,
    files: Vec<NewFile>,
) -> Outcome {
    let state = FormState::refused(fields, errors, visitor.lang);
    let draft = returned(visitor, fields, files).await?;
    let view = page(visitor, state, draft).await?;
    visitor.refused_page(Place::section("requests"), &view)
}

/// The draft of a form that comes back, with the files that came with it.
async fn returned(
    visitor: &Visitor,
    fields: &Fields,
    files: Vec<NewFile>,
) -> Result<DraftView, Failure> {
    let draft = drafting::come_back(visitor, &SPOT, fields, files).await?;
    Ok(drafting::view(visitor, &SPOT, draft.as_ref(), false))
}

async fn page(visitor: &Visitor, form: FormState, draft: DraftView) -> Result<New, Failure> {
    let types = visitor
        .site
        .db
        .read(|conn| forms::list_request_types(conn).map_err(StorageError::from))
        .await?;
    let lang = visitor.lang;
    Ok(New {
        crumbs: vec![
            TextLink::new(Message::new("crumb-home").render(lang), "/"),
            TextLink::new(Message::new("crumb-new-request").render(lang), ""),
        ],
        organisation: visitor.organisation.clone(),
        action: "/requests".to_owned(),
        cancel_href: "/".to_owned(),
        guest: visitor.person.is_none(),
        types: types
            .iter()
            .map(|kind| TypeTile {
                value: kind.id.to_string(),
                label: kind.name(lang).to_owned(),
                hint: Some(kind.hint(lang).to_owned()).filter(|hint| !hint.is_empty()),
                icon: kind.icon.clone(),
            })
            .collect(),
        form,
        files: file_limits(visitor),
        related: Vec::new(),
        draft,
    })
}
