//! Somebody without an account files a request and follows it by the link of a mail.

use chrono::Duration;
use diesel::prelude::*;
use guichet::platform::i18n::Lang;
use guichet::schema::tickets;
use guichet::tickets::Status;

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
