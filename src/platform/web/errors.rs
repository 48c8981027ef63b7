//! Error pages that help: what happened, what to do, a number to quote.

use std::sync::{Arc, OnceLock};

use data_encoding::BASE64URL_NOPAD;
use rocket::http::{Cookie, Status};
use rocket::{Catcher, Request, catch, catchers};
use serde::{Deserialize, Serialize};
use tera::Context;

use super::cookies::{self, Name};
use super::csrf::{self, Binding};
use super::form::Fields;
use super::kept::{CarriedField, Kept, KeptText, typed};
use super::reply::{FlashKind, Reply};
use super::shell::{Flash, Shell, ShellPerson};
use super::site::Site;
use super::view::View;
use crate::platform::i18n::{Lang, Message};
use crate::platform::random;

/// The catchers for everything that no handler answers.
#[must_use]
pub fn catchers() -> Vec<Catcher> {
    catchers![anything]
}

#[catch(default)]
fn anything(status: Status, request: &Request<'_>) -> Reply {
    page(request, status)
}

/// Who is signed in, as far as this request was told.
#[derive(Default)]
struct Known(OnceLock<(ShellPerson, Lang)>);

/// Keeps for an error page of this request who is signed in, and their language. An error page
/// asks no database: it must stand when that has fallen.
pub fn remember(request: &Request<'_>, person: ShellPerson, lang: Lang) {
    // Once is enough: a request has one sender.
    let _ = request.local_cache(Known::default).0.set((person, lang));
}

/// Seconds after which a refused request may be tried again, as far as that is known.
#[derive(Default)]
struct Wait(OnceLock<u64>);

/// Seconds after which to ask again, when nothing better is known.
pub const RETRY_AFTER: u64 = 5;

/// Has the error page of this request say when to try again.
pub fn ask_to_wait(request: &Request<'_>, seconds: u64) {
    // Once is enough: the first refusal ends the request.
    let _ = request.local_cache(Wait::default).0.set(seconds);
}

/// The request's number, made at its first use.
#[must_use]
pub fn request_id<'r>(request: &'r Request<'_>) -> &'r str {
    struct RequestId(String);
    &request.local_cache(|| RequestId(random::public_id())).0
}

/// The language for somebody who is not known: what the address says, what was chosen, what
/// the browser asks for.
#[must_use]
pub fn language(request: &Request<'_>, site: &Site) -> Lang {
    let company = site.company.get();
    let from_path = request
        .uri()
        .path()
        .segments()
        .next()
        .and_then(|segment| segment.parse().ok())
        .filter(|lang| company.speaks(*lang));
    from_path
        .or_else(|| chosen_language(request, site))
        .or_else(|| {
            request
                .headers()
                .get_one("Accept-Language")
                .and_then(|accepted| Lang::negotiate(accepted, &company.languages))
        })
        .unwrap_or(company.default_language)
}

/// The language chosen with the switch, if one was and it is offered.
#[must_use]
pub fn chosen_language(request: &Request<'_>, site: &Site) -> Option<Lang> {
    cookies::get(request.cookies(), site.settings.is_https(), Name::Language)?
        .parse()
        .ok()
        .filter(|lang| site.company.get().speaks(*lang))
}

/// The theme chosen, or `auto`.
#[must_use]
pub fn theme(request: &Request<'_>, site: &Site) -> String {
    cookies::get(request.cookies(), site.settings.is_https(), Name::Theme)
        .filter(|theme| matches!(theme.as_str(), "light" | "dark"))
        .unwrap_or_else(|| "auto".to_owned())
}

/// A shell without account, for pages outside any guard.
#[must_use]
pub fn anonymous_shell(request: &Request<'_>, site: &Site, lang: Lang) -> Shell {
    let path = request.uri().to_string();
    let theme = theme(request, site);
    Shell::of(&site.company.get(), lang, &theme, &path, |_| &path)
}

#[derive(Serialize)]
struct ErrorPage {
    status: u16,
    /// Which texts to show: the status, or `other`.
    kind: String,
    request_id: String,
    /// When to try again, as a sentence; empty where that is no question.
    wait: String,
    /// What to look for, as far as the address says so.
    words: String,
    /// Where a form was going that could not be taken.
    action: String,
    /// What was typed into it, to be read again.
    kept: Vec<KeptText>,
    /// All of its fields.
    fields: Vec<CarriedField>,
}

/// Statuses that have their own words; every other one is told apart by its class. A form that is
/// refused (422) or met somebody else's change (409) is answered with its own page, never with this.
const KNOWN: [u16; 7] = [403, 404, 410, 413, 429, 500, 503];

/// Statuses after which the same form may well be taken.
const AGAIN: [u16; 4] = [413, 429, 500, 503];

impl View for ErrorPage {
    const TEMPLATE: &'static str = "layouts/error.html";

    fn samples() -> Vec<Self> {
        let bare = KNOWN
            .into_iter()
            .chain([400])
            .map(|status| Self::new(status, "0123456789abcdef").after(None, Lang::Fr));
        let mut fields = Fields::default();
        fields.push(
            "body".to_owned(),
            "PON est orange <et> il clignote.".to_owned(),
        );
        fields.push("key".to_owned(), "k".to_owned());
        let typed = Self::new(413, "0123456789abcdef").with("/requests", &fields, Lang::Fr);
        let stopped = Self::new(429, "0123456789abcdef").after(Some(40), Lang::Fr);
        let named = Self::new(404, "0123456789abcdef").named("/fr/articles/voyant-pon-orange");
        bare.chain([typed, stopped, named]).collect()
    }
}

impl ErrorPage {
    fn new(status: u16, request_id: &str) -> Self {
        let kind = if KNOWN.contains(&status) {
            status.to_string()
        } else if status >= 500 {
            "500".to_owned()
        } else {
            "400".to_owned()
        };
        Self {
            status,
            kind,
            request_id: request_id.to_owned(),
            wait: String::new(),
            words: String::new(),
            action: String::new(),
            kept: Vec::new(),
            fields: Vec::new(),
        }
    }

    /// Says when to try again.
    fn after(self, seconds: Option<u64>, lang: Lang) -> Self {
        if self.status != 429 {
            return self;
        }
        let (key, count) = match seconds {
            None => ("error-wait", 0),
            Some(seconds @ 0..=90) => ("error-wait-seconds", seconds.max(1)),
            Some(seconds) => ("error-wait-minutes", seconds.div_ceil(60)),
        };
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let wait = Message::new(key).number("count", count).render(lang);
        Self { wait, ..self }
    }

    /// Looks for the words of an article's address that leads nowhere.
    fn named(self, path: &str) -> Self {
        let slug = path.rsplit_once("/articles/").map(|(_, slug)| slug);
        let is_slug = |slug: &&str| slug.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let words = slug.filter(is_slug).map(|slug| slug.replace('-', " "));
        Self {
            words: words.unwrap_or_default().chars().take(100).collect(),
            ..self
        }
    }

    /// Offers to send again what was typed. A form without texts (a sign-in, a button) is not.
    fn with(self, action: &str, typed: &Fields, lang: Lang) -> Self {
        let kept = Kept::of(typed);
        Self {
            action: action.to_owned(),
            kept: kept.texts(lang),
            fields: kept.fields(),
            ..self
        }
    }
}

/// The samples of the error page.
#[must_use]
pub fn samples() -> Vec<super::view::Sample> {
    super::view::samples::<ErrorPage>()
}

/// The page for a status, with the time to wait where there is one. Under `/api/` it is JSON.
#[must_use]
pub fn page(request: &Request<'_>, status: Status) -> Reply {
    let unavailable = status == Status::ServiceUnavailable;
    let known = request.local_cache(Wait::default).0.get().copied();
    let page = bare_page(request, status);
    match known.or(unavailable.then_some(RETRY_AFTER)) {
        Some(seconds) => page.with_header("Retry-After", seconds.to_string()),
        None => page,
    }
}

fn bare_page(request: &Request<'_>, status: Status) -> Reply {
    let id = request_id(request);
    if request.uri().path().starts_with("/api/") {
        let json = format!(r#"{{"error":{},"request":"{id}"}}"#, status.code);
        return Reply::bytes(rocket::http::ContentType::JSON, json.into_bytes())
            .with_status(status);
    }
    let html = request
        .rocket()
        .state::<Arc<Site>>()
        .ok_or_else(|| "not started".to_owned())
        .and_then(|site| {
            let known = request.local_cache(Known::default).0.get();
            let lang = known.map_or_else(|| language(request, site), |(_, lang)| *lang);
            let seconds = request.local_cache(Wait::default).0.get().copied();
            let mut token = String::new();
            let mut view = ErrorPage::new(status.code, id)
                .after(seconds, lang)
                .named(request.uri().path().as_str());
            let mut shell = anonymous_shell(request, site, lang);
            if let Some((person, _)) = known {
                shell.person = Some(person.clone());
                token = Binding::of(request, site.settings.is_https()).token(&site.key);
            }
            let again = AGAIN.contains(&status.code);
            if let Some((typed, fresh)) = ours(request, site).filter(|_| again) {
                view = view.with(&request.uri().to_string(), &typed, lang);
                token = fresh;
            }
            let mut context = Context::from_serialize(&view).map_err(|e| e.to_string())?;
            context.insert("lang", &lang);
            context.insert("csrf", &token);
            context.insert("shell", &shell);
            site.templates
                .render(ErrorPage::TEMPLATE, &context)
                .map_err(|e| e.to_string())
        })
        .unwrap_or_else(|reason| {
            tracing::error!(request = id, %reason, "the error page could not be made");
            format!(
                "<!doctype html><title>{0}</title><h1>{0}</h1><p>{id}</p>",
                status.code
            )
        });
    Reply::html(status, html)
}

/// What was typed into a form of ours, with a token to send it again. What another site sends is
/// offered to nobody.
fn ours(request: &Request<'_>, site: &Site) -> Option<(Arc<Fields>, String)> {
    let fields = typed(request)?;
    let binding = Binding::of(request, site.settings.is_https());
    let from_us =
        csrf::same_origin(request, site) && binding.accepts(&site.key, fields.get("csrf"));
    from_us.then(|| (fields, binding.token(&site.key)))
}

#[derive(Serialize, Deserialize)]
struct StoredFlash {
    kind: String,
    message: Message,
}

/// The cookie that carries a message to the next page.
#[must_use]
pub fn flash_cookie(
    request: &Request<'_>,
    kind: FlashKind,
    message: &Message,
) -> Option<Cookie<'static>> {
    let site = request.rocket().state::<Arc<Site>>()?;
    let stored = StoredFlash {
        kind: kind.as_str().to_owned(),
        message: message.clone(),
    };
    let json = serde_json::to_vec(&stored).ok()?;
    Some(cookies::make(
        site.settings.is_https(),
        Name::Flash,
        BASE64URL_NOPAD.encode(&json),
        Some(rocket::time::Duration::minutes(1)),
    ))
}

/// The message for this page, if the page before left one. Its texts come from our own files:
/// a forged cookie can choose among them and no more.
#[must_use]
pub fn take_flash(request: &Request<'_>, site: &Site, lang: Lang) -> Option<Flash> {
    let value = cookies::get(request.cookies(), site.settings.is_https(), Name::Flash)?;
    let json = BASE64URL_NOPAD.decode(value.as_bytes()).ok()?;
    let stored: StoredFlash = serde_json::from_slice(&json).ok()?;
    let kind = match stored.kind.as_str() {
        "ok" => "ok",
        "danger" => "danger",
        _ => "info",
    };
    Some(Flash {
        kind: kind.to_owned(),
        text: stored.message.render(lang),
    })
}
