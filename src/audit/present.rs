//! From events to what the page prints.

use super::asked::{NAMES, address};
use super::export::MOST;
use super::manage::{EXPORTS, LIST};
use super::names::{Named, Names};
use super::narrate::{narrate, place};
use super::pages::{Audit, Carried, Row};
use super::queries::Entry;
use crate::accounts::Manager;
use crate::platform::db::{Actor, KeysetPage};
use crate::platform::events::{Area, Cause};
use crate::platform::i18n::{Lang, Message, integer};
use crate::platform::web::FormState;
use crate::platform::web::form::Fields;
use crate::platform::web::widgets::{PageLinks, SelectOption};

/// What was read for a page.
pub(super) struct Found {
    pub page: KeysetPage<Entry>,
    pub names: Names,
}

/// The list.
pub(super) fn list(manager: &Manager, fields: &Fields, form: FormState, found: &Found) -> Audit {
    let lang = manager.lang;
    let given = NAMES
        .into_iter()
        .filter(|name| !fields.get(name).is_empty());
    let carried: Vec<Carried> = given
        .map(|name| Carried {
            name: name.to_owned(),
            value: fields.get(name).to_owned(),
        })
        .collect();
    let page = &found.page;
    let link = |name: &'static str, cursor: Option<crate::platform::db::Cursor>| {
        cursor.map(|cursor| address(LIST, fields, Some((name, cursor.to_string()))))
    };
    Audit {
        action: LIST.to_owned(),
        areas: options(
            "audit-any-area",
            Area::ALL.iter().map(|area| area.as_str()),
            "audit-area",
            lang,
        ),
        results: options(
            "audit-any-result",
            ["done", "refused"].into_iter(),
            "audit-result",
            lang,
        ),
        filtered: !carried.is_empty(),
        rows: page
            .rows
            .iter()
            .map(|entry| row(manager, entry, &found.names))
            .collect(),
        pages: PageLinks {
            previous: link("before", page.previous),
            next: link("after", page.next),
            note: None,
        },
        export_action: EXPORTS.to_owned(),
        export_most: integer(lang, i64::try_from(MOST).unwrap_or(i64::MAX)),
        carried,
        form,
    }
}

fn options<'a>(
    any: &str,
    values: impl Iterator<Item = &'a str>,
    prefix: &str,
    lang: Lang,
) -> Vec<SelectOption> {
    let any = SelectOption::new("", Message::new(any).render(lang));
    let others = values.map(|value| {
        SelectOption::new(
            value,
            Message::new(&format!("{prefix}-{value}")).render(lang),
        )
    });
    std::iter::once(any).chain(others).collect()
}

fn row(manager: &Manager, entry: &Entry, names: &Names) -> Row {
    let (event, lang) = (&entry.event, manager.lang);
    let (who, about) = (who(entry, names, lang), names.about(entry, lang));
    // Of what somebody did to themselves, the name stands once.
    let about = about.filter(|about| about.href.is_none() || about.href != who.href);
    let about = about.unwrap_or_default();
    let result = if entry.is_refused() {
        "refused"
    } else {
        "done"
    };
    Row {
        when: manager.calendar().moment(event.at),
        datetime: event.at.rfc3339(),
        who: who.label,
        who_href: who.href,
        text: narrate(entry, names, lang),
        place: place(event),
        about: about.label,
        about_href: about.href,
        area: Message::new(&format!("audit-area-{}", entry.area)).render(lang),
        result: Message::new(&format!("audit-result-{result}")).render(lang),
        refused: entry.is_refused(),
    }
}

fn who(entry: &Entry, names: &Names, lang: Lang) -> Named {
    let key = match entry.event.actor {
        Actor::Person(id) => return names.person(id),
        Actor::Anonymous => "audit-who-anonymous",
        Actor::System if entry.event.cause.origin == Cause::COMMAND => "audit-who-command",
        Actor::System => "audit-who-system",
    };
    Named {
        label: Message::new(key).render(lang),
        href: None,
    }
}
