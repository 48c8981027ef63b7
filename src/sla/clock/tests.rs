//! Clocks over stories.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDateTime, TimeZone};
use chrono_tz::Europe::Paris;
use proptest::prelude::*;

use super::*;
use crate::forms::RequestTypeId;
use crate::platform::db::Timestamp;
use crate::platform::i18n::Lang;
use crate::sla::calendar::{PublicHoliday, PublicHolidays};
use crate::sla::calendars::CalendarId;
use crate::sla::policy::Targets;
use crate::tickets::conditions::Condition;
use crate::tickets::events::TicketEvent;
use crate::tickets::{AuthorKind, Channel, MessageId, Priority, Reason, Visibility};

fn paris(text: &str) -> Timestamp {
    let at: NaiveDateTime = text.parse().expect("an hour");
    let zoned = Paris.from_local_datetime(&at).earliest();
    Timestamp::from_utc(zoned.expect("it exists").to_utc())
}

fn office() -> Calendar {
    let week = "mon-thu 08:30-12:30 13:30-18:00, fri 08:30-12:30 13:30-17:00";
    Calendar {
        public: PublicHolidays::France,
        ..Calendar::of_week(Paris, week.parse().expect("hours"))
    }
}

fn policy() -> Policy {
    let targets = Targets {
        first: Some(Target::Working(240)),
        next: Some(Target::Working(120)),
        resolution: Some(Target::Working(960)),
    };
    let urgent = Targets {
        first: Some(Target::Working(30)),
        next: None,
        resolution: Some(Target::Clock(240)),
    };
    Policy {
        calendar: CalendarId(1),
        condition: Condition::always(),
        targets: BTreeMap::from([(Priority::Normal, targets), (Priority::Urgent, urgent)]),
        pauses: vec![Status::Pending],
    }
}

fn filed() -> TicketEvent {
    TicketEvent::Filed {
        reference: "GU-1".to_owned(),
        subject: "Panne".to_owned(),
        request_type: RequestTypeId(1),
        priority: Priority::Normal,
        channel: Channel::Web,
        language: Lang::Fr,
        requester: crate::accounts::PersonId(1),
        organisation: None,
        form_key: None,
    }
}

fn says(author: AuthorKind) -> TicketEvent {
    TicketEvent::MessageAdded {
        message: MessageId(1),
        visibility: Visibility::Public,
        author,
        files: 0,
    }
}

fn moves(old: Status, new: Status) -> TicketEvent {
    TicketEvent::StatusChanged {
        old,
        new,
        reason: Reason::Chosen,
    }
}

/// A request that Claire filed with a message, and what happened then.
fn story(at: &str, then: &[(&str, TicketEvent)]) -> Story {
    let mut history = vec![
        (paris(at), filed()),
        (paris(at), says(AuthorKind::Customer)),
    ];
    history.extend(then.iter().map(|(at, event)| (paris(at), event.clone())));
    Story::of(history.iter().map(|(at, event)| (*at, event))).expect("a story")
}

fn of(goal: Goal, story: &Story, now: &str) -> Statement {
    let turn = story.last_turn(goal).expect("it has started");
    let counted = statement(turn, story, &policy(), &office(), paris(now));
    counted.expect("something is promised")
}

#[test]
fn the_first_answer_is_due_in_working_time_and_met() {
    let filed = "2026-11-19T15:30:00";
    let waiting = story(filed, &[]);
    let counted = of(Goal::First, &waiting, "2026-11-19T16:30:00");
    assert_eq!(counted.due, Some(paris("2026-11-20T10:00:00")));
    assert_eq!(counted.state, State::Running);
    assert_eq!(counted.spent, Duration::minutes(60));
    assert_eq!(counted.left, Duration::minutes(180));

    let answered = story(filed, &[("2026-11-20T09:00:00", says(AuthorKind::Agent))]);
    let counted = of(Goal::First, &answered, "2026-11-25T09:00:00");
    assert_eq!(counted.state, State::Met);
    assert_eq!(counted.ended, Some(paris("2026-11-20T09:00:00")));
    assert_eq!(counted.spent, Duration::minutes(180));
    // Nothing is due to the customer before they write again.
    assert!(answered.last_turn(Goal::Next).is_none());

    let late = of(Goal::First, &waiting, "2026-11-20T10:01:00");
    assert_eq!((late.state, late.left), (State::Breached, Duration::zero()));
    let answered_late = story(filed, &[("2026-11-20T10:23:00", says(AuthorKind::Agent))]);
    let late = of(Goal::First, &answered_late, "2026-11-25T09:00:00");
    assert_eq!(late.state, State::Breached);
}

#[test]
fn a_pause_stops_the_clock_and_moves_the_due_time() {
    let then = [
        ("2026-11-19T14:20:00", says(AuthorKind::Agent)),
        ("2026-11-19T14:20:00", moves(Status::New, Status::Open)),
        ("2026-11-19T14:20:00", moves(Status::Open, Status::Pending)),
    ];
    let asked = story("2026-11-19T10:30:00", &then);
    let counted = of(Goal::Resolution, &asked, "2026-11-25T12:00:00");
    assert_eq!(counted.state, State::Paused(Status::Pending));
    assert_eq!(counted.due, None);
    // Two hours before lunch, fifty minutes after it.
    assert_eq!(counted.spent, Duration::minutes(170));
    assert_eq!(counted.left, Duration::minutes(790));

    let mut then = then.to_vec();
    then.push(("2026-11-25T12:00:00", says(AuthorKind::Customer)));
    then.push(("2026-11-25T12:00:00", moves(Status::Pending, Status::Open)));
    let replied = story("2026-11-19T10:30:00", &then);
    let counted = of(Goal::Resolution, &replied, "2026-11-25T13:00:00");
    assert_eq!(counted.state, State::Running);
    assert_eq!(counted.spent, Duration::minutes(200));
    assert_eq!(counted.due, Some(paris("2026-11-26T17:40:00")));
    // Their answer has a clock of its own.
    let next = of(Goal::Next, &replied, "2026-11-25T13:00:00");
    assert_eq!(next.due, Some(paris("2026-11-25T15:00:00")));
}

#[test]
fn what_comes_back_starts_again() {
    let then = [
        ("2026-11-19T11:00:00", says(AuthorKind::Agent)),
        ("2026-11-19T11:00:00", moves(Status::New, Status::Resolved)),
        ("2026-11-23T09:00:00", moves(Status::Resolved, Status::Open)),
    ];
    let story = story("2026-11-19T10:30:00", &then);
    let first = story.turn(Goal::Resolution, 1).expect("it was solved");
    assert_eq!(first.ended, Some(paris("2026-11-19T11:00:00")));
    let counted = of(Goal::Resolution, &story, "2026-11-23T10:00:00");
    assert_eq!(counted.turn, 2);
    assert_eq!(counted.started, paris("2026-11-23T09:00:00"));
    assert_eq!(
        of(Goal::Next, &story, "2026-11-23T10:00:00").started,
        paris("2026-11-23T09:00:00")
    );
}

#[test]
fn the_priority_of_the_moment_decides_and_the_clock_may_count_nights() {
    let then = [(
        "2026-11-19T17:00:00",
        TicketEvent::PriorityChanged {
            old: Priority::Normal,
            new: Priority::Urgent,
        },
    )];
    let story = story("2026-11-19T16:30:00", &then);
    let first = of(Goal::First, &story, "2026-11-19T17:30:00");
    assert_eq!(first.due, Some(paris("2026-11-19T17:00:00")));
    assert_eq!(first.state, State::Breached);
    let solution = of(Goal::Resolution, &story, "2026-11-19T17:30:00");
    assert_eq!(solution.due, Some(paris("2026-11-19T20:30:00")));
    // Before the change it was the other one.
    let before = of(Goal::First, &story, "2026-11-19T16:45:00");
    assert_eq!(before.due, Some(paris("2026-11-20T11:00:00")));
    let quiet = Policy {
        targets: BTreeMap::new(),
        ..policy()
    };
    assert!(statements(&story, &quiet, &office(), paris("2026-11-19T17:30:00")).is_empty());
}

#[test]
fn the_statement_says_what_counted_and_why_the_rest_did_not() {
    // From the eve of 11 November, a Tuesday, over the holiday; a pause on Thursday morning.
    let then = [
        ("2026-11-10T17:50:00", says(AuthorKind::Agent)),
        ("2026-11-10T17:50:00", moves(Status::New, Status::Open)),
        ("2026-11-12T09:00:00", moves(Status::Open, Status::Pending)),
        ("2026-11-12T10:00:00", moves(Status::Pending, Status::Open)),
        ("2026-11-12T14:00:00", moves(Status::Open, Status::Resolved)),
    ];
    let story = story("2026-11-10T17:30:00", &then);
    let now = paris("2026-11-30T12:00:00");
    let counted = of(Goal::Resolution, &story, "2026-11-30T12:00:00");
    let items = counted.items(&story, &policy(), &office(), now);
    let lines: Vec<(Why, i64, i64)> = items
        .iter()
        .map(|item| {
            (
                item.why.clone(),
                item.counted.num_minutes(),
                item.span.length().num_minutes(),
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            (Why::Counted, 30, 30),
            (Why::Night, 0, 360),
            (Why::Public(PublicHoliday::Armistice), 0, 1440),
            (Why::Night, 0, 510),
            (Why::Counted, 30, 30),
            (Why::Paused(Status::Pending), 0, 60),
            (Why::Counted, 150, 150),
            (Why::Break, 0, 60),
            (Why::Counted, 30, 30),
        ]
    );
    assert_eq!(counted.spent, Duration::minutes(240));
}

#[test]
fn a_weekend_is_a_weekend() {
    let story = story("2026-11-20T16:30:00", &[]);
    let now = "2026-11-20T16:45:00";
    let counted = of(Goal::First, &story, now);
    let items = counted.items(&story, &policy(), &office(), paris(now));
    let why: Vec<Why> = items.iter().map(|item| item.why.clone()).collect();
    assert_eq!(
        why,
        [
            Why::Counted,
            Why::Night,
            Why::Weekend,
            Why::Night,
            Why::Counted
        ]
    );
    assert_eq!(items.last().map(|item| item.span.to), counted.due);
}

/// Statuses that a ticket goes through, at minutes after it was filed.
fn lives() -> impl Strategy<Value = (i64, Vec<(i64, Status)>)> {
    let status = prop_oneof![
        Just(Status::Open),
        Just(Status::Pending),
        Just(Status::OnHold),
        Just(Status::Resolved)
    ];
    let steps = proptest::collection::vec((1..3000_i64, status), 0..8);
    (0..500_000_i64, steps).prop_map(|(start, steps)| {
        let mut at = 0;
        let steps = steps.into_iter().map(|(after, status)| {
            at += after;
            (at, status)
        });
        (start, steps.collect())
    })
}

fn lived(start: i64, steps: &[(i64, Status)]) -> (Story, Timestamp) {
    let from = paris("2026-01-05T00:00:00") + Duration::minutes(start);
    let mut history = vec![(from, filed()), (from, says(AuthorKind::Customer))];
    let mut status = Status::New;
    for &(minutes, new) in steps {
        if new != status {
            history.push((from + Duration::minutes(minutes), moves(status, new)));
            status = new;
        }
    }
    let story = Story::of(history.iter().map(|(at, event)| (*at, event)));
    (story.expect("a story"), from)
}

proptest! {
    /// Lines without gap or overlap, that add up to what was counted.
    #[test]
    fn a_statement_adds_up((start, steps) in lives(), later in 0..20_000_i64) {
        let (story, from) = lived(start, &steps);
        let last = steps.last().map_or(0, |(at, _)| *at);
        let now = from + Duration::minutes(last + later);
        for counted in statements(&story, &policy(), &office(), now) {
            let items = counted.items(&story, &policy(), &office(), now);
            let sum = items.iter().fold(Duration::zero(), |sum, item| sum + item.counted);
            let mut at = counted.started;
            for item in &items {
                prop_assert_eq!(item.span.from, at);
                prop_assert!(item.span.to > at);
                at = item.span.to;
            }
            match counted.state {
                State::Running => prop_assert_eq!(sum, counted.allowance.length),
                _ => prop_assert_eq!(sum, counted.spent),
            }
            if let Some(due) = counted.due {
                let late = due < counted.ended.unwrap_or(now);
                prop_assert_eq!(late, counted.state == State::Breached);
            }
        }
    }

    /// Another pause never brings a due time nearer.
    #[test]
    fn a_pause_never_brings_a_due_time_nearer(
        (start, steps) in lives(), pause in 0..5_000_i64, length in 1..5_000_i64,
    ) {
        let open: Vec<(i64, Status)> = steps
            .iter()
            .filter(|(at, status)| status.is_open() && !(pause..=pause + length).contains(at))
            .copied()
            .collect();
        let mut paused = open.clone();
        let before = open.iter().rfind(|(at, _)| *at < pause).map_or(Status::Open, |(_, s)| *s);
        paused.push((pause, Status::Pending));
        paused.push((pause + length, before));
        paused.sort_by_key(|(at, _)| *at);
        let (one, from) = lived(start, &open);
        let (other, _) = lived(start, &paused);
        let now = from + Duration::days(40);
        for goal in [Goal::First, Goal::Resolution] {
            let due = |story: &Story| {
                let turn = story.last_turn(goal)?;
                statement(turn, story, &policy(), &office(), now)?.due
            };
            match (due(&one), due(&other)) {
                (Some(one), Some(other)) => prop_assert!(one <= other),
                (None, Some(other)) => prop_assert!(false, "a pause made {other:?} due"),
                _ => {}
            }
        }
    }

    /// What is due does not depend on when it is looked at, while nothing happens.
    #[test]
    fn looking_later_does_not_move_a_due_time((start, steps) in lives(), later in 0..50_000_i64) {
        let (story, from) = lived(start, &steps);
        let last = from + Duration::minutes(steps.last().map_or(0, |(at, _)| *at));
        let due = |now| {
            statements(&story, &policy(), &office(), now)
                .iter()
                .map(|counted| counted.due)
                .collect::<Vec<_>>()
        };
        prop_assert_eq!(due(last), due(last + Duration::minutes(later)));
    }
}
