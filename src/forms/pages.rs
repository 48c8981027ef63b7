//! The pages on which managers define types of request.

use serde::Serialize;

use crate::platform::web::form::FormState;
use crate::platform::web::view::{self, Sample, View};
use crate::platform::web::widgets::{SelectOption, TeamChip};

/// The samples of all pages of the slice.
pub fn samples() -> Vec<Sample> {
    let mut samples = view::samples::<RequestTypesPage>();
    samples.extend(view::samples::<RequestTypePage>());
    samples
}

/// All types of request: `GET /manage/request-types`.
#[derive(Debug, Serialize)]
pub struct RequestTypesPage {
    /// Where a new one is made.
    pub new_href: String,
    /// In the order customers see, archived ones last.
    pub rows: Vec<RequestTypeRow>,
}

/// A type of request in the list.
#[derive(Debug, Serialize)]
pub struct RequestTypeRow {
    /// Its page.
    pub href: String,
    /// Stable name.
    pub key: String,
    /// Name in the sprite.
    pub icon: String,
    /// French name.
    pub name_fr: String,
    /// English name.
    pub name_en: String,
    /// The team that receives it.
    pub team: Option<TeamChip>,
    /// `urgent`, `high`, `normal` or `low`.
    pub priority: String,
    /// Its name.
    pub priority_label: String,
    /// Place among the types, from 1.
    pub position: i64,
    /// Whether customers can no longer choose it.
    pub archived: bool,
}

/// A type of request, new or existing. Answered with 409 when `stale`.
#[derive(Debug, Serialize)]
pub struct RequestTypePage {
    /// Where the form goes.
    pub action: String,
    /// The list.
    pub back_href: String,
    /// Values: `version`, `slug` (its key), `name_fr`, `name_en`, `hint_fr`, `hint_en`, `icon`, `team`,
    /// `priority`, `position`.
    pub form: FormState,
    /// What exists already; nothing for a new one.
    pub existing: Option<ExistingType>,
    /// Names in the sprite to choose from.
    pub icons: Vec<String>,
    /// All teams; the template adds the choice of none.
    pub teams: Vec<SelectOption>,
    /// All four.
    pub priorities: Vec<SelectOption>,
    /// Who saved the type meanwhile and when, as a sentence; the form keeps what was typed and
    /// holds the new version.
    pub stale: Option<String>,
}

/// What the edit page says of a type that exists.
#[derive(Debug, Serialize)]
pub struct ExistingType {
    /// Its name in the reader's language.
    pub name: String,
    /// Requests of this type so far, as printed.
    pub used: String,
    /// Whether it is archived.
    pub archived: bool,
    /// Where archiving goes, or bringing back when archived.
    pub archive_action: String,
}

impl View for RequestTypesPage {
    const TEMPLATE: &'static str = "forms/list.html";

    fn samples() -> Vec<Self> {
        super::samples::lists()
    }
}

impl View for RequestTypePage {
    const TEMPLATE: &'static str = "forms/edit.html";

    fn samples() -> Vec<Self> {
        super::samples::forms()
    }
}
