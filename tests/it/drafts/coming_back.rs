//! Forms that come back: refused, overtaken, or from a session that has ended.

use chrono::Duration;
use guichet::accounts::Role;
use guichet::forms::ensure_request_types;
use guichet::tickets::commands::StatusAfter;

use super::{kept, save};
use crate::requests::portal::Portal;
use crate::support::{File, PASSWORD, TestApp};

const CLAIRE: &str = "claire@tilleuls.example";

#[test]
fn a_form_whose_session_had_ended_stands_in_its_page_after_signing_in() {
    let app = TestApp::new();
    app.write(ensure_request_types);
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    browser.sign_in(CLAIRE);
    let form = browser.get("/requests/new").form("/requests");
    let form = form.fill("subject", "Le Wi-Fi").fill("body", "Il tombe.");
    app.advance(Duration::days(31));
    let expired = form.submit_once().expect(401).has("Il tombe.");
    let page = expired
        .form("/sign-in/resume")
        .fill("email", CLAIRE)
        .fill("password", PASSWORD)
        .submit()
        .expect(200)
        .at("/requests/new")
        .has("Brouillon restauré");
    let form = page.form("/requests");
    assert_eq!(form.value("subject"), Some("Le Wi-Fi"));
    assert_eq!(form.value("body"), Some("Il tombe."));
}

#[test]
fn its_files_come_back_too_and_to_whoever_sent_them_alone() {
    let app = TestApp::new();
    app.write(ensure_request_types);
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    browser.sign_in(CLAIRE);
    let form = browser.get("/requests/new").form("/requests");
    let form = form
        .fill("body", "Il tombe.")
        .attach("files", File::new("un.txt", "text/plain", "un"));
    app.advance(Duration::days(31));
    let expired = form.submit_once().expect(401);
    let page = expired
        .form("/sign-in/resume")
        .fill("email", CLAIRE)
        .fill("password", PASSWORD)
        .submit()
        .expect(200)
        .at("/requests/new")
        .has("un.txt");
    let href = page.attributes(".file-name", "href").remove(0);
    assert_eq!(browser.get(&href).expect(200).bytes(), b"un");
    // What has become somebody's draft cannot be asked for again.
    app.person("paul@tilleuls.example", Role::Customer);
    let other = app.browser();
    other.sign_in("paul@tilleuls.example");
    let id = href.rsplit('/').next().expect("an id");
    save(
        &other,
        "/drafts/request",
        &[("body", "x"), ("held_file", id)],
    )
    .expect(200);
    drop(other.get("/requests/new").expect(200).lacks("un.txt"));
    browser.get(&href).expect(200);
}

#[test]
fn what_another_window_wrote_meanwhile_is_not_replaced() {
    let app = TestApp::new();
    app.write(ensure_request_types);
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    browser.sign_in(CLAIRE);
    let form = browser
        .get("/requests/new")
        .form("/requests")
        .fill("body", "Ici.");
    save(
        &browser,
        "/drafts/request",
        &[("body", "Là-bas."), ("key", "other")],
    )
    .expect(200);
    app.advance(Duration::days(31));
    let expired = form.submit_once().expect(401);
    let resumed = expired
        .form("/sign-in/resume")
        .fill("email", CLAIRE)
        .fill("password", PASSWORD)
        .submit()
        .expect(200);
    drop(resumed.has("Ici.").has("Votre texte est là"));
    drop(browser.get("/requests/new").expect(200).has("Là-bas."));
}

#[test]
fn a_note_whose_session_had_ended_stays_a_note() {
    let portal = Portal::new();
    portal.app.give_password(&portal.nadia);
    let ticket = portal.file(&portal.claire, "Sujet", "Texte.");
    let path = format!("/desk/tickets/{}", ticket.reference);
    let action = format!("{path}/messages");
    let nadia = portal.app.browser();
    nadia.sign_in(&portal.nadia.email);
    let form = nadia.get(&path).form(&action);
    let form = form.fill("kind", "note").fill("body", "Entre nous.");
    portal.app.advance(Duration::days(31));
    let expired = form.submit_once().expect(401).has("Entre nous.");
    let page = expired
        .form("/sign-in/resume")
        .fill("email", &portal.nadia.email)
        .fill("password", PASSWORD)
        .submit()
        .expect(200)
        .at(&path);
    let form = page.form(&action);
    assert_eq!(form.value("body"), Some("Entre nous."));
    assert_eq!(form.value("kind"), Some("note"));
    let draft = kept(&portal, &portal.nadia, "message", ticket.id.0);
    assert_eq!(draft.expect("it is kept").fields["kind"], "note");
}

#[test]
fn a_reply_begun_before_others_wrote_says_so() {
    let portal = Portal::new();
    let ticket = portal.file(&portal.claire, "Sujet", "Texte.");
    let nadia = portal.browser(&portal.nadia);
    let path = format!("/desk/tickets/{}", ticket.reference);
    let action = format!("{path}/messages");
    let begun = nadia.get(&path).form(&action);
    let version = begun.value("version").expect("a version").to_owned();
    let draft = format!("/drafts/message-{}", ticket.reference);
    save(
        &nadia,
        &draft,
        &[("body", "Bonjour"), ("version", &version)],
    )
    .expect(200);
    portal.answer(&ticket, "J’y suis.", StatusAfter::Keep);
    let page = nadia.get(&path).expect(200).has("Bonjour").has("restored");
    assert_eq!(page.all(".composer-collision").len(), 1);
    page.form(&action).submit().expect(200).lacks("restored");
    assert_eq!(kept(&portal, &portal.nadia, "message", ticket.id.0), None);
}
