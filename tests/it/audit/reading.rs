//! What a manager finds.

use guichet::accounts::commands::{disable, set_role};
use guichet::accounts::{AccountError, Role};
use guichet::platform::events::Cause;
use guichet::platform::i18n::Lang;
use guichet::teams::{TeamError, create_team, set_members};

use super::{Filter, deeds, found};
use crate::requests::portal::Portal;
use crate::support::{PASSWORD, note_statements, statements};

const LIST: &str = "/manage/audit";

#[test]
fn who_came_in_and_who_was_kept_out() {
    let portal = Portal::new();
    let lea = portal.app.person("lea@guichet.example", Role::Agent);
    let browser = portal.app.browser();
    browser
        .try_sign_in("lea@guichet.example", "autre chose ici")
        .expect(422);
    browser.sign_in("lea@guichet.example");
    let nadia = portal.browser(&portal.nadia);
    let page = nadia.get(LIST).expect(200);
    let page = page
        .has("Signed in with the password")
        .has("Sign-in refused: wrong password")
        .has("Not signed in")
        .has("198.18.");
    assert_eq!(page.all(".badge-danger"), ["refused"]);
    let page = nadia.get(&format!("{LIST}?area=denial")).expect(200);
    let page = page.has("wrong password");
    page.lacks("Signed in with");
    let page = nadia.get(&format!("{LIST}?result=done")).expect(200);
    page.lacks("wrong password");
    let about = nadia.get(&format!("{LIST}?about={}", lea.id)).expect(200);
    let about = about
        .has("wrong password")
        .has("Added with a password, as agent");
    assert_eq!(
        about.attributes("#about", "value"),
        ["lea@guichet.example"],
        "a link names a key, the form an address"
    );
    let who = nadia
        .get(&format!("{LIST}?who=LEA@guichet.example"))
        .expect(200);
    who.lacks("wrong password");
}

#[test]
fn rights_are_told_with_who_gave_them_and_where() {
    let portal = Portal::new();
    let (theo, amina) = (
        portal.theo.id,
        portal.add("amina@guichet.example", "Amina Diallo", Role::Agent),
    );
    portal.app.write_as(portal.nadia.actor(), move |tx| {
        set_role(tx, theo, Role::Manager).map(drop)
    });
    portal.app.write(move |tx| {
        tx.set_origin(Cause::COMMAND);
        disable(tx, theo)?;
        Ok::<_, AccountError>(())
    });
    let members = [amina.id];
    portal.app.write_as(portal.nadia.actor(), move |tx| {
        let team = create_team(tx, "Réseau", 3)?;
        set_members(tx, team.id, &members)?;
        Ok::<_, TeamError>(())
    });
    let nadia = portal.browser(&portal.nadia);
    let page = nadia.get(&format!("{LIST}?area=rights")).expect(200);
    page.has("Role changed: agent → manager")
        .has("Closed the access")
        .has("Command line")
        .has("Joined: Amina Diallo. Left: —.")
        .has("Réseau");
    let kinds = deeds(&portal, &portal.nadia);
    assert!(kinds.ends_with(&[
        "role_changed".into(),
        "created".into(),
        "members_set".into()
    ]));
    let solene = portal
        .app
        .person_in("solene@guichet.example", Role::Manager, Lang::Fr);
    let french = portal.browser(&solene);
    french
        .get(&format!("{LIST}?area=rights"))
        .expect(200)
        .has("Rôle changé : agent → gestionnaire");
}

#[test]
fn days_are_those_of_the_reader() {
    let portal = Portal::new();
    portal.app.person("lea@guichet.example", Role::Agent);
    let nadia = portal.browser(&portal.nadia);
    // Everything happened on Thursday 19 November 2026, in the afternoon.
    for (query, finds) in [
        ("from=2026-11-19&until=2026-11-19", true),
        ("until=2026-11-18", false),
        ("from=2026-11-20", false),
    ] {
        let page = nadia.get(&format!("{LIST}?{query}")).expect(200);
        assert_eq!(page.shows("Added with a password"), finds, "{query}");
    }
}

#[test]
fn what_cannot_be_looked_for_is_named_and_kept() {
    let portal = Portal::new();
    portal.app.person("lea@guichet.example", Role::Agent);
    let nadia = portal.browser(&portal.nadia);
    for (query, text) in [
        ("from=19/11/2026", "Type a date such as"),
        ("from=2026-11-20&until=2026-11-19", "or a later one"),
        ("from=99999-01-01", "Type a date such as"),
        ("who=claire", "address"),
        ("who=nobody@oak.example", "Nobody here has this address."),
        ("area=everything", "There is no such choice"),
        ("result=perhaps", "There is no such choice"),
    ] {
        let page = nadia.get(&format!("{LIST}?{query}")).expect(422);
        let page = page.has(text).lacks("Added with");
        page.lacks("Nothing recorded");
    }
    let page = nadia
        .get(&format!("{LIST}?from=19/11/2026&who=claire"))
        .expect(422);
    assert_eq!(page.attributes("#from", "value"), ["19/11/2026"]);
    assert_eq!(page.attributes("#who", "value"), ["claire"]);
}

#[test]
fn pages_follow_one_another_and_cost_the_same() {
    note_statements();
    let portal = Portal::new();
    for number in 0..60 {
        portal.app.write_as(portal.nadia.actor(), move |tx| {
            create_team(tx, &format!("Équipe {number}"), 1).map(drop)
        });
    }
    let nadia = portal.browser(&portal.nadia);
    nadia.get(&format!("{LIST}?area=settings")).expect(200);
    statements(&portal.app);
    let first = nadia.get(&format!("{LIST}?area=settings")).expect(200);
    let asked = statements(&portal.app).len();
    assert_eq!(first.all("tbody tr").len(), 50);
    let next = first.attributes("a[rel=next]", "href").remove(0);
    assert!(next.contains("area=settings"), "{next}");
    let second = nadia.get(&next).expect(200);
    let then = statements(&portal.app).len();
    assert_eq!(
        then,
        asked + 2,
        "the names of the kinds of request and of the calendar that are there from the start"
    );
    // Those, and what a new portal begins with.
    assert!(second.all("tbody tr").len() >= 10);
    let back = second.attributes("a[rel=prev]", "href").remove(0);
    assert_eq!(
        nadia.get(&back).expect(200).all("tbody tr"),
        first.all("tbody tr")
    );
    let about: Vec<String> = [&first, &second]
        .iter()
        .flat_map(|page| page.all("tbody tr td:nth-child(4)"))
        .filter(|thing| thing.starts_with("Équipe"))
        .collect();
    let expected: Vec<String> = (0..60).rev().map(|n| format!("Équipe {n}")).collect();
    assert_eq!(about, expected);
    assert_eq!(
        found(&portal, &Filter::default())
            .iter()
            .filter(|e| e.event.stream == "team")
            .count(),
        60
    );
}

#[test]
fn a_person_leads_to_what_the_audit_has_about_them() {
    let portal = Portal::new();
    let browser = portal.app.browser();
    let lea = portal.app.person("lea@guichet.example", Role::Agent);
    browser
        .try_sign_in("lea@guichet.example", PASSWORD)
        .expect(303);
    let nadia = portal.browser(&portal.nadia);
    let person = nadia.get(&format!("/manage/people/{}", lea.id)).expect(200);
    person
        .click("What the audit has about them")
        .has("Signed in with the password");
}
