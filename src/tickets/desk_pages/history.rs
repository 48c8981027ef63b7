//! Everything that happened to a request.

use serde::Serialize;

use super::{Moment, PageLinks, PersonChip};
use crate::platform::web::view::View;

/// The history of a request: `GET /desk/tickets/<reference>/history`.
#[derive(Debug, Serialize)]
pub struct HistoryPage {
    /// `OR-48213`.
    pub reference: String,
    /// The request.
    pub href: String,
    /// As the customer wrote it.
    pub subject: String,
    /// Newest first.
    pub entries: Vec<HistoryEntry>,
    /// The neighbours.
    pub pages: PageLinks,
}

/// One event.
#[derive(Debug, Serialize)]
pub struct HistoryEntry {
    /// When, with the day.
    pub at: Moment,
    /// Who; nobody is the program itself.
    pub who: Option<PersonChip>,
    /// Name in the sprite.
    pub icon: String,
    /// What happened, without who: `Propriétés modifiées`.
    pub text: String,
    /// Values that changed.
    pub changes: Vec<Change>,
    /// Why the program acted, as the end of the sentence: `car le type est Panne`.
    pub cause: Option<String>,
}

/// A value that changed.
#[derive(Debug, Serialize)]
pub struct Change {
    /// `Priorité`.
    pub label: String,
    /// What stood there; none when nothing did.
    pub old: Option<String>,
    /// What stands there; none when nothing does.
    pub new: Option<String>,
}

impl View for HistoryPage {
    const TEMPLATE: &'static str = "tickets/desk/history.html";

    fn samples() -> Vec<Self> {
        super::samples::history::pages()
    }
}
