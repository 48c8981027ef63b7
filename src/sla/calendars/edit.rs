//! The page on which a calendar is changed.

use rocket::http::Status;

use super::manage::SECTION;
use super::model::CalendarRow;
use super::pages::{Edit, Existing};
use super::present::{self, LIST};
use super::queries::list_versions;
use crate::accounts::{Manager, PersonId, people_by_id, zones};
use crate::platform::db::StorageError;
use crate::platform::i18n::Message;
use crate::platform::web::{Failure, FormState, Outcome};
use crate::sla::calendar::Calendar;
use crate::sla::impact::pages::Impact;

/// Versions that the page lists.
const VERSIONS: i64 = 20;

/// What the page shows of a calendar.
pub(super) struct Shown {
    /// The fields.
    pub form: FormState,
    /// What the preview is of.
    pub content: Option<Calendar>,
    /// Whether that is not saved yet.
    pub unsaved: bool,
    /// What was read out of a file.
    pub imported: Vec<String>,
    /// What is wrong with a file.
    pub import_error: Option<String>,
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
            content: None,
            unsaved: false,
            imported: Vec::new(),
            import_error: None,
            impact: None,
            stale: false,
        }
    }
}

pub(super) async fn edit_page(
    manager: &Manager,
    status: Status,
    row: Option<CalendarRow>,
    shown: Shown,
) -> Outcome {
    let lang = manager.lang;
    let existing = match &row {
        Some(row) => Some(existing(manager, row, shown.import_error).await?),
        None => None,
    };
    let last = existing.as_ref().and_then(|e| e.versions.first());
    let stale = last.filter(|_| shown.stale).map(|last| {
        Message::new("calendars-stale")
            .text("who", &last.made)
            .render(lang)
    });
    let zone = shown.form.values.get("zone").cloned().unwrap_or_default();
    let weeks = shown.content.as_ref();
    let view = Edit {
        action: row
            .as_ref()
            .map_or_else(|| LIST.to_owned(), |row| format!("{LIST}/{}", row.id)),
        list_href: LIST.to_owned(),
        days: present::days(lang),
        zones: zones::named_options(&zone),
        publics: present::publics(lang),
        weeks: weeks
            .map(|calendar| present::weeks(calendar, lang, manager.now))
            .unwrap_or_default(),
        form: shown.form,
        unsaved: shown.unsaved,
        imported: shown.imported,
        impact: shown.impact,
        stale,
        existing,
    };
    manager.agent().page(status, SECTION, &view).await
}

async fn existing(
    manager: &Manager,
    row: &CalendarRow,
    import_error: Option<String>,
) -> Result<Existing, Failure> {
    let id = row.id;
    let (versions, people) = manager
        .site
        .db
        .read(move |conn| {
            let versions = list_versions(conn, id, VERSIONS)?;
            let authors: Vec<PersonId> = versions.iter().filter_map(|v| v.author_id).collect();
            let people = people_by_id(conn, authors)?;
            Ok::<_, StorageError>((versions, people))
        })
        .await?;
    let path = format!("{LIST}/{id}");
    Ok(Existing {
        name: row.name.clone(),
        version: present::version_label(row.version, manager.lang),
        shown: row.shown,
        follows_file: row.follows_file,
        archived: row.archived_at.is_some(),
        show_action: format!("{path}/shown"),
        archive_action: format!("{path}/archive"),
        import_action: format!("{path}/import"),
        import_error,
        versions: versions
            .iter()
            .map(|version| present::version_line(row, version, &people, manager))
            .collect(),
    })
}
