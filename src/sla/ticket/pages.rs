//! The page on which due times are itemised: values ready to print.

use serde::Serialize;

use crate::platform::web::FormState;
use crate::platform::web::view::{self, Sample, View};
use crate::platform::web::widgets::{Moment, SelectOption};
use crate::sla::promises::pages::PromiseLine;

/// Every page with its sample values.
#[must_use]
pub fn samples() -> Vec<Sample> {
    view::samples::<ClockPage>()
}

/// The clocks of a request: `GET /desk/tickets/<reference>/clock`.
#[derive(Clone, Debug, Serialize)]
pub struct ClockPage {
    /// The request.
    pub ticket_href: String,
    /// `GU-1042`.
    pub reference: String,
    /// As the customer wrote it.
    pub subject: String,
    /// What the clocks go by; nothing when nothing is promised.
    pub policy: Option<PolicyLine>,
    /// The clocks, those that run first.
    pub clocks: Vec<ClockView>,
    /// Other turns of the clocks, the latest first.
    pub turns: Vec<TurnLine>,
    /// Where a choice by hand goes.
    pub action: String,
    /// Fields `policy`, `reason`.
    pub form: FormState,
    /// Policies to choose from, what the rules say first.
    pub policies: Vec<SelectOption>,
    /// What was chosen so far, the latest first.
    pub history: Vec<ChoiceLine>,
}

/// A turn of a clock that has a page of its own.
#[derive(Clone, Debug, Serialize)]
pub struct TurnLine {
    /// The page.
    pub href: String,
    /// `Next answer, turn 3`.
    pub label: String,
    /// When it started.
    pub when: String,
}

/// The policy and calendar of a request.
#[derive(Clone, Debug, Serialize)]
pub struct PolicyLine {
    /// Its name.
    pub name: String,
    /// `version 3`.
    pub version: String,
    /// The version's page, for managers.
    pub href: Option<String>,
    /// The calendar's name, with its time zone.
    pub calendar: String,
    /// `version 2`.
    pub calendar_version: String,
    /// The version's page, for managers.
    pub calendar_href: Option<String>,
    /// Who or what chose it.
    pub chosen: String,
}

/// A clock.
#[derive(Clone, Debug, Serialize)]
pub struct ClockView {
    /// Distinct on the page: `first`, `next`, `resolution`.
    pub id: String,
    /// What is awaited.
    pub title: String,
    /// `running`, `paused`, `met`, `breached` or `moved`.
    pub state: String,
    /// The same in words.
    pub state_label: String,
    /// Tone of the badge.
    pub tone: String,
    /// What was promised.
    pub target: String,
    /// When the clock started.
    pub started: Moment,
    /// When it is or was due; nothing while it stands still.
    pub due: Option<Moment>,
    /// When it was done.
    pub ended: Option<Moment>,
    /// How much counted.
    pub spent: String,
    /// How much is left; nothing when it is done or late.
    pub left: Option<String>,
    /// What the customer was promised about it, oldest first.
    pub promises: Vec<PromiseLine>,
    /// Lines of the statement.
    pub items: Vec<ItemView>,
    /// The sum of what counts in them.
    pub counted: String,
    /// The sum of what does not.
    pub uncounted: String,
    /// Whether the lines go on to the due time, which is still to come.
    pub ahead: bool,
}

/// A line of a statement.
#[derive(Clone, Debug, Serialize)]
pub struct ItemView {
    /// From when.
    pub from: String,
    /// To when.
    pub to: String,
    /// How much of it counts; empty when nothing does.
    pub counted: String,
    /// How much of it does not; empty when all does.
    pub uncounted: String,
    /// Why.
    pub why: String,
    /// Whether it is still to come.
    pub ahead: bool,
}

/// A choice of a policy.
#[derive(Clone, Debug, Serialize)]
pub struct ChoiceLine {
    /// What was chosen, by whom.
    pub text: String,
    /// When.
    pub when: String,
    /// Why, when somebody said so.
    pub reason: Option<String>,
}

impl View for ClockPage {
    const TEMPLATE: &'static str = "sla/clock.html";

    fn samples() -> Vec<Self> {
        super::samples::clocks()
    }
}
