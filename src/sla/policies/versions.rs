//! Versions of policies, to read and to take back.

use std::collections::HashMap;

use rocket::http::Status;
use rocket::{Route, get, post, routes};

use super::commands::{PolicyError, PolicyInput, change_policy};
use super::manage::{SECTION, failure, find, question, saved};
use super::model::{PolicyRow, VersionRow};
use super::names::Names;
use super::pages::Version;
use super::present::{self, LIST};
use super::queries::{get_policy, get_version};
use crate::accounts::{Manager, Person, PersonId, people_by_id};
use crate::platform::db::{StorageError, Timestamp};
use crate::platform::i18n::{Lang, Message};
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Outcome, Posted, Reply};
use crate::sla::calendars::pages::VersionLine;
use crate::sla::impact::{Change, confirm};
use crate::sla::policy::PolicyId;
use crate::sla::ticket::recount;

pub(super) fn routes() -> Vec<Route> {
    routes![show, restore]
}

pub(super) fn label(number: i64, lang: Lang) -> String {
    Message::new("calendars-version")
        .text("number", number.to_string())
        .render(lang)
}

/// Who made a version, and when.
fn made(
    author: Option<PersonId>,
    at: Timestamp,
    people: &HashMap<PersonId, Person>,
    manager: &Manager,
) -> String {
    let name = author.and_then(|id| people.get(&id));
    let name = name.map_or_else(
        || Message::new("calendars-by-program").render(manager.lang),
        |person| person.name.clone(),
    );
    format!("{name}, {}", manager.calendar().moment(at))
}

pub(super) fn line(
    row: &PolicyRow,
    version: &VersionRow,
    people: &HashMap<PersonId, Person>,
    manager: &Manager,
) -> VersionLine {
    VersionLine {
        href: format!("{LIST}/{}/versions/{}", row.id, version.number),
        label: label(version.number, manager.lang),
        made: made(version.author_id, version.at, people, manager),
        current: version.number == row.version,
    }
}

#[get("/manage/policies/<id>/versions/<number>")]
async fn show(manager: Manager, id: PolicyId, number: i64) -> Outcome {
    let found = manager.site.db.read(move |conn| {
        let row = get_policy(conn, id)?;
        let version = get_version(conn, id, number)?;
        let people = people_by_id(conn, version.author)?;
        Ok::<_, StorageError>((row, version, people, Names::load(conn)?))
    });
    let (row, version, people, names) = found.await?;
    let (lang, policy) = (manager.lang, &version.content);
    let view = Version {
        back_href: format!("{LIST}/{id}"),
        name: version.name.clone(),
        label: label(number, lang),
        made: made(version.author, version.at, &people, &manager),
        calendar: present::calendar_name(&names, policy.calendar, lang),
        conditions: names.describe(&policy.condition, lang),
        promises: present::promises(policy, lang),
        pauses: present::status_names(&policy.pauses, lang),
        current: number == row.version,
        restore_action: format!("{LIST}/{id}/versions/{number}"),
        latest: row.version,
    };
    manager.agent().page(Status::Ok, SECTION, &view).await
}

/// Makes what a version says hold again: as a new version.
#[post("/manage/policies/<id>/versions/<number>", data = "<posted>")]
async fn restore(posted: Posted<Manager>, id: PolicyId, number: i64) -> Outcome {
    let Posted {
        who: manager,
        fields,
        ..
    } = posted;
    let (row, current) = find(&manager, id).await?;
    let seen = fields.get("latest").parse().unwrap_or(0);
    let wanted = manager
        .site
        .db
        .read(move |conn| get_version(conn, id, number).map_err(StorageError::from));
    let wanted = wanted.await?.content;
    if seen == row.version && wanted != current.content {
        let (back, action) = (
            format!("{LIST}/{id}"),
            format!("{LIST}/{id}/versions/{number}"),
        );
        let question = question(&row, back, action, &fields);
        let change = Change::Policy(Box::new(row), wanted);
        if let Some(page) = confirm::ask(&manager, change, question).await? {
            return Ok(page);
        }
    }
    let restored = manager.once(&fields, move |tx| {
        let old = get_version(tx.conn, id, number)?;
        let input = PolicyInput {
            name: old.name,
            content: old.content,
        };
        if change_policy(tx, id, seen, &input)? {
            recount::request(tx)?;
        }
        Ok::<_, PolicyError>(format!("{LIST}/{id}"))
    });
    let refused = |key| {
        Ok(Reply::see_other(format!("{LIST}/{id}"))
            .with_flash(FlashKind::Danger, Message::new(key)))
    };
    match restored.await {
        Ok(location) => Ok(saved(location)),
        Err(PolicyError::Overtaken) => refused("policies-overtaken"),
        Err(PolicyError::NameTaken) => refused("policies-name-taken"),
        Err(error) => Err(failure(error)),
    }
}
