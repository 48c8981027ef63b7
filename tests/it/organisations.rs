//! Customer companies, as managers keep them.

use guichet::accounts::Role;
use guichet::organisations::{list_organisations, organisation_of};

use crate::support::TestApp;

const NADIA: &str = "nadia@support.example";
const CLAIRE: &str = "claire@tilleuls.example";

#[test]
fn a_company_gets_members_by_their_addresses() {
    let app = TestApp::new();
    app.person(NADIA, Role::Manager);
    let claire = app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    browser.sign_in(NADIA);
    let list = browser.get("/manage/organisations").expect(200);
    let form = list
        .form("/manage/organisations")
        .fill("name", "Clinique des Tilleuls");
    form.submit().expect(200).has("Clinique des Tilleuls");
    let company = app.read(list_organisations).first().expect("made").clone();

    let path = format!("/manage/organisations/{}", company.id);
    let members = format!("{path}/members");
    for email in [CLAIRE, "nouveau@tilleuls.example"] {
        let form = browser.get(&path).form(&members).fill("email", email);
        form.submit().expect(200).has(email);
    }
    assert_eq!(
        app.read(|conn| organisation_of(conn, claire.id)),
        Some(company.id)
    );
    let portal = app.browser();
    portal.sign_in(CLAIRE);
    portal.get("/profile").has("Clinique des Tilleuls");

    let end = format!("{members}/{}/end", claire.id);
    browser
        .get(&path)
        .form(&end)
        .submit()
        .expect(200)
        .lacks(CLAIRE);
    assert_eq!(app.read(|conn| organisation_of(conn, claire.id)), None);
}

#[test]
fn what_is_wrong_comes_back() {
    let app = TestApp::new();
    app.person(NADIA, Role::Manager);
    let browser = app.browser();
    browser.sign_in(NADIA);
    let add = |name: &str| {
        let form = browser
            .get("/manage/organisations")
            .form("/manage/organisations");
        form.fill("name", name).submit_once()
    };
    add("Hôtel du Port").expect(303);
    add("hotel du port")
        .expect(422)
        .has("Une autre entreprise porte ce nom");
    for bad in ["", "a\u{1}b", &"x".repeat(121)] {
        add(bad).expect(422);
    }
    let company = app.read(list_organisations).first().expect("made").clone();
    let members = format!("/manage/organisations/{}/members", company.id);
    let page = browser.get(&format!("/manage/organisations/{}", company.id));
    for bad in ["", "claire", "claire@"] {
        page.form(&members)
            .fill("email", bad)
            .submit_once()
            .expect(422);
    }
    browser.get("/manage/organisations/999").expect(404);
    browser.get("/manage/organisations/x").expect(404);
}
