//! The pages of calendars: values ready to print.

use serde::Serialize;

use crate::platform::company::hours::HoursLine;
use crate::platform::web::FormState;
use crate::platform::web::view::{self, Sample, View};
use crate::platform::web::widgets::SelectOption;
use crate::sla::impact::pages::Impact;

/// Every page with its sample values.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let mut all = view::samples::<List>();
    all.extend(view::samples::<Edit>());
    all.extend(view::samples::<Version>());
    all
}

/// All calendars: `GET /manage/calendars`.
#[derive(Clone, Debug, Serialize)]
pub struct List {
    /// Where a new one is made.
    pub new_href: String,
    /// The calendars, those given up last.
    pub rows: Vec<Row>,
}

/// A calendar of the list.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Its page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Its week.
    pub hours: Vec<HoursLine>,
    /// Where its clock hangs.
    pub zone: String,
    /// Which public holidays it keeps.
    pub public: String,
    /// Whether customers see its hours.
    pub shown: bool,
    /// Whether it was given up.
    pub archived: bool,
}

/// A day of the week in the form.
#[derive(Clone, Debug, Serialize)]
pub struct DayField {
    /// `mon`: the field.
    pub key: String,
    /// Its name.
    pub label: String,
}

/// A week of the preview.
#[derive(Clone, Debug, Serialize)]
pub struct Week {
    /// `du lun. 23 nov. au dim. 29 nov.`
    pub label: String,
    /// How much is worked in it.
    pub total: String,
    /// Its seven days.
    pub days: Vec<PreviewDay>,
}

/// A day of the preview.
#[derive(Clone, Debug, Serialize)]
pub struct PreviewDay {
    /// `lun. 23 nov.`
    pub date: String,
    /// `8 h 30 – 12 h 30`, one for each stretch; none when it is closed.
    pub hours: Vec<String>,
    /// Why it is as it is, when the week alone does not say so.
    pub note: String,
    /// Whether it is today.
    pub today: bool,
}

/// A version in the list of versions.
#[derive(Clone, Debug, Serialize)]
pub struct VersionLine {
    /// Its page.
    pub href: String,
    /// `Version 3`.
    pub label: String,
    /// Who made it, and when.
    pub made: String,
    /// Whether it holds now.
    pub current: bool,
}

/// A calendar that exists.
#[derive(Clone, Debug, Serialize)]
pub struct Existing {
    /// Its name.
    pub name: String,
    /// `Version 3`.
    pub version: String,
    /// Whether customers see its hours.
    pub shown: bool,
    /// Whether it has the hours of `Rocket.toml` until somebody changes it.
    pub follows_file: bool,
    /// Whether it was given up.
    pub archived: bool,
    /// Where it is shown or hidden.
    pub show_action: String,
    /// Where it is given up or taken back.
    pub archive_action: String,
    /// Where a file of holidays goes.
    pub import_action: String,
    /// What is wrong with that file.
    pub import_error: Option<String>,
    /// Its versions, the latest first.
    pub versions: Vec<VersionLine>,
}

/// A calendar, new or existing. Answered with 409 when `stale`.
#[derive(Clone, Debug, Serialize)]
pub struct Edit {
    /// Where the form goes.
    pub action: String,
    /// The list.
    pub list_href: String,
    /// Fields `version`, `name`, `zone`, `mon` to `sun`, `public`, `holidays`, `exceptions`.
    pub form: FormState,
    /// The days of the week.
    pub days: Vec<DayField>,
    /// Time zones to choose from.
    pub zones: Vec<SelectOption>,
    /// Whose public holidays.
    pub publics: Vec<SelectOption>,
    /// The next four weeks; none while the form cannot be read.
    pub weeks: Vec<Week>,
    /// Whether the weeks are of what was typed and not saved yet.
    pub unsaved: bool,
    /// What was read out of a file into the form.
    pub imported: Vec<String>,
    /// What saving it would change.
    pub impact: Option<Impact>,
    /// Who saved it meanwhile and when; the form keeps what was typed.
    pub stale: Option<String>,
    /// What exists already; nothing for a new one.
    pub existing: Option<Existing>,
}

/// A version of a calendar, to read.
#[derive(Clone, Debug, Serialize)]
pub struct Version {
    /// The calendar's page.
    pub back_href: String,
    /// The calendar's name at that time.
    pub name: String,
    /// `Version 3`.
    pub label: String,
    /// Who made it, and when.
    pub made: String,
    /// Its week.
    pub hours: Vec<HoursLine>,
    /// Where its clock hangs.
    pub zone: String,
    /// Which public holidays it keeps.
    pub public: String,
    /// Holidays that were entered.
    pub holidays: Vec<HoursLine>,
    /// Days with hours of their own.
    pub exceptions: Vec<HoursLine>,
    /// Whether it holds now.
    pub current: bool,
    /// Where it is made the one that holds.
    pub restore_action: String,
    /// The version that holds now, for that form.
    pub latest: i64,
}

impl View for List {
    const TEMPLATE: &'static str = "sla/calendars.html";

    fn samples() -> Vec<Self> {
        super::samples::lists()
    }
}

impl View for Edit {
    const TEMPLATE: &'static str = "sla/calendar.html";

    fn samples() -> Vec<Self> {
        super::samples::forms()
    }
}

impl View for Version {
    const TEMPLATE: &'static str = "sla/calendar_version.html";

    fn samples() -> Vec<Self> {
        super::samples::versions()
    }
}
