//! Two agents changed the same request: who keeps what.

use serde::Serialize;

use super::{Moment, PersonChip};
use crate::platform::web::form::FormState;
use crate::platform::web::view::View;

/// Answer (409) to a change of properties that were changed meanwhile.
///
/// Its form goes to the same place with the new version: one radio group per row, named like the
/// property, so that the choice is an ordinary change of properties.
#[derive(Debug, Serialize)]
pub struct DeskConflictPage {
    /// `OR-48213`.
    pub reference: String,
    /// The request.
    pub href: String,
    /// As the customer wrote it.
    pub subject: String,
    /// `/desk/tickets/<reference>/properties`.
    pub action: String,
    /// Who saved first.
    pub who: PersonChip,
    /// When.
    pub at: Moment,
    /// Values: `version`, the new one.
    pub form: FormState,
    /// Properties that the two leave different.
    pub rows: Vec<ConflictRow>,
    /// Every other property of the form, to be sent along as it now stands.
    pub kept: Vec<KeptField>,
}

/// A property that both would leave different.
#[derive(Debug, Serialize)]
pub struct ConflictRow {
    /// Name in the form: `status`, `tags` …
    pub field: String,
    /// Its name: `Équipe`.
    pub label: String,
    /// What stood there when this agent opened the page.
    pub before: String,
    /// What stands there now.
    pub theirs: ConflictSide,
    /// What this agent chose.
    pub yours: ConflictSide,
    /// Whether this agent's choice is ticked at first (the other did not touch the property).
    pub prefer_yours: bool,
}

/// One of the two values.
#[derive(Debug, Serialize)]
pub struct ConflictSide {
    /// What the form sends.
    pub value: String,
    /// What the agent reads.
    pub label: String,
    /// Whether it differs from what stood there before.
    pub changed: bool,
}

/// A property that is not in question.
#[derive(Debug, Serialize)]
pub struct KeptField {
    /// Name in the form.
    pub name: String,
    /// What the form sends.
    pub value: String,
}

impl View for DeskConflictPage {
    const TEMPLATE: &'static str = "tickets/desk/conflict.html";

    fn samples() -> Vec<Self> {
        super::samples::conflict::pages()
    }
}
