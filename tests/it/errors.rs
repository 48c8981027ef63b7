//! Whatever goes wrong, a page says what happened, what to do, and where to go on.

use std::sync::atomic::{AtomicUsize, Ordering};

use guichet::accounts::{Role, Visitor};
use guichet::platform::i18n::{Lang, catalog};
use guichet::platform::web::Posted;
use guichet::platform::web::headers::REQUEST_ID;
use rocket::http::{ContentType, Cookie, Header, Status};
use rocket::local::blocking::Client;
use rocket::{State, get, post, routes};

use crate::support::{PASSWORD, TestApp};

/// What an error page tells. Two statuses have none: 422 is a form's own page with its summary of
/// errors, 409 the page that shows both versions.
const STATUSES: [u16; 8] = [400, 403, 404, 410, 413, 429, 500, 503];

/// Fails in a way that handlers may, after it is known who asks.
#[get("/fail/<status>")]
fn fail(visitor: Visitor, status: u16) -> Status {
    drop(visitor);
    Status::new(status)
}

#[test]
fn every_failure_helps_everybody_in_their_language() {
    let app = TestApp::new();
    app.expect_server_errors();
    let client = Client::untracked(app.program().mount("/", routes![fail])).expect("it ignites");
    for lang in [Lang::Fr, Lang::En] {
        for role in [
            None,
            Some(Role::Customer),
            Some(Role::Agent),
            Some(Role::Manager),
        ] {
            let session = role.map(|role| session(&app, role, lang));
            for status in STATUSES {
                let mut request = client
                    .get(format!("/fail/{status}"))
                    .header(Header::new("Accept-Language", lang.to_string()));
                if let Some(session) = &session {
                    request = request.cookie(Cookie::new("guichet_session", session.clone()));
                }
                let answer = request.dispatch();
                assert_eq!(answer.status().code, status);
                let number = answer.headers().get_one(REQUEST_ID).map(str::to_owned);
                let html = answer.into_string().expect("a page");
                helps(&html, status, lang, role);
                let number = number.expect("every answer has its number");
                assert!(
                    html.contains(&format!("<code>{number}</code>")),
                    "{status}: {html}"
                );
            }
        }
    }
}

fn session(app: &TestApp, role: Role, lang: Lang) -> String {
    let email = format!("{role}-{lang}@tilleuls.example");
    app.person_in(&email, role, lang);
    let browser = app.browser_in(lang);
    browser.try_sign_in(&email, PASSWORD);
    browser.cookie("guichet_session").expect("signed in")
}

fn helps(html: &str, status: u16, lang: Lang, role: Option<Role>) {
    let text = |key: &str| catalog().text(lang, key, None).replace('\'', "&#x27;");
    let page = format!("{status} in {lang} for {role:?}: {html}");
    assert!(html.contains(&format!("<html lang=\"{lang}\"")), "{page}");
    for part in ["title", "text"] {
        assert!(
            html.contains(&text(&format!("error-{status}-{part}"))),
            "{page}"
        );
    }
    let home = match role {
        Some(Role::Agent | Role::Manager) => "href=\"/desk\"",
        _ => "href=\"/\"",
    };
    assert!(
        html.contains(home) && html.contains("href=\"/articles\""),
        "{page}"
    );
    let theirs = html.contains("href=\"/requests\" class=\"button button-neutral\"");
    assert_eq!(theirs, role == Some(Role::Customer), "{page}");
    assert_eq!(html.contains("role=\"search\""), status == 404, "{page}");
    // Whoever must wait is told so.
    assert_eq!(html.contains(&text("error-wait")), status == 429, "{page}");
}

/// Times that a form was sent.
#[derive(Default)]
struct Tries(AtomicUsize);

/// Fails at the first try, and says at the next what arrived.
#[post("/fail/<status>", data = "<posted>")]
fn fail_first(
    posted: Posted<Visitor>,
    status: u16,
    tries: &State<Tries>,
) -> Result<String, Status> {
    match tries.0.fetch_add(1, Ordering::Relaxed) % 2 {
        0 => Err(Status::new(status)),
        _ => Ok(posted.fields.get("body").to_owned()),
    }
}

#[test]
fn what_met_a_defect_or_an_outage_can_be_sent_again() {
    let app = TestApp::new();
    app.expect_server_errors();
    let email = "claire@tilleuls.example";
    app.person_in(email, Role::Customer, Lang::En);
    let browser = app.browser_in(Lang::En);
    browser.try_sign_in(email, PASSWORD);
    let session = browser.cookie("guichet_session").expect("signed in");
    let form = browser.get("/profile").form("/profile");
    let token = form.value("csrf").expect("a token").to_owned();
    let program = app.program().manage(Tries::default());
    let client = Client::untracked(program.mount("/", routes![fail_first])).expect("it ignites");
    let send = |status: u16, token: &str, body: &str| {
        let request = client
            .post(format!("/fail/{status}"))
            .header(ContentType::Form)
            .header(Header::new("Sec-Fetch-Site", "same-origin"))
            .cookie(Cookie::new("guichet_session", session.clone()))
            .body(format!("csrf={token}&body={body}"));
        let answer = request.dispatch();
        (answer.status().code, answer.into_string().expect("text"))
    };
    for status in [500, 503] {
        let (code, html) = send(status, &token, "Rien+de+perdu");
        assert_eq!(code, status);
        assert!(
            html.contains(&format!("action=\"/fail/{status}\"")),
            "{html}"
        );
        let between = |start: &str, end: &str| {
            let (_, rest) = html.split_once(start).expect("it is there");
            rest.split_once(end).expect("it ends").0.to_owned()
        };
        let fresh = between("name=\"csrf\" value=\"", "\"");
        let carried = between("<textarea name=\"body\" hidden>\n", "</textarea>");
        let again = send(status, &fresh, &carried.replace(' ', "+"));
        assert_eq!(again, (200, "Rien de perdu".to_owned()));
    }
}

#[test]
fn a_form_that_is_refused_or_overtaken_is_answered_with_itself() {
    let app = TestApp::new();
    let email = "nadia@guichet.example";
    app.person_in(email, Role::Manager, Lang::En);
    let browser = app.browser_in(Lang::En);
    browser.try_sign_in(email, PASSWORD);
    let address = "/manage/settings/contact";
    let form = || browser.get(address).form(address);
    let long = "0".repeat(100);
    let refused = form().fill("phone", &long).submit_once().expect(422);
    assert_eq!(refused.attributes(".error-summary a", "href"), ["#phone"]);
    assert_eq!(refused.form(address).value("phone"), Some(long.as_str()));
    let late = form().fill("phone", "01 99 00 12 02");
    let first = form().fill("phone", "01 99 00 12 01");
    first.submit().expect(200);
    let overtaken = late.submit_once().expect(409).has("01 99 00 12 01");
    let again = overtaken.form(address);
    assert_eq!(again.value("phone"), Some("01 99 00 12 02"));
    again.submit().expect(200);
}

#[test]
fn who_was_too_quick_is_told_how_long_to_wait() {
    let app = TestApp::new();
    let guest = app.browser_in(Lang::En);
    let refused = (0..500)
        .map(|_| guest.get_once("/track/none"))
        .find(|page| page.status == 429)
        .expect("nobody tries without end");
    let seconds: u64 = refused
        .header("Retry-After")
        .and_then(|seconds| seconds.parse().ok())
        .expect("it says when");
    let said = match seconds {
        1 => "in one second".to_owned(),
        2..=90 => format!("in {seconds} seconds"),
        _ => format!("in {} minutes", seconds.div_ceil(60)),
    };
    assert!(
        refused.text().contains(&said),
        "{seconds}: {}",
        refused.text()
    );
}

#[test]
fn an_address_that_leads_nowhere_is_looked_for() {
    let app = TestApp::new();
    let value = |path: &str| {
        let guest = app.browser_in(Lang::En);
        let page = guest.get_once(path).expect(404);
        page.attributes("[name=q]", "value")
    };
    assert_eq!(
        value("/en/articles/orange-light-blinks"),
        ["orange light blinks"]
    );
    for path in ["/en/articles/%3Cb%3E", "/nothing-here", "/en/articles/a/b"] {
        assert_eq!(value(path), [""], "{path}");
    }
}
