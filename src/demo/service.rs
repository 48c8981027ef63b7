//! What Orvelle promises: its calendars and policies, before the first request.

use std::collections::BTreeMap;

use super::DemoError;
use crate::forms::RequestType;
use crate::platform::db::{StorageError, Tx};
use crate::sla::calendar::{Calendar, Holiday, PublicHolidays};
use crate::sla::calendars::commands::{change_calendar, create_calendar};
use crate::sla::calendars::queries::{get_version, list_calendars};
use crate::sla::calendars::{CalendarError, CalendarId, CalendarInput};
use crate::sla::policies::commands::create_policy;
use crate::sla::policies::{PolicyError, PolicyInput};
use crate::sla::policy::{Policy, Target, Targets};
use crate::tickets::conditions::{Condition, Test};
use crate::tickets::{Priority, Status};

/// The hours of those who are called out when the network is down.
const ON_CALL: &str = "mon-sun 07:00-22:00";

/// Sets them all up.
pub(super) fn set_up(tx: &mut Tx<'_>, kinds: &[RequestType]) -> Result<(), DemoError> {
    let support = support_hours(tx)?;
    let on_call = CalendarInput {
        name: "Astreinte réseau".to_owned(),
        content: Calendar::of_week(
            chrono_tz::Europe::Paris,
            ON_CALL.parse().unwrap_or_default(),
        ),
    };
    let on_call = create_calendar(tx, &on_call).map_err(calendar_fault)?;
    let kind = |key: &str| {
        let found = kinds.iter().filter(|kind| kind.key == key);
        Condition::Is(Test::RequestType(found.map(|kind| kind.id).collect()))
    };
    let urgent = Condition::Is(Test::Priority(vec![Priority::Urgent]));
    let outage = Condition::All(vec![kind("outage"), urgent]);
    let within = |first, next, resolution| Targets {
        first: Some(first),
        next: Some(next),
        resolution: Some(resolution),
    };
    let (hours, day) = (|hours: u32| Target::Working(60 * hours), Target::EndOfDay);
    let policies = [
        (
            "4 h",
            on_call,
            outage,
            within(Target::Working(30), hours(1), hours(4)),
        ),
        (
            "Le jour même",
            support,
            kind("access"),
            within(hours(2), hours(2), day(0)),
        ),
        (
            "Pannes",
            support,
            kind("outage"),
            within(hours(2), hours(3), day(1)),
        ),
        (
            "Toutes les demandes",
            support,
            Condition::always(),
            within(hours(4), hours(8), day(4)),
        ),
    ];
    for (name, calendar, condition, targets) in policies {
        let input = PolicyInput {
            name: name.to_owned(),
            content: policy(calendar, condition, targets),
        };
        create_policy(tx, &input).map_err(policy_fault)?;
    }
    Ok(())
}

fn policy(calendar: CalendarId, condition: Condition, targets: Targets) -> Policy {
    let targets = Priority::ALL.iter().map(|&priority| (priority, targets));
    Policy {
        calendar,
        condition,
        targets: targets.collect::<BTreeMap<_, _>>(),
        pauses: vec![Status::Pending],
    }
}

/// The calendar that is there from the start, with the holidays of the company.
fn support_hours(tx: &mut Tx<'_>) -> Result<CalendarId, DemoError> {
    let all = list_calendars(tx.conn).map_err(StorageError::from)?;
    let row = all
        .first()
        .ok_or(DemoError::Story("there is a calendar from the start"))?;
    let version = get_version(tx.conn, row.id, row.version).map_err(StorageError::from)?;
    let holiday = |date: &str, name: &str| {
        date.parse().ok().map(|date| Holiday {
            date,
            name: name.to_owned(),
        })
    };
    let holidays = [
        holiday("12-24", "Réveillon de Noël"),
        holiday("12-31", "Inventaire"),
    ];
    let input = CalendarInput {
        name: version.name,
        content: Calendar {
            public: PublicHolidays::France,
            holidays: holidays.into_iter().flatten().collect(),
            ..version.content
        }
        .tidied(),
    };
    change_calendar(tx, row.id, row.version, &input).map_err(calendar_fault)?;
    Ok(row.id)
}

fn calendar_fault(error: CalendarError) -> DemoError {
    match error {
        CalendarError::Storage(error) => error.into(),
        _ => DemoError::Story("calendars have names of their own"),
    }
}

fn policy_fault(error: PolicyError) -> DemoError {
    match error {
        PolicyError::Storage(error) => error.into(),
        _ => DemoError::Story("policies have names of their own"),
    }
}
