//! The list of requests.

use serde::Serialize;

use super::{PageLinks, PersonChip, SelectOption, TeamChip};
use crate::platform::web::view::View;

/// A view of the queue: `GET /desk/views/<view>`, `GET /desk/teams/<id>`.
#[derive(Debug, Serialize)]
pub struct QueuePage {
    /// Name of the view.
    pub title: String,
    /// How many requests it holds, as printed.
    pub count: String,
    /// When the list was read: `15 h 40`.
    pub as_of: String,
    /// This very page, to read the list again.
    pub refresh_href: String,
    /// Where an agent files for a customer.
    pub new_href: String,
    /// Five cells, from logged to confirmed.
    pub stages: Vec<StageCell>,
    /// What narrows the list, as a GET form.
    pub filters: QueueFilters,
    /// What a search for the words may have missed.
    pub notice: Option<String>,
    /// The requests of this page.
    pub rows: Vec<QueueRow>,
    /// Whether anything is due on one of them.
    pub has_dues: bool,
    /// Its neighbours.
    pub pages: PageLinks,
    /// Why there are no rows; read only when there are none.
    pub empty: QueueEmpty,
}

/// Why a list is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum QueueEmpty {
    /// Everything in this view is done.
    AllDone,
    /// The filters leave nothing.
    NoMatch,
    /// No request was ever filed.
    FirstUse,
}

/// How many requests stand at a stage.
#[derive(Clone, Debug, Serialize)]
pub struct StageCell {
    /// `logged`, `progress`, `waiting`, `resolved`, `confirmed`.
    pub stage: String,
    /// Its name at the desk, in the plural.
    pub label: String,
    /// As printed.
    pub count: String,
    /// One useful line: `7 sans responsable`.
    pub detail: Option<String>,
    /// The list narrowed to this stage, or widened again when it already is.
    pub href: String,
    /// Whether the list shows this stage.
    pub current: bool,
}

/// The filter form. Field names: those of `selects`, `tag`, `q`, `sort`.
#[derive(Clone, Debug, Serialize)]
pub struct QueueFilters {
    /// Where the form goes: the view without its query.
    pub action: String,
    /// `team`, `assignee`, `status`, `priority`, `request_type`, in that order.
    pub selects: Vec<FilterSelect>,
    /// A tag that requests must carry.
    pub tag: String,
    /// Tags in use, to complete from.
    pub known_tags: Vec<String>,
    /// Words that requests must contain.
    pub q: String,
    /// The order: `activity`, `created`, `priority` or `due`.
    pub sort: String,
    /// The filters that are set.
    pub chips: Vec<FilterChip>,
    /// The view without any filter.
    pub clear_href: String,
}

/// One property to filter by. The template adds the choice of all.
#[derive(Clone, Debug, Serialize)]
pub struct FilterSelect {
    /// Name of the field; its label is the text `desk-filter-<name>`.
    pub name: String,
    /// What stands in it; empty for all.
    pub value: String,
    /// The choices.
    pub options: Vec<SelectOption>,
}

/// A filter that is set; arguments of the `filter_chip` component.
#[derive(Clone, Debug, Serialize)]
pub struct FilterChip {
    /// What it filters by: `Équipe`.
    pub field: String,
    /// What it keeps: `Réseau`.
    pub value: String,
    /// The list without it.
    pub remove_href: String,
}

/// A status that the stage alone does not tell: a badge, of which narrow lists show the glyph.
#[derive(Clone, Debug, Serialize)]
pub struct StatusMark {
    /// Its name at the desk.
    pub label: String,
    /// Name of its glyph.
    pub icon: String,
}

/// What is due next on a request.
#[derive(Clone, Debug, Serialize)]
pub struct DueMark {
    /// What is left: `1 h 35`, `−0 h 23`.
    pub text: String,
    /// `ok`, `soon`, `late` or `paused`.
    pub tone: String,
    /// What is due, and when.
    pub title: String,
}

/// A request in the list.
#[derive(Clone, Debug, Serialize)]
pub struct QueueRow {
    /// `OR-48213`.
    pub reference: String,
    /// Its page.
    pub href: String,
    /// As the customer wrote it.
    pub subject: String,
    /// `logged` to `confirmed`.
    pub stage: String,
    /// Its name at the desk.
    pub stage_label: String,
    /// The exact status, when it says more than the stage: `Rouverte`.
    pub status_mark: Option<StatusMark>,
    /// `urgent`, `high`, `normal` or `low`.
    pub priority: String,
    /// Its name.
    pub priority_label: String,
    /// Name of who asks.
    pub requester: String,
    /// Their company.
    pub organisation: Option<String>,
    /// Who works on it.
    pub team: Option<TeamChip>,
    /// Who is responsible.
    pub assignee: Option<PersonChip>,
    /// What is due next.
    pub due: Option<DueMark>,
    /// How long ago something happened, short: `4 min`.
    pub activity: String,
    /// When that was, RFC 3339.
    pub activity_at: String,
    /// Whether the customer wrote last.
    pub unread: bool,
    /// Free labels.
    pub tags: Vec<String>,
}

impl View for QueuePage {
    const TEMPLATE: &'static str = "tickets/desk/queue.html";

    fn samples() -> Vec<Self> {
        super::samples::queue::pages()
    }
}
