//! The form of a policy, in and out.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::commands::PolicyInput;
use super::model::PolicyVersion;
use super::names::Names;
use crate::organisations::OrganisationId;
use crate::platform::i18n::{Lang, Message};
use crate::platform::web::form::FormErrors;
use crate::platform::web::{Check, Fields, FormState};
use crate::sla::calendars::CalendarId;
use crate::sla::policy::{Goal, MAY_PAUSE, Policy, Target, Targets, Time};
use crate::tickets::conditions::{Condition, Test};
use crate::tickets::{Priority, Status, Tag};

/// Characters of a name, at most.
const MAX_NAME: usize = 60;
/// Characters of a target, at most.
const MAX_TARGET: usize = 20;
/// Characters of the list of organisations, and of that of tags, at most.
const MAX_LIST: usize = 20_000;

/// The choices of several boxes: the name of the field and what is ticked.
pub(super) const BOXES: [&str; 6] = [
    "kinds",
    "priorities",
    "teams",
    "languages",
    "channels",
    "pauses",
];

/// Reads the form.
///
/// # Errors
/// Everything that is wrong.
pub(super) fn read(fields: &Fields, names: &Names, lang: Lang) -> Result<PolicyInput, FormErrors> {
    let mut check = Check::new(fields);
    let name = check.line("name", MAX_NAME);
    let calendar: Option<CalendarId> = check.choice("calendar");
    if calendar.is_some_and(|id| names.calendar(id).is_none()) {
        check.error("calendar", Message::new("form-choice"));
    }
    let condition = condition(&mut check, fields, names);
    let targets = targets(&mut check, lang);
    let pauses: Vec<Status> = ticked(&mut check, fields, "pauses");
    if pauses.iter().any(|status| !MAY_PAUSE.contains(status)) {
        check.error("pauses", Message::new("form-choice"));
    }
    if check.is_clean() && targets.values().all(Targets::is_empty) {
        let first = field_of(Priority::Urgent, Goal::First);
        check.error(&first, Message::new("policies-nothing-promised"));
    }
    check.finish(PolicyInput {
        name,
        content: Policy {
            calendar: calendar.unwrap_or(CalendarId(0)),
            condition,
            targets,
            pauses,
        },
    })
}

/// Each property with something ticked is a test; all of them must pass.
fn condition(check: &mut Check<'_>, fields: &Fields, names: &Names) -> Condition {
    let mut tests = vec![
        Test::RequestType(ticked(check, fields, "kinds")),
        Test::Priority(ticked(check, fields, "priorities")),
        Test::Organisation(organisations(check, names)),
        Test::Team(ticked(check, fields, "teams")),
        Test::Tag(tags(check)),
        Test::Language(ticked(check, fields, "languages")),
        Test::Channel(ticked(check, fields, "channels")),
    ];
    tests.retain(|test| !test.is_empty());
    let condition = Condition::All(tests.into_iter().map(Condition::Is).collect());
    if condition.check().is_err() {
        check.error("organisations", Message::new("policies-too-much"));
    }
    condition
}

fn ticked<T: FromStr>(check: &mut Check<'_>, fields: &Fields, name: &str) -> Vec<T> {
    let values: Result<Vec<T>, _> = fields.all(name).iter().map(|value| value.parse()).collect();
    values.unwrap_or_else(|_| {
        check.error(name, Message::new("form-choice"));
        Vec::new()
    })
}

fn organisations(check: &mut Check<'_>, names: &Names) -> Vec<OrganisationId> {
    let text = check.optional_text("organisations", MAX_LIST);
    let mut found = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match names.organisation(line) {
            Some(id) if !found.contains(&id) => found.push(id),
            Some(_) => {}
            None => {
                let name: String = line.chars().take(60).collect();
                let message = Message::new("policies-organisation-unknown").text("name", name);
                check.error("organisations", message);
                break;
            }
        }
    }
    found
}

fn tags(check: &mut Check<'_>) -> Vec<Tag> {
    Tag::parse_list(&check.optional_line("tags", MAX_LIST))
}

/// The field of a target.
pub(super) fn field_of(priority: Priority, goal: Goal) -> String {
    format!("{priority}_{goal}")
}

/// The field that says which minutes the targets of a priority count.
pub(super) fn time_field(priority: Priority) -> String {
    format!("{priority}_time")
}

fn targets(check: &mut Check<'_>, lang: Lang) -> BTreeMap<Priority, Targets> {
    let mut all = BTreeMap::new();
    for &priority in Priority::ALL {
        let time = match check.raw(&time_field(priority)) {
            "clock" => Time::Clock,
            _ => Time::Working,
        };
        let mut targets = Targets::default();
        for &goal in Goal::ALL {
            let field = field_of(priority, goal);
            let text = check.optional_line(&field, MAX_TARGET);
            if text.is_empty() {
                continue;
            }
            match Target::parse(&text, time) {
                Ok(target) => targets.set(goal, Some(target)),
                Err(_) => {
                    let message = Message::new("policies-target")
                        .text("priority", super::names::priority(priority, lang))
                        .text(
                            "goal",
                            Message::new(&format!("due-goal-{goal}")).render(lang),
                        );
                    check.error(&field, message);
                }
            }
        }
        if !targets.is_empty() {
            all.insert(priority, targets);
        }
    }
    all
}

/// The form of a new policy.
pub(super) fn blank(names: &Names) -> FormState {
    let calendar = names
        .calendars
        .iter()
        .find(|calendar| calendar.archived_at.is_none());
    FormState::empty()
        .with(
            "calendar",
            calendar.map(|c| c.id.to_string()).unwrap_or_default(),
        )
        .with("pauses", Status::Pending.as_str())
}

/// The form of a policy as it stands.
pub(super) fn fill(version: &PolicyVersion, names: &Names, lang: Lang) -> FormState {
    let policy = &version.content;
    let form = FormState::empty()
        .with("version", version.number.to_string())
        .with("name", &version.name)
        .with("calendar", policy.calendar.to_string())
        .with("pauses", joined(&policy.pauses));
    let form = policy
        .condition
        .tests()
        .into_iter()
        .fold(form, |form, test| with_test(form, test, names));
    policy
        .targets
        .iter()
        .fold(form, |form, (&priority, targets)| {
            with_targets(form, priority, targets, lang)
        })
}

fn with_targets(form: FormState, priority: Priority, targets: &Targets, lang: Lang) -> FormState {
    let set = Goal::ALL
        .iter()
        .filter_map(|&goal| Some((goal, targets.of(goal)?)));
    set.fold(form, |form, (goal, target)| {
        let form = match target {
            Target::Clock(_) => form.with(&time_field(priority), "clock"),
            _ => form,
        };
        form.with(&field_of(priority, goal), target.written(lang))
    })
}

fn with_test(form: FormState, test: &Test, names: &Names) -> FormState {
    match test {
        Test::RequestType(ids) => form.with("kinds", joined(ids)),
        Test::Priority(values) => form.with("priorities", joined(values)),
        Test::Organisation(ids) => {
            let lines = ids.iter().filter_map(|id| names.organisation_name(*id));
            form.with("organisations", lines.collect::<Vec<_>>().join("\n"))
        }
        Test::Team(ids) => form.with("teams", joined(ids)),
        Test::Tag(tags) => {
            let words: Vec<&str> = tags.iter().map(Tag::as_str).collect();
            form.with("tags", words.join(", "))
        }
        Test::Language(values) => form.with("languages", joined(values)),
        Test::Channel(values) => form.with("channels", joined(values)),
        // No form of a policy asks for a status: clocks begin before there is any choice of it.
        Test::Status(_) => form,
    }
}

fn joined<T: ToString>(values: &[T]) -> String {
    let words: Vec<String> = values.iter().map(ToString::to_string).collect();
    words.join(",")
}

/// The form as it was sent: what is ticked in several boxes of one name comes back together.
pub(super) fn sent_back(fields: &Fields, errors: &FormErrors, lang: Lang) -> FormState {
    let form = FormState::refused(fields, errors, lang);
    BOXES.iter().fold(form, |form, name| {
        form.with(name, fields.all(name).join(","))
    })
}
