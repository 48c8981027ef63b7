//! A session that ends while somebody writes.

use chrono::Duration;
use guichet::accounts::Role;

use crate::support::{PASSWORD, TestApp};

const CLAIRE: &str = "claire@tilleuls.example";

#[test]
fn what_was_typed_survives_the_end_of_the_session() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    browser.sign_in(CLAIRE);
    let page = browser.get("/profile").expect(200);
    let form = page
        .form("/profile")
        .fill("name", "Claire \"la\" <b>Fontanel</b>");
    app.advance(Duration::days(31));
    let expired = form
        .submit_once()
        .expect(401)
        .has("Votre session a pris fin");
    let expired = expired.has("Claire \"la\" <b>Fontanel</b>");

    let wrong = expired
        .form("/sign-in/resume")
        .fill("email", CLAIRE)
        .fill("password", "pas le bon mot de passe")
        .submit_once()
        .expect(422)
        .has("Fontanel");
    let resumed = wrong
        .form("/sign-in/resume")
        .fill("email", CLAIRE)
        .fill("password", PASSWORD)
        .submit_once()
        .expect(200)
        .has("Votre texte est là");
    let sent = resumed.form("/profile").submit().expect(200).at("/profile");
    drop(sent.has("Vos coordonnées sont enregistrées"));
    let name = app.find_person(CLAIRE).map(|p| p.name);
    assert_eq!(name.as_deref(), Some("Claire \"la\" <b>Fontanel</b>"));
}

#[test]
fn a_form_from_an_earlier_session_comes_back_to_be_sent_again() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    browser.sign_in(CLAIRE);
    let old = browser
        .get("/profile")
        .form("/profile")
        .fill("name", "Claire F.");
    // In another tab: out, and in again.
    browser.get("/profile").form("/sign-out").submit();
    browser.sign_in(CLAIRE);
    let back = old
        .submit_once()
        .expect(403)
        .has("Votre texte est là")
        .has("Claire F.");
    back.form("/profile").submit().expect(200).at("/profile");
    assert_eq!(
        app.find_person(CLAIRE).map(|p| p.name),
        Some("Claire F.".to_owned())
    );
}

#[test]
fn passwords_are_never_carried_along() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    browser.sign_in(CLAIRE);
    let form = browser
        .get("/profile")
        .form("/profile/password")
        .fill("current_password", PASSWORD)
        .fill("password", "un secret bien gardé");
    app.advance(Duration::days(31));
    let html = form.submit_once().expect(401).html();
    assert!(!html.contains(PASSWORD) && !html.contains("bien gardé"));
}

#[test]
fn the_page_after_signing_in_again_leads_nowhere_else() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    let page = browser.get("/sign-in");
    let token = page
        .form("/sign-in")
        .value("csrf")
        .map(str::to_owned)
        .expect("a token");
    for elsewhere in ["//evil.example", "https://evil.example", ""] {
        let fields = [
            ("csrf", token.as_str()),
            ("email", CLAIRE),
            ("password", PASSWORD),
            ("return_to", elsewhere),
            ("kept_fields", "[[\"body\",\"x\"]]"),
        ];
        browser.post("/sign-in/resume", &fields).expect(404);
    }
    let fields = [
        ("csrf", token.as_str()),
        ("email", CLAIRE),
        ("password", PASSWORD),
        ("return_to", "/requests"),
        ("kept_fields", "not json"),
    ];
    browser.post("/sign-in/resume", &fields).expect(200);
}
