//! What a change would do, ready to print; part of the pages on which something is changed.

use serde::Serialize;

use super::{Moved, Outcome};
use crate::platform::i18n::{Calendar as Reader, Lang, Message};
use crate::tickets::due::DueNext;

/// Tickets that are named.
const NAMED: usize = 20;

/// What saving would do to open requests.
#[derive(Clone, Debug, Serialize)]
pub struct Impact {
    /// How many of how many, as a sentence.
    pub title: String,
    /// What was not looked at, as a sentence.
    pub note: Option<String>,
    /// The most pressing ones.
    pub rows: Vec<ImpactRow>,
}

/// A request whose due time would be another one.
#[derive(Clone, Debug, Serialize)]
pub struct ImpactRow {
    /// `GU-1042`.
    pub reference: String,
    /// Its page.
    pub href: String,
    /// Its subject.
    pub subject: String,
    /// Before.
    pub old: String,
    /// After.
    pub new: String,
    /// Whether it would be due earlier.
    pub earlier: bool,
}

impl Impact {
    /// What a change would do; none when it would do nothing.
    #[must_use]
    pub fn of(outcome: &Outcome, lang: Lang, reader: &Reader) -> Option<Self> {
        if outcome.moved.is_empty() {
            return None;
        }
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let left_out = outcome.moved.len().saturating_sub(NAMED);
        let note = if outcome.more {
            Some(Message::new("impact-more").number("count", count(outcome.looked_at)))
        } else if left_out > 0 {
            Some(Message::new("impact-left-out").number("count", count(left_out)))
        } else {
            None
        };
        Some(Self {
            title: Message::new("impact-title")
                .number("moved", count(outcome.moved.len()))
                .number("count", count(outcome.looked_at))
                .render(lang),
            note: note.map(|note| note.render(lang)),
            rows: outcome
                .moved
                .iter()
                .take(NAMED)
                .map(|moved| row(moved, lang, reader))
                .collect(),
        })
    }

    pub(in crate::sla) fn sample() -> Self {
        let row = |earlier| ImpactRow {
            reference: "GU-1042".to_owned(),
            href: "/desk/tickets/GU-1042".to_owned(),
            subject: "La fibre se coupe toutes les vingt minutes à l’accueil".to_owned(),
            old: "Première réponse, aujourd’hui, 17 h 00".to_owned(),
            new: "aucune échéance".to_owned(),
            earlier,
        };
        Self {
            title: "2 demandes en cours sur 41 auraient une autre échéance.".to_owned(),
            note: Some("Seules les 200 plus pressantes ont été comparées.".to_owned()),
            rows: vec![row(true), row(false)],
        }
    }
}

fn row(moved: &Moved, lang: Lang, reader: &Reader) -> ImpactRow {
    let earlier = match (moved.old, moved.new) {
        (DueNext::At(_, old), DueNext::At(_, new)) => new < old,
        (DueNext::Paused(_, old), DueNext::Paused(_, new)) => new < old,
        (DueNext::Nothing, new) => new != DueNext::Nothing,
        _ => false,
    };
    ImpactRow {
        reference: moved.ticket.reference.clone(),
        href: format!("/desk/tickets/{}", moved.ticket.reference),
        subject: moved.ticket.subject.clone(),
        old: words(moved.old, lang, reader),
        new: words(moved.new, lang, reader),
        earlier,
    }
}

/// What is due next, in words.
#[must_use]
pub fn words(due: DueNext, lang: Lang, reader: &Reader) -> String {
    match due {
        DueNext::Nothing => Message::new("due-nothing"),
        DueNext::At(goal, at) => Message::new("due-at")
            .text(
                "goal",
                Message::new(&format!("due-goal-{goal}")).render(lang),
            )
            .text("moment", reader.moment(at)),
        DueNext::Paused(goal, left) => Message::new("due-paused")
            .text(
                "goal",
                Message::new(&format!("due-goal-{goal}")).render(lang),
            )
            .text("left", reader.duration(left)),
    }
    .render(lang)
}
