//! Links that set a password: once, in time, for their own purpose.

use chrono::Duration;
use guichet::accounts::commands::{self, issue_first_manager_link};
use guichet::accounts::tokens::{self, Purpose};
use guichet::accounts::{NewPerson, Role, setup_path};
use guichet::platform::db::StorageError;
use guichet::platform::i18n::Lang;

use crate::support::{Browser, PASSWORD, TestApp};

const CLAIRE: &str = "claire@tilleuls.example";
const NEW: &str = "les tilleuls en juin";

fn ask_for_reset(browser: &Browser<'_>) {
    let page = browser.get("/forgot").expect(200);
    page.form("/forgot")
        .fill("email", CLAIRE)
        .submit()
        .expect(200);
}

#[test]
fn a_forgotten_password_is_replaced_and_every_session_ends() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let elsewhere = app.browser();
    elsewhere.sign_in(CLAIRE);
    let browser = app.browser();
    ask_for_reset(&browser);
    let link = app.mailed_path(CLAIRE);
    let page = browser.get(&link).expect(200);
    assert_eq!(page.header("Referrer-Policy"), Some("no-referrer"));
    page.form(&link)
        .fill("password", NEW)
        .submit_once()
        .expect(303);
    browser.get("/profile").at("/profile");
    elsewhere.get("/profile").at("/sign-in");
    assert_eq!(app.last_mail_to(CLAIRE).kind, "accounts/password-changed");
    app.browser().try_sign_in(CLAIRE, PASSWORD).expect(422);
    app.browser().try_sign_in(CLAIRE, NEW).expect(303);
}

#[test]
fn a_link_works_once() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let (browser, other) = (app.browser(), app.browser());
    ask_for_reset(&browser);
    let link = app.mailed_path(CLAIRE);
    let (first, second) = (browser.get(&link), other.get(&link));
    first
        .form(&link)
        .fill("password", NEW)
        .submit_once()
        .expect(303);
    let refused = second
        .form(&link)
        .fill("password", "un troisième mot")
        .submit_once();
    refused.expect(404).has("Ce lien ne sert plus");
    other.get(&link).expect(404);
    app.browser().try_sign_in(CLAIRE, NEW).expect(303);
}

#[test]
fn a_link_ends_in_time_and_with_the_next_one() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    ask_for_reset(&browser);
    let first = app.mailed_path(CLAIRE);
    ask_for_reset(&browser);
    let second = app.mailed_path(CLAIRE);
    browser.get(&first).expect(404);
    app.advance(Duration::minutes(59));
    browser.get(&second).expect(200);
    app.advance(Duration::minutes(1));
    browser.get(&second).expect(404);
}

#[test]
fn a_link_for_one_purpose_opens_nothing_else() {
    let app = TestApp::new();
    let claire = app.person(CLAIRE, Role::Customer);
    let id = claire.id;
    for purpose in Purpose::ALL.iter().copied() {
        let secret = app.write(move |tx| {
            tokens::issue_token(tx, purpose, Some(id), Some(1)).map_err(StorageError::from)
        });
        let browser = app.browser();
        let sets_password = Purpose::PASSWORD.contains(&purpose);
        let expected = if sets_password { 200 } else { 404 };
        browser.get(&format!("/password/{secret}")).expect(expected);
        // There is no way to know here that somebody manages already: nobody does.
        let expected = if purpose == Purpose::FirstManager {
            200
        } else {
            404
        };
        browser.get(&setup_path(&secret)).expect(expected);
        browser.get(&format!("/track/{secret}")).expect(404);
    }
}

#[test]
fn odd_secrets_are_not_found() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    ask_for_reset(&browser);
    let link = app.mailed_path(CLAIRE);
    let upper = link.to_uppercase().replace("/PASSWORD/", "/password/");
    for odd in [
        "/password/".to_owned(),
        "/password/%20".to_owned(),
        "/password/%00".to_owned(),
        "/password/%09".to_owned(),
        "/password/%25".to_owned(),
        "/password/_".to_owned(),
        format!("/password/{}", "%25".repeat(32)),
        format!("/password/{}", "a".repeat(10_000)),
        format!("{link}%20"),
        upper,
        "/setup/".to_owned(),
        "/setup/%20".to_owned(),
    ] {
        browser.get(&odd).expect(404);
    }
    browser.get(&link).expect(200);
}

#[test]
fn passwords_have_bounds_and_the_common_ones_are_refused() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    ask_for_reset(&browser);
    let link = app.mailed_path(CLAIRE);
    let words: String = ('a'..='z').cycle().take(128).collect();
    for refused in [
        "",
        "onze-lettre",
        "azertyuiop12",
        "MotDePasse2026",
        "claire@tilleuls.example",
        &format!("{words}b"),
        &"x".repeat(1_000_000),
    ] {
        let page = browser
            .get(&link)
            .form(&link)
            .fill("password", refused)
            .submit_once();
        let page = page.expect(422);
        assert_eq!(page.all(".field-error").len(), 1);
        assert!(refused.is_empty() || !page.html().contains(refused) || refused == CLAIRE);
    }
    browser
        .get(&link)
        .form(&link)
        .fill("password", &words)
        .submit_once()
        .expect(303);
    app.browser().try_sign_in(CLAIRE, &words[..127]).expect(422);
    app.browser().try_sign_in(CLAIRE, &words).expect(303);
}

#[test]
fn an_address_that_was_prepared_by_somebody_else_is_safe() {
    let app = TestApp::new();
    // Somebody signs up with Claire's address and never sees her mail.
    let attacker = app.browser();
    let page = attacker.get("/sign-up");
    let form = page
        .form("/sign-up")
        .fill("name", "Claire")
        .fill("email", CLAIRE);
    form.submit();
    let first = app.mailed_path(CLAIRE);
    // Claire asks for herself: the first link is dead, and no password was ever set.
    let claire = app.browser();
    ask_for_reset(&claire);
    claire.get(&first).expect(404);
    let link = app.mailed_path(CLAIRE);
    claire
        .get(&link)
        .form(&link)
        .fill("password", NEW)
        .submit_once()
        .expect(303);
    attacker.get("/profile").at("/sign-in");
}

#[test]
fn the_first_manager_is_made_by_the_printed_link_once() {
    let app = TestApp::new();
    let secret = app.write(issue_first_manager_link).expect("no manager yet");
    let path = setup_path(&secret);
    let browser = app.browser();
    let page = browser.get(&path).expect(200).has("Premier compte");
    let refused = page
        .form(&path)
        .fill("name", "Nadia")
        .submit_once()
        .expect(422);
    let form = refused.form(&path).fill("email", "nadia@support.example");
    form.fill("password", PASSWORD).submit_once().expect(303);
    let nadia = app.find_person("nadia@support.example").expect("made");
    assert_eq!(nadia.role, Role::Manager);
    app.browser().get(&path).expect(404);
    assert_eq!(app.write(issue_first_manager_link), None);
    app.browser().sign_in("nadia@support.example");
}

#[test]
fn an_invitation_holds_three_days_and_can_be_sent_again() {
    let app = TestApp::new();
    let new = NewPerson {
        email: "lea@support.example".to_owned(),
        name: "Léa Vasseur".to_owned(),
        role: Role::Agent,
        language: Lang::Fr,
        time_zone: String::new(),
    };
    let lea = app.write(move |tx| commands::invite(tx, &new));
    let first = app.mailed_path("lea@support.example");
    app.advance(Duration::hours(73));
    let browser = app.browser();
    browser.get(&first).expect(404);
    app.write(move |tx| commands::resend_invitation(tx, lea.id));
    let second = app.mailed_path("lea@support.example");
    let answer = browser
        .get(&second)
        .form(&second)
        .fill("password", PASSWORD)
        .submit_once();
    assert_eq!(answer.expect(303).location(), Some("/desk"));
}
