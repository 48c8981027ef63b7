//! Signing in and out.

use rocket::{Route, get, post, routes, uri};
use serde_json::json;

use super::events::{kind, note};
use super::factor;
use super::opening::{authenticate, home};
use super::pages::SignIn;
use super::sessions::close_session;
use super::visitor::{Place, Visitor};
use crate::platform::db::StorageError;
use crate::platform::web::cookies::{self, Name};
use crate::platform::web::{FormState, LocalPath, Outcome, Posted, Reply};

pub(super) fn routes() -> Vec<Route> {
    routes![form, submit, leave]
}

/// Where somebody signs in before they go on to a page.
#[must_use]
pub fn sign_in_path(return_to: &str) -> String {
    match LocalPath::parse(return_to) {
        Some(path) => format!("/sign-in?return_to={}", path.encoded()),
        None => "/sign-in".to_owned(),
    }
}

#[get("/sign-in?<return_to>")]
pub(super) fn form(visitor: Visitor, return_to: Option<&str>) -> Outcome {
    let return_to = return_to.and_then(LocalPath::parse);
    if visitor.enrolling.is_some() {
        return Ok(Reply::see_other(factor::PATH));
    }
    if let Some(person) = &visitor.person {
        let to = return_to.map_or_else(|| home(person).to_owned(), |path| path.to_string());
        return Ok(Reply::see_other(to));
    }
    let view = page(return_to.as_ref(), visitor.empty_form());
    visitor.page(Place::section("sign-in"), &view)
}

#[post("/sign-in", data = "<posted>")]
pub(super) async fn submit(posted: Posted<Visitor>) -> Outcome {
    let Posted {
        who: visitor,
        fields,
        ..
    } = posted;
    let return_to = LocalPath::parse(fields.get("return_to"));
    match authenticate(&visitor, &fields).await? {
        Ok(admitted) => Ok(admitted.redirect(&visitor, return_to.as_ref())),
        Err(refused) => {
            let form = FormState::refused(&fields, &refused.errors, visitor.lang);
            let view = page(return_to.as_ref(), form);
            let place = Place::section("sign-in");
            let reply = visitor.page_with(refused.status(), place, &view)?;
            Ok(refused.mark(reply))
        }
    }
}

fn page(return_to: Option<&LocalPath>, form: FormState) -> SignIn {
    SignIn {
        action: uri!(submit).to_string(),
        return_to: return_to.map(LocalPath::to_string).unwrap_or_default(),
        form,
        forgot_href: "/forgot".to_owned(),
        sign_up_href: "/sign-up".to_owned(),
    }
}

#[post("/sign-out", data = "<posted>")]
pub(super) async fn leave(posted: Posted<Visitor>) -> Outcome {
    let visitor = posted.who;
    let secret = visitor.binding.value().to_owned();
    visitor
        .site
        .db
        .write(visitor.actor(), move |tx| {
            if let Some(person) = close_session(tx, &secret)? {
                note(tx, person, kind::SIGNED_OUT, json!({}))?;
            }
            Ok::<_, StorageError>(())
        })
        .await?;
    let https = visitor.site.settings.is_https();
    Ok(Reply::see_other("/")
        .with_cookie(cookies::forget(https, Name::Session))
        // Language and theme are cookies, too, and stay.
        .with_header("Clear-Site-Data", "\"cache\", \"storage\""))
}
