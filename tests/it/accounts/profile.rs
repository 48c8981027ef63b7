//! What people change of themselves.

use guichet::accounts::{Role, STREAM};
use guichet::platform::events::list_events;
use guichet::platform::i18n::Lang;

use crate::support::{PASSWORD, TestApp};

const CLAIRE: &str = "claire@tilleuls.example";
const NEW: &str = "les tilleuls en juin";

#[test]
fn details_change_and_pages_follow_the_language() {
    let app = TestApp::new();
    let claire = app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    browser.sign_in(CLAIRE);
    let page = browser.get("/profile").expect(200);
    page.form("/profile")
        .fill("name", "Claire Fontanel")
        .fill("language", "en")
        .fill("time_zone", "Indian/Reunion")
        .submit()
        .expect(200)
        .has("Your details are saved");
    let person = app.find_person(CLAIRE).expect("known");
    assert_eq!(
        (person.language, person.time_zone.as_str()),
        (Lang::En, "Indian/Reunion")
    );
    let events = app.read(|conn| list_events(conn, STREAM, claire.id.0));
    let last = events.last().expect("an event");
    assert_eq!(last.kind, "profile_changed");
    assert_eq!(last.data["old"]["name"], "claire");
    assert_eq!(last.data["new"]["name"], "Claire Fontanel");
    assert_eq!(last.actor, claire.actor());
    assert_eq!(person.version, last.seq);
}

#[test]
fn what_the_form_does_not_offer_is_not_changed() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    browser.sign_in(CLAIRE);
    let form = browser.get("/profile").form("/profile");
    form.forge("role", "manager")
        .forge("email", "x@y.example")
        .submit()
        .expect(200);
    let person = app.find_person(CLAIRE).expect("known");
    assert_eq!(person.role, Role::Customer);
    for (field, value) in [
        ("name", ""),
        ("name", &"x".repeat(121)),
        ("language", "de"),
        ("time_zone", "Mars/Base"),
    ] {
        let form = browser.get("/profile").form("/profile").forge(field, value);
        form.submit_once().expect(422);
    }
}

#[test]
fn a_new_password_needs_the_current_one_and_ends_other_sessions() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let (browser, other) = (app.browser(), app.browser());
    browser.sign_in(CLAIRE);
    other.sign_in(CLAIRE);
    let before = browser.cookie("guichet_session");
    let fill = |current: &str, new: &str| {
        browser
            .get("/profile")
            .form("/profile/password")
            .fill("current_password", current)
            .fill("password", new)
            .submit_once()
    };
    fill("", NEW)
        .expect(422)
        .has("Ce n’est pas le mot de passe actuel");
    fill(NEW, NEW).expect(422);
    fill(PASSWORD, "court").expect(422);
    fill(PASSWORD, NEW).expect(303);
    assert_ne!(browser.cookie("guichet_session"), before, "a new session");
    browser.get("/profile").at("/profile");
    other.get("/profile").at("/sign-in");
    assert_eq!(app.last_mail_to(CLAIRE).kind, "accounts/password-changed");
}

#[test]
fn a_device_can_be_signed_out_and_only_ones_own() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    app.person("bo@oak.example", Role::Customer);
    let (browser, phone, bo) = (app.browser(), app.browser(), app.browser());
    phone.sign_in(CLAIRE);
    browser.sign_in(CLAIRE);
    bo.sign_in("bo@oak.example");
    let page = browser.get("/profile");
    let actions = page.attributes("form[action^='/profile/sessions']", "action");
    let [end, _all] = actions.as_slice() else {
        panic!("one other device, not {actions:?}");
    };
    let token = bo
        .get("/profile")
        .form("/profile")
        .value("csrf")
        .map(str::to_owned);
    bo.post(end, &[("csrf", &token.expect("a token"))])
        .expect(404);
    phone.get("/profile").at("/profile");
    page.form(end).submit().expect(200);
    phone.get("/profile").at("/sign-in");
}
