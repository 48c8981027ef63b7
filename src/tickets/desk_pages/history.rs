//! Everything that happened to a request.

use serde::Serialize;

use super::{Moment, PageLinks};
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
    /// Name in the sprite.
    pub icon: String,
    /// Who did what: `Théo Marchand a modifié les propriétés`.
    pub text: String,
    /// Values that changed.
    pub changes: Vec<Change>,
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
