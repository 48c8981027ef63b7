//! The pages of policies: values ready to print.

use serde::Serialize;

use crate::platform::web::FormState;
use crate::platform::web::view::{self, Sample, View};
use crate::platform::web::widgets::SelectOption;
use crate::sla::calendars::pages::VersionLine;
use crate::sla::impact::pages::Impact;

/// Every page with its sample values.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let mut all = view::samples::<List>();
    all.extend(view::samples::<Edit>());
    all.extend(view::samples::<Version>());
    all
}

/// All policies: `GET /manage/policies`.
#[derive(Clone, Debug, Serialize)]
pub struct List {
    /// Where a new one is made.
    pub new_href: String,
    /// The policies in their order, those given up last.
    pub rows: Vec<Row>,
}

/// A policy of the list.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Its page.
    pub href: String,
    /// Its place, from 1; nothing when it was given up.
    pub place: Option<usize>,
    /// Its name.
    pub name: String,
    /// To whom it applies, part by part; empty for all.
    pub conditions: Vec<String>,
    /// What it promises.
    pub promises: Vec<TargetLine>,
    /// Its calendar.
    pub calendar: String,
    /// Where it is moved up or down; nothing at the end of the list.
    pub move_action: String,
    /// Whether it can be moved up.
    pub can_rise: bool,
    /// Whether it can be moved down.
    pub can_sink: bool,
}

/// What is promised at one priority.
#[derive(Clone, Debug, Serialize)]
pub struct TargetLine {
    /// `urgent`, `high`, `normal` or `low`.
    pub priority: String,
    /// Its name.
    pub priority_label: String,
    /// First answer, next answer, solution; empty where nothing is promised.
    pub targets: Vec<String>,
}

/// A box to tick.
#[derive(Clone, Debug, Serialize)]
pub struct TickBox {
    /// What the form sends.
    pub value: String,
    /// What it says.
    pub label: String,
    /// Whether it is ticked.
    pub checked: bool,
}

/// Boxes of one name.
#[derive(Clone, Debug, Serialize)]
pub struct BoxGroup {
    /// The field.
    pub name: String,
    /// What it is about.
    pub legend: String,
    /// The boxes.
    pub boxes: Vec<TickBox>,
}

/// The field of a target.
#[derive(Clone, Debug, Serialize)]
pub struct TargetField {
    /// Its name.
    pub name: String,
    /// What it promises.
    pub label: String,
}

/// The fields of the targets of one priority.
#[derive(Clone, Debug, Serialize)]
pub struct TargetFields {
    /// `urgent`, `high`, `normal` or `low`.
    pub priority: String,
    /// Its name.
    pub label: String,
    /// First answer, next answer, solution.
    pub fields: Vec<TargetField>,
    /// The field that says which minutes count.
    pub time_field: String,
}

/// A policy that exists.
#[derive(Clone, Debug, Serialize)]
pub struct Existing {
    /// Its name.
    pub name: String,
    /// `Version 3`.
    pub version: String,
    /// Whether it was given up.
    pub archived: bool,
    /// Where it is given up or taken back.
    pub archive_action: String,
    /// Its versions, the latest first.
    pub versions: Vec<VersionLine>,
}

/// A policy, new or existing. Answered with 409 when `stale`.
#[derive(Clone, Debug, Serialize)]
pub struct Edit {
    /// Where the form goes.
    pub action: String,
    /// The list.
    pub list_href: String,
    /// Fields `version`, `name`, `calendar`, `organisations`, `tags`, the boxes and the targets.
    pub form: FormState,
    /// Calendars to choose from.
    pub calendars: Vec<SelectOption>,
    /// Kinds, priorities, teams, languages, channels.
    pub conditions: Vec<BoxGroup>,
    /// Statuses that stop the clock.
    pub pauses: BoxGroup,
    /// What is promised, by priority.
    pub targets: Vec<TargetFields>,
    /// Which minutes count.
    pub times: Vec<SelectOption>,
    /// Open requests for which the condition holds, as a sentence.
    pub matching: Option<String>,
    /// What saving it would change.
    pub impact: Option<Impact>,
    /// Who saved it meanwhile and when; the form keeps what was typed.
    pub stale: Option<String>,
    /// What exists already; nothing for a new one.
    pub existing: Option<Existing>,
}

/// A version of a policy, to read.
#[derive(Clone, Debug, Serialize)]
pub struct Version {
    /// The policy's page.
    pub back_href: String,
    /// The policy's name at that time.
    pub name: String,
    /// `Version 3`.
    pub label: String,
    /// Who made it, and when.
    pub made: String,
    /// Its calendar.
    pub calendar: String,
    /// To whom it applies; empty for all.
    pub conditions: Vec<String>,
    /// What it promises.
    pub promises: Vec<TargetLine>,
    /// Statuses that stop the clock.
    pub pauses: String,
    /// Whether it holds now.
    pub current: bool,
    /// Where it is made the one that holds.
    pub restore_action: String,
    /// The version that holds now, for that form.
    pub latest: i64,
}

impl View for List {
    const TEMPLATE: &'static str = "sla/policies.html";

    fn samples() -> Vec<Self> {
        super::samples::lists()
    }
}

impl View for Edit {
    const TEMPLATE: &'static str = "sla/policy.html";

    fn samples() -> Vec<Self> {
        super::samples::forms()
    }
}

impl View for Version {
    const TEMPLATE: &'static str = "sla/policy_version.html";

    fn samples() -> Vec<Self> {
        super::samples::versions()
    }
}
