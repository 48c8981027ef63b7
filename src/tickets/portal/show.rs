//! One request: what was said, what is asked, the reply.

use rocket::{get, post};

use super::details::{Details, read};
use super::present::{self, Thread, file_limits, stage_label};
use crate::accounts::{Customer, Place, Visitor};
use crate::platform::db::StorageError;
use crate::platform::i18n::Message as Text;
use crate::platform::text::initials;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::shell::hue;
use crate::platform::web::widgets::TextLink;
use crate::platform::web::{Failure, FormState, Outcome, Posted, Reply};
use crate::tickets::commands::{confirm_ticket, reopen_ticket};
use crate::tickets::drafting::{self, DraftView, Form, Spot};
use crate::tickets::events::TicketEvent;
use crate::tickets::model::{AuthorKind, Stage, Ticket};
use crate::tickets::own::{Sought, find_own};
use crate::tickets::pages::{Detail, Facts, Me, Show};
use crate::tickets::queries::{self, Scope};

#[get("/requests/<reference>?<before>")]
pub(super) async fn page(customer: Customer, reference: &str, before: Option<i64>) -> Outcome {
    let details = read(&customer, reference, before).await?;
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
    let (scope, sought) = (Scope::Requester(customer.me.id), reference.to_owned());
    find_own(
        customer,
        Sought::Request(reference.to_owned()),
        move |conn| queries::find_ticket(conn, scope, &sought).map_err(StorageError::from),
    )
    .await
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
        texts: &details.texts,
        window: &details.window,
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
        question_href: question(details, &base),
        confirm_action: format!("{base}/confirmation"),
        reopen_action: format!("{base}/reopening"),
        closes_on: ticket
            .resolved_at
            .filter(|_| ticket.stage() == Stage::Resolved)
            .map(|at| {
                let days = chrono::Duration::days(visitor.company.confirm_after_days);
                calendar.deadline(at + days)
            }),
        earlier_href: details.window.before().map(|before| earlier(&base, before)),
        earlier_count: i64::try_from(details.window.earlier).unwrap_or(i64::MAX),
        latest_href: (!details.window.is_latest).then(|| base.clone()),
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
        promise: promise(visitor, details),
        track: details
            .promised
            .as_ref()
            .map(|promised| promised.track.clone())
            .unwrap_or_default(),
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

/// The page of what came before an entry.
fn earlier(base: &str, before: i64) -> String {
    format!("{base}?before={before}")
}

/// Where the last message of an agent is, on this page or on another.
fn question(details: &Details, base: &str) -> Option<String> {
    let mut latest = details.messages.iter().rev();
    let message = latest.find(|message| message.author_kind == AuthorKind::Agent)?;
    let page = if details.window.shows(message.seq) {
        String::new()
    } else {
        earlier(base, message.seq + 1)
    };
    Some(format!("{page}#message-{}", message.seq))
}

/// What is promised; where nothing is, what is known for certain.
fn promise(visitor: &Visitor, details: &Details) -> Facts {
    match details.promised.clone() {
        Some(promised) => Facts {
            label: promised.label,
            value: promised.value,
            end_label: promised.end_label,
            end_value: promised.end_value,
            tone: promised.tone,
        },
        None => facts(visitor, &details.ticket),
    }
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
