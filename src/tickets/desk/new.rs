//! Filing a request for a customer: a call, a visit, a letter.

use rocket::http::Status as HttpStatus;
use rocket::{get, post};

use super::choices::{self, Choices};
use super::labels;
use super::reader::Reader;
use super::ticket_view::limits;
use super::{MAX_BODY, SECTION};
use crate::accounts::{self, Agent, PersonId};
use crate::drafts::Submission;
use crate::forms::{self, RequestTypeId};
use crate::platform::db::{StorageError, Tx};
use crate::platform::i18n::{Lang, Message};
use crate::platform::web::form::FormErrors;
use crate::platform::web::idempotency::{self, Claim, submission_key};
use crate::platform::web::reply::FlashKind;
use crate::platform::web::widgets::SelectOption;
use crate::platform::web::{Check, Fields, FormState, Outcome, Posted, Reply};
use crate::teams::TeamId;
use crate::tickets::commands::{
    Change, Changes, NewFile, NewTicket, TicketError, change_properties, file_ticket,
    file_with_note,
};
use crate::tickets::desk_pages::DeskNewPage;
use crate::tickets::drafting::{self, DraftView, Form, Spot};
use crate::tickets::model::{AuthorKind, Channel, Priority, Ticket, Visibility};
use crate::tickets::uploads;

/// Characters of a subject, at most.
const MAX_SUBJECT: usize = 200;

/// Where what is typed here is kept.
const SPOT: Spot = Spot::new(Form::DeskRequest);

/// Characters of a name, at most.
const MAX_NAME: usize = 120;

/// What the form asks for.
#[derive(Clone, Debug)]
struct Draft {
    email: String,
    name: String,
    language: Lang,
    channel: Channel,
    request_type: RequestTypeId,
    priority: Option<Priority>,
    team: Option<TeamId>,
    assignee: Option<PersonId>,
    subject: String,
    body: String,
    visibility: Visibility,
    files: Vec<NewFile>,
    key: Option<String>,
    submission: Submission,
    prefix: String,
}

/// Why nothing was filed.
enum Refused {
    /// A field says what cannot be.
    Field(&'static str),
    /// The database.
    Storage(StorageError),
}

/// The empty form.
#[get("/desk/new")]
pub(super) async fn form(agent: Agent) -> Outcome {
    let draft = drafting::read(&agent, &SPOT).await?;
    let form = FormState::empty()
        .with("language", agent.lang.as_str())
        .with("channel", Channel::Phone.as_str())
        .with_all(draft.as_ref().map(|draft| &draft.fields));
    let draft = drafting::view(&agent, &SPOT, draft.as_ref(), true);
    page(&agent, HttpStatus::Ok, form, draft).await
}

/// Files the request.
#[post("/desk/tickets", data = "<posted>")]
pub(super) async fn file(posted: Posted<Agent>) -> Outcome {
    let Posted {
        who: agent,
        fields,
        uploads,
    } = posted;
    let mut check = Check::new(&fields);
    let already = drafting::count_files(&fields);
    let files = uploads::keep_files(&agent.site, uploads, already, &mut check).await?;
    let draft = match read(check, &fields, files.clone()) {
        Ok(draft) => Draft {
            submission: drafting::submission(&fields),
            prefix: agent.site.settings.reference_prefix.clone(),
            key: Some(submission_key(&fields, agent.actor(), "/desk/tickets")),
            ..draft
        },
        Err(errors) => return refuse(&agent, &fields, &errors, files).await,
    };
    let me = agent.me.id;
    let outcome = (agent.site.db)
        .write(agent.actor(), move |tx| apply(tx, me, &draft))
        .await;
    match outcome {
        Ok((location, Some(reference))) => Ok(Reply::see_other(location).with_flash(
            FlashKind::Ok,
            Message::new("desk-filed").text("reference", reference),
        )),
        Ok((location, None)) => Ok(Reply::see_other(location)),
        Err(Refused::Field(field)) => {
            let errors = FormErrors::one(field, Message::new("form-choice"));
            refuse(&agent, &fields, &errors, files).await
        }
        Err(Refused::Storage(error)) => Err(error.into()),
    }
}

fn read(mut check: Check<'_>, fields: &Fields, files: Vec<NewFile>) -> Result<Draft, FormErrors> {
    let email = check.email("email");
    let name = check.optional_line("name", MAX_NAME);
    let language = check.choice("language");
    let channel = check.choice("channel");
    let request_type = check.choice("request_type");
    let priority = check.optional_choice("priority");
    let team = check.optional_choice("team");
    let assignee = check.optional_choice("assignee");
    let subject = check.line("subject", MAX_SUBJECT);
    let body = check.text("body", MAX_BODY);
    let visibility = match fields.get("visibility") {
        "" | "public" => Visibility::Public,
        "internal" => Visibility::Note,
        _ => {
            check.error("visibility", Message::new("form-choice"));
            Visibility::Note
        }
    };
    let draft = match (language, channel, request_type) {
        (Some(language), Some(channel), Some(request_type)) => Some(Draft {
            email,
            name,
            language,
            channel,
            request_type,
            priority,
            team,
            assignee,
            subject,
            body,
            visibility,
            files,
            key: None,
            submission: Submission::default(),
            prefix: String::new(),
        }),
        _ => None,
    };
    check
        .finish(draft)
        .map(|draft| draft.expect("what could not be read was noted as an error"))
}

/// Files the request. Answers where it is, and its reference unless it was filed before.
fn apply(
    tx: &mut Tx<'_>,
    me: PersonId,
    draft: &Draft,
) -> Result<(String, Option<String>), Refused> {
    let claim = match &draft.key {
        Some(key) => idempotency::claim(tx, key)?,
        None => Claim::Fresh,
    };
    let mut files = drafting::take(tx, me, &SPOT, &draft.submission)?;
    if let Claim::Repeated(location) = claim {
        return Ok((location, None));
    }
    files.extend(draft.files.iter().cloned());
    let new = NewTicket {
        files,
        ..new_ticket(tx, draft)?
    };
    let ticket = match draft.visibility {
        Visibility::Public => file_ticket(tx, &new)?,
        Visibility::Note => file_with_note(tx, &new)?,
    };
    let ticket = set_properties(tx, ticket, draft)?;
    let location = format!("/desk/tickets/{}", ticket.reference);
    if let Some(key) = &draft.key {
        idempotency::settle(tx, key, &location)?;
    }
    Ok((location, Some(ticket.reference)))
}

fn new_ticket(tx: &mut Tx<'_>, draft: &Draft) -> Result<NewTicket, Refused> {
    use diesel::OptionalExtension;
    let request_type = forms::get_request_type(tx.conn, draft.request_type)
        .optional()?
        .filter(|kind| kind.archived_at.is_none())
        .ok_or(Refused::Field("request_type"))?;
    let name = if draft.name.is_empty() {
        draft.email.split('@').next().unwrap_or_default()
    } else {
        &draft.name
    };
    let requester = accounts::find_or_create_requester(tx, &draft.email, name, draft.language)?;
    Ok(NewTicket {
        requester,
        subject: draft.subject.clone(),
        body: draft.body.clone(),
        files: Vec::new(),
        request_type,
        channel: draft.channel,
        language: draft.language,
        prefix: draft.prefix.clone(),
        form_key: None,
        author: AuthorKind::Agent,
    })
}

/// Sets what was chosen instead of what follows from the kind of request.
fn set_properties(tx: &mut Tx<'_>, ticket: Ticket, draft: &Draft) -> Result<Ticket, Refused> {
    use diesel::OptionalExtension;
    if let Some(team) = draft.team
        && crate::teams::get_team(tx.conn, team).optional()?.is_none()
    {
        return Err(Refused::Field("team"));
    }
    let changes = Changes {
        status: change(ticket.status, ticket.status),
        priority: change(ticket.priority, draft.priority.unwrap_or(ticket.priority)),
        team: change(ticket.team_id, draft.team.or(ticket.team_id)),
        assignee: change(ticket.assignee_id, draft.assignee),
        request_type: change(ticket.request_type_id, ticket.request_type_id),
        tags: change(Vec::new(), Vec::new()),
    };
    Ok(change_properties(tx, ticket.id, &changes)?)
}

const fn change<T>(seen: T, wanted: T) -> Change<T> {
    Change { seen, wanted }
}

async fn refuse(
    agent: &Agent,
    fields: &Fields,
    errors: &FormErrors,
    files: Vec<NewFile>,
) -> Outcome {
    let draft = drafting::come_back(agent, &SPOT, fields, files).await?;
    let form = FormState::refused(fields, errors, agent.lang);
    let draft = drafting::view(agent, &SPOT, draft.as_ref(), false);
    page(agent, HttpStatus::UnprocessableEntity, form, draft).await
}

async fn page(agent: &Agent, status: HttpStatus, form: FormState, draft: DraftView) -> Outcome {
    let reader = Reader::of(agent);
    let choices = agent
        .site
        .db
        .read(|conn| Choices::load(conn).map_err(StorageError::from))
        .await?;
    let view = DeskNewPage {
        action: "/desk/tickets".to_owned(),
        cancel_href: "/desk".to_owned(),
        form,
        languages: (agent.company.languages.iter())
            .map(|lang| SelectOption::new(lang.as_str(), lang.endonym()))
            .collect(),
        channels: [Channel::Phone, Channel::Mail, Channel::Visit, Channel::Web]
            .into_iter()
            .map(|c| SelectOption::new(c.as_str(), labels::channel(reader.lang, c)))
            .collect(),
        request_types: choices.type_options(&reader, None),
        priorities: choices::priorities(&reader),
        teams: choices.team_options(None),
        assignees: choices.agent_options(&reader, None),
        limits: limits(&reader, &agent.company),
        draft,
    };
    agent.page(status, SECTION, &view).await
}

impl From<TicketError> for Refused {
    fn from(error: TicketError) -> Self {
        match error {
            TicketError::NotAnAgent => Self::Field("assignee"),
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
