//! From policies to what their pages print.

use std::collections::BTreeSet;

use super::entered::{field_of, time_field};
use super::model::{PolicyRow, PolicyVersion};
use super::names::{self, Names};
use super::pages::{BoxGroup, Row, TargetField, TargetFields, TargetLine, TickBox};
use crate::platform::i18n::{Lang, Message};
use crate::platform::web::FormState;
use crate::platform::web::widgets::SelectOption;
use crate::sla::calendars::CalendarId;
use crate::sla::policy::{Goal, MAY_PAUSE, Policy};
use crate::tickets::{Channel, Priority, Status};

/// Where the list lives.
pub(super) const LIST: &str = "/manage/policies";

pub(super) fn say(key: &str, lang: Lang) -> String {
    Message::new(key).render(lang)
}

pub(super) fn rows(all: &[(PolicyRow, PolicyVersion)], names: &Names, lang: Lang) -> Vec<Row> {
    let in_use = all.iter().filter(|(row, _)| row.archived_at.is_none());
    let last = in_use.count();
    let row = |(place, (row, version)): (usize, &(PolicyRow, PolicyVersion))| {
        let place = row.archived_at.is_none().then_some(place + 1);
        Row {
            href: format!("{LIST}/{}", row.id),
            place,
            name: row.name.clone(),
            conditions: names.describe(&version.content.condition, lang),
            promises: promises(&version.content, lang),
            calendar: calendar_name(names, version.content.calendar, lang),
            move_action: format!("{LIST}/{}/place", row.id),
            can_rise: place.is_some_and(|place| place > 1),
            can_sink: place.is_some_and(|place| place < last),
        }
    };
    all.iter().enumerate().map(row).collect()
}

pub(super) fn calendar_name(names: &Names, id: CalendarId, lang: Lang) -> String {
    let calendar = names.calendar(id);
    calendar.map_or_else(
        || say("policies-unknown", lang),
        |calendar| calendar.name.clone(),
    )
}

pub(super) fn promises(policy: &Policy, lang: Lang) -> Vec<TargetLine> {
    let line = |(priority, targets): (&Priority, &crate::sla::policy::Targets)| TargetLine {
        priority: priority.to_string(),
        priority_label: names::priority(*priority, lang),
        targets: Goal::ALL
            .iter()
            .map(|&goal| {
                let target = targets.of(goal);
                target.map_or_else(String::new, |target| target.for_people(lang))
            })
            .collect(),
    };
    policy.targets.iter().map(line).collect()
}

pub(super) fn status_names(statuses: &[Status], lang: Lang) -> String {
    let words = statuses
        .iter()
        .map(|status| say(&format!("label-status-{status}"), lang));
    words.collect::<Vec<_>>().join(", ")
}

/// What stands in the boxes of a name.
fn ticked(form: &FormState, name: &str) -> BTreeSet<String> {
    let values = form
        .values
        .get(name)
        .map(String::as_str)
        .unwrap_or_default();
    values.split(',').map(str::to_owned).collect()
}

fn group(
    form: &FormState,
    name: &str,
    lang: Lang,
    boxes: impl IntoIterator<Item = (String, String)>,
) -> BoxGroup {
    let on = ticked(form, name);
    let tick = |(value, label)| TickBox {
        checked: on.contains(&value),
        value,
        label,
    };
    BoxGroup {
        name: name.to_owned(),
        legend: say(&format!("policies-boxes-{name}"), lang),
        boxes: boxes.into_iter().map(tick).collect(),
    }
}

/// The boxes of the condition.
pub(super) fn conditions(form: &FormState, names: &Names, lang: Lang) -> Vec<BoxGroup> {
    let on = |name: &str| ticked(form, name);
    let (kinds, teams) = (on("kinds"), on("teams"));
    let kinds = names
        .kinds
        .iter()
        .filter(|kind| kind.archived_at.is_none() || kinds.contains(&kind.id.to_string()))
        .map(|kind| (kind.id.to_string(), kind.name(lang).to_owned()));
    let teams = names
        .teams
        .iter()
        .filter(|team| team.archived_at.is_none() || teams.contains(&team.id.to_string()))
        .map(|team| (team.id.to_string(), team.name.clone()));
    let priorities = Priority::ALL.iter();
    let languages = Lang::ALL.iter();
    let channels = Channel::ALL.iter();
    vec![
        group(form, "kinds", lang, kinds),
        group(
            form,
            "priorities",
            lang,
            priorities.map(|p| (p.to_string(), names::priority(*p, lang))),
        ),
        group(form, "teams", lang, teams),
        group(
            form,
            "languages",
            lang,
            languages.map(|l| (l.to_string(), l.endonym().to_owned())),
        ),
        group(
            form,
            "channels",
            lang,
            channels.map(|c| (c.to_string(), names::channel(*c, lang))),
        ),
    ]
}

pub(super) fn pauses(form: &FormState, lang: Lang) -> BoxGroup {
    let boxes = MAY_PAUSE
        .iter()
        .map(|status| (status.to_string(), status_names(&[*status], lang)));
    group(form, "pauses", lang, boxes)
}

pub(super) fn target_fields(lang: Lang) -> Vec<TargetFields> {
    Priority::ALL
        .iter()
        .map(|&priority| TargetFields {
            priority: priority.to_string(),
            label: names::priority(priority, lang),
            fields: Goal::ALL
                .iter()
                .map(|&goal| TargetField {
                    name: field_of(priority, goal),
                    label: say(&format!("due-goal-{goal}"), lang),
                })
                .collect(),
            time_field: time_field(priority),
        })
        .collect()
}

pub(super) fn times(lang: Lang) -> Vec<SelectOption> {
    ["working", "clock"]
        .into_iter()
        .map(|time| SelectOption::new(time, say(&format!("policies-time-{time}"), lang)))
        .collect()
}

/// Calendars in use, and the one that is chosen.
pub(super) fn calendars(form: &FormState, names: &Names) -> Vec<SelectOption> {
    let chosen = form.values.get("calendar");
    names
        .calendars
        .iter()
        .filter(|calendar| {
            calendar.archived_at.is_none() || chosen == Some(&calendar.id.to_string())
        })
        .map(|calendar| SelectOption::new(calendar.id.to_string(), &calendar.name))
        .collect()
}
