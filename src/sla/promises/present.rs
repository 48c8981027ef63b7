//! From lines of the ledger to what its page prints.

use super::model::{Promise, PromiseState};
use super::pages::LedgerRow;
use crate::accounts::Manager;
use crate::platform::i18n::Message;
use crate::tickets::Ticket;

pub(super) fn row(manager: &Manager, promise: &Promise, ticket: &Ticket) -> LedgerRow {
    let (lang, reader) = (manager.lang, manager.calendar());
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
    LedgerRow {
        reference: ticket.reference.clone(),
        href: format!("/desk/tickets/{}/clock", ticket.reference),
        subject: ticket.subject.clone(),
        goal: say(&format!("due-goal-{}", promise.goal)),
        made: reader.moment(promise.made_at),
        due: reader.moment(promise.due_at),
        state: say(&format!("ledger-state-{}", promise.state)),
        tone: tone.to_owned(),
        notes: [settled, reason, told].into_iter().flatten().collect(),
    }
}
