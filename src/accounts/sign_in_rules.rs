//! The rules of signing in, for managers.

use rocket::http::Status;
use rocket::{Route, get, post, routes, uri};

use super::factor::list_without_factor;
use super::pages::{PersonLink, SignInRules};
use super::rules::{is_factor_required, require_factor};
use super::visitor::Manager;
use crate::platform::db::StorageError;
use crate::platform::i18n::Message;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Check, Outcome, Posted, Reply};

/// People that are named at most.
const NAMED: i64 = 50;

pub(super) fn routes() -> Vec<Route> {
    routes![show, save]
}

/// Where the rules are.
pub(super) fn path() -> String {
    uri!(show).to_string()
}

#[get("/manage/sign-in")]
pub(super) async fn show(manager: Manager) -> Outcome {
    let (required, without) = manager
        .site
        .db
        .read(|conn| {
            Ok::<_, StorageError>((is_factor_required(conn)?, list_without_factor(conn, NAMED)?))
        })
        .await?;
    let form = manager.empty_form();
    let view = SignInRules {
        list_href: "/manage/people".to_owned(),
        action: uri!(save).to_string(),
        form: if required {
            form.with("factor_required", "true")
        } else {
            form
        },
        without: without
            .into_iter()
            .map(|person| PersonLink {
                href: format!("/manage/people/{}", person.id),
                name: person.name,
            })
            .collect(),
    };
    let status = Status::Ok;
    manager
        .agent()
        .page(status, super::people::SECTION, &view)
        .await
}

#[post("/manage/sign-in", data = "<posted>")]
pub(super) async fn save(posted: Posted<Manager>) -> Outcome {
    let manager = posted.who;
    let required = Check::new(&posted.fields).ticked("factor_required");
    let saved = manager.site.db.write(manager.actor(), move |tx| {
        require_factor(tx, required).map_err(StorageError::from)
    });
    saved.await?;
    Ok(Reply::see_other(path()).with_flash(FlashKind::Ok, Message::new("sign-in-rules-saved")))
}
