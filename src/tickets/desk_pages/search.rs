//! Search through the text of requests.

use serde::Serialize;

use super::{PageLinks, PersonChip};
use crate::platform::search::snippet::SnippetPart;
use crate::platform::web::view::View;

/// Requests that answer a query: `GET /desk/search?q=`.
#[derive(Debug, Serialize)]
pub struct DeskSearchPage {
    /// The words, as typed; empty before the first search.
    pub query: String,
    /// How many were found, as printed.
    pub count: String,
    /// What the search may have missed.
    pub notice: Option<String>,
    /// Best first.
    pub hits: Vec<SearchHit>,
    /// The neighbours.
    pub pages: PageLinks,
    /// Where an agent files for a customer.
    pub new_href: String,
}

/// A run of text, marked when it answers the query; argument of the `marked` component.
#[derive(Clone, Debug, Serialize)]
pub struct MarkedPart {
    /// The text.
    pub text: String,
    /// Whether it is what was looked for.
    pub marked: bool,
}

impl From<SnippetPart> for MarkedPart {
    fn from(part: SnippetPart) -> Self {
        Self {
            text: part.text,
            marked: part.marked,
        }
    }
}

/// A request that answers.
#[derive(Debug, Serialize)]
pub struct SearchHit {
    /// `OR-48213`.
    pub reference: String,
    /// Its page, at the message that answers.
    pub href: String,
    /// The subject, with the words that answer marked.
    pub subject: Vec<MarkedPart>,
    /// The passage that answers; may be empty.
    pub passage: Vec<MarkedPart>,
    /// Whether the passage is from an internal note.
    pub internal: bool,
    /// `logged` to `confirmed`.
    pub stage: String,
    /// Its name at the desk.
    pub stage_label: String,
    /// Name of who asked.
    pub requester: String,
    /// Their company.
    pub organisation: Option<String>,
    /// Who is responsible.
    pub assignee: Option<PersonChip>,
    /// When something last happened: `3 nov.`.
    pub activity: String,
    /// The same, RFC 3339.
    pub activity_at: String,
}

impl View for DeskSearchPage {
    const TEMPLATE: &'static str = "tickets/desk/search.html";

    fn samples() -> Vec<Self> {
        super::samples::search::pages()
    }
}
