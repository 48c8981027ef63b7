//! What is due next, as lists and the page of a request show it.

use chrono::Duration;

use super::reader::Reader;
use crate::platform::i18n::Message;
use crate::tickets::desk_pages::{DueMark, DuePanel};
use crate::tickets::due::{Due, DueNext, Goal};
use crate::tickets::model::Ticket;

/// What is left when a due time begins to press.
const SOON: Duration = Duration::hours(1);

/// The countdown of a list; none when nothing is due.
pub(super) fn mark(reader: &Reader, due: &Due) -> Option<DueMark> {
    let (text, tone, title) = match due.next() {
        DueNext::Nothing => return None,
        DueNext::At(goal, at) => {
            let left = at - reader.now;
            let tone = match left {
                left if left < Duration::zero() => "late",
                left if left <= SOON => "soon",
                _ => "ok",
            };
            let title = Message::new("desk-due-at")
                .text("goal", goal_name(reader, goal))
                .text("moment", reader.calendar.moment(at));
            (countdown(reader, left), tone, title)
        }
        DueNext::Paused(goal, left) => {
            let title = Message::new("desk-due-paused")
                .text("goal", goal_name(reader, goal))
                .text("left", countdown(reader, left));
            (countdown(reader, left), "paused", title)
        }
    };
    Some(DueMark {
        text,
        tone: tone.to_owned(),
        title: title.render(reader.lang),
    })
}

/// The clock at the head of a request's properties.
pub(super) fn panel(reader: &Reader, ticket: &Ticket, due: &Due) -> Option<DuePanel> {
    let mark = mark(reader, due)?;
    let (goal, note) = match due.next() {
        DueNext::Nothing => return None,
        DueNext::At(goal, at) => (
            goal,
            Message::new("desk-due-before").text("moment", reader.calendar.moment(at)),
        ),
        DueNext::Paused(goal, _) => (goal, Message::new("desk-due-stands")),
    };
    Some(DuePanel {
        label: goal_name(reader, goal),
        badge: reader.say(match mark.tone.as_str() {
            "late" => "desk-due-late",
            "soon" => "desk-due-soon",
            "paused" => "desk-due-pause",
            _ => "desk-due-ok",
        }),
        note: note.render(reader.lang),
        // The itemised statement lives with whoever counts it.
        href: format!("/desk/tickets/{}/clock", ticket.reference),
        mark,
    })
}

fn goal_name(reader: &Reader, goal: Goal) -> String {
    reader.say(&format!("due-goal-{goal}"))
}

/// `1 h 35`, `−0 h 23`; days from 48 hours on.
fn countdown(reader: &Reader, left: Duration) -> String {
    let minutes = left.num_minutes().abs();
    let text = if minutes < 48 * 60 {
        format!("{}\u{a0}h\u{a0}{:02}", minutes / 60, minutes % 60)
    } else {
        reader.calendar.duration(Duration::minutes(minutes))
    };
    if left < Duration::zero() {
        format!("−{text}")
    } else {
        text
    }
}
