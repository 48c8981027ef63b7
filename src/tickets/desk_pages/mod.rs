//! The desk's pages: what an agent sees of requests. Values come ready to print.

mod conflict;
mod history;
mod new;
mod queue;
mod samples;
mod search;
mod ticket;

use serde::Serialize;

use crate::platform::web::view::{self, Sample};

pub use crate::platform::web::widgets::{
    Moment, PageLinks, PersonChip, SelectOption, TeamChip, TextLink,
};

pub use conflict::{ConflictRow, ConflictSide, DeskConflictPage, KeptField};
pub use history::{Change, HistoryEntry, HistoryPage};
pub use new::DeskNewPage;
pub use queue::{
    DueMark, FilterChip, FilterSelect, QueueEmpty, QueueFilters, QueuePage, QueueRow, StageCell,
    StatusMark,
};
pub use search::{DeskSearchPage, MarkedPart, SearchHit};
pub use ticket::{
    ArticleRead, Collision, Composer, DeskMessage, DeskTicketPage, DuePanel, EventLine, File,
    MessageKind, OtherRequest, Properties, RequesterPanel, Thread, ThreadItem, TicketDetails,
};

/// The samples of all pages of the desk about requests.
pub fn samples() -> Vec<Sample> {
    [
        view::samples::<QueuePage>(),
        view::samples::<DeskSearchPage>(),
        view::samples::<DeskTicketPage>(),
        view::samples::<DeskConflictPage>(),
        view::samples::<HistoryPage>(),
        view::samples::<DeskNewPage>(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What may be attached to one message.
#[derive(Clone, Debug, Serialize)]
pub struct UploadLimits {
    /// How many files.
    pub max_files: i64,
    /// Size of each, in bytes.
    pub max_file_bytes: i64,
    /// The same for people: `20 Mo`.
    pub max_file_label: String,
}
