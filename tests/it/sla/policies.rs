//! Policies, as managers keep them.

use guichet::accounts::Role;
use guichet::organisations::{OrganisationError, create_organisation};
use guichet::sla::policies::queries::{get_version, list_policies};
use guichet::sla::policy::{Goal, Target};
use guichet::tickets::Priority;
use guichet::tickets::due::{DueNext, get_due};

use super::{office, promise};
use crate::desk::Desk;
use crate::support::{Browser, FilledForm, TestApp};

const NADIA: &str = "nadia@support.example";
const LIST: &str = "/manage/policies";
const NEW: &str = "/manage/policies/new";

fn manager(app: &TestApp) -> Browser<'_> {
    if app.find_person(NADIA).is_none() {
        app.person(NADIA, Role::Manager);
    }
    let browser = app.browser();
    browser.sign_in(NADIA);
    browser
}

fn blank<'b>(browser: &'b Browser<'_>) -> FilledForm<'b> {
    let form = browser.get(NEW).expect(200).form(LIST);
    form.fill("name", "4 h").fill("urgent_first", "30 min")
}

#[test]
fn a_policy_is_made_as_a_person_says_it() {
    let app = TestApp::new();
    let nadia = manager(&app);
    nadia.get(LIST).expect(200).has("Rien n’est encore promis");
    app.write(|tx| {
        create_organisation(tx, "Clinique des Tilleuls")?;
        Ok::<_, OrganisationError>(())
    });
    blank(&nadia)
        .tick("priorities", "urgent")
        .tick("channels", "phone")
        .tick("pauses", "on_hold")
        .fill("organisations", "clinique des tilleuls\n")
        .fill("tags", "vip, site de santé")
        .fill("normal_first", "J")
        .fill("normal_resolution", "j+2")
        .fill("low_resolution", "48h")
        .fill("low_time", "clock")
        .submit()
        .expect(200)
        .has("4 h")
        .has("0 demande en cours remplit ces conditions");
    nadia
        .get(LIST)
        .has("Organisation : Clinique des Tilleuls")
        .has("Priorité : Critique")
        .has("30 min ouvrées")
        .has("avant la fin du jour")
        .has("48 h d’horloge");
    let row = app.read(list_policies).remove(0);
    let policy = app.read(|conn| get_version(conn, row.id, 1)).content;
    assert_eq!(
        policy.target(Priority::Normal, Goal::Resolution),
        Some(Target::EndOfDay(2))
    );
    assert_eq!(
        policy.target(Priority::Low, Goal::Resolution),
        Some(Target::Clock(2880))
    );
    assert_eq!(policy.target(Priority::High, Goal::First), None);
    assert_eq!(policy.condition.tests().len(), 4);
    // What is shown again is what was saved.
    let path = format!("{LIST}/{}", row.id);
    nadia.get(&path).form(&path).submit().expect(200);
    assert_eq!(app.read(list_policies)[0].version, 1);
    nadia
        .get(&format!("{path}/versions/1"))
        .expect(200)
        .has("En attente d’un tiers");
}

#[test]
fn what_cannot_be_is_refused_at_its_field() {
    let app = TestApp::new();
    let nadia = manager(&app);
    for (field, value, words) in [
        (
            "urgent_first",
            "soon",
            "Critique, Première réponse : écrivez un délai",
        ),
        ("high_next", "2 min", "Haute, Réponse suivante"),
        (
            "organisations",
            "Nulle part",
            "Aucune organisation ne s’appelle « Nulle part »",
        ),
        ("calendar", "99", "Ce choix n’existe pas"),
        ("priorities", "melted", "Ce choix n’existe pas"),
        ("pauses", "resolved", "Ce choix n’existe pas"),
        ("name", " ", "emplissez ce champ"),
    ] {
        let page = blank(&nadia).forge(field, value).submit_once();
        page.expect(422).has(words);
    }
    let nothing = nadia.get(NEW).form(LIST).fill("name", "Rien");
    nothing
        .submit_once()
        .expect(422)
        .has("Promettez au moins un délai");
    blank(&nadia).submit().expect(200);
    blank(&nadia)
        .fill("name", "4 H")
        .submit_once()
        .expect(422)
        .has("Une autre règle de délai porte ce nom");
    assert_eq!(app.read(list_policies).len(), 1);
}

#[test]
fn the_order_decides_and_is_changed() {
    let desk = Desk::new();
    office(&desk.app);
    let nadia = manager(&desk.app);
    promise(
        &desk.app,
        "Tous",
        guichet::tickets::conditions::Condition::always(),
    );
    blank(&nadia)
        .fill("name", "Court")
        .fill("normal_first", "30min")
        .submit()
        .expect(200);
    let ticket = desk.file("Panne");
    let due = |desk: &Desk| desk.app.read(|conn| get_due(conn, ticket.id)).next();
    let slow = due(&desk);
    let court = desk.app.read(list_policies)[1].id;
    let place = format!("{LIST}/{court}/place");
    let form = nadia.get(LIST).form(&place);
    let page = form
        .submit_once()
        .expect(200)
        .has("1 demande en cours sur 1 aurait une autre échéance");
    assert_ne!(desk.app.read(list_policies)[0].id, court);
    page.form(&place)
        .press("deed", "confirm")
        .submit()
        .expect(200);
    assert_eq!(desk.app.read(list_policies)[0].id, court);
    desk.app.run("recount due times");
    let (DueNext::At(_, before), DueNext::At(_, after)) = (slow, due(&desk)) else {
        panic!("both are due: {slow:?}");
    };
    assert!(after < before);
    // Given up, it leaves its requests to the next one: that is shown, too.
    let path = format!("{LIST}/{court}");
    let archive = format!("{path}/archive");
    nadia
        .get(&path)
        .form(&archive)
        .submit_once()
        .expect(200)
        .has("1 demande en cours sur 1 aurait une autre échéance")
        .form(&archive)
        .press("deed", "confirm")
        .submit()
        .expect(200);
    desk.app.run("recount due times");
    assert_eq!(due(&desk), slow);
}

#[test]
fn an_earlier_version_that_moves_due_times_asks_first() {
    let desk = Desk::new();
    office(&desk.app);
    let nadia = manager(&desk.app);
    let all = promise(
        &desk.app,
        "Tous",
        guichet::tickets::conditions::Condition::always(),
    );
    let ticket = desk.file("Panne");
    let due = || desk.app.read(|conn| get_due(conn, ticket.id)).next();
    let first = due();
    let path = format!("{LIST}/{all}");
    let page = nadia
        .get(&path)
        .form(&path)
        .fill("normal_first", "8h")
        .submit_once()
        .expect(200);
    page.form(&path)
        .press("deed", "confirm")
        .submit()
        .expect(200);
    desk.app.run("recount due times");
    assert_ne!(due(), first);
    let old = format!("{path}/versions/1");
    let page = nadia.get(&old).form(&old).submit_once().expect(200);
    let page = page.has("1 demande en cours sur 1 aurait une autre échéance");
    page.form(&old)
        .press("deed", "confirm")
        .submit()
        .expect(200);
    desk.app.run("recount due times");
    assert_eq!(due(), first);
}

#[test]
fn due_times_of_before_and_after_are_shown_before_they_are_applied() {
    let desk = Desk::new();
    office(&desk.app);
    let nadia = manager(&desk.app);
    let ticket = desk.file("Panne de fibre");
    let due = || desk.app.read(|conn| get_due(conn, ticket.id)).next();
    let page = blank(&nadia)
        .fill("normal_first", "4h")
        .submit_once()
        .expect(200)
        .has("1 demande en cours sur 1 aurait une autre échéance")
        .has(&ticket.reference)
        .has("aucune échéance")
        .has("demain, 10 h 31");
    assert!(desk.app.read(list_policies).is_empty());
    page.form(LIST)
        .press("deed", "confirm")
        .submit()
        .expect(200)
        .has("Les échéances sont recalculées");
    assert_eq!(due(), DueNext::Nothing, "the work comes afterwards");
    desk.app.run("recount due times");
    let DueNext::At(Goal::First, at) = due() else {
        panic!("{:?}", due());
    };
    // A calendar that closes earlier moves it.
    let calendars = "/manage/calendars";
    let id = desk
        .app
        .read(guichet::sla::calendars::queries::list_calendars)[0]
        .id;
    let path = format!("{calendars}/{id}");
    let page = nadia
        .get(&path)
        .form(&path)
        .fill("thu", "8h30-12h30")
        .submit_once()
        .expect(200)
        .has("1 demande en cours sur 1");
    page.form(&path)
        .press("deed", "confirm")
        .submit()
        .expect(200);
    desk.app.run("recount due times");
    let DueNext::At(_, later) = due() else {
        panic!("{:?}", due());
    };
    assert!(later > at);
    // Done once more, it changes nothing.
    desk.app.run("recount due times");
    assert_eq!(due(), DueNext::At(Goal::First, later));
}

#[test]
fn what_managers_set_is_in_the_audit() {
    let app = TestApp::new();
    let nadia = manager(&app);
    blank(&nadia).submit().expect(200);
    let id = app.read(list_policies)[0].id;
    let path = format!("{LIST}/{id}");
    nadia
        .get(&path)
        .form(&path)
        .fill("low_first", "8h")
        .submit()
        .expect(200);
    nadia
        .get(&path)
        .form(&format!("{path}/archive"))
        .submit()
        .expect(200);
    let page = nadia.get("/manage/audit?area=settings").expect(200);
    page.has("Règle de délai créée")
        .has("Règle de délai modifiée : version 2")
        .has("Règle de délai retirée")
        .has("Calendrier créé")
        .has("4 h");
}

#[test]
fn two_managers_do_not_overwrite_one_another() {
    let app = TestApp::new();
    let nadia = manager(&app);
    app.person("amina@support.example", Role::Manager);
    let amina = app.browser();
    amina.sign_in("amina@support.example");
    blank(&nadia).submit().expect(200);
    let path = format!("{LIST}/{}", app.read(list_policies)[0].id);
    let late = nadia.get(&path).form(&path).fill("high_first", "1h");
    amina
        .get(&path)
        .form(&path)
        .fill("low_first", "8h")
        .submit()
        .expect(200);
    let page = late.submit_once().expect(409).has("amina");
    let again = page.form(&path);
    assert_eq!(again.value("high_first"), Some("1h"));
    again.submit().expect(200).has("Version 3");
    let archive = format!("{path}/archive");
    nadia.get(&path).form(&archive).submit().expect(200);
    nadia.get(LIST).has("archivée");
}
