//! Teams, as managers make and change them.

use guichet::accounts::Role;
use guichet::teams::{list_teams, members_of};

use crate::support::TestApp;

const NADIA: &str = "nadia@support.example";

#[test]
fn a_team_is_made_filled_renamed_and_put_away() {
    let app = TestApp::new();
    app.person(NADIA, Role::Manager);
    let lea = app.person("lea@support.example", Role::Agent);
    let claire = app.person("claire@tilleuls.example", Role::Customer);
    let browser = app.browser();
    browser.sign_in(NADIA);
    let list = browser.get("/manage/teams").expect(200);
    let form = list.form("/manage/teams").fill("name", "Réseau");
    let page = form.fill("hue", "3").submit().expect(200);
    let team = app.read(list_teams).first().expect("made").clone();
    assert_eq!((team.name.as_str(), team.hue), ("Réseau", 3));

    let path = format!("/manage/teams/{}", team.id);
    let members = format!("{path}/members");
    let form = page.form(&members).tick("members", &lea.id.to_string());
    // Somebody who cannot be given tickets is not taken in by a forged box.
    form.tick("members", &claire.id.to_string())
        .submit()
        .expect(200);
    assert_eq!(app.read(|conn| members_of(conn, team.id)), [lea.id]);
    browser.get("/manage/teams").has("Réseau lea");

    let form = browser
        .get(&path)
        .form(&path)
        .fill("name", "Réseau et fibre");
    form.submit().expect(200).has("Réseau et fibre");
    browser
        .get(&path)
        .form(&format!("{path}/archive"))
        .submit()
        .has("archivée");
    assert!(app.read(list_teams).is_empty());
    browser.get(&path).form(&format!("{path}/archive")).submit();
    assert_eq!(app.read(list_teams).len(), 1);
}

#[test]
fn names_that_differ_in_accents_alone_are_the_same() {
    let app = TestApp::new();
    app.person(NADIA, Role::Manager);
    let browser = app.browser();
    browser.sign_in(NADIA);
    let add = |name: &str| {
        let form = browser.get("/manage/teams").form("/manage/teams");
        form.fill("name", name).submit_once()
    };
    add("Réseau").expect(303);
    add("RESEAU")
        .expect(422)
        .has("Une autre équipe porte ce nom");
    for bad in ["", "   ", "a\u{7}b", &"x".repeat(61)] {
        add(bad).expect(422);
    }
    let form = browser
        .get("/manage/teams")
        .form("/manage/teams")
        .fill("name", "Autre");
    form.forge("hue", "8").submit_once().expect(422);
    assert_eq!(app.read(list_teams).len(), 1);
}

#[test]
fn only_managers_find_the_page() {
    let app = TestApp::new();
    app.person("lea@support.example", Role::Agent);
    let browser = app.browser();
    browser.sign_in("lea@support.example");
    browser.get("/manage/teams").expect(404);
    browser.get("/manage/organisations").expect(404);
}
