//! The page on which a policy is changed.

use rocket::http::Status;

use super::manage::SECTION;
use super::model::PolicyRow;
use super::names::Names;
use super::pages::{Edit, Existing};
use super::present::{self, LIST};
use super::queries::{count_open, list_versions};
use super::versions;
use crate::accounts::{Manager, PersonId, people_by_id};
use crate::platform::db::StorageError;
use crate::platform::i18n::{Message, integer};
use crate::platform::web::{Failure, FormState, Outcome};
use crate::sla::impact::pages::Impact;
use crate::tickets::conditions::Condition;

/// Versions that the page lists.
const VERSIONS: i64 = 20;

/// What the page shows of a policy.
pub(super) struct Shown {
    /// The fields.
    pub form: FormState,
    /// The condition whose tickets are counted.
    pub condition: Option<Condition>,
    /// What saving would do.
    pub impact: Option<Impact>,
    /// Whether somebody else saved it meanwhile.
    pub stale: bool,
}

impl Shown {
    /// A form, and nothing beside it.
    pub(super) const fn of(form: FormState) -> Self {
        Self {
            form,
            condition: None,
            impact: None,
            stale: false,
        }
    }
}

pub(super) async fn edit_page(
    manager: &Manager,
    status: Status,
    row: Option<PolicyRow>,
    names: &Names,
    shown: Shown,
) -> Outcome {
    let lang = manager.lang;
    let existing = match &row {
        Some(row) => Some(existing(manager, row).await?),
        None => None,
    };
    let last = existing.as_ref().and_then(|e| e.versions.first());
    let stale = last.filter(|_| shown.stale).map(|last| {
        Message::new("calendars-stale")
            .text("who", &last.made)
            .render(lang)
    });
    let view = Edit {
        action: row
            .as_ref()
            .map_or_else(|| LIST.to_owned(), |row| format!("{LIST}/{}", row.id)),
        list_href: LIST.to_owned(),
        calendars: present::calendars(&shown.form, names),
        conditions: present::conditions(&shown.form, names, lang),
        pauses: present::pauses(&shown.form, lang),
        targets: present::target_fields(lang),
        times: present::times(lang),
        matching: matching(manager, shown.condition).await?,
        form: shown.form,
        impact: shown.impact,
        stale,
        existing,
    };
    manager.agent().page(status, SECTION, &view).await
}

/// How many open requests a condition holds for, as a sentence.
async fn matching(
    manager: &Manager,
    condition: Option<Condition>,
) -> Result<Option<String>, Failure> {
    let Some(condition) = condition else {
        return Ok(None);
    };
    let counted = manager
        .site
        .db
        .read(move |conn| count_open(conn, &condition).map_err(StorageError::from));
    let count = counted.await?;
    Ok(Some(
        Message::new("policies-matching")
            .number("count", count)
            .text("shown", integer(manager.lang, count))
            .render(manager.lang),
    ))
}

async fn existing(manager: &Manager, row: &PolicyRow) -> Result<Existing, Failure> {
    let id = row.id;
    let (listed, people) = manager
        .site
        .db
        .read(move |conn| {
            let listed = list_versions(conn, id, VERSIONS)?;
            let authors: Vec<PersonId> = listed.iter().filter_map(|v| v.author_id).collect();
            let people = people_by_id(conn, authors)?;
            Ok::<_, StorageError>((listed, people))
        })
        .await?;
    Ok(Existing {
        name: row.name.clone(),
        version: versions::label(row.version, manager.lang),
        archived: row.archived_at.is_some(),
        archive_action: format!("{LIST}/{id}/archive"),
        versions: listed
            .iter()
            .map(|version| versions::line(row, version, &people, manager))
            .collect(),
    })
}
