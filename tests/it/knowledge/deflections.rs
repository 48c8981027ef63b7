//! Articles opened while a request was being written.

use chrono::Duration;
use diesel::prelude::*;
use guichet::accounts::Role;
use guichet::forms::{ensure_request_types, list_request_types};
use guichet::knowledge::deflections::count_deflections;
use guichet::schema::deflections;

use super::Library;
use crate::support::Browser;

/// The form token of this browser.
fn token(browser: &Browser<'_>) -> String {
    let page = browser.get("/requests/new").expect(200);
    let tokens = page.attributes("input[name=csrf]", "value");
    tokens.into_iter().next().expect("the page holds a form")
}

fn open(browser: &Browser<'_>, key: &str) {
    let csrf = token(browser);
    let fields = [
        ("csrf", csrf.as_str()),
        ("form_key", key),
        ("article", "/fr/articles/debit"),
        ("subject", "Lent"),
    ];
    let page = browser.post("/deflections", &fields).expect(303);
    assert_eq!(page.location(), Some("/fr/articles/debit"));
}

fn counted(library: &Library) -> i64 {
    let now = library.app.site.db.now();
    library
        .app
        .read(move |conn| count_deflections(conn, now - Duration::days(1), now))
}

#[test]
fn an_article_deflects_when_it_settles_or_when_nothing_follows() {
    let library = Library::furnished();
    let browser = library.app.browser();
    open(&browser, "form-1");
    open(&browser, "form-1");
    assert_eq!(counted(&library), 0, "a request may still follow");
    let csrf = token(&browser);
    let settled = [("csrf", csrf.as_str()), ("form_key", "form-1")];
    assert_eq!(
        browser
            .post("/deflections/settled", &settled)
            .expect(303)
            .location(),
        Some("/")
    );
    assert_eq!(counted(&library), 1);
    open(&browser, "form-2");
    library.app.advance(Duration::minutes(31));
    assert_eq!(counted(&library), 2);
}

#[test]
fn an_article_before_a_request_deflects_nothing() {
    let library = Library::furnished();
    library.app.write(ensure_request_types);
    let kind = library
        .app
        .read(list_request_types)
        .remove(0)
        .id
        .to_string();
    let customer = library.signed_in(Role::Customer);
    let form = customer.get("/requests/new").expect(200).form("/requests");
    open(&customer, form.value("key").expect("the form has a key"));
    let form = form.fill("request_type", &kind).fill("subject", "Lent");
    let filed = form.fill("body", "Toujours lent.").submit().expect(200);
    library.app.advance(Duration::hours(1));
    assert_eq!(counted(&library), 0);
    let ticket: Option<i64> = library.app.read(|conn| {
        deflections::table
            .select(deflections::ticket_id)
            .first(conn)
    });
    assert!(ticket.is_some());
    let desk = library.signed_in(Role::Agent);
    let page = desk.get(&format!(
        "/desk{}",
        filed.path.replace("requests", "tickets")
    ));
    let page = page.expect(200);
    let read = page.attributes(".desk-ticket-customer a[href*=articles]", "href");
    assert_eq!(read, ["/fr/articles/debit"]);
}

#[test]
fn a_form_of_another_site_and_an_unknown_article_are_refused() {
    let library = Library::furnished();
    let browser = library.app.browser();
    browser
        .post("/deflections", &[("article", "/fr/articles/debit")])
        .expect(403);
    let csrf = token(&browser);
    for article in [
        "/fr/articles/none",
        "https://evil.example/fr/articles/debit",
        "",
    ] {
        browser
            .post(
                "/deflections",
                &[("csrf", &csrf), ("form_key", "k"), ("article", article)],
            )
            .expect(404);
    }
}
