//! Policies, for managers.

use diesel::{OptionalExtension, QueryResult};
use rocket::http::Status;
use rocket::{Route, get, post, routes};

use super::commands::{
    PolicyError, PolicyInput, archive_policy, change_policy, create_policy, move_policy,
    order_after,
};
use super::edit::{Shown, edit_page};
use super::entered;
use super::model::{PolicyRow, PolicyVersion};
use super::names::Names;
use super::pages::List;
use super::present::{self, LIST};
use super::queries::{get_policy, get_version, list_current};
use super::versions;
use crate::accounts::Manager;
use crate::platform::db::{Conn, StorageError};
use crate::platform::i18n::Message;
use crate::platform::web::form::FormErrors;
use crate::platform::web::parts::Parts;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::shell::{Rail, RailLink, RailViewer};
use crate::platform::web::{Failure, Fields, Outcome, Posted, Reply};
use crate::sla::deed::Deed;
use crate::sla::impact::Change;
use crate::sla::impact::confirm::{self, Question};
use crate::sla::impact::pages::Impact;
use crate::sla::policy::PolicyId;
use crate::sla::ticket::recount;

/// Key of the entry in the rail.
pub(super) const SECTION: &str = "policies";

/// The routes of policies.
#[must_use]
pub fn routes() -> Vec<Route> {
    let mut all = routes![list, new, create, edit, change, place, archive];
    all.extend(versions::routes());
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
            label: Message::new("policies-title").render(viewer.lang),
            href: LIST.to_owned(),
            icon: "timer".to_owned(),
            hue: 0,
            count: None,
            current: false,
        });
    }
    Ok(())
}

#[get("/manage/policies")]
async fn list(manager: Manager) -> Outcome {
    let read = manager
        .site
        .db
        .read(|conn| Ok::<_, StorageError>((list_current(conn)?, Names::load(conn)?)));
    let (all, names) = read.await?;
    let view = List {
        new_href: format!("{LIST}/new"),
        rows: present::rows(&all, &names, manager.lang),
    };
    manager.agent().page(Status::Ok, SECTION, &view).await
}

#[get("/manage/policies/new")]
async fn new(manager: Manager) -> Outcome {
    let names = names(&manager).await?;
    let shown = Shown::of(entered::blank(&names));
    edit_page(&manager, Status::Ok, None, &names, shown).await
}

#[get("/manage/policies/<id>", rank = 2)]
async fn edit(manager: Manager, id: PolicyId) -> Outcome {
    let (row, version) = find(&manager, id).await?;
    let names = names(&manager).await?;
    let shown = Shown {
        condition: Some(version.content.condition.clone()),
        ..Shown::of(entered::fill(&version, &names, manager.lang))
    };
    edit_page(&manager, Status::Ok, Some(row), &names, shown).await
}

#[post("/manage/policies", data = "<posted>")]
async fn create(posted: Posted<Manager>) -> Outcome {
    save(posted, None).await
}

#[post("/manage/policies/<id>", data = "<posted>")]
async fn change(posted: Posted<Manager>, id: PolicyId) -> Outcome {
    let (row, _) = find(&posted.who, id).await?;
    save(posted, Some(row)).await
}

/// Saves a policy, new or existing. When that would change due times of open requests, they are
/// shown first, and saved when the form comes back with a yes.
async fn save(posted: Posted<Manager>, row: Option<PolicyRow>) -> Outcome {
    let Posted {
        who: manager,
        fields,
        ..
    } = posted;
    let names = names(&manager).await?;
    let input = match entered::read(&fields, &names, manager.lang) {
        Ok(input) => input,
        Err(errors) => {
            let shown = Shown::of(entered::sent_back(&fields, &errors, manager.lang));
            let status = Status::UnprocessableEntity;
            return edit_page(&manager, status, row, &names, shown).await;
        }
    };
    let deed = Deed::of(&fields);
    if deed != Deed::Confirm {
        let impact = look_ahead(&manager, row.clone(), &input).await?;
        if impact.is_some() || deed == Deed::Preview {
            let shown = Shown {
                impact,
                ..typed(&manager, &fields, &input)
            };
            return edit_page(&manager, Status::Ok, row, &names, shown).await;
        }
    }
    let seen = fields.get("version").parse().unwrap_or(0);
    let (command, id) = (input.clone(), row.as_ref().map(|row| row.id));
    let stored = manager.once(&fields, move |tx| {
        let (id, changed) = match id {
            Some(id) => (id, change_policy(tx, id, seen, &command)?),
            None => (create_policy(tx, &command)?, true),
        };
        if changed {
            recount::request(tx)?;
        }
        Ok::<_, PolicyError>(format!("{LIST}/{id}"))
    });
    match (stored.await, row) {
        (Ok(location), _) => Ok(saved(location)),
        (Err(PolicyError::NameTaken), row) => {
            let errors = FormErrors::one("name", Message::new("policies-name-taken"));
            let shown = Shown::of(entered::sent_back(&fields, &errors, manager.lang));
            let status = Status::UnprocessableEntity;
            edit_page(&manager, status, row, &names, shown).await
        }
        (Err(PolicyError::Overtaken), Some(row)) => {
            let (row, _) = find(&manager, row.id).await?;
            let mut shown = typed(&manager, &fields, &input);
            shown.form = shown.form.with("version", row.version.to_string());
            shown.stale = true;
            edit_page(&manager, Status::Conflict, Some(row), &names, shown).await
        }
        (Err(error), _) => Err(failure(error)),
    }
}

/// What saving would do to open requests.
async fn look_ahead(
    manager: &Manager,
    row: Option<PolicyRow>,
    input: &PolicyInput,
) -> Result<Option<Impact>, Failure> {
    let row = row.unwrap_or_else(|| PolicyRow {
        id: PolicyId(0),
        name: input.name.clone(),
        position: i32::MAX,
        created_at: manager.now,
        archived_at: None,
        version: 0,
    });
    let change = Change::Policy(Box::new(row), input.content.clone());
    confirm::look_ahead(manager, change).await
}

/// What is about to be done to a policy, where its list leads back.
pub(super) fn question<'a>(
    row: &PolicyRow,
    back: String,
    action: String,
    fields: &'a Fields,
) -> Question<'a> {
    Question {
        section: SECTION,
        title: row.name.clone(),
        back,
        action,
        fields,
    }
}

#[post("/manage/policies/<id>/place", data = "<posted>")]
async fn place(posted: Posted<Manager>, id: PolicyId) -> Outcome {
    let Posted {
        who: manager,
        fields,
        ..
    } = posted;
    let (row, _) = find(&manager, id).await?;
    let up = fields.get("direction") == "up";
    let ahead = manager
        .site
        .db
        .read(move |conn| order_after(conn, id, up).map_err(StorageError::from));
    if let Some(moved) = ahead.await? {
        let action = format!("{LIST}/{id}/place");
        let question = question(&row, LIST.to_owned(), action, &fields);
        if let Some(page) = confirm::ask(&manager, Change::Order(moved.order), question).await? {
            return Ok(page);
        }
    }
    let moved = manager.once(&fields, move |tx| {
        if move_policy(tx, id, up)? {
            recount::request(tx)?;
        }
        Ok::<_, PolicyError>(LIST.to_owned())
    });
    Ok(saved(moved.await.map_err(failure)?))
}

#[post("/manage/policies/<id>/archive", data = "<posted>")]
async fn archive(posted: Posted<Manager>, id: PolicyId) -> Outcome {
    let Posted {
        who: manager,
        fields,
        ..
    } = posted;
    let (row, _) = find(&manager, id).await?;
    let archived = fields.get("archived") == "true";
    if row.archived_at.is_some() != archived {
        let (back, action) = (format!("{LIST}/{id}"), format!("{LIST}/{id}/archive"));
        let question = question(&row, back, action, &fields);
        let change = Change::Archive(id, archived);
        if let Some(page) = confirm::ask(&manager, change, question).await? {
            return Ok(page);
        }
    }
    let command = manager.site.db.write(manager.actor(), move |tx| {
        if archive_policy(tx, id, archived)? {
            recount::request(tx)?;
        }
        Ok::<_, PolicyError>(())
    });
    command.await.map_err(failure)?;
    Ok(saved(format!("{LIST}/{id}")))
}

pub(super) fn saved(location: String) -> Reply {
    Reply::see_other(location).with_flash(FlashKind::Ok, Message::new("policies-saved"))
}

pub(super) fn failure(error: PolicyError) -> Failure {
    match error {
        PolicyError::Storage(error) => error.into(),
        other => Failure::internal(&other),
    }
}

async fn names(manager: &Manager) -> Result<Names, Failure> {
    let read = manager
        .site
        .db
        .read(|conn| Names::load(conn).map_err(StorageError::from));
    Ok(read.await?)
}

pub(super) async fn find(
    manager: &Manager,
    id: PolicyId,
) -> Result<(PolicyRow, PolicyVersion), Failure> {
    let found = manager.site.db.read(move |conn| {
        let Some(row) = get_policy(conn, id).optional()? else {
            return Ok::<_, StorageError>(None);
        };
        let version = get_version(conn, id, row.version)?;
        Ok(Some((row, version)))
    });
    found.await?.ok_or(Failure::NotFound)
}

fn typed(manager: &Manager, fields: &Fields, input: &PolicyInput) -> Shown {
    let form = entered::sent_back(fields, &FormErrors::default(), manager.lang);
    Shown {
        condition: Some(input.content.condition.clone()),
        ..Shown::of(form)
    }
}
