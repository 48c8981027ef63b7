//! The rule that agents and managers have a second factor.

use guichet::accounts::{Role, rules};
use guichet::platform::db::StorageError;
use guichet::platform::events::list_events;

use crate::support::TestApp;

const NADIA: &str = "nadia@support.example";
const LEA: &str = "lea@support.example";

fn require(app: &TestApp) {
    app.write(|tx| rules::require_factor(tx, true).map_err(StorageError::from));
}

#[test]
fn a_manager_sets_the_rule_and_sees_who_is_not_ready() {
    let app = TestApp::new();
    let nadia = app.person(NADIA, Role::Manager);
    app.person(LEA, Role::Agent);
    let browser = app.browser();
    browser.sign_in(NADIA);
    browser.add_factor(&app);
    let page = browser.get("/manage/people").click("Règles de connexion");
    let page = page.at("/manage/sign-in");
    assert_eq!(page.all("section[aria-labelledby=without] li"), ["lea"]);
    let form = page.form("/manage/sign-in").tick("factor_required", "true");
    let page = form.submit().has("La règle est enregistrée");
    assert_eq!(
        page.attributes("[name=factor_required][checked]", "value"),
        ["true"]
    );
    let events = app.read(|conn| list_events(conn, rules::STREAM, 1));
    let last = events.last().expect("recorded");
    assert_eq!(
        (last.kind.as_str(), last.actor),
        ("rules_changed", nadia.actor())
    );
    assert_eq!(last.data["new"]["factor_required"], true);
    let page = browser.get("/manage/sign-in");
    page.form("/manage/sign-in")
        .untick("factor_required", "true")
        .submit();
    assert!(!app.read(rules::is_factor_required));
}

#[test]
fn who_owes_a_factor_reaches_nothing_but_adding_one() {
    for (role, home) in [(Role::Agent, "/desk"), (Role::Manager, "/desk")] {
        let app = TestApp::new();
        app.person(LEA, role);
        require(&app);
        let browser = app.browser();
        browser.sign_in(LEA);
        browser.get("/desk").has("Votre portail la demande");
        for path in [
            "/desk",
            "/desk/views/open",
            "/profile",
            "/requests",
            "/manage/people",
            "/manage/sign-in",
            "/profile/factor/codes",
            "/sign-in",
        ] {
            browser.get(path).at("/profile/factor");
        }
        browser.get("/desk/views/open").lacks("data-row");
        browser.add_factor(&app);
        browser.get(home).expect(200);
    }
}

#[test]
fn the_rule_holds_for_sessions_that_are_open_and_nothing_typed_is_lost() {
    let app = TestApp::new();
    app.person(LEA, Role::Agent);
    let browser = app.browser();
    browser.sign_in(LEA);
    let form = browser
        .get("/profile")
        .form("/profile")
        .fill("name", "Léa Vasseur");
    require(&app);
    let page = form.submit_once().expect(401);
    let page = page
        .has("activez la double authentification")
        .has("Léa Vasseur");
    browser.add_factor(&app);
    // Its token was of the session before: it is offered once more.
    let page = page
        .form("/profile")
        .submit_once()
        .expect(403)
        .has("Léa Vasseur");
    page.form("/profile")
        .submit()
        .has("Vos coordonnées sont enregistrées");
}

#[test]
fn customers_are_not_bound_and_agents_cannot_turn_it_off() {
    let app = TestApp::new();
    app.person("claire@tilleuls.example", Role::Customer);
    app.person(LEA, Role::Agent);
    let (browser, desk) = (app.browser(), app.browser());
    desk.sign_in(LEA);
    desk.add_factor(&app);
    require(&app);
    browser.sign_in("claire@tilleuls.example");
    browser.get("/requests").at("/requests");
    let page = desk.get("/profile/factor").expect(200);
    assert!(
        page.attributes("a[href='/profile/factor/removal']", "href")
            .is_empty()
    );
    desk.get("/profile/factor/removal")
        .at("/profile/factor")
        .has("ne peut pas être désactivée");
}

#[test]
fn who_owes_a_factor_can_leave() {
    let app = TestApp::new();
    app.person(LEA, Role::Agent);
    require(&app);
    let browser = app.browser();
    browser.sign_in(LEA);
    browser.get("/desk").form("/sign-out").submit();
    browser.get("/profile").at("/sign-in");
}
