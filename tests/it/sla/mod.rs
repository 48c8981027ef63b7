//! Service levels: calendars, what is promised by them, clocks, and the ledger.

mod calendars;
mod clocks;
mod conditions;
mod costs;
mod month;
mod policies;
mod promises;

use std::collections::BTreeMap;

use guichet::platform::company::hours::WeekHours;
use guichet::sla::calendar::{Calendar, PublicHolidays};
use guichet::sla::calendars::commands::change_calendar;
use guichet::sla::calendars::queries::list_calendars;
use guichet::sla::calendars::{CalendarError, CalendarId, CalendarInput};
use guichet::sla::policies::PolicyInput;
use guichet::sla::policies::commands::create_policy;
use guichet::sla::policy::{Policy, PolicyId, Target, Targets};
use guichet::tickets::conditions::Condition;
use guichet::tickets::{Priority, Status};

use crate::support::TestApp;

/// The hours of a sales force in France.
const OFFICE: &str = "mon-thu 08:30-12:30 13:30-18:00, fri 08:30-12:30 13:30-17:00";

/// Gives the first calendar the hours of the sales force.
fn office(app: &TestApp) -> CalendarId {
    let row = app.read(list_calendars).remove(0);
    let week: WeekHours = OFFICE.parse().expect("hours");
    let input = CalendarInput {
        name: row.name,
        content: Calendar {
            public: PublicHolidays::France,
            ..Calendar::of_week(chrono_tz::Europe::Paris, week)
        },
    };
    let (id, version) = (row.id, row.version);
    app.write(move |tx| {
        change_calendar(tx, id, version, &input)?;
        Ok::<_, CalendarError>(())
    });
    row.id
}

/// A policy for whatever a condition holds for: 4 hours for an answer, 2 for the next, 16 for the
/// solution, all of them of work.
fn promise(app: &TestApp, name: &str, condition: Condition) -> PolicyId {
    let targets = Targets {
        first: Some(Target::Working(240)),
        next: Some(Target::Working(120)),
        resolution: Some(Target::Working(960)),
    };
    let input = PolicyInput {
        name: name.to_owned(),
        content: Policy {
            calendar: app.read(list_calendars)[0].id,
            condition,
            targets: Priority::ALL
                .iter()
                .map(|&priority| (priority, targets))
                .collect::<BTreeMap<_, _>>(),
            pauses: vec![Status::Pending],
        },
    };
    app.write(move |tx| create_policy(tx, &input))
}
