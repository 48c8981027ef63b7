//! People, as managers see and change them.

use std::sync::Barrier;

use guichet::accounts::queries::count_active_managers;
use guichet::accounts::{AccountError, Person, Role, commands};
use guichet::platform::db::{Actor, Tx};

use crate::support::{PASSWORD, TestApp};

const NADIA: &str = "nadia@support.example";

#[test]
fn only_managers_find_the_page() {
    let app = TestApp::new();
    app.person("lea@support.example", Role::Agent);
    app.person("claire@tilleuls.example", Role::Customer);
    app.browser().get("/manage/people").at("/sign-in");
    for email in ["lea@support.example", "claire@tilleuls.example"] {
        let browser = app.browser();
        browser.sign_in(email);
        browser.get("/manage/people").expect(404);
        browser.get("/manage/people/1").expect(404);
    }
}

#[test]
fn an_agent_is_invited_and_begins() {
    let app = TestApp::new();
    app.person(NADIA, Role::Manager);
    let browser = app.browser();
    browser.sign_in(NADIA);
    let page = browser.get("/manage/people").expect(200).has(NADIA);
    let page = page.click("Inviter").expect(200);
    let form = page.form("/manage/people").fill("name", "Léa Vasseur");
    let page = form
        .fill("email", "lea@support.example")
        .submit()
        .expect(200);
    let page = page
        .has("L’invitation part à lea@support.example")
        .has("Invitation envoyée");
    drop(page);
    let link = app.mailed_path("lea@support.example");
    let lea = app.browser();
    lea.get(&link)
        .form(&link)
        .fill("password", PASSWORD)
        .submit_once()
        .expect(303);
    assert_eq!(
        app.find_person("lea@support.example").map(|p| p.role),
        Some(Role::Agent)
    );

    let page = browser.get("/manage/people/new");
    let form = page.form("/manage/people").fill("name", "Léa");
    let page = form
        .fill("email", "lea@support.example")
        .submit_once()
        .expect(422);
    drop(page.has("Cette personne a déjà un accès"));
    let form = browser.get("/manage/people/new").form("/manage/people");
    let form = form.fill("name", "X").fill("email", "x@y.example");
    form.forge("role", "customer").submit_once().expect(422);
}

#[test]
fn closing_and_opening_an_account() {
    let app = TestApp::new();
    app.person(NADIA, Role::Manager);
    let lea = app.person("lea@support.example", Role::Agent);
    let (browser, desk) = (app.browser(), app.browser());
    browser.sign_in(NADIA);
    desk.sign_in("lea@support.example");
    let path = format!("/manage/people/{}", lea.id);
    let access = format!("{path}/access");
    let page = browser.get(&path).form(&access).submit().expect(200);
    drop(page.has("L’accès est fermé"));
    desk.get("/profile").at("/sign-in");
    browser
        .get("/manage/people?group=disabled")
        .has("lea@support.example");
    browser
        .get(&path)
        .form(&access)
        .submit()
        .has("L’accès est rouvert");
    desk.sign_in("lea@support.example");
}

#[test]
fn the_last_manager_stays() {
    let app = TestApp::new();
    let nadia = app.person(NADIA, Role::Manager);
    let browser = app.browser();
    browser.sign_in(NADIA);
    let path = format!("/manage/people/{}", nadia.id);
    let page = browser.get(&path).form(&format!("{path}/access")).submit();
    drop(page.has("C’est le dernier gestionnaire"));
    let form = browser
        .get(&path)
        .form(&format!("{path}/role"))
        .fill("role", "agent");
    form.submit().has("C’est le dernier gestionnaire");
    let person = app.find_person(NADIA).expect("known");
    assert!(person.is_active() && person.role.is_manager());
    let refused = app
        .site
        .db
        .write_blocking(Actor::System, move |tx| commands::disable(tx, nadia.id));
    assert!(matches!(refused, Err(AccountError::LastManager)));
}

/// Takes a manager away, in one way or another.
fn take_away(tx: &mut Tx<'_>, how: usize, who: &Person) -> Result<(), AccountError> {
    match how % 3 {
        0 => commands::set_role(tx, who.id, Role::Agent).map(drop),
        1 => commands::disable(tx, who.id).map(drop),
        _ => {
            commands::may_be_erased(tx, who)?;
            let data = serde_json::json!({});
            Ok(commands::erase_account(tx, who.id, "Nobody", data).map(drop)?)
        }
    }
}

#[test]
fn of_two_managers_who_are_taken_away_at_once_one_stays() {
    let app = TestApp::new();
    let mut last = app.person(NADIA, Role::Manager);
    for round in 0..18 {
        let pair = ["a", "b"].map(|n| {
            let email = format!("manager{round}{n}@support.example");
            app.person(&email, Role::Manager)
        });
        app.write(move |tx| commands::set_role(tx, last.id, Role::Agent).map(drop));
        let start = Barrier::new(2);
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = [(round, &pair[0]), (round / 3, &pair[1])]
                .into_iter()
                .map(|(how, who)| {
                    let (site, who, start) = (&app.site, who.clone(), &start);
                    scope.spawn(move || {
                        start.wait();
                        let taken = move |tx: &mut Tx<'_>| take_away(tx, how, &who);
                        site.db.write_blocking(Actor::System, taken)
                    })
                })
                .collect();
            let outcomes = threads.into_iter().map(|t| t.join().expect("no panic"));
            outcomes.collect()
        });
        let refused =
            |outcome: &Result<(), AccountError>| matches!(outcome, Err(AccountError::LastManager));
        let kept: Vec<&Person> = pair
            .iter()
            .zip(&outcomes)
            .filter(|(_, outcome)| refused(outcome))
            .map(|(who, _)| who)
            .collect();
        assert_eq!(kept.len(), 1, "{outcomes:?}");
        assert!(outcomes.iter().any(Result::is_ok), "{outcomes:?}");
        assert_eq!(app.read(count_active_managers), 1);
        last = kept[0].clone();
    }
}

#[test]
fn a_role_changes_and_its_owner_signs_in_again() {
    let app = TestApp::new();
    app.person(NADIA, Role::Manager);
    let lea = app.person("lea@support.example", Role::Agent);
    let (browser, desk) = (app.browser(), app.browser());
    browser.sign_in(NADIA);
    desk.sign_in("lea@support.example");
    let path = format!("/manage/people/{}", lea.id);
    let form = browser
        .get(&path)
        .form(&format!("{path}/role"))
        .fill("role", "manager");
    form.submit().expect(200).has("Le rôle a changé");
    desk.get("/profile").at("/sign-in");
    desk.sign_in("lea@support.example");
    desk.get("/manage/people").expect(200);
}

#[test]
fn the_list_goes_on_page_by_page_and_is_searched_by_beginnings() {
    let app = TestApp::new();
    app.person(NADIA, Role::Manager);
    for n in 0..60 {
        app.write(move |tx| {
            let email = format!("client{n:02}@tilleuls.example");
            let lang = guichet::platform::i18n::Lang::Fr;
            commands::find_or_create_requester(tx, &email, "", lang).map_err(AccountError::from)
        });
    }
    let browser = app.browser();
    browser.sign_in(NADIA);
    let rows = "tbody tr";
    let first = browser.get("/manage/people?group=customers").expect(200);
    assert_eq!(first.all(rows).len(), 50);
    let second = first.click("Suivants").expect(200);
    assert_eq!(second.all(rows).len(), 10);
    assert_eq!(second.click("Précédents").all(rows), first.all(rows));
    let found = browser.get("/manage/people?group=customers&q=CLIENT07");
    let found = found.expect(200);
    assert_eq!(found.all(rows).len(), 1);
    for odd in ["%25", "_", "'", "%00", "\\"] {
        let found = browser.get(&format!("/manage/people?group=customers&q={odd}"));
        assert_eq!(found.expect(200).all(rows).len(), 0);
    }
}
