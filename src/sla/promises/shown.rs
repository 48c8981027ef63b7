//! What a customer reads about promises: on the page of their request, and in mails.

use chrono::Duration;
use diesel::QueryResult;

use super::model::{Promise, PromiseReason, PromiseState};
use super::queries::list_promises;
use crate::platform::db::{Conn, Timestamp};
use crate::platform::i18n::{Calendar as Reader, Lang, Message};
use crate::platform::web::shell::{PromiseShown, PromiseStep};
use crate::tickets::TicketId;

/// Lines of what was promised so far, at most.
const STEPS: usize = 8;

/// What is promised about a request, for the page of its owner. Of several open promises the nearest
/// comes first; without any, what became of the last one.
///
/// # Errors
/// When the database refuses.
pub fn shown(
    conn: &mut Conn,
    ticket: i64,
    lang: Lang,
    reader: &Reader,
    now: Timestamp,
) -> QueryResult<Option<PromiseShown>> {
    let all = list_promises(conn, TicketId(ticket))?;
    let open = all.iter().filter(|promise| promise.is_open());
    let nearest = open.min_by_key(|promise| (promise.state, promise.due_at));
    // A promise that was broken is not forgotten until what was promised is done.
    let Some(promise) = nearest.or(all.last()) else {
        return Ok(None);
    };
    let say = |key: &str| Message::new(key).render(lang);
    let (end_label, end_value, tone) = end(promise, lang, reader, now);
    let label = match promise.state {
        PromiseState::Made if promise.extended => "promise-new-time",
        _ => "promise-before",
    };
    Ok(Some(PromiseShown {
        label: Message::new(label)
            .text("goal", say(&format!("due-goal-{}", promise.goal)))
            .render(lang),
        value: reader.moment(promise.due_at),
        end_label,
        end_value,
        tone: tone.to_owned(),
        track: track(&all, lang, reader),
    }))
}

/// How a promise stands, what belongs to that, and its tone.
fn end(
    promise: &Promise,
    lang: Lang,
    reader: &Reader,
    now: Timestamp,
) -> (String, String, &'static str) {
    let say = |key: &str| Message::new(key).render(lang);
    let settled = || {
        promise
            .settled_at
            .map_or_else(String::new, |at| reader.stamp(at))
    };
    match promise.state {
        PromiseState::Paused => (say("promise-paused"), say("promise-paused-text"), "wait"),
        PromiseState::Made if promise.due_at <= now => (
            say("promise-late"),
            reader.duration(now - promise.due_at),
            "danger",
        ),
        PromiseState::Made => (
            say("promise-left"),
            reader.duration((promise.due_at - now).max(Duration::zero())),
            if promise.extended {
                "accent"
            } else {
                "neutral"
            },
        ),
        PromiseState::Kept => (say("promise-kept"), settled(), "ok"),
        PromiseState::Broken => (say("promise-broken"), settled(), "danger"),
        PromiseState::Moved => (say("promise-moved"), settled(), "neutral"),
    }
}

/// What was promised so far, oldest first, the latest lines of it.
fn track(all: &[Promise], lang: Lang, reader: &Reader) -> Vec<PromiseStep> {
    let from = all.len().saturating_sub(STEPS);
    all[from..]
        .iter()
        .map(|promise| step(promise, lang, reader))
        .collect()
}

fn step(promise: &Promise, lang: Lang, reader: &Reader) -> PromiseStep {
    let goal = Message::new(&format!("due-goal-{}", promise.goal)).render(lang);
    let (key, tone) = match (promise.state, promise.reason) {
        (PromiseState::Made, _) => ("promise-step-made", "accent"),
        (PromiseState::Paused, _) => ("promise-step-paused", "wait"),
        (PromiseState::Kept, _) => ("promise-step-kept", "ok"),
        (PromiseState::Broken, _) => ("promise-step-broken", "danger"),
        (PromiseState::Moved, Some(PromiseReason::Waited)) => ("promise-step-waited", "wait"),
        (PromiseState::Moved, Some(PromiseReason::Late)) => ("promise-step-late", "danger"),
        (PromiseState::Moved, _) => ("promise-step-moved", "neutral"),
    };
    let settled = promise
        .settled_at
        .map_or_else(String::new, |at| reader.moment(at));
    PromiseStep {
        when: reader.brief(promise.made_at),
        title: Message::new("promise-step")
            .text("goal", goal)
            .text("moment", reader.moment(promise.due_at))
            .render(lang),
        text: Message::new(key).text("at", settled).render(lang),
        tone: tone.to_owned(),
    }
}

/// The first promise about a request, for the mail that acknowledges it; nothing when nothing is
/// promised.
///
/// # Errors
/// When the database refuses.
pub fn first_promise(conn: &mut Conn, ticket: TicketId) -> QueryResult<Option<Promise>> {
    let all = list_promises(conn, ticket)?.into_iter();
    let open = all.filter(|promise| promise.state == PromiseState::Made);
    Ok(open.min_by_key(|promise| promise.due_at))
}
