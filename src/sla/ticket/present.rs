//! From statements to what their page prints.

use std::collections::HashMap;

use chrono::Duration;

use super::books::Books;
use super::choice::{Choice, TicketPolicy};
use super::events::SlaEvent;
use super::pages::{ChoiceLine, ClockView, ItemView, PolicyLine, TurnLine};
use crate::accounts::{Person, PersonId};
use crate::platform::db::Timestamp;
use crate::platform::events::Recorded;
use crate::platform::i18n::{Calendar as Reader, Lang, Message};
use crate::platform::web::widgets::Moment;
use crate::sla::clock::{Item, State, Statement, Story, Turn, Why};
use crate::sla::policy::Goal;
use crate::sla::promises::Promise;
use crate::sla::promises::present::line;

/// Who reads, and when.
#[derive(Clone, Copy)]
pub(super) struct Eyes {
    pub lang: Lang,
    pub reader: Reader,
    pub now: Timestamp,
    pub is_manager: bool,
}

impl Eyes {
    pub(super) fn say(self, key: &str) -> String {
        Message::new(key).render(self.lang)
    }

    fn moment(self, at: Timestamp) -> Moment {
        Moment {
            text: self.reader.moment(at),
            datetime: at.rfc3339(),
        }
    }

    pub(super) fn goal(self, goal: Goal) -> String {
        self.say(&format!("due-goal-{goal}"))
    }
}

pub(super) fn policy_line(eyes: Eyes, books: &Books, chosen: TicketPolicy) -> Option<PolicyLine> {
    let choice = chosen.choice?;
    let version = |number: i64| {
        Message::new("clock-version")
            .text("number", number.to_string())
            .render(eyes.lang)
    };
    let href = |path: String| eyes.is_manager.then_some(path);
    Some(PolicyLine {
        name: policy_name(eyes, books, choice),
        version: version(choice.policy_version),
        href: href(format!(
            "/manage/policies/{}/versions/{}",
            choice.policy, choice.policy_version
        )),
        calendar: books
            .calendar_name(choice.calendar)
            .unwrap_or_else(|| eyes.say("policies-unknown")),
        calendar_version: version(choice.calendar_version),
        calendar_href: href(format!(
            "/manage/calendars/{}/versions/{}",
            choice.calendar, choice.calendar_version
        )),
        chosen: eyes.say(if chosen.by_hand {
            "clock-by-hand"
        } else {
            "clock-by-rule"
        }),
    })
}

fn policy_name(eyes: Eyes, books: &Books, choice: Choice) -> String {
    books
        .policy_name(choice.policy)
        .map_or_else(|| eyes.say("policies-unknown"), str::to_owned)
}

/// A clock; `promises` are those of all clocks of the request.
pub(super) fn clock(
    eyes: Eyes,
    statement: &Statement,
    items: &[Item],
    promises: &[Promise],
) -> ClockView {
    let turn = i64::try_from(statement.turn).unwrap_or(i64::MAX);
    let promises: Vec<&Promise> = promises
        .iter()
        .filter(|promise| (promise.goal, promise.turn) == (statement.goal, turn))
        .collect();
    let moved = promises
        .iter()
        .any(|promise| promise.extended && promise.is_open());
    let (state, tone) = match statement.state {
        State::Running | State::Breached if moved => ("moved", "warn"),
        State::Running => ("running", "neutral"),
        State::Paused(_) => ("paused", "wait"),
        State::Met => ("met", "ok"),
        State::Breached => ("breached", "danger"),
    };
    let is_open = matches!(statement.state, State::Running | State::Paused(_));
    let sum = |length: fn(&Item) -> Duration| {
        items
            .iter()
            .fold(Duration::zero(), |sum, item| sum + length(item))
    };
    let counted = sum(|item| item.counted);
    let uncounted = sum(|item| item.span.length() - item.counted);
    ClockView {
        id: statement.goal.to_string(),
        title: eyes.goal(statement.goal),
        state: state.to_owned(),
        state_label: eyes.say(&format!("clock-state-{state}")),
        tone: tone.to_owned(),
        target: statement.target.for_people(eyes.lang),
        started: eyes.moment(statement.started),
        due: statement.due.map(|at| eyes.moment(at)),
        ended: statement.ended.map(|at| eyes.moment(at)),
        spent: length(statement.spent),
        left: is_open.then(|| length(statement.left)),
        promises: promises
            .into_iter()
            .map(|promise| line(promise, eyes.lang, &eyes.reader))
            .collect(),
        items: lines(eyes, items),
        counted: length(counted),
        uncounted: length(uncounted),
        ahead: statement.state == State::Running,
    }
}

/// Turns that are named because they are not shown.
const TURNS: usize = 30;

/// The turns of the clocks that are not shown, the latest first.
pub(super) fn turns(eyes: Eyes, path: &str, story: &Story, shown: &[Turn]) -> Vec<TurnLine> {
    let others = story.turns().iter().rev();
    let others = others.filter(|turn| !shown.contains(turn)).take(TURNS);
    let line = |turn: &Turn| TurnLine {
        href: format!("{path}/clock?goal={}&turn={}", turn.goal, turn.number),
        label: Message::new("clock-turn")
            .text("goal", eyes.goal(turn.goal))
            .text("number", turn.number.to_string())
            .render(eyes.lang),
        when: eyes.reader.moment(turn.started),
    };
    others.map(line).collect()
}

/// The lines; one that the present falls into is still to come when it begins after it.
fn lines(eyes: Eyes, items: &[Item]) -> Vec<ItemView> {
    let mut before = None;
    let mut lines = Vec::with_capacity(items.len());
    for item in items {
        let (from, to) = (item.span.from, item.span.to);
        let uncounted = item.span.length() - item.counted;
        let shown = |part: Duration| {
            if part > Duration::zero() {
                length(part)
            } else {
                String::new()
            }
        };
        lines.push(ItemView {
            from: instant(eyes, from, before),
            to: instant(eyes, to, Some(from)),
            counted: shown(item.counted),
            uncounted: shown(uncounted),
            why: why(eyes, &item.why),
            ahead: from >= eyes.now,
        });
        before = Some(to);
    }
    lines
}

/// The hour alone where the day was said before.
fn instant(eyes: Eyes, at: Timestamp, before: Option<Timestamp>) -> String {
    let same = before.is_some_and(|b| eyes.reader.date_of(b) == eyes.reader.date_of(at));
    if same {
        eyes.reader.time(at)
    } else {
        eyes.reader.moment(at)
    }
}

/// `4 h 05`, `35 min`; days are not told apart from hours here.
pub(super) fn length(length: Duration) -> String {
    let minutes = length.num_minutes().max(0);
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}\u{a0}min"),
        (hours, minutes) => format!("{hours}\u{a0}h\u{a0}{minutes:02}"),
    }
}

fn why(eyes: Eyes, why: &Why) -> String {
    match why {
        Why::Counted => eyes.say("clock-why-counted"),
        Why::Night => eyes.say("clock-why-night"),
        Why::Break => eyes.say("clock-why-break"),
        Why::Weekend => eyes.say("clock-why-weekend"),
        Why::ClosedDay => eyes.say("clock-why-closed"),
        Why::Public(holiday) => eyes.say(&format!("holiday-{holiday}")),
        Why::Holiday(name) | Why::Exception(name) => name.clone(),
        Why::Paused(status) => {
            let word = status.as_str().replace('_', "-");
            eyes.say(&format!("clock-why-paused-{word}"))
        }
    }
}

/// What was chosen so far, the latest first.
pub(super) fn history(
    eyes: Eyes,
    books: &Books,
    history: &[(Recorded, SlaEvent)],
    people: &HashMap<PersonId, Person>,
) -> Vec<ChoiceLine> {
    let line = |(recorded, event): &(Recorded, SlaEvent)| {
        let SlaEvent::PolicyChosen {
            new,
            by_hand,
            reason,
            ..
        } = event
        else {
            return None;
        };
        let name = match new {
            Some(choice) => Message::new("clock-chosen")
                .text("policy", policy_name(eyes, books, *choice))
                .text("version", choice.policy_version.to_string())
                .text("calendar_version", choice.calendar_version.to_string())
                .render(eyes.lang),
            None => eyes.say("clock-chosen-none"),
        };
        let who = recorded.actor.person().map(PersonId);
        let who = who.and_then(|id| people.get(&id)).filter(|_| *by_hand);
        let who = who.map_or_else(|| eyes.say("clock-rules"), |person| person.name.clone());
        Some(ChoiceLine {
            text: Message::new("clock-line")
                .text("who", who)
                .text("what", name)
                .render(eyes.lang),
            when: eyes.reader.moment(recorded.at),
            reason: reason.clone(),
        })
    };
    history.iter().rev().filter_map(line).collect()
}
