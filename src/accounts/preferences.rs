//! Language and theme: cookies, with or without an account.

use rocket::time::Duration;
use rocket::{Route, get, post, routes};

use super::visitor::Visitor;
use crate::platform::i18n::Lang;
use crate::platform::web::cookies::{self, Name};
use crate::platform::web::{Failure, LocalPath, Outcome, Posted, Reply};

/// How long a choice is remembered.
const YEAR: Duration = Duration::days(365);

pub(super) fn routes() -> Vec<Route> {
    routes![language, theme]
}

#[get("/language/<lang>?<return_to>")]
pub(super) fn language(visitor: Visitor, lang: Lang, return_to: Option<&str>) -> Reply {
    let back = return_to.and_then(LocalPath::parse);
    let lang = visitor.company.language_or_default(lang);
    let https = visitor.site.settings.is_https();
    let cookie = cookies::make(https, Name::Language, lang.to_string(), Some(YEAR));
    Reply::see_other(back.as_ref().map_or("/", LocalPath::as_str)).with_cookie(cookie)
}

#[post("/theme", data = "<posted>")]
pub(super) fn theme(posted: Posted<Visitor>) -> Outcome {
    let Posted {
        who: visitor,
        fields,
        ..
    } = posted;
    let back = LocalPath::parse(fields.get("return_to"));
    let https = visitor.site.settings.is_https();
    let cookie = match fields.get("theme") {
        "auto" => cookies::forget(https, Name::Theme),
        choice @ ("light" | "dark") => {
            cookies::make(https, Name::Theme, choice.to_owned(), Some(YEAR))
        }
        _ => return Err(Failure::NotFound),
    };
    Ok(Reply::see_other(back.as_ref().map_or("/", LocalPath::as_str)).with_cookie(cookie))
}
