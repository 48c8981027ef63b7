//! Filing a request for a customer: a call, a visit, a letter.

use rocket::http::Status as HttpStatus;
use rocket::{get, post};

use super::choices::{self, Choices};
use super::labels;
use super::reader::Reader;
use super::ticket_view;
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
use crate::teams::{self, TeamId};
use crate::tickets::commands::{
    Change, Changes, MessageText, NewFile, NewTicket, TicketError, change_properties, file_ticket,
    file_with_note,
};
use crate::tickets::desk_pages::DeskNewPage;
use crate::tickets::drafting::{self, DraftView, Form, Spot};
use crate::tickets::limits::{self, Wait};
use crate::tickets::model::{AuthorKind, Channel, Priority, Ticket, Visibility};
use crate::tickets::uploads;

/// Characters of a subject, at most.
const MAX_SUBJECT: usize = 200;

/// Where what is typed here is kept.
const SPOT: Spot = Spot::new(Form::DeskRequest);

/// Characters of a name, at most.
const MAX_NAME: usize = 120;

/// How a request can have come in that an agent notes.
const CHANNELS: [Channel; 4] = [Channel::Phone, Channel::Mail, Channel::Visit, Channel::Web];

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
}

/// What is filed.
#[derive(Clone, Debug)]
struct New {
    draft: Draft,
    text: MessageText,
    files: Vec<NewFile>,
    /// Key of the form.
    key: String,
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
    let draft = read(&mut check, &fields);
    if let Err(wait) = limits::count_files(&agent, uploads.len()) {
        return too_many(&agent, &fields, wait, Vec::new()).await;
    }
    let already = drafting::count_files(&fields);
    let files = uploads::keep_files(&agent.site, uploads, already, &mut check).await?;
    let draft = match check.finish(draft) {
        Ok(draft) => draft.expect("what could not be read was noted as an error"),
        Err(errors) => return refuse(&agent, &fields, &errors, files).await,
    };
    let key = submission_key(&fields, agent.actor(), "/desk/tickets");
    if let Err(wait) = limits::count_message(&agent.site, &agent.me, &key) {
        return too_many(&agent, &fields, wait, files).await;
    }
    let new = New {
        files: files.clone(),
        text: MessageText::render(draft.body.clone()).await?,
        prefix: agent.site.settings.reference_prefix.clone(),
        submission: drafting::submission(&fields),
        key,
        draft,
    };
    let me = agent.me.id;
    let outcome = (agent.site.db)
        .write(agent.actor(), move |tx| apply(tx, me, &new))
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

/// What was asked for; none when something that must be chosen was not, which `check` knows.
fn read(check: &mut Check<'_>, fields: &Fields) -> Option<Draft> {
    let email = check.email("email");
    let name = check.optional_line("name", MAX_NAME);
    let language = check.choice("language");
    let channel = check.choice("channel");
    if channel.is_some_and(|channel| !CHANNELS.contains(&channel)) {
        check.error("channel", Message::new("form-choice"));
    }
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
    match (language, channel, request_type) {
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
        }),
        _ => None,
    }
}

/// Files the request. Answers where it is, and its reference unless it was filed before.
fn apply(tx: &mut Tx<'_>, me: PersonId, new: &New) -> Result<(String, Option<String>), Refused> {
    let claim = idempotency::claim(tx, &new.key)?;
    let mut files = drafting::take(tx, &me.into(), &SPOT, &new.submission)?;
    if let Claim::Repeated(location) = claim {
        return Ok((location, None));
    }
    files.extend(new.files.iter().cloned());
    let ticket = NewTicket {
        files,
        ..new_ticket(tx, new)?
    };
    let ticket = match new.draft.visibility {
        Visibility::Public => file_ticket(tx, &ticket)?,
        Visibility::Note => file_with_note(tx, &ticket)?,
    };
    let ticket = set_properties(tx, ticket, &new.draft)?;
    let location = format!("/desk/tickets/{}", ticket.reference);
    idempotency::settle(tx, &new.key, &location)?;
    Ok((location, Some(ticket.reference)))
}

fn new_ticket(tx: &mut Tx<'_>, new: &New) -> Result<NewTicket, Refused> {
    use diesel::OptionalExtension;
    let draft = &new.draft;
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
        body: new.text.clone(),
        files: Vec::new(),
        request_type,
        channel: draft.channel,
        language: draft.language,
        prefix: new.prefix.clone(),
        form_key: None,
        author: AuthorKind::Agent,
    })
}

/// Sets what was chosen instead of what follows from the kind of request.
fn set_properties(tx: &mut Tx<'_>, ticket: Ticket, draft: &Draft) -> Result<Ticket, Refused> {
    if let Some(team) = draft.team
        && !teams::is_in_use(tx.conn, team)?
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
    give_back(
        agent,
        HttpStatus::UnprocessableEntity,
        (fields, errors),
        files,
    )
    .await
}

/// The form with everything typed, to be sent again later.
async fn too_many(agent: &Agent, fields: &Fields, wait: Wait, files: Vec<NewFile>) -> Outcome {
    let (status, errors) = (HttpStatus::TooManyRequests, wait.errors());
    let page = give_back(agent, status, (fields, &errors), files).await;
    page.map(|page| wait.announce(page))
}

async fn give_back(
    agent: &Agent,
    status: HttpStatus,
    (fields, errors): (&Fields, &FormErrors),
    files: Vec<NewFile>,
) -> Outcome {
    let draft = drafting::come_back(agent, &SPOT, fields, files).await?;
    let form = FormState::refused(fields, errors, agent.lang);
    let draft = drafting::view(agent, &SPOT, draft.as_ref(), false);
    page(agent, status, form, draft).await
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
        channels: CHANNELS
            .into_iter()
            .map(|c| SelectOption::new(c.as_str(), labels::channel(reader.lang, c)))
            .collect(),
        request_types: choices.type_options(&reader, None),
        priorities: choices::priorities(&reader),
        teams: choices.team_options(None),
        assignees: choices.agent_options(&reader, None),
        limits: ticket_view::limits(&reader, &agent.company),
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
