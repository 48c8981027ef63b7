//! Calendars, for managers.

use diesel::{OptionalExtension, QueryResult};
use rocket::http::Status;
use rocket::{Route, get, post, routes};

use super::commands::{
    CalendarError, CalendarInput, archive_calendar, change_calendar, create_calendar, show_calendar,
};
use super::edit::{Shown, edit_page};
use super::entered;
use super::import;
use super::model::{CalendarId, CalendarRow, CalendarVersion};
use super::pages::List;
use super::present::{self, LIST};
use super::queries::{get_calendar, get_version, list_current};
use crate::accounts::{Manager, people_by_id};
use crate::platform::db::{Conn, StorageError};
use crate::platform::i18n::Message;
use crate::platform::web::form::FormErrors;
use crate::platform::web::parts::Parts;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::shell::{Rail, RailLink, RailViewer};
use crate::platform::web::{Failure, Fields, FormState, Outcome, Posted, Reply};
use crate::sla::deed::Deed;
use crate::sla::impact::Change;
use crate::sla::impact::confirm::{self, Question};
use crate::sla::impact::pages::Impact;
use crate::sla::ticket::recount;

/// Key of the entry in the rail.
pub(super) const SECTION: &str = "calendars";

/// The routes of calendars.
#[must_use]
pub fn routes() -> Vec<Route> {
    let mut all = routes![
        list, new, create, edit, change, version, restore, show, archive
    ];
    all.extend(import::routes());
    all
}

/// The entry in the rail.
///
/// # Errors
/// Never.
pub fn rail(_: &mut Conn, _: &Parts, viewer: &RailViewer, rail: &mut Rail) -> QueryResult<()> {
    if viewer.is_manager {
        rail.manage.push(RailLink {
            key: SECTION.to_owned(),
            label: Message::new("calendars-title").render(viewer.lang),
            href: LIST.to_owned(),
            icon: "calendar".to_owned(),
            hue: 0,
            count: None,
            current: false,
        });
    }
    Ok(())
}

#[get("/manage/calendars")]
async fn list(manager: Manager) -> Outcome {
    let all = manager
        .site
        .db
        .read(|conn| list_current(conn).map_err(StorageError::from))
        .await?;
    let rows = all.iter();
    let view = List {
        new_href: format!("{LIST}/new"),
        rows: rows
            .map(|(row, version)| present::row(row, version, manager.lang))
            .collect(),
    };
    manager.agent().page(Status::Ok, SECTION, &view).await
}

#[get("/manage/calendars/new")]
async fn new(manager: Manager) -> Outcome {
    let form = entered::blank(manager.company.time_zone);
    edit_page(&manager, Status::Ok, None, Shown::of(form)).await
}

#[post("/manage/calendars", data = "<posted>")]
async fn create(posted: Posted<Manager>) -> Outcome {
    let Posted {
        who: manager,
        fields,
        ..
    } = posted;
    let input = match read(&manager, &fields) {
        Ok(input) => input,
        Err(shown) => {
            return edit_page(&manager, Status::UnprocessableEntity, None, *shown).await;
        }
    };
    if Deed::of(&fields) == Deed::Preview {
        return edit_page(&manager, Status::Ok, None, typed(&manager, &fields, &input)).await;
    }
    let command = input.clone();
    let created = manager.once(&fields, move |tx| {
        let id = create_calendar(tx, &command)?;
        Ok::<_, CalendarError>(format!("{LIST}/{id}"))
    });
    match created.await {
        Ok(location) => Ok(saved(location)),
        Err(CalendarError::NameTaken) => {
            let shown = name_taken(&manager, &fields, &input);
            edit_page(&manager, Status::UnprocessableEntity, None, shown).await
        }
        Err(error) => Err(failure(error)),
    }
}

#[get("/manage/calendars/<id>", rank = 2)]
async fn edit(manager: Manager, id: CalendarId) -> Outcome {
    let (row, version) = find(&manager, id).await?;
    let form = entered::fill(&row, &version, manager.lang);
    let shown = Shown {
        content: Some(version.content),
        ..Shown::of(form)
    };
    edit_page(&manager, Status::Ok, Some(row), shown).await
}

#[post("/manage/calendars/<id>", data = "<posted>")]
async fn change(posted: Posted<Manager>, id: CalendarId) -> Outcome {
    let Posted {
        who: manager,
        fields,
        ..
    } = posted;
    let (row, _) = find(&manager, id).await?;
    let input = match read(&manager, &fields) {
        Ok(input) => input,
        Err(shown) => {
            return edit_page(&manager, Status::UnprocessableEntity, Some(row), *shown).await;
        }
    };
    let deed = Deed::of(&fields);
    if deed != Deed::Confirm {
        let impact = look_ahead(&manager, id, &input).await?;
        if impact.is_some() || deed == Deed::Preview {
            let shown = Shown {
                impact,
                ..typed(&manager, &fields, &input)
            };
            return edit_page(&manager, Status::Ok, Some(row), shown).await;
        }
    }
    let seen = fields.get("version").parse().unwrap_or(0);
    let command = input.clone();
    let changed = manager.once(&fields, move |tx| {
        if change_calendar(tx, id, seen, &command)? {
            recount::request(tx)?;
        }
        Ok::<_, CalendarError>(format!("{LIST}/{id}"))
    });
    let outcome = changed.await;
    match outcome {
        Ok(location) => {
            manager.with_latest_company().await?;
            Ok(saved(location))
        }
        Err(CalendarError::NameTaken) => {
            let shown = name_taken(&manager, &fields, &input);
            edit_page(&manager, Status::UnprocessableEntity, Some(row), shown).await
        }
        Err(CalendarError::Overtaken) => {
            let (row, _) = find(&manager, id).await?;
            let mut shown = typed(&manager, &fields, &input);
            shown.form = shown.form.with("version", row.version.to_string());
            shown.stale = true;
            edit_page(&manager, Status::Conflict, Some(row), shown).await
        }
        Err(error) => Err(failure(error)),
    }
}

#[get("/manage/calendars/<id>/versions/<number>")]
async fn version(manager: Manager, id: CalendarId, number: i64) -> Outcome {
    let found = manager.site.db.read(move |conn| {
        let row = get_calendar(conn, id)?;
        let version = get_version(conn, id, number)?;
        let people = people_by_id(conn, version.author)?;
        Ok::<_, StorageError>((row, version, people))
    });
    let (row, version, people) = found.await?;
    let view = present::version_page(&row, &version, &people, &manager);
    manager.agent().page(Status::Ok, SECTION, &view).await
}

/// Makes what a version says hold again: as a new version.
#[post("/manage/calendars/<id>/versions/<number>", data = "<posted>")]
async fn restore(posted: Posted<Manager>, id: CalendarId, number: i64) -> Outcome {
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
        let question = Question {
            section: SECTION,
            title: row.name,
            back: format!("{LIST}/{id}"),
            action: format!("{LIST}/{id}/versions/{number}"),
            fields: &fields,
        };
        if let Some(page) = confirm::ask(&manager, Change::Calendar(id, wanted), question).await? {
            return Ok(page);
        }
    }
    let restored = manager.once(&fields, move |tx| {
        let old = get_version(tx.conn, id, number)?;
        let input = CalendarInput {
            name: old.name,
            content: old.content,
        };
        if change_calendar(tx, id, seen, &input)? {
            recount::request(tx)?;
        }
        Ok::<_, CalendarError>(format!("{LIST}/{id}"))
    });
    let location = format!("{LIST}/{id}");
    let refused =
        |key| Ok(Reply::see_other(&location).with_flash(FlashKind::Danger, Message::new(key)));
    let outcome = restored.await;
    match outcome {
        Ok(location) => {
            manager.with_latest_company().await?;
            Ok(saved(location))
        }
        Err(CalendarError::Overtaken) => refused("calendars-overtaken"),
        Err(CalendarError::NameTaken) => refused("calendars-name-taken"),
        Err(error) => Err(failure(error)),
    }
}

#[post("/manage/calendars/<id>/shown", data = "<posted>")]
async fn show(posted: Posted<Manager>, id: CalendarId) -> Outcome {
    let Posted {
        who: manager,
        fields,
        ..
    } = posted;
    find(&manager, id).await?;
    let shown = fields.get("shown") == "true";
    let command = manager.site.db.write(manager.actor(), move |tx| {
        show_calendar(tx, id, shown)?;
        Ok::<_, CalendarError>(())
    });
    let outcome = command.await;
    outcome.map_err(failure)?;
    manager.with_latest_company().await?;
    let key = if shown {
        "calendars-now-shown"
    } else {
        "calendars-now-hidden"
    };
    let location = format!("{LIST}/{id}");
    Ok(Reply::see_other(location).with_flash(FlashKind::Ok, Message::new(key)))
}

#[post("/manage/calendars/<id>/archive", data = "<posted>")]
async fn archive(posted: Posted<Manager>, id: CalendarId) -> Outcome {
    let Posted {
        who: manager,
        fields,
        ..
    } = posted;
    find(&manager, id).await?;
    let archived = fields.get("archived") == "true";
    let command = manager.site.db.write(manager.actor(), move |tx| {
        archive_calendar(tx, id, archived)
    });
    let location = format!("{LIST}/{id}");
    let outcome = command.await;
    match outcome {
        Ok(()) => {
            manager.with_latest_company().await?;
            Ok(saved(location))
        }
        Err(CalendarError::LastOne) => Ok(Reply::see_other(location)
            .with_flash(FlashKind::Danger, Message::new("calendars-last-one"))),
        Err(error) => Err(failure(error)),
    }
}

/// What saving would do to open requests.
async fn look_ahead(
    manager: &Manager,
    id: CalendarId,
    input: &CalendarInput,
) -> Result<Option<Impact>, Failure> {
    let change = Change::Calendar(id, input.content.clone());
    confirm::look_ahead(manager, change).await
}

fn saved(location: String) -> Reply {
    Reply::see_other(location).with_flash(FlashKind::Ok, Message::new("calendars-saved"))
}

fn failure(error: CalendarError) -> Failure {
    match error {
        CalendarError::Storage(error) => error.into(),
        other => Failure::internal(&other),
    }
}

pub(super) async fn find(
    manager: &Manager,
    id: CalendarId,
) -> Result<(CalendarRow, CalendarVersion), Failure> {
    let found = manager.site.db.read(move |conn| {
        let Some(row) = get_calendar(conn, id).optional()? else {
            return Ok::<_, StorageError>(None);
        };
        let version = get_version(conn, id, row.version)?;
        Ok(Some((row, version)))
    });
    found.await?.ok_or(Failure::NotFound)
}

/// What the form asks for, or the form with what is wrong with it.
fn read(manager: &Manager, fields: &Fields) -> Result<CalendarInput, Box<Shown>> {
    entered::read(fields, manager.lang).map_err(|errors| {
        let form = FormState::refused(fields, &errors, manager.lang);
        Box::new(Shown::of(form))
    })
}

fn typed(manager: &Manager, fields: &Fields, input: &CalendarInput) -> Shown {
    let form = FormState::refused(fields, &FormErrors::default(), manager.lang);
    Shown {
        content: Some(input.content.clone()),
        unsaved: true,
        ..Shown::of(form)
    }
}

fn name_taken(manager: &Manager, fields: &Fields, input: &CalendarInput) -> Shown {
    let errors = FormErrors::one("name", Message::new("calendars-name-taken"));
    Shown {
        form: FormState::refused(fields, &errors, manager.lang),
        ..typed(manager, fields, input)
    }
}
