//! The pages of the settings, for managers.

use std::sync::Arc;

use diesel::QueryResult;
use rocket::http::Status;
use rocket::{Route, get, post, routes};

use super::commands::{Change, ChangeError, change, list_changes};
use super::entered::{fill, followed, read};
use super::present::{self, History};
use crate::accounts::{Manager, PersonId, people_by_id};
use crate::platform::company::logo::{self, Logo, NoLogo};
use crate::platform::company::{Group, Key};
use crate::platform::db::{Conn, StorageError, Tx};
use crate::platform::i18n::Message;
use crate::platform::web::form::{Fields, FormErrors};
use crate::platform::web::parts::Parts;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::shell::{Rail, RailLink, RailViewer};
use crate::platform::web::{Failure, FormState, Outcome, Posted, Reply, Upload};

/// Key of the entry in the rail.
const SECTION: &str = "settings";

/// Changes shown on the page of a group.
const PAST: usize = 10;

/// The field of the logo's file, and the box that takes the logo away.
const LOGO_FILE: &str = "logo_file";
const NO_LOGO: &str = "no_logo";

pub(super) fn routes() -> Vec<Route> {
    routes![overview, edit, save]
}

pub(super) fn group_path(group: Group) -> String {
    if group.has_form() {
        format!("/manage/settings/{group}")
    } else {
        "/manage/calendars".to_owned()
    }
}

/// The group of a form, by its name in the address.
fn form_group(name: &str) -> Result<Group, Failure> {
    let group = name.parse().ok();
    group
        .filter(|group: &Group| group.has_form())
        .ok_or(Failure::NotFound)
}

pub(super) fn rail(
    _: &mut Conn,
    _: &Parts,
    viewer: &RailViewer,
    rail: &mut Rail,
) -> QueryResult<()> {
    if viewer.is_manager {
        rail.manage.push(RailLink {
            key: SECTION.to_owned(),
            label: Message::new("settings-title").render(viewer.lang),
            href: "/manage/settings".to_owned(),
            icon: "settings".to_owned(),
            hue: 0,
            count: None,
            current: false,
        });
    }
    Ok(())
}

#[get("/manage/settings")]
async fn overview(manager: Manager) -> Outcome {
    let view = present::overview(&manager);
    manager.agent().page(Status::Ok, SECTION, &view).await
}

#[get("/manage/settings/<group>", rank = 2)]
async fn edit(manager: Manager, group: &str) -> Outcome {
    let group = form_group(group)?;
    let form = fill(group, &manager.company);
    page(&manager, Status::Ok, group, form).await
}

async fn history(manager: &Manager, group: Group) -> Result<History, Failure> {
    let read = manager.site.db.read(move |conn| {
        let changes = list_changes(conn, group, PAST)?;
        let actors = changes.iter().filter_map(|change| change.actor.person());
        let people = people_by_id(conn, actors.map(PersonId))?;
        Ok::<_, StorageError>(History { changes, people })
    });
    Ok(read.await?)
}

async fn page(manager: &Manager, status: Status, group: Group, form: FormState) -> Outcome {
    let history = history(manager, group).await?;
    let view = present::edit(manager, group, form, &history);
    manager.agent().page(status, SECTION, &view).await
}

#[post("/manage/settings/<group>", data = "<posted>")]
async fn save(group: &str, posted: Posted<Manager>) -> Outcome {
    let Posted {
        who: manager,
        fields,
        uploads,
    } = posted;
    let group = form_group(group)?;
    let wanted = match wanted(&manager, group, &fields, uploads).await? {
        Ok(wanted) => wanted,
        Err(errors) => {
            let form = sent_back(group, &fields, &errors, &manager);
            return page(&manager, Status::UnprocessableEntity, group, form).await;
        }
    };
    let (command, company) = (wanted.clone(), Arc::clone(&manager.company));
    let saved = move |tx: &mut Tx<'_>| {
        change(tx, &command, &company)?;
        Ok::<_, ChangeError>(group_path(group))
    };
    let outcome = manager.once(&fields, saved).await;
    let manager = manager.with_latest_company().await?;
    match outcome {
        Ok(_) => Ok(Reply::see_other(group_path(group))
            .with_flash(FlashKind::Ok, Message::new("settings-saved"))),
        Err(ChangeError::Stale) => conflict(&manager, &wanted, &fields).await,
        Err(ChangeError::Storage(error)) => Err(error.into()),
    }
}

/// What the form asks for, or what is wrong with it.
async fn wanted(
    manager: &Manager,
    group: Group,
    fields: &Fields,
    uploads: Vec<Upload>,
) -> Result<Result<Change, FormErrors>, Failure> {
    let entered = read(group, fields, &manager.company, manager.lang);
    let logo = match picture(uploads).await? {
        Ok(logo) => logo,
        Err(reason) => {
            let error = FormErrors::one(LOGO_FILE, refused_logo(reason));
            return Ok(Err(entered.err().unwrap_or_default().and(error)));
        }
    };
    let mut entered = match entered {
        Ok(entered) => entered,
        Err(errors) => return Ok(Err(errors)),
    };
    if group == Group::Identity {
        match &logo {
            Some(logo) => entered.set(Key::Logo, logo.sha256.clone()),
            None if !fields.get(NO_LOGO).is_empty() => entered.set(Key::Logo, ""),
            None => {}
        }
    }
    Ok(Ok(Change {
        group,
        seen: fields.get("version").parse().unwrap_or_default(),
        entered,
        follow: followed(group, fields),
        logo,
    }))
}

fn refused_logo(reason: NoLogo) -> Message {
    Message::new(reason.key())
        .number(
            "kilobytes",
            i64::try_from(logo::MAX_BYTES / 1000).unwrap_or(i64::MAX),
        )
        .number("pixels", i64::try_from(logo::MAX_SIDE).unwrap_or(i64::MAX))
}

/// The file of the logo, if one was sent, told by what it contains.
async fn picture(uploads: Vec<Upload>) -> Result<Result<Option<Logo>, NoLogo>, Failure> {
    let Some(upload) = uploads.into_iter().find(|upload| upload.field == LOGO_FILE) else {
        return Ok(Ok(None));
    };
    let small = usize::try_from(upload.size).is_ok_and(|size| size <= logo::MAX_BYTES);
    let Some(path) = upload.path.filter(|_| small) else {
        return Ok(Err(NoLogo::TooHeavy));
    };
    let content = rocket::tokio::fs::read(&path)
        .await
        .map_err(|error| Failure::Unavailable(error.to_string()))?;
    Ok(Logo::verify(content, upload.sha256).map(Some))
}

/// The form as it was sent. Boxes of one name come back together.
fn sent_back(group: Group, fields: &Fields, errors: &FormErrors, manager: &Manager) -> FormState {
    let form = FormState::refused(fields, errors, manager.lang);
    match group {
        Group::Languages => {
            let ticked = fields.all(Key::Languages.as_str()).join(",");
            form.with(Key::Languages.as_str(), ticked)
        }
        _ => form,
    }
}

/// Both values side by side, and what was typed in the fields: saving it again is then meant.
async fn conflict(manager: &Manager, wanted: &Change, fields: &Fields) -> Outcome {
    let group = wanted.group;
    let form = sent_back(group, fields, &FormErrors::default(), manager);
    let form = form.with("version", manager.company.version(group).to_string());
    let history = history(manager, group).await?;
    let mut view = present::edit(manager, group, form, &history);
    view.conflicts = present::conflicts(manager, wanted);
    view.conflict_title = history.changes.first().map(|last| {
        Message::new("settings-conflict-who")
            .text("who", present::who(last, &history.people, manager.lang))
            .text("when", manager.calendar().moment(last.at))
            .render(manager.lang)
    });
    manager.agent().page(Status::Conflict, SECTION, &view).await
}
