//! From settings to what their pages print.

use std::collections::{BTreeMap, HashMap};

use super::commands::Change;
use super::entered::{contrast_message, ratio};
use super::manage::group_path;
use super::pages::{Conflict, Edit, GroupCard, Origin, Overview, PastChange, PastValue, Said};
use crate::accounts::{Manager, Person, PersonId, zones};
use crate::platform::company::colour::Rgb;
use crate::platform::company::hours::WeekHours;
use crate::platform::company::key::languages;
use crate::platform::company::palette::{Theme, check, measure};
use crate::platform::company::{Company, Group, Key};
use crate::platform::events::Recorded;
use crate::platform::i18n::{Lang, Message, file_size};
use crate::platform::web::FormState;
use crate::platform::web::shell::ShellLogo;
use crate::platform::web::widgets::SelectOption;

/// The name of a setting.
pub(super) fn label(key: Key, lang: Lang) -> String {
    Message::new(&format!("field-{key}")).render(lang)
}

pub(super) fn title(group: Group, lang: Lang) -> String {
    Message::new(&format!("settings-group-{group}")).render(lang)
}

/// A value as a person reads it.
pub(super) fn shown(key: Key, text: &str, lang: Lang) -> String {
    let say = |key: &str| Message::new(key).render(lang);
    if text.is_empty() {
        return match key {
            Key::AccentLight => say("settings-built-in-colour"),
            Key::AccentDark => say("settings-derived"),
            _ => say("settings-nothing"),
        };
    }
    match key {
        Key::Logo => say("settings-logo-set"),
        Key::Languages | Key::DefaultLanguage => {
            let names = languages(text).unwrap_or_default();
            let names: Vec<&str> = names.iter().map(|lang| lang.endonym()).collect();
            names.join(", ")
        }
        Key::TimeZone => text.replace('_', " "),
        Key::SupportHours => {
            let week: WeekHours = text.parse().unwrap_or_default();
            let lines = week.lines(lang).into_iter();
            let lines = lines.map(|line| format!("{} {}", line.days, line.hours));
            lines.collect::<Vec<_>>().join(", ")
        }
        Key::MaxFileMb => text.parse().map_or_else(
            |_| text.to_owned(),
            |mb: u64| file_size(lang, 1_000_000 * mb),
        ),
        Key::ConfirmAfterDays => Message::new("settings-days")
            .number("days", text.parse().unwrap_or_default())
            .render(lang),
        _ => text.to_owned(),
    }
}

/// Where a value comes from that was not chosen here.
fn source(company: &Company, key: Key, lang: Lang) -> String {
    let key = if company.is_in_file(key) {
        "settings-from-file"
    } else {
        "settings-from-start"
    };
    Message::new(key).render(lang)
}

pub(super) fn overview(manager: &Manager) -> Overview {
    let (company, lang) = (&manager.company, manager.lang);
    let card = |&group: &Group| GroupCard {
        title: title(group, lang),
        href: group_path(group),
        rows: group
            .keys()
            .map(|key| Said {
                label: label(key, lang),
                value: shown(key, &company.text(key), lang),
                source: match company.chosen(key) {
                    Some(_) if group == Group::Hours => {
                        Message::new("settings-from-calendar").render(lang)
                    }
                    Some(_) => Message::new("settings-chosen").render(lang),
                    None => source(company, key, lang),
                },
            })
            .collect(),
    };
    Overview {
        groups: Group::ALL.iter().map(card).collect(),
    }
}

/// What was changed about a group, and by whom.
pub(super) struct History {
    pub(super) changes: Vec<Recorded>,
    pub(super) people: HashMap<PersonId, Person>,
}

pub(super) fn edit(manager: &Manager, group: Group, form: FormState, history: &History) -> Edit {
    let (company, lang) = (&manager.company, manager.lang);
    let origin = |key: Key| {
        let given = shown(key, company.in_file(key), lang);
        let origin = Origin {
            source: source(company, key, lang),
            chosen: company.chosen(key).is_some(),
            back: Message::new(if company.is_in_file(key) {
                "settings-back-to-file"
            } else {
                "settings-back-to-start"
            })
            .text("value", given)
            .render(lang),
        };
        (key.to_string(), origin)
    };
    let [light, dark] = [Key::AccentLight, Key::AccentDark].map(|key| company.text(key));
    Edit {
        title: title(group, lang),
        group: group.to_string(),
        list_href: "/manage/settings".to_owned(),
        action: group_path(group),
        origins: group.keys().map(origin).collect::<BTreeMap<_, _>>(),
        hours: company.hours.lines(lang),
        hours_href: group_path(Group::Hours),
        zones: zones::named_options(&company.text(Key::TimeZone)),
        languages: Lang::ALL
            .iter()
            .map(|lang| SelectOption::new(lang.as_str(), lang.endonym()))
            .collect(),
        offered: form_languages(&form, company),
        logo: company.logo.as_ref().map(|logo| ShellLogo {
            href: logo.href(),
            width: logo.width,
            height: logo.height,
        }),
        verdicts: [(Theme::Light, light), (Theme::Dark, dark)]
            .map(|(theme, text)| said(theme, &text, lang))
            .to_vec(),
        form,
        conflict_title: None,
        conflicts: Vec::new(),
        history: history
            .changes
            .iter()
            .map(|c| past(manager, c, &history.people))
            .collect(),
    }
}

/// Which languages are ticked: those that were sent, or those that are offered.
fn form_languages(form: &FormState, company: &Company) -> Vec<String> {
    let ticked = form.values.get(Key::Languages.as_str());
    let offered = if form.sent { ticked.cloned() } else { None };
    let offered = offered.unwrap_or_else(|| company.text(Key::Languages));
    offered.split(',').map(str::to_owned).collect()
}

fn said(theme: Theme, text: &str, lang: Lang) -> String {
    let colour = text.parse().ok();
    colour.map_or_else(String::new, |colour| verdict(theme, colour, lang))
}

/// How well a colour can be read.
pub(super) fn verdict(theme: Theme, colour: Rgb, lang: Lang) -> String {
    if let Err(refused) = check(theme, colour) {
        return contrast_message(theme, &refused, lang).render(lang);
    }
    let least = measure(theme, colour)
        .into_iter()
        .map(|measured| measured.ratio)
        .fold(f64::INFINITY, f64::min);
    Message::new("settings-contrast-fine")
        .text("ratio", ratio(least, lang))
        .render(lang)
}

/// Both values of everything that somebody else changed meanwhile and that was typed differently.
pub(super) fn conflicts(manager: &Manager, wanted: &Change) -> Vec<Conflict> {
    let (company, lang) = (&manager.company, manager.lang);
    let differing = wanted.group.keys().filter_map(|key| {
        let (theirs, yours) = (company.text(key), wanted.entered.get(key)?);
        (theirs != yours).then(|| Conflict {
            label: label(key, lang),
            theirs: shown(key, &theirs, lang),
            yours: shown(key, yours, lang),
        })
    });
    differing.collect()
}

fn past(manager: &Manager, change: &Recorded, people: &HashMap<PersonId, Person>) -> PastChange {
    let lang = manager.lang;
    let side = |name: &str| change.data.get(name).and_then(|side| side.as_object());
    let follows = change
        .data
        .get("follows_file")
        .and_then(|keys| keys.as_array());
    let value = |(name, new): (&String, &serde_json::Value)| {
        let key: Key = name.parse().ok()?;
        let old = side("old")?.get(name)?.as_str()?;
        Some(PastValue {
            label: label(key, lang),
            old: shown(key, old, lang),
            new: shown(key, new.as_str()?, lang),
            follows: follows.is_some_and(|keys| keys.iter().any(|k| k == name.as_str())),
        })
    };
    PastChange {
        who: who(change, people, lang),
        when: manager.calendar().moment(change.at),
        values: side("new")
            .into_iter()
            .flatten()
            .filter_map(value)
            .collect(),
    }
}

/// Who made a change.
pub(super) fn who(change: &Recorded, people: &HashMap<PersonId, Person>, lang: Lang) -> String {
    let person = change
        .actor
        .person()
        .and_then(|id| people.get(&PersonId(id)));
    person.map_or_else(
        || Message::new("label-someone").render(lang),
        |person| person.name.clone(),
    )
}
