//! One request: what was said, what is asked, the reply.

use std::collections::HashMap;

use rocket::{get, post};

use super::present::{self, Thread, file_limits, stage_label};
use crate::accounts::{self, Customer, Person, PersonId, Place, Visitor};
use crate::forms::{self, RequestType};
use crate::platform::db::{Conn, StorageError, Timestamp};
use crate::platform::i18n::Message as Text;
use crate::platform::text::initials;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::shell::hue;
use crate::platform::web::widgets::TextLink;
use crate::platform::web::{Failure, FormState, Outcome, Posted, Reply};
use crate::teams::{self, Team};
use crate::tickets::commands::{confirm_ticket, reopen_ticket};
use crate::tickets::drafting::{self, DraftView, Form, Spot};
use crate::tickets::events::TicketEvent;
use crate::tickets::model::{AuthorKind, Stage, Ticket};
use crate::tickets::pages::{Detail, Facts, Me, Show};
use crate::tickets::queries::{self, Attachment, Message, Readers, Scope};
use crate::tickets::store;

#[get("/requests/<reference>")]
pub(super) async fn page(customer: Customer, reference: &str) -> Outcome {
    let scope = Scope::Requester(customer.me.id);
    let details = read(&customer, scope, reference).await?;
    let spot = Spot::on(Form::Reply, &details.ticket);
    let draft = drafting::read(&customer, &spot).await?;
    let form = ReplyForm {
        state: FormState::empty().with_all(draft.as_ref().map(|draft| &draft.fields)),
        draft: Some(drafting::view(&customer, &spot, draft.as_ref(), true)),
    };
    let view = present(&customer, &details, form, Access::Own);
    customer.page(Place::section("requests"), &view)
}

#[post("/requests/<reference>/confirmation", data = "<form>")]
pub(super) async fn confirm(form: Posted<Customer>, reference: &str) -> Outcome {
    let customer = form.who;
    let ticket = own(&customer, reference).await?;
    let ticket = customer
        .site
        .db
        .write(customer.actor(), move |tx| confirm_ticket(tx, ticket.id))
        .await?;
    let page = Reply::see_other(format!("/requests/{reference}"));
    // An agent may have taken it up again since the page was opened.
    Ok(match ticket.stage() {
        Stage::Confirmed => page.with_flash(FlashKind::Ok, Text::new("ticket-confirmed")),
        _ => page.with_flash(FlashKind::Info, Text::new("ticket-not-resolved")),
    })
}

#[post("/requests/<reference>/reopening", data = "<form>")]
pub(super) async fn reopen(form: Posted<Customer>, reference: &str) -> Outcome {
    let customer = form.who;
    let ticket = own(&customer, reference).await?;
    customer
        .site
        .db
        .write(customer.actor(), move |tx| {
            reopen_ticket(tx, ticket.id, None)
        })
        .await?;
    Ok(Reply::see_other(format!("/requests/{reference}#reply"))
        .with_flash(FlashKind::Info, Text::new("ticket-reopened")))
}

/// The customer's own request with a reference.
pub(super) async fn own(customer: &Customer, reference: &str) -> Result<Ticket, Failure> {
    let (scope, reference) = (Scope::Requester(customer.me.id), reference.to_owned());
    customer
        .site
        .db
        .read(move |conn| queries::find_ticket(conn, scope, &reference).map_err(StorageError::from))
        .await?
        .ok_or(Failure::NotFound)
}

/// Everything the page of a request prints.
pub(super) struct Details {
    pub(super) ticket: Ticket,
    request_type: RequestType,
    team: Option<Team>,
    messages: Vec<Message>,
    files: Vec<Attachment>,
    events: Vec<(Timestamp, TicketEvent)>,
    people: HashMap<PersonId, Person>,
}

/// What stands in the form of the reply. Who may only read has no draft.
#[derive(Default)]
pub(super) struct ReplyForm {
    pub(super) state: FormState,
    pub(super) draft: Option<DraftView>,
}

/// How somebody came to see a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access<'a> {
    /// Signed in, and it is theirs.
    Own,
    /// By the link of a mail, which carries this secret: they may read.
    Link(&'a str),
}

pub(super) async fn read(
    visitor: &Visitor,
    scope: Scope,
    reference: &str,
) -> Result<Details, Failure> {
    let reference = reference.to_owned();
    visitor
        .site
        .db
        .read(move |conn| {
            let found = queries::find_ticket(conn, scope, &reference)?;
            found.map(|ticket| load(conn, ticket)).transpose()
        })
        .await
        .map_err(|error: StorageError| Failure::from(error))?
        .ok_or(Failure::NotFound)
}

pub(super) fn load(conn: &mut Conn, ticket: Ticket) -> Result<Details, StorageError> {
    let messages = queries::list_messages(conn, ticket.id, Readers::Customer)?;
    let files = queries::list_attachments(conn, ticket.id, Readers::Customer)?;
    let events = store::history(conn, ticket.id)?
        .into_iter()
        .map(|(recorded, event)| (recorded.at, event))
        .collect();
    let authors = messages.iter().filter_map(|message| message.author_id);
    let people = accounts::people_by_id(conn, authors.chain(ticket.assignee_id))?;
    let team = ticket
        .team_id
        .map(|id| teams::get_team(conn, id))
        .transpose()?;
    Ok(Details {
        request_type: forms::get_request_type(conn, ticket.request_type_id)?,
        ticket,
        team,
        messages,
        files,
        events,
        people,
    })
}

pub(super) fn present(
    visitor: &Visitor,
    details: &Details,
    form: ReplyForm,
    access: Access<'_>,
) -> Show {
    let Details { ticket, .. } = details;
    let (lang, calendar) = (visitor.lang, visitor.calendar());
    let base = match access {
        Access::Own => format!("/requests/{}", ticket.reference),
        Access::Link(secret) => super::track_path(secret),
    };
    let first_moved = details
        .events
        .iter()
        .find_map(|(at, event)| matches!(event, TicketEvent::StatusChanged { .. }).then_some(*at));
    let (steps, steps_caption) = present::steps(visitor, ticket, first_moved);
    let thread = Thread {
        messages: &details.messages,
        files: &details.files,
        events: &details.events,
        people: &details.people,
        base: &base,
        reader: visitor.person.as_ref().map(|person| person.id),
    };
    Show {
        crumbs: crumbs(visitor, ticket, access),
        reference: ticket.reference.clone(),
        subject: ticket.subject.clone(),
        facts: vec![
            details.request_type.name(lang).to_owned(),
            Text::new("ticket-filed-at")
                .text("moment", calendar.moment(ticket.created_at))
                .render(lang),
        ],
        stage: ticket.stage().to_string(),
        steps,
        steps_caption,
        version: ticket.version,
        waiting_from: last_agent(details).unwrap_or_else(|| visitor.company.name.clone()),
        question_href: question(details),
        confirm_action: format!("{base}/confirmation"),
        reopen_action: format!("{base}/reopening"),
        closes_on: ticket
            .resolved_at
            .filter(|_| ticket.stage() == Stage::Resolved)
            .map(|at| {
                let days = chrono::Duration::days(visitor.company.confirm_after_days);
                calendar.deadline(at + days)
            }),
        earlier_href: None,
        earlier_count: 0,
        thread: thread.entries(visitor),
        can_reply: access == Access::Own,
        guest: access != Access::Own,
        reply_action: format!("{base}/messages"),
        follow_up_href: "/sign-up".to_owned(),
        form: form.state,
        draft: form.draft,
        me: visitor.person.as_ref().map(|person| Me {
            initials: initials(&person.name),
            hue: hue(&person.name),
        }),
        files: file_limits(visitor),
        promise: facts(visitor, ticket),
        details: properties(visitor, details),
    }
}

fn crumbs(visitor: &Visitor, ticket: &Ticket, access: Access<'_>) -> Vec<TextLink> {
    let mut crumbs = vec![TextLink::new(
        Text::new("crumb-home").render(visitor.lang),
        "/",
    )];
    if access == Access::Own {
        let list = Text::new("crumb-requests").render(visitor.lang);
        crumbs.push(TextLink::new(list, "/requests"));
    }
    crumbs.push(TextLink::new(ticket.reference.clone(), ""));
    crumbs
}

fn last_agent(details: &Details) -> Option<String> {
    let message = details
        .messages
        .iter()
        .rev()
        .find(|message| message.author_kind == AuthorKind::Agent)?;
    let person = details.people.get(&message.author_id?)?;
    Some(
        person
            .name
            .split(' ')
            .next()
            .unwrap_or(&person.name)
            .to_owned(),
    )
}

fn question(details: &Details) -> Option<String> {
    details
        .messages
        .iter()
        .rev()
        .find(|message| message.author_kind == AuthorKind::Agent)
        .map(|message| format!("#message-{}", message.seq))
}

/// What is known for certain: when we answered last, and where it stands.
fn facts(visitor: &Visitor, ticket: &Ticket) -> Facts {
    let (lang, calendar) = (visitor.lang, visitor.calendar());
    let (label, value) = match ticket.responded_at {
        Some(at) => ("ticket-fact-responded", calendar.moment(at)),
        None => ("ticket-fact-received", calendar.moment(ticket.created_at)),
    };
    let tone = match ticket.stage() {
        Stage::Logged => "neutral",
        Stage::Progress => "accent",
        Stage::Waiting => "wait",
        Stage::Resolved | Stage::Confirmed => "ok",
    };
    Facts {
        label: Text::new(label).render(lang),
        value,
        end_label: stage_label(visitor, ticket.stage()),
        end_value: calendar.brief(ticket.updated_at),
        tone: tone.to_owned(),
    }
}

fn properties(visitor: &Visitor, details: &Details) -> Vec<Detail> {
    let lang = visitor.lang;
    let detail = |key: &str, value: String| Detail {
        label: Text::new(key).render(lang),
        value,
    };
    let assignee = details
        .ticket
        .assignee_id
        .and_then(|id| details.people.get(&id));
    let mut list = vec![detail(
        "ticket-detail-type",
        details.request_type.name(lang).to_owned(),
    )];
    if let Some(team) = &details.team {
        list.push(detail("ticket-detail-team", team.name.clone()));
    }
    if let Some(person) = assignee {
        list.push(detail("ticket-detail-assignee", person.name.clone()));
    }
    let updated = visitor.calendar().moment(details.ticket.updated_at);
    list.push(detail("ticket-detail-updated", updated));
    list
}
