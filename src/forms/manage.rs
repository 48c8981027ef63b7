//! Kinds of request, for managers.

use diesel::OptionalExtension;
use rocket::http::Status;
use rocket::{Route, get, post, routes};

use super::commands::{
    RequestTypeError, STREAM, archive_request_type, change_request_type, create_request_type,
};
use super::input::{self, ICONS, PRIORITIES};
use super::model::{RequestType, RequestTypeId};
use super::pages::{ExistingType, RequestTypePage, RequestTypeRow, RequestTypesPage};
use super::queries::{count_uses, get_request_type, list_all_request_types};
use crate::accounts::{Manager, PersonId, people_by_id};
use crate::platform::db::{Conn, StorageError};
use crate::platform::events::list_events;
use crate::platform::i18n::{Lang, Message, integer};
use crate::platform::web::form::FormErrors;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::widgets::{SelectOption, TeamChip};
use crate::platform::web::{Failure, FormState, Outcome, Posted, Reply};
use crate::teams::{Team, list_all_teams};

/// Key of the entry in the rail.
pub(super) const SECTION: &str = "request-types";

/// Where the list lives.
pub(super) const LIST: &str = "/manage/request-types";

pub(super) fn routes() -> Vec<Route> {
    routes![list, new, create, edit, change, archive]
}

#[get("/manage/request-types")]
async fn list(manager: Manager) -> Outcome {
    let (kinds, teams) = manager
        .site
        .db
        .read(|conn| {
            let kinds = list_all_request_types(conn)?;
            Ok::<_, StorageError>((kinds, list_all_teams(conn)?))
        })
        .await?;
    let rows = kinds
        .iter()
        .map(|kind| row(manager.lang, kind, &teams))
        .collect();
    let view = RequestTypesPage {
        new_href: format!("{LIST}/new"),
        rows,
    };
    manager.agent().page(Status::Ok, SECTION, &view).await
}

#[get("/manage/request-types/new")]
async fn new(manager: Manager) -> Outcome {
    let form = FormState::empty()
        .with("icon", "ticket")
        .with("priority", "normal");
    page(&manager, Status::Ok, None, form, false).await
}

#[post("/manage/request-types", data = "<posted>")]
async fn create(posted: Posted<Manager>) -> Outcome {
    let (manager, fields) = (&posted.who, &posted.fields);
    let input = match input::read(fields, None) {
        Ok(input) => input,
        Err(errors) => {
            let form = FormState::refused(fields, &errors, manager.lang);
            return page(manager, Status::UnprocessableEntity, None, form, false).await;
        }
    };
    let outcome = manager
        .once(fields, move |tx| {
            create_request_type(tx, &input)?;
            Ok::<_, RequestTypeError>(LIST.to_owned())
        })
        .await;
    match outcome {
        Ok(_) => Ok(saved()),
        Err(RequestTypeError::KeyTaken) => {
            let errors = FormErrors::one("slug", Message::new("forms-key-taken"));
            let form = FormState::refused(fields, &errors, manager.lang);
            page(manager, Status::UnprocessableEntity, None, form, false).await
        }
        Err(error) => Err(failure(error)),
    }
}

#[get("/manage/request-types/<id>", rank = 2)]
async fn edit(manager: Manager, id: RequestTypeId) -> Outcome {
    let kind = find(&manager, id).await?;
    let form = input::form(&kind);
    page(&manager, Status::Ok, Some(kind), form, false).await
}

#[post("/manage/request-types/<id>", data = "<posted>")]
async fn change(posted: Posted<Manager>, id: RequestTypeId) -> Outcome {
    let (manager, fields) = (&posted.who, &posted.fields);
    let kind = find(manager, id).await?;
    let refused = |errors: &FormErrors| FormState::refused(fields, errors, manager.lang);
    let input = match input::read(fields, Some(&kind.key)) {
        Ok(input) => input,
        Err(errors) => {
            let form = refused(&errors);
            return page(
                manager,
                Status::UnprocessableEntity,
                Some(kind),
                form,
                false,
            )
            .await;
        }
    };
    let version = fields.get("version").parse().unwrap_or(0);
    let changed = manager.once(fields, move |tx| {
        if get_request_type(tx.conn, id)?.version != version {
            return Err(RequestTypeError::Overtaken);
        }
        change_request_type(tx, id, &input)?;
        Ok(LIST.to_owned())
    });
    match changed.await {
        Ok(_) => return Ok(saved()),
        Err(RequestTypeError::Overtaken) => {}
        Err(error) => return Err(failure(error)),
    }
    let kind = find(manager, id).await?;
    let form = refused(&FormErrors::default()).with("version", kind.version.to_string());
    page(manager, Status::Conflict, Some(kind), form, true).await
}

#[post("/manage/request-types/<id>/archive", data = "<posted>")]
async fn archive(posted: Posted<Manager>, id: RequestTypeId) -> Outcome {
    let Posted {
        who: manager,
        fields,
        ..
    } = posted;
    find(&manager, id).await?;
    let archived = fields.get("archived") == "true";
    (manager.site.db)
        .write(manager.actor(), move |tx| {
            archive_request_type(tx, id, archived)
        })
        .await
        .map_err(failure)?;
    Ok(saved())
}

fn saved() -> Reply {
    Reply::see_other(LIST).with_flash(FlashKind::Ok, Message::new("forms-saved"))
}

fn failure(error: RequestTypeError) -> Failure {
    match error {
        RequestTypeError::KeyTaken | RequestTypeError::Overtaken => Failure::internal(&error),
        RequestTypeError::Storage(error) => error.into(),
    }
}

async fn find(manager: &Manager, id: RequestTypeId) -> Result<RequestType, Failure> {
    let found = manager
        .site
        .db
        .read(move |conn| Ok::<_, StorageError>(get_request_type(conn, id).optional()?));
    found.await?.ok_or(Failure::NotFound)
}

/// The form of a new kind, or of one that exists.
async fn page(
    manager: &Manager,
    status: Status,
    kind: Option<RequestType>,
    form: FormState,
    stale: bool,
) -> Outcome {
    let id = kind.as_ref().map(|kind| kind.id);
    let (teams, used, last) = manager
        .site
        .db
        .read(move |conn| {
            let used = id.map_or(Ok(0), |id| count_uses(conn, id))?;
            let last = id.filter(|_| stale).map(|id| last_change(conn, id));
            Ok::<_, StorageError>((list_all_teams(conn)?, used, last.transpose()?.flatten()))
        })
        .await?;
    let present = kind.as_ref().and_then(|kind| kind.default_team_id);
    let action = id.map_or_else(|| LIST.to_owned(), |id| format!("{LIST}/{id}"));
    let view = RequestTypePage {
        back_href: LIST.to_owned(),
        form,
        existing: kind.map(|kind| ExistingType {
            name: kind.name(manager.lang).to_owned(),
            used: integer(manager.lang, used),
            archived: kind.archived_at.is_some(),
            archive_action: format!("{action}/archive"),
        }),
        icons: ICONS.map(str::to_owned).into(),
        teams: teams
            .iter()
            .filter(|team| team.archived_at.is_none() || Some(team.id) == present)
            .map(|team| SelectOption::new(team.id.to_string(), &team.name))
            .collect(),
        priorities: PRIORITIES
            .iter()
            .map(|&word| SelectOption::new(word, priority_label(manager.lang, word)))
            .collect(),
        stale: last.map(|(who, at)| {
            Message::new("forms-stale")
                .text("who", who)
                .text("time", manager.calendar().moment(at))
                .render(manager.lang)
        }),
        action,
    };
    manager.agent().page(status, SECTION, &view).await
}

/// Who changed a kind last, and when.
fn last_change(
    conn: &mut Conn,
    id: RequestTypeId,
) -> diesel::QueryResult<Option<(String, crate::platform::db::Timestamp)>> {
    let Some(last) = list_events(conn, STREAM, id.0)?.pop() else {
        return Ok(None);
    };
    let who = last.actor.person().map(PersonId);
    let people = people_by_id(conn, who)?;
    let name = who.and_then(|id| people.get(&id)).map(|p| p.name.clone());
    Ok(Some((
        name.unwrap_or_else(|| "Guichet".to_owned()),
        last.at,
    )))
}

fn row(lang: Lang, kind: &RequestType, teams: &[Team]) -> RequestTypeRow {
    let team = teams
        .iter()
        .find(|team| Some(team.id) == kind.default_team_id);
    RequestTypeRow {
        href: format!("{LIST}/{}", kind.id),
        key: kind.key.clone(),
        icon: kind.icon.clone(),
        name_fr: kind.name_fr.clone(),
        name_en: kind.name_en.clone(),
        team: team.map(|team| TeamChip {
            name: team.name.clone(),
            hue: u8::try_from(team.hue.rem_euclid(8)).unwrap_or_default(),
        }),
        priority: kind.default_priority.clone(),
        priority_label: priority_label(lang, &kind.default_priority),
        position: i64::from(kind.position),
        archived: kind.archived_at.is_some(),
    }
}

fn priority_label(lang: Lang, word: &str) -> String {
    Message::new(&format!("label-priority-{word}")).render(lang)
}
