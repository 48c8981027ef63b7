//! Pages for managers.

use rocket::http::{ContentType, Status};
use rocket::{Route, get, post, routes, uri};
use serde_json::json;

use super::present;
use super::queries::{Filter, count_open, page_of_mails};
use crate::accounts::Manager;
use crate::platform::db::{PageRequest, StorageError};
use crate::platform::i18n::Message;
use crate::platform::mail::{Letter, Mail, MailId, RetryError, enqueue, find_mail, retry_mail};
use crate::platform::web::headers::framing_policy;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Failure, Outcome, Posted, Reply};

/// Key of the entry in the rail.
pub(super) const SECTION: &str = "outbox";

/// Mails on a page.
const PAGE: i64 = 50;

/// Shows a mail as it is and nothing else: no script, no picture from elsewhere, no link.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; \
    frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox";

pub(super) fn routes() -> Vec<Route> {
    routes![list, show, html, retry, test]
}

#[get("/manage/outbox?<status>&<q>&<after>&<before>")]
pub(super) async fn list(
    manager: Manager,
    status: Option<&str>,
    q: Option<&str>,
    after: Option<&str>,
    before: Option<&str>,
) -> Outcome {
    let filter = Filter {
        status: status.and_then(|text| text.parse().ok()),
        address: q.unwrap_or_default().trim().chars().take(200).collect(),
    };
    let request = PageRequest::parse(PAGE, after, before);
    let wanted = filter.clone();
    let (page, counts) = manager
        .site
        .db
        .read(move |conn| {
            let page = page_of_mails(conn, &wanted, &request)?;
            Ok::<_, StorageError>((page, count_open(conn)?))
        })
        .await?;
    let view = present::list(&manager, &filter, &page, counts);
    manager.agent().page(Status::Ok, SECTION, &view).await
}

#[get("/manage/outbox/<id>")]
pub(super) async fn show(manager: Manager, id: MailId) -> Outcome {
    let mail = find(&manager, id).await?;
    let view = present::show(&manager, &mail, present::content(&manager, &mail));
    let page = manager.agent().page(Status::Ok, SECTION, &view).await?;
    Ok(page.with_header("Content-Security-Policy", framing_policy()))
}

#[get("/manage/outbox/<id>/html")]
pub(super) async fn html(manager: Manager, id: MailId) -> Outcome {
    let mail = find(&manager, id).await?;
    let Some(Ok(composed)) = present::content(&manager, &mail) else {
        return Err(Failure::NotFound);
    };
    Ok(Reply::bytes(ContentType::HTML, composed.html.into_bytes())
        .with_header("Content-Security-Policy", MAIL_POLICY)
        .with_header("X-Frame-Options", "SAMEORIGIN"))
}

#[post("/manage/outbox/<id>/attempts", data = "<posted>")]
pub(super) async fn retry(id: MailId, posted: Posted<Manager>) -> Outcome {
    let outcome = posted.who.once(&posted.fields, move |tx| {
        retry_mail(tx, id)?;
        Ok::<_, RetryError>(uri!(show(id)).to_string())
    });
    let (kind, key) = match outcome.await {
        Ok(_) => (FlashKind::Ok, "outbox-retry-queued"),
        Err(RetryError::NotRetriable) => (FlashKind::Danger, "outbox-retry-refused"),
        Err(RetryError::Storage(error)) => return Err(error.into()),
    };
    Ok(Reply::see_other(uri!(show(id))).with_flash(kind, Message::new(key)))
}

#[post("/manage/outbox/tests", data = "<posted>")]
pub(super) async fn test(posted: Posted<Manager>) -> Outcome {
    let manager = &posted.who;
    let letter = Letter {
        kind: "outbox/test",
        to_address: manager.me.email.clone(),
        to_name: manager.me.name.clone(),
        lang: manager.lang,
        data: json!({ "name": manager.me.name }),
        thread: None,
        secret: false,
    };
    let location = manager.once(&posted.fields, move |tx| {
        let id = enqueue(tx, letter.clone())?;
        Ok::<_, StorageError>(uri!(show(id)).to_string())
    });
    Ok(Reply::see_other(location.await?)
        .with_flash(FlashKind::Ok, Message::new("outbox-test-queued")))
}

async fn find(manager: &Manager, id: MailId) -> Result<Mail, Failure> {
    let found = manager
        .site
        .db
        .read(move |conn| find_mail(conn, id).map_err(StorageError::from));
    Ok(found.await?)
}
