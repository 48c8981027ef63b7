//! What is due on a ticket, again: after something happened to it, or after a policy or a calendar
//! changed.

use diesel::QueryResult;
use serde_json::{Value, json};

use super::books::Books;
use super::choice::{Choice, TicketPolicy, find_choice, put_choice};
use super::events::{self, SlaEvent};
use crate::forms;
use crate::platform::db::{Conn, Timestamp, Tx};
use crate::platform::events::{Decision, Recorded};
use crate::sla::clock::{KINDS, Statement, Story, statements};
use crate::sla::policy::PolicyId;
use crate::sla::promises::{Standing, settle};
use crate::tickets::conditions::Facts;
use crate::tickets::due::{Due, DueNext, put_due};
use crate::tickets::events::{STREAM, TicketEvent, TicketState};
use crate::tickets::queries::{ListedTicket, get_listed};
use crate::tickets::{self, TicketId, Visibility, tags_of};

/// What somebody decides about a ticket's policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ByHand {
    /// This one holds, whatever the rules say.
    Policy(PolicyId),
    /// What the rules say.
    Rules,
}

/// Everything that clocks read of a ticket.
#[derive(Clone, Debug)]
pub struct Read {
    /// As it is now.
    pub state: TicketState,
    /// What is kept as due on it.
    pub due: Due,
    /// What happened to it.
    pub story: Story,
}

impl Read {
    /// Reads a ticket; none when its history has no beginning, which is a defect.
    ///
    /// # Errors
    /// `NotFound`, or when the database refuses.
    pub fn load(conn: &mut Conn, id: TicketId) -> QueryResult<Option<Self>> {
        let ListedTicket { ticket, due } = get_listed(conn, id)?;
        let tags = tags_of(conn, id)?;
        let state = TicketState { ticket, tags };
        let story = read_story(conn, id)?;
        Ok(story.map(|story| Self { state, due, story }))
    }
}

fn read_story(conn: &mut Conn, id: TicketId) -> QueryResult<Option<Story>> {
    let history = tickets::history_of(conn, id, &KINDS)?;
    Ok(Story::of(history.iter().map(|(at, event)| (*at, event))))
}

/// What has to be looked at again.
#[derive(Clone, Copy, Debug)]
pub enum Look<'a> {
    /// Everything, of a ticket that came into being just now, by this event.
    Filed(Timestamp, &'a TicketEvent),
    /// Everything.
    Whole,
    /// Which policy applies, and the clocks if that is another one.
    Choice,
}

/// The reaction to what happens to tickets.
///
/// # Errors
/// When the database refuses.
pub(in crate::sla) fn react(tx: &mut Tx<'_>, recorded: &Recorded) -> QueryResult<()> {
    if recorded.stream != STREAM {
        return Ok(());
    }
    let event = tickets::read(recorded)?;
    let look = match &event {
        TicketEvent::Filed { .. } => Look::Filed(recorded.at, &event),
        // The text of the request itself: nothing has happened since it was filed.
        TicketEvent::MessageAdded { .. } if recorded.seq == 2 => return Ok(()),
        TicketEvent::MessageAdded { visibility, .. } => match visibility {
            Visibility::Public => Look::Whole,
            Visibility::Note => return Ok(()),
        },
        TicketEvent::StatusChanged { .. } | TicketEvent::PriorityChanged { .. } => Look::Whole,
        TicketEvent::TeamChanged { .. }
        | TicketEvent::RequestTypeChanged { .. }
        | TicketEvent::TagsChanged { .. } => Look::Choice,
        TicketEvent::AssigneeChanged { .. } | TicketEvent::Redacted { .. } => return Ok(()),
    };
    refresh(tx, TicketId(recorded.stream_id), &mut None, look)
}

/// Chooses the policy of a ticket again, and counts what is due. Running it again changes nothing.
/// `books` are read when they are not there, and stay for the next ticket. Whoever calls this holds
/// the ticket: it was changed in this transaction, or see [`tickets::hold`].
///
/// # Errors
/// When the database refuses.
pub fn refresh(
    tx: &mut Tx<'_>,
    id: TicketId,
    books: &mut Option<Books>,
    look: Look<'_>,
) -> QueryResult<()> {
    if books.is_none() {
        *books = Some(Books::load(tx.conn)?);
    }
    let Some(books) = books.as_mut().filter(|books| !books.is_empty()) else {
        // There never was a policy, so that nothing ever was chosen.
        return Ok(());
    };
    let before = match look {
        Look::Filed(..) => None,
        Look::Whole | Look::Choice => find_choice(tx.conn, id)?,
    };
    let ListedTicket { ticket, due } = get_listed(tx.conn, id)?;
    let tags = match look {
        Look::Filed(..) => Vec::new(),
        Look::Whole | Look::Choice => tags_of(tx.conn, id)?,
    };
    let state = TicketState { ticket, tags };
    let chosen = if state.ticket.open {
        choose_by_rule(tx, books, &state, before, matches!(look, Look::Filed(..)))?
    } else {
        before.unwrap_or_default()
    };
    let was = before.unwrap_or_default();
    let unchanged = matches!(look, Look::Choice) && was == chosen;
    if unchanged || (was.choice, chosen.choice) == (None, None) {
        return Ok(());
    }
    let story = match look {
        Look::Filed(at, event) => Story::of([(at, event)]),
        Look::Whole | Look::Choice => read_story(tx.conn, id)?,
    };
    let Some(story) = story else {
        return Ok(());
    };
    let read = Read { state, due, story };
    count(tx, id, books, &read, chosen, before.is_none())
}

/// Has the clocks of a ticket go by what somebody decides.
///
/// # Errors
/// `NotFound`, or when the database refuses.
pub fn choose_by_hand(
    tx: &mut Tx<'_>,
    id: TicketId,
    decided: &ByHand,
    reason: &str,
) -> QueryResult<()> {
    tickets::hold(tx.conn, id)?;
    let mut books = Books::load(tx.conn)?;
    let before = find_choice(tx.conn, id)?;
    let Some(read) = Read::load(tx.conn, id)? else {
        return Ok(());
    };
    let chosen = match decided {
        ByHand::Policy(policy) => {
            let choice = books.current(*policy).ok_or(diesel::NotFound)?;
            TicketPolicy {
                choice: Some(choice),
                by_hand: true,
            }
        }
        ByHand::Rules => {
            let (policy, _) = books.choose(&Facts::from(&read.state));
            TicketPolicy {
                choice: policy.and_then(|policy| books.current(policy)),
                by_hand: false,
            }
        }
    };
    if before.is_none_or(|before| before != chosen) {
        let event = SlaEvent::PolicyChosen {
            old: before.and_then(|before| before.choice),
            new: chosen.choice,
            by_hand: chosen.by_hand,
            reason: Some(reason.to_owned()).filter(|reason| !reason.is_empty()),
        };
        events::record(tx, id, &event, None, json!({}))?;
        put_choice(tx, id, chosen, before.is_none())?;
    }
    count(tx, id, &mut books, &read, chosen, before.is_none())
}

/// What the rules choose, recorded when it is something else than before.
fn choose_by_rule(
    tx: &mut Tx<'_>,
    books: &Books,
    state: &TicketState,
    before: Option<TicketPolicy>,
    filed: bool,
) -> QueryResult<TicketPolicy> {
    let by_hand = before.filter(|before| before.by_hand);
    let mut facts = Facts::from(state);
    if filed {
        // The kind's team follows in this very transaction: nothing is promised by a policy that
        // would be another one a moment later.
        let kind = forms::get_request_type(tx.conn, facts.request_type)?;
        facts.team = facts.team.or(kind.default_team_id);
    }
    let (policy, read_facts) = match by_hand {
        Some(by_hand) => (by_hand.choice.map(|choice| choice.policy), json!({})),
        None => {
            let (policy, considered) = books.choose(&facts);
            (policy, facts_read(&considered))
        }
    };
    let chosen = TicketPolicy {
        choice: policy.and_then(|policy| books.current(policy)),
        by_hand: by_hand.is_some(),
    };
    if before == Some(chosen) || (before.is_none() && chosen.choice.is_none()) {
        return Ok(chosen);
    }
    let id = state.ticket.id;
    let event = SlaEvent::PolicyChosen {
        old: before.and_then(|before| before.choice),
        new: chosen.choice,
        by_hand: chosen.by_hand,
        reason: None,
    };
    events::record(tx, id, &event, chosen.choice.map(decision), read_facts)?;
    put_choice(tx, id, chosen, before.is_none())?;
    Ok(chosen)
}

fn decision(choice: Choice) -> Decision {
    Decision {
        kind: "sla_policy".to_owned(),
        id: choice.policy.0,
        version: choice.policy_version,
    }
}

/// What the policies read that were considered, and what each failed at.
fn facts_read(considered: &[(PolicyId, crate::tickets::conditions::Evaluation)]) -> Value {
    let all = considered.iter().map(|(id, evaluation)| {
        json!({
            "policy": id,
            "holds": evaluation.holds,
            "read": evaluation.read,
            "failed": evaluation.failed,
        })
    });
    json!({ "considered": all.collect::<Vec<_>>() })
}

/// Counts what is due by what was chosen, and keeps it.
fn count(
    tx: &mut Tx<'_>,
    id: TicketId,
    books: &mut Books,
    read: &Read,
    chosen: TicketPolicy,
    is_first: bool,
) -> QueryResult<()> {
    let basis = match chosen.choice {
        Some(choice) => Some(books.basis(tx.conn, choice)?),
        None => None,
    };
    let statements = basis.as_ref().map_or_else(Vec::new, |basis| {
        statements(&read.story, &basis.policy, &basis.calendar, tx.now)
    });
    put_due(tx, id, &read.due, &Due::new(next(&statements)))?;
    let standing = Standing {
        ticket: id,
        story: &read.story,
        chosen,
        basis: basis.as_ref(),
        statements: &statements,
        is_first,
    };
    settle(tx, &standing)
}

/// What is due next: of clocks that run the one that ends first, else of those that stand still the
/// one with least left.
#[must_use]
pub fn next(statements: &[Statement]) -> DueNext {
    let open = || {
        statements
            .iter()
            .filter(|statement| !statement.is_settled())
    };
    let running = open().filter_map(|statement| Some((statement.due?, statement.goal)));
    if let Some((at, goal)) = running.min() {
        return DueNext::At(goal, at);
    }
    let paused = open().min_by_key(|statement| (statement.left, statement.goal));
    paused.map_or(DueNext::Nothing, |statement| {
        DueNext::Paused(statement.goal, statement.left)
    })
}

/// What should be kept as due next on a ticket, by its history alone.
///
/// # Errors
/// When the database refuses.
pub fn replay_due(
    conn: &mut Conn,
    id: TicketId,
    books: &mut Books,
    now: Timestamp,
) -> QueryResult<Due> {
    let chosen = find_choice(conn, id)?.unwrap_or_default();
    let read = Read::load(conn, id)?;
    let (Some(choice), Some(read)) = (chosen.choice, read) else {
        return Ok(Due::new(DueNext::Nothing));
    };
    let basis = books.basis(conn, choice)?;
    let statements = statements(&read.story, &basis.policy, &basis.calendar, now);
    Ok(Due::new(next(&statements)))
}
