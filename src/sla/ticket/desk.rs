//! Due times at the desk: how they come about, and another policy by hand.

use diesel::QueryResult;
use rocket::http::Status;
use rocket::{Route, get, post, routes};

use super::books::Books;
use super::choice::{Choice, find_choice};
use super::events::{self, SlaEvent};
use super::pages::{ClockPage, ClockView};
use super::present::{self, Eyes};
use super::refresh::{ByHand, Read, choose_by_hand};
use crate::accounts::{Agent, PersonId, people_by_id};
use crate::platform::db::{Conn, StorageError, Timestamp};
use crate::platform::events::Recorded;
use crate::platform::i18n::Message;
use crate::platform::web::form::FormErrors;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::widgets::SelectOption;
use crate::platform::web::{Check, Failure, Fields, FormState, Outcome, Posted, Reply};
use crate::sla::clock::{Turn, statement};
use crate::sla::policy::{Goal, PolicyId};
use crate::sla::promises::queries::list_promises;
use crate::tickets::Ticket;
use crate::tickets::desk::SECTION;
use crate::tickets::queries::find_for_desk;

/// Characters of a reason, at most.
const MAX_REASON: usize = 300;

/// The routes of clocks.
#[must_use]
pub fn routes() -> Vec<Route> {
    routes![clock, choose]
}

/// The last turn of each clock, or the one that is asked for.
#[get("/desk/tickets/<reference>/clock?<goal>&<turn>")]
async fn clock(agent: Agent, reference: &str, goal: Option<&str>, turn: Option<usize>) -> Outcome {
    let asked = match (goal, turn) {
        (Some(goal), Some(turn)) => Some((goal.parse().map_err(|_| Failure::NotFound)?, turn)),
        _ => None,
    };
    let ticket = find(&agent, reference).await?;
    page(&agent, Status::Ok, ticket, asked, None).await
}

#[post("/desk/tickets/<reference>/policy", data = "<posted>")]
async fn choose(posted: Posted<Agent>, reference: &str) -> Outcome {
    let Posted {
        who: agent, fields, ..
    } = posted;
    let ticket = find(&agent, reference).await?;
    let (decided, reason) = match read(&fields) {
        Ok(input) => input,
        Err(errors) => {
            let form = FormState::refused(&fields, &errors, agent.lang);
            let status = Status::UnprocessableEntity;
            return page(&agent, status, ticket, None, Some(form)).await;
        }
    };
    let id = ticket.id;
    let location = format!("/desk/tickets/{}/clock", ticket.reference);
    let chosen = agent.once(&fields, move |tx| {
        choose_by_hand(tx, id, &decided, &reason)?;
        Ok::<_, StorageError>(location.clone())
    });
    let location = chosen.await?;
    Ok(Reply::see_other(location).with_flash(FlashKind::Ok, Message::new("clock-saved")))
}

/// A policy needs a reason; going back to the rules does not.
fn read(fields: &Fields) -> Result<(ByHand, String), FormErrors> {
    let mut check = Check::new(fields);
    let policy: Option<PolicyId> = check.optional_choice("policy");
    let (decided, reason) = match policy {
        Some(policy) => (ByHand::Policy(policy), check.line("reason", MAX_REASON)),
        None => (ByHand::Rules, check.optional_line("reason", MAX_REASON)),
    };
    check.finish((decided, reason))
}

async fn find(agent: &Agent, reference: &str) -> Result<Ticket, Failure> {
    let reference = reference.to_owned();
    let found = agent
        .site
        .db
        .read(move |conn| find_for_desk(conn, &reference).map_err(StorageError::from));
    found.await?.ok_or(Failure::NotFound)
}

/// A turn of a clock.
type Asked = (Goal, usize);

async fn page(
    agent: &Agent,
    status: Status,
    ticket: Ticket,
    asked: Option<Asked>,
    form: Option<FormState>,
) -> Outcome {
    let eyes = Eyes {
        lang: agent.lang,
        reader: agent.calendar(),
        now: agent.now,
        is_manager: agent.me.role.is_manager(),
    };
    let read = agent
        .site
        .db
        .read(move |conn| build(conn, eyes, &ticket, asked, form).map_err(StorageError::from));
    let view = read.await?;
    agent.page(status, SECTION, &view).await
}

fn build(
    conn: &mut Conn,
    eyes: Eyes,
    ticket: &Ticket,
    asked: Option<Asked>,
    form: Option<FormState>,
) -> QueryResult<ClockPage> {
    let id = ticket.id;
    let mut books = Books::load(conn)?;
    let chosen = find_choice(conn, id)?.unwrap_or_default();
    let history = events::history(conn, id)?;
    let actors = history
        .iter()
        .filter_map(|(recorded, _)| recorded.actor.person());
    let people = people_by_id(conn, actors.map(PersonId))?;
    let policies = std::iter::once(SelectOption::new("", eyes.say("clock-rules-option")))
        .chain(
            books
                .in_use()
                .map(|(id, name)| SelectOption::new(id.to_string(), name)),
        )
        .collect();
    let by_hand = chosen.choice.filter(|_| chosen.by_hand);
    let stored = || {
        let policy = by_hand.map(|choice| choice.policy.to_string());
        FormState::empty().with("policy", policy.unwrap_or_default())
    };
    let path = format!("/desk/tickets/{}", ticket.reference);
    let read = Read::load(conn, id)?.ok_or(diesel::NotFound)?;
    let turns: Vec<Turn> = match asked {
        Some((goal, number)) => vec![*read.story.turn(goal, number).ok_or(diesel::NotFound)?],
        None => Goal::ALL
            .iter()
            .filter_map(|&goal| read.story.last_turn(goal).copied())
            .collect(),
    };
    Ok(ClockPage {
        clocks: clocks(conn, eyes, &read, &turns, &mut books, &history)?,
        turns: present::turns(eyes, &path, &read.story, &turns),
        action: format!("{path}/policy"),
        ticket_href: path,
        reference: ticket.reference.clone(),
        subject: ticket.subject.clone(),
        policy: present::policy_line(eyes, &books, chosen),
        form: form.unwrap_or_else(stored),
        policies,
        history: present::history(eyes, &books, &history, &people),
    })
}

/// Turns of clocks, those that run first. What is over is counted by what applied when it ended.
fn clocks(
    conn: &mut Conn,
    eyes: Eyes,
    read: &Read,
    turns: &[Turn],
    books: &mut Books,
    history: &[(Recorded, SlaEvent)],
) -> QueryResult<Vec<ClockView>> {
    let promises = list_promises(conn, read.state.ticket.id)?;
    let mut clocks = Vec::new();
    for turn in turns {
        let Some(choice) = choice_at(history, turn.ended) else {
            continue;
        };
        let basis = books.basis(conn, choice)?;
        let (policy, calendar) = (&basis.policy, &basis.calendar);
        let counted = statement(turn, &read.story, policy, calendar, eyes.now);
        if let Some(counted) = counted {
            let items = counted.items(&read.story, policy, calendar, eyes.now);
            let view = present::clock(eyes, &counted, &items, &promises);
            clocks.push((counted.is_settled(), view));
        }
    }
    clocks.sort_by_key(|(settled, _)| *settled);
    Ok(clocks.into_iter().map(|(_, view)| view).collect())
}

/// What applied at an instant, or applies now.
fn choice_at(history: &[(Recorded, SlaEvent)], at: Option<Timestamp>) -> Option<Choice> {
    let until = history
        .iter()
        .filter(|(recorded, _)| at.is_none_or(|at| recorded.at <= at));
    let mut chosen = until.filter_map(|(_, event)| match event {
        SlaEvent::PolicyChosen { new, .. } => Some(*new),
        _ => None,
    });
    chosen.next_back().flatten()
}
