//! Somebody without an account files a request and follows it by the link of a mail.

use chrono::Duration;
use diesel::prelude::*;
use guichet::accounts::commands;
use guichet::platform::db::{Actor, StorageError};
use guichet::platform::events::list_events;
use guichet::platform::i18n::Lang;
use guichet::schema::{people, tickets};
use guichet::tickets::Status;
use guichet::tickets::events::STREAM;

use super::portal::{Portal, faceless};
use crate::support::{Browser, File, Page};

const EMAIL: &str = "jeanne.morel@verger.example";

fn file_as_guest<'b>(portal: &Portal, browser: &'b Browser<'b>, email: &str) -> Page<'b> {
    browser
        .get("/requests/new")
        .form("/requests")
        .fill("request_type", &portal.question())
        .fill("subject", "Mirabelle coupée")
        .fill("body", "Plus de Reineclaude depuis lundi.")
        .fill("name", "Jeanne Quetsche")
        .fill("email", email)
        .attach("files", File::new("journal.txt", "text/plain", "ligne 1"))
        .submit()
}

#[test]
fn a_guest_files_and_follows_by_the_link_of_the_mail() {
    let portal = Portal::new();
    let browser = portal.app.browser_in(Lang::En);
    let page = file_as_guest(&portal, &browser, EMAIL).at("/requests/filed");
    let page = page
        .has("Request sent")
        .has("GU-1001")
        .lacks("verger.example");
    assert!(
        !page.text().contains("Mirabelle"),
        "anyone can open this address"
    );

    let path = portal.app.mailed_path(EMAIL);
    let elsewhere = portal.app.browser_in(Lang::En);
    let page = elsewhere.get(&path).expect(200);
    let page = page.has("Mirabelle coupée").has("Plus de Reineclaude");
    assert!(
        page.attributes("form[method=post]", "action")
            .iter()
            .all(|to| to == "/theme")
    );
    assert_eq!(page.header("Cache-Control"), Some("no-store"));

    let file = page.attributes("a[href*='/files/']", "href").remove(0);
    assert!(file.starts_with(&path), "{file}");
    assert_eq!(elsewhere.get(&file).expect(200).bytes(), b"ligne 1");
}

#[test]
fn the_acknowledgement_repeats_nothing_to_an_address_that_is_not_proven() {
    let portal = Portal::new();
    let guest = portal.app.browser_in(Lang::En);
    file_as_guest(&portal, &guest, EMAIL);
    let mail = portal.app.last_mail_to(EMAIL);
    let composed = portal.app.compose(&mail);
    for text in [
        &composed.subject,
        &composed.text,
        &composed.html,
        &mail.to_name,
    ] {
        for theirs in ["Mirabelle", "Reineclaude", "Quetsche", "journal"] {
            assert!(!text.contains(theirs), "{theirs} in {text}");
        }
    }
    assert!(composed.text.contains(&portal.app.mailed_path(EMAIL)));
    assert!(composed.subject.contains("GU-1001"));
}

#[test]
fn a_link_shows_its_own_request_and_no_other() {
    let portal = Portal::new();
    let guest = portal.app.browser_in(Lang::En);
    file_as_guest(&portal, &guest, EMAIL);
    let first = portal.app.mailed_path(EMAIL);
    file_as_guest(&portal, &guest, "autre@verger.example");
    let second = portal.app.mailed_path("autre@verger.example");
    let other_file = guest
        .get(&second)
        .attributes("a[href*='/files/']", "href")
        .remove(0);
    let public_id = other_file.rsplit('/').next().expect("an id");
    guest
        .get(&first)
        .expect(200)
        .has("GU-1001")
        .lacks("GU-1002");
    guest.get(&format!("{first}/files/{public_id}")).expect(404);
    // The link neither signs in nor opens the pages of customers.
    let page = guest.get_once("/requests/GU-1001").expect(303);
    assert!(page.location().is_some_and(|to| to.starts_with("/sign-in")));
    for action in ["messages", "confirmation", "reopening"] {
        guest
            .post(&format!("{first}/{action}"), &[("body", "x")])
            .expect(404);
    }
}

#[test]
fn a_link_that_does_not_hold_is_an_address_that_never_was() {
    let portal = Portal::new();
    let guest = portal.app.browser_in(Lang::En);
    file_as_guest(&portal, &guest, EMAIL);
    let path = portal.app.mailed_path(EMAIL);
    let unknown = faceless(&guest.get("/track/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
    assert!(unknown.starts_with("404"));
    let odd = [
        "/track/".to_owned(),
        "/track/%20".to_owned(),
        "/track/%25".to_owned(),
        "/track/%00".to_owned(),
        "/track/_".to_owned(),
        format!("/track/{}", "%25".repeat(32)),
        format!("/track/{}", "a".repeat(5000)),
        format!("{path}x"),
        format!("{path}/files/nothing"),
        path.to_uppercase().replace("/TRACK/", "/track/"),
    ];
    for odd in odd {
        assert_eq!(faceless(&guest.get(&odd)), unknown, "{odd}");
    }
    guest.get(&path).expect(200);
    portal.app.advance(Duration::days(91));
    assert_eq!(faceless(&guest.get(&path)), unknown, "it has expired");
}

#[test]
fn too_many_requests_in_a_row_lose_nothing_that_was_typed() {
    let portal = Portal::new();
    let guest = portal.app.browser_in(Lang::En);
    for _ in 0..5 {
        file_as_guest(&portal, &guest, EMAIL).at("/requests/filed");
    }
    let before = super::footprint::Footprint::of(&portal);
    let page = file_as_guest(&portal, &guest, EMAIL).expect(429);
    assert!(page.header("Retry-After").is_some());
    let form = page.has("Nothing you wrote is lost").form("/requests");
    assert_eq!(form.value("subject"), Some("Mirabelle coupée"));
    assert_eq!(
        form.value("body"),
        Some("Plus de Reineclaude depuis lundi.")
    );
    assert_eq!(form.value("email"), Some(EMAIL));
    assert_eq!(super::footprint::Footprint::of(&portal), before);
}

#[test]
fn what_a_guest_files_under_the_address_of_an_account_changes_nothing_of_it() {
    let portal = Portal::new();
    let guest = portal.app.browser_in(Lang::En);
    file_as_guest(&portal, &guest, "Claire@Tilleuls.example").at("/requests/filed");
    let ticket = portal.stored("GU-1001");
    assert_eq!(ticket.requester_id, portal.claire.id);
    assert_eq!(ticket.status, Status::New);
    let claire = portal.app.find_person(&portal.claire.email).expect("her");
    assert_eq!(claire.name, "Claire Fontanel");
    // Her mail leads behind her sign-in, not to a link that whoever filed it could hope for.
    assert_eq!(
        portal.app.mailed_path(&portal.claire.email),
        "/requests/GU-1001"
    );
    let count: i64 = portal
        .app
        .read(|conn| tickets::table.count().get_result(conn));
    assert_eq!(count, 1);
}

#[test]
fn what_a_stranger_files_under_an_address_is_not_said_to_be_its_owners() {
    let portal = Portal::new();
    let guest = portal.app.browser_in(Lang::En);
    file_as_guest(&portal, &guest, &portal.claire.email).at("/requests/filed");
    let ticket = portal.stored("GU-1001");
    let history = portal
        .app
        .read(|conn| list_events(conn, STREAM, ticket.id.0));
    let hers = Actor::Person(portal.claire.id.0);
    assert!(history.iter().all(|event| event.actor != hers));
    assert_eq!(history[0].actor, Actor::Anonymous);

    // Her mail repeats none of the stranger's words.
    let mail = portal.app.last_mail_to(&portal.claire.email);
    let composed = portal.app.compose(&mail);
    for text in [&composed.subject, &composed.text, &composed.html] {
        assert!(!text.contains("Mirabelle"), "{text}");
    }
    // She is not told that she wrote it, and agents are told that nothing proves it.
    let claire = portal.browser(&portal.claire);
    let page = claire.get("/requests/GU-1001").expect(200);
    assert_eq!(page.all(".message-mine").len(), 0);
    page.has("Sent under your address, without signing in");
    let theo = portal.browser(&portal.theo);
    let desk = || theo.get("/desk/tickets/GU-1001").expect(200);
    desk()
        .has("nothing proves that it comes from this address")
        .has("without signing in");
    // She takes it up herself.
    let page = claire.get("/requests/GU-1001");
    let form = page.form("/requests/GU-1001/messages");
    form.fill("body", "C’est bien moi.").submit().expect(200);
    desk().lacks("nothing proves that it comes from this address");
    // What she files signed in is hers.
    let own = portal.file(&portal.claire, "Sujet", "Texte.");
    theo.get(&format!("/desk/tickets/{}", own.reference))
        .lacks("nothing proves");
}

#[test]
fn a_link_ends_with_the_account_with_the_first_password_and_when_an_agent_says_so() {
    let portal = Portal::new();
    let guest = portal.app.browser_in(Lang::En);
    let filed = |email: &str| {
        file_as_guest(&portal, &guest, email).at("/requests/filed");
        let path = portal.app.mailed_path(email);
        guest.get(&path).expect(200);
        let person = portal.app.find_person(email).expect("known");
        (path, person)
    };
    let (path, jeanne) = filed(EMAIL);
    portal.app.write(move |tx| commands::disable(tx, jeanne.id));
    guest.get(&path).expect(404);
    // Even where the link itself was left.
    let (path, denis) = filed("denis@verger.example");
    portal.app.write(move |tx| {
        diesel::update(people::table.find(denis.id))
            .set(people::disabled_at.eq(tx.now))
            .execute(tx.conn)
            .map_err(StorageError::from)
    });
    let file = format!("{path}/files/x");
    guest.get(&path).expect(404);
    guest.get(&file).expect(404);

    let (path, odile) = filed("odile@verger.example");
    portal
        .app
        .write(move |tx| commands::set_password(tx, &odile, "hash").map(drop));
    guest.get(&path).expect(404);

    let (path, _) = filed("remi@verger.example");
    let theo = portal.browser(&portal.theo);
    let page = theo.get("/desk/tickets/GU-1004").expect(200);
    let end = "/desk/tickets/GU-1004/links/end";
    page.form(end)
        .submit()
        .expect(200)
        .has("open this request no longer");
    guest.get(&path).expect(404);
    // Who has an account has no such links.
    let own = portal.file(&portal.claire, "Sujet", "Texte.");
    let page = theo.get(&format!("/desk/tickets/{}", own.reference));
    assert!(!page.has_form(&format!("/desk/tickets/{}/links/end", own.reference)));
}
