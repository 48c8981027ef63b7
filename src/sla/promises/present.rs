//! From lines of the ledger to what pages print.

use super::model::{Promise, PromiseState};
use super::pages::{LedgerRow, PromiseLine};
use crate::accounts::Manager;
use crate::platform::i18n::{Calendar as Reader, Lang, Message};
use crate::tickets::Ticket;

/// A line of the ledger without its ticket.
pub(in crate::sla) fn line(promise: &Promise, lang: Lang, reader: &Reader) -> PromiseLine {
    let say = |key: &str| Message::new(key).render(lang);
    let tone = match promise.state {
        PromiseState::Made => "neutral",
        PromiseState::Paused => "wait",
        PromiseState::Kept => "ok",
        PromiseState::Moved => "warn",
        PromiseState::Broken => "danger",
    };
    let reason = promise
        .reason
        .map(|reason| say(&format!("ledger-reason-{reason}")));
    let settled = promise.settled_at.map(|at| reader.moment(at));
    let told = promise.warned_at.map(|at| {
        Message::new("ledger-told")
            .text("moment", reader.moment(at))
            .render(lang)
    });
    PromiseLine {
        made: reader.moment(promise.made_at),
        due: reader.moment(promise.due_at),
        state: say(&format!("ledger-state-{}", promise.state)),
        tone: tone.to_owned(),
        notes: [settled, reason, told].into_iter().flatten().collect(),
    }
}

pub(super) fn row(manager: &Manager, promise: &Promise, ticket: &Ticket) -> LedgerRow {
    LedgerRow {
        reference: ticket.reference.clone(),
        href: format!(
            "/desk/tickets/{}/clock?goal={}&turn={}",
            ticket.reference, promise.goal, promise.turn
        ),
        subject: ticket.subject.clone(),
        goal: Message::new(&format!("due-goal-{}", promise.goal)).render(manager.lang),
        line: line(promise, manager.lang, &manager.calendar()),
    }
}
