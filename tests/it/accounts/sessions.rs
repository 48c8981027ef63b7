//! How long a session lasts, and who sees and ends it.

use chrono::Duration;
use guichet::accounts::sessions::limit_of;
use guichet::accounts::{Role, STREAM, strangers};
use guichet::platform::db::StorageError;
use guichet::platform::events::list_events;
use guichet::platform::secret::digest;
use rocket::http::Header;

use crate::support::{PASSWORD, TestApp};

const CLAIRE: &str = "claire@tilleuls.example";
const BO: &str = "bo@oak.example";

fn minute() -> Duration {
    Duration::minutes(1)
}

#[test]
fn a_session_ends_after_the_idle_limit_of_its_role() {
    for &role in Role::ALL {
        let app = TestApp::new();
        app.person(CLAIRE, role);
        let idle = limit_of(&app.site.settings.sessions, role).idle;
        let browser = app.browser();
        browser.sign_in(CLAIRE);
        app.advance(idle - minute());
        browser.get("/profile").at("/profile");
        app.advance(idle - minute());
        browser.get("/profile").at("/profile");
        app.advance(idle + minute());
        browser.get("/profile").at("/sign-in");
    }
}

#[test]
fn a_session_ends_at_the_absolute_limit_of_its_role_however_much_it_is_used() {
    for &role in Role::ALL {
        let app = TestApp::new();
        app.person(CLAIRE, role);
        let limit = limit_of(&app.site.settings.sessions, role);
        let browser = app.browser();
        browser.sign_in(CLAIRE);
        let mut age = Duration::zero();
        let step = limit.idle / 2;
        while age + step < limit.absolute {
            app.advance(step);
            age += step;
            browser.get("/profile").at("/profile");
        }
        app.advance(limit.absolute - age + minute());
        browser.get("/profile").at("/sign-in");
    }
}

#[test]
fn limits_are_settings() {
    let app = TestApp::with(|settings| {
        settings.sessions.agent.idle = Duration::hours(1);
        settings.sessions.agent.absolute = Duration::hours(2);
    });
    app.person(CLAIRE, Role::Agent);
    let browser = app.browser();
    browser.sign_in(CLAIRE);
    for _ in 0..3 {
        app.advance(Duration::minutes(35));
        browser.get("/profile").at("/profile");
    }
    app.advance(Duration::minutes(35));
    browser.get("/profile").at("/sign-in");
}

#[test]
fn what_a_page_asks_for_by_itself_keeps_no_session_open() {
    let marks = [
        ("X-Guichet-Background", "1"),
        ("Sec-Fetch-Dest", "empty"),
        ("Sec-Purpose", "prefetch"),
    ];
    for (name, value) in marks {
        let app = TestApp::new();
        app.person(CLAIRE, Role::Agent);
        let idle = limit_of(&app.site.settings.sessions, Role::Agent).idle;
        let browser = app.browser();
        browser.sign_in(CLAIRE);
        for _ in 0..8 {
            let poll = Header::new(name, value);
            browser.get_with("/profile", poll).expect(200);
            app.advance(idle / 8);
        }
        app.advance(minute());
        let poll = Header::new(name, value);
        browser.get_with("/profile", poll).expect(303);
        browser.get("/profile").at("/sign-in");
    }
}

#[test]
fn the_sweep_removes_what_has_ended_and_nothing_else() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    app.person(BO, Role::Manager);
    app.browser().sign_in(CLAIRE);
    app.browser().sign_in(BO);
    app.advance(Duration::hours(9));
    let limits = app.site.settings.sessions;
    let swept = app.write(move |tx| {
        guichet::accounts::sessions::sweep_sessions(tx, &limits).map_err(StorageError::from)
    });
    assert_eq!(swept, 1, "the manager's");
}

#[test]
fn a_person_sees_their_own_sessions_and_no_secret_of_them() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    app.person(BO, Role::Customer);
    let (browser, phone, bo) = (app.browser(), app.browser(), app.browser());
    for one in [&browser, &phone] {
        one.sign_in(CLAIRE);
    }
    bo.sign_in(BO);
    let page = browser.get("/profile").expect(200);
    assert_eq!(page.all("section[aria-labelledby=sessions] li").len(), 2);
    let page = page.has("cet appareil").has("réseau 198.18.0.x");
    let html = page.html();
    for one in [&browser, &phone, &bo] {
        let secret = one.cookie("guichet_session").expect("signed in");
        assert!(!html.contains(&secret) && !html.contains(&digest(&secret)));
    }
    let address = page.shows("198.18.0.0") || page.shows("198.18.0.1");
    assert!(!address, "the whole address is nobody's business");
}

#[test]
fn what_a_browser_calls_itself_is_not_repeated() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    browser.sign_in(CLAIRE);
    browser
        .get("/profile")
        .has("Appareil inconnu")
        .lacks("(test)");
}

#[test]
fn ending_one_session_and_then_all_others() {
    let app = TestApp::new();
    let claire = app.person(CLAIRE, Role::Customer);
    let (browser, phone, tablet) = (app.browser(), app.browser(), app.browser());
    phone.sign_in(CLAIRE);
    tablet.sign_in(CLAIRE);
    browser.sign_in(CLAIRE);
    let page = browser.get("/profile");
    let actions = page.attributes("form[action^='/profile/sessions/']", "action");
    assert_eq!(actions.len(), 3, "two others, and all: {actions:?}");
    page.form(&actions[0])
        .submit()
        .has("L’appareil est déconnecté");
    let ended = [&phone, &tablet].map(|one| one.get_once("/profile").status);
    assert!(ended == [303, 200] || ended == [200, 303], "{ended:?}");
    let page = browser
        .get("/profile")
        .form("/profile/sessions/end")
        .submit();
    page.has("Tous les autres appareils sont déconnectés");
    phone.get("/profile").at("/sign-in");
    tablet.get("/profile").at("/sign-in");
    let page = browser.get("/profile").at("/profile");
    assert!(!page.has_form("/profile/sessions/end"));
    let events = app.read(|conn| list_events(conn, STREAM, claire.id.0));
    let kinds: Vec<&str> = events.iter().map(|e| e.kind.as_str()).collect();
    assert_eq!(
        kinds[kinds.len() - 2..],
        ["session_ended", "sessions_ended"]
    );
    assert_eq!(events.last().expect("one").data["count"], 1);
}

#[test]
fn a_foreign_session_cannot_be_ended_and_is_like_none() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    app.person(BO, Role::Customer);
    let (browser, phone, bo) = (app.browser(), app.browser(), app.browser());
    phone.sign_in(CLAIRE);
    browser.sign_in(CLAIRE);
    bo.sign_in(BO);
    let page = browser.get("/profile");
    let foreign = page.attributes("form[action$='/end']", "action")[0].clone();
    let token = bo.get("/profile").form("/profile");
    let token = token.value("csrf").expect("a token").to_owned();
    let absent = format!("/profile/sessions/{}/end", "0".repeat(32));
    for path in [&foreign, &absent] {
        bo.post(path, &[("csrf", &token)]).expect(404);
    }
    phone.get("/profile").at("/profile");
}

#[test]
fn a_manager_ends_all_sessions_of_a_person_and_keeps_their_own() {
    let app = TestApp::new();
    let nadia = app.person("nadia@support.example", Role::Manager);
    let lea = app.person("lea@support.example", Role::Agent);
    let (manager, other, desk) = (app.browser(), app.browser(), app.browser());
    manager.sign_in("nadia@support.example");
    other.sign_in("nadia@support.example");
    desk.sign_in("lea@support.example");
    for person in [&lea, &nadia] {
        let path = format!("/manage/people/{}", person.id);
        let form = manager.get(&path).form(&format!("{path}/sessions/end"));
        form.submit().has("Les sessions sont fermées");
    }
    desk.get("/desk").at("/sign-in");
    other.get("/desk").at("/sign-in");
    manager.get("/manage/people").at("/manage/people");
    let events = app.read(|conn| list_events(conn, STREAM, lea.id.0));
    let last = events.last().expect("an event");
    assert_eq!(
        (last.kind.as_str(), last.actor),
        ("sessions_ended", nadia.actor())
    );
}

#[test]
fn a_shut_account_is_out_at_the_very_next_request() {
    let app = TestApp::new();
    app.person("nadia@support.example", Role::Manager);
    let lea = app.person("lea@support.example", Role::Agent);
    let (desk, waiting, late) = (app.browser(), app.browser(), app.browser());
    desk.sign_in("lea@support.example");
    desk.add_factor(&app);
    let token = desk.get("/profile").form("/profile");
    let token = token.value("csrf").expect("a token").to_owned();
    waiting
        .try_sign_in("lea@support.example", PASSWORD)
        .expect(303);
    app.write(move |tx| guichet::accounts::commands::disable(tx, lea.id));
    desk.get_once("/desk").expect(303);
    desk.post("/profile", &[("csrf", &token)]).expect(401);
    waiting.get("/sign-in/code").at("/sign-in");
    late.try_sign_in("lea@support.example", PASSWORD)
        .expect(422);
}

#[test]
fn coming_and_going_is_recorded() {
    let app = TestApp::new();
    let claire = app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    browser.try_sign_in(CLAIRE, "autre chose ici").expect(422);
    browser
        .try_sign_in("nobody@oak.example", PASSWORD)
        .expect(422);
    browser.sign_in(CLAIRE);
    browser.get("/profile").form("/sign-out").submit();
    let events = app.read(|conn| list_events(conn, STREAM, claire.id.0));
    let told: Vec<_> = events.iter().rev().take(3).collect();
    let kinds: Vec<&str> = told.iter().rev().map(|e| e.kind.as_str()).collect();
    assert_eq!(kinds, ["sign_in_denied", "signed_in", "signed_out"]);
    assert_eq!(told[2].data["reason"], "password");
    assert_eq!(told[1].data["by"], "password");
    assert_eq!(told[1].data["network"], "198.18.0.x");
    assert!(told.iter().all(|event| event.seq > 0));
    let print = strangers::print(&app.site.key, "nobody@oak.example");
    let strangers = app.read(|conn| list_events(conn, strangers::STREAM, print));
    assert_eq!(strangers.len(), 1);
    let told = strangers[0].data.to_string();
    assert!(
        !told.contains("nobody"),
        "the address of somebody unknown is not kept: {told}"
    );
}
