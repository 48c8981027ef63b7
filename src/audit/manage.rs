//! The audit, for managers.

use rocket::http::uri::Origin;
use rocket::http::{ContentType, Status};
use rocket::{Route, get, post, routes};

use super::asked::{Asked, fields_of, with_addresses};
use super::commands::{find_export, record_export};
use super::export;
use super::names::Names;
use super::present::{self, Found};
use super::queries::{Filter, page_of_entries};
use crate::accounts::Manager;
use crate::platform::db::{KeysetPage, PageRequest, StorageError};
use crate::platform::web::form::{Fields, FormErrors};
use crate::platform::web::{Failure, FormState, Outcome, Posted, Reply};

/// Key of the entry in the rail.
pub(super) const SECTION: &str = "audit";

/// Where the list is.
pub(super) const LIST: &str = "/manage/audit";

/// Where it is taken along.
pub(super) const EXPORTS: &str = "/manage/audit/exports";

/// Events on a page.
const PAGE: i64 = 50;

pub(super) fn routes() -> Vec<Route> {
    routes![list, order, fetch]
}

#[get("/manage/audit?<after>&<before>")]
async fn list(
    manager: Manager,
    uri: &Origin<'_>,
    after: Option<&str>,
    before: Option<&str>,
) -> Outcome {
    let fields = fields_of(uri.query().into_iter().flat_map(|query| query.segments()));
    let request = PageRequest::parse(PAGE, after, before);
    page(&manager, Status::Ok, fields, request).await
}

/// What the fields find. What is wrong with them finds nothing.
async fn page(manager: &Manager, status: Status, fields: Fields, request: PageRequest) -> Outcome {
    let asked = Asked::read(&fields, &manager.calendar());
    let key = manager.site.key.clone();
    let read = manager.site.db.read(move |conn| {
        let fields = with_addresses(fields, conn)?;
        let filter = match asked {
            Ok(asked) => asked.resolve(conn, &key)?,
            Err(errors) => Err(errors),
        };
        let (page, errors) = match filter {
            Ok(filter) => (page_of_entries(conn, &filter, &request)?, None),
            Err(errors) => (nothing(), Some(errors)),
        };
        let names = Names::load(conn, &page.rows)?;
        Ok::<_, StorageError>((fields, Found { page, names }, errors))
    });
    let (fields, found, errors) = read.await?;
    let status = if errors.is_some() {
        Status::UnprocessableEntity
    } else {
        status
    };
    let form = FormState::refused(&fields, &errors.unwrap_or_default(), manager.lang);
    let view = present::list(manager, &fields, form, &found);
    manager.agent().page(status, SECTION, &view).await
}

fn nothing<T>() -> KeysetPage<T> {
    KeysetPage {
        rows: Vec::new(),
        previous: None,
        next: None,
    }
}

/// Records what is about to be taken along, and leads to it.
#[post("/manage/audit/exports", data = "<posted>")]
async fn order(posted: Posted<Manager>) -> Outcome {
    let Posted {
        who: manager,
        fields,
        ..
    } = posted;
    let filter = match filter(&manager, &fields).await? {
        Ok(filter) => filter,
        Err(_) => {
            let request = PageRequest::parse(PAGE, None, None);
            let status = Status::UnprocessableEntity;
            return page(&manager, status, fields, request).await;
        }
    };
    let ordered = manager.once(&fields, move |tx| {
        let id = record_export(tx, &filter)?;
        Ok::<_, StorageError>(format!("{EXPORTS}/{id}"))
    });
    Ok(Reply::see_other(ordered.await?))
}

async fn filter(manager: &Manager, fields: &Fields) -> Result<Result<Filter, FormErrors>, Failure> {
    let asked = match Asked::read(fields, &manager.calendar()) {
        Ok(asked) => asked,
        Err(errors) => return Ok(Err(errors)),
    };
    let key = manager.site.key.clone();
    let resolved = manager.site.db.read(move |conn| {
        let found = asked.clone().resolve(conn, &key);
        found.map_err(StorageError::from)
    });
    Ok(resolved.await?)
}

/// What was ordered, for who ordered it and for a while.
#[get("/manage/audit/exports/<id>")]
async fn fetch(manager: Manager, id: i64) -> Outcome {
    let (me, now, lang) = (manager.me.id, manager.now, manager.lang);
    let written = manager.site.db.read(move |conn| {
        let Some(filter) = find_export(conn, id, me, now)? else {
            return Ok::<_, StorageError>(None);
        };
        Ok(Some(export::write(conn, &filter, lang)?))
    });
    let csv = written.await?.ok_or(Failure::NotFound)?;
    let day = manager.calendar().date_of(now);
    let name = format!("attachment; filename=\"audit-{day}.csv\"");
    Ok(Reply::bytes(ContentType::CSV, csv.into_bytes()).with_header("Content-Disposition", name))
}
