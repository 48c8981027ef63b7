//! Things that exist but belong to somebody else, and things that do not exist: neither is acted
//! upon.

use diesel::prelude::*;
use guichet::accounts::Role;
use guichet::organisations::organisation_of;
use guichet::schema::{attachments, deflections, tickets};
use guichet::teams::archive_team;
use guichet::tickets::Visibility;

use super::quiet::dump;
use super::stage::{Stage, article, attach, follow};
use crate::support::{Browser, Page};

/// Sends a form without its page.
fn send<'b>(browser: &'b Browser<'b>, path: &str, fields: &[(&str, &str)]) -> Page<'b> {
    let form = browser.get("/requests/new").form("/requests");
    let token = form.value("csrf").expect("a token");
    browser.post(path, &[fields, &[("csrf", token)]].concat())
}

#[test]
fn a_member_of_one_organisation_is_not_taken_out_of_another() {
    let stage = Stage::new();
    let nadia = stage.browser("manager");
    let before = dump(&stage.portal.app);
    for path in [
        "/manage/organisations/{organisation}/members/{person}/end",
        "/manage/organisations/{elsewhere}/members/{member}/end",
        "/manage/organisations/999999/members/{member}/end",
        "/manage/organisations/{organisation}/members/999999/end",
    ] {
        send(&nadia, &stage.path(path), &[]).expect(404);
    }
    assert_eq!(dump(&stage.portal.app), before);
    let path = stage.path("/manage/organisations/{organisation}/members/{member}/end");
    send(&nadia, &path, &[]).expect(303);
    let claire = stage.portal.claire.id;
    let left = stage.portal.app.read(|conn| organisation_of(conn, claire));
    assert_eq!(left, None);
}

#[test]
fn what_is_not_there_is_not_found_and_changes_nothing() {
    let stage = Stage::new();
    let nadia = stage.browser("manager");
    let before = dump(&stage.portal.app);
    for (path, field) in [
        (
            "/manage/organisations/999999/members",
            ("email", "x@verger.example"),
        ),
        ("/manage/outbox/999999/attempts", ("", "")),
        ("/manage/teams/999999", ("name", "Nouvelle")),
        ("/manage/teams/999999/members", ("members", "1")),
        ("/manage/teams/999999/archive", ("archived", "true")),
        ("/manage/request-types/999999", ("name_fr", "x")),
        ("/manage/request-types/999999/archive", ("archived", "true")),
        ("/manage/people/999999/role", ("role", "agent")),
        ("/manage/people/999999/invitation", ("", "")),
        ("/manage/people/999999/access", ("open", "false")),
        ("/desk/tickets/GU-9999/messages", ("body", "Texte.")),
        ("/desk/tickets/GU-9999/links/end", ("", "")),
    ] {
        send(&nadia, path, &[field, ("hue", "1")]).expect(404);
    }
    assert_eq!(dump(&stage.portal.app), before);
}

#[test]
fn the_last_manager_cannot_be_taken_away_by_any_form() {
    let stage = Stage::new();
    let nadia = stage.browser("manager");
    let herself = format!("/manage/people/{}", stage.portal.nadia.id);
    let mails = stage.portal.app.mails().len();
    for (path, field) in [
        ("role", ("role", "customer")),
        ("role", ("role", "owner")),
        ("access", ("open", "false")),
        ("access", ("open", "perhaps")),
        ("invitation", ("", "")),
    ] {
        send(&nadia, &format!("{herself}/{path}"), &[field]).expect(303);
        let now = stage.portal.app.find_person(&stage.portal.nadia.email);
        let now = now.expect("she is there");
        assert_eq!((now.role, now.disabled_at), (Role::Manager, None), "{path}");
    }
    assert_eq!(stage.portal.app.mails().len(), mails);
    // Once there are two, one may take the other's place away, and then their own no more.
    let second = stage
        .portal
        .add("bruno@guichet.example", "Bruno Salvi", Role::Manager);
    let theirs = format!("/manage/people/{}/access", second.id);
    send(&nadia, &theirs, &[("open", "false")]).expect(303);
    send(&nadia, &format!("{herself}/access"), &[("open", "false")]).expect(303);
    let ends = |email: &str| {
        let person = stage.portal.app.find_person(email).expect("known");
        person.disabled_at.is_some()
    };
    assert!(ends("bruno@guichet.example") && !ends(&stage.portal.nadia.email));
}

#[test]
fn opening_an_article_of_others_is_not_noted() {
    let stage = Stage::new();
    for (name, audience) in [("inside", "internal"), ("members", "customers")] {
        article(
            &stage.portal,
            &format!("en/net/{name}.md"),
            &format!("---\ntitle: {name}\naudience: {audience}\n---\n\nText.\n"),
        );
    }
    follow(&stage.portal);
    for (role, expected) in [
        ("guest", [404, 404]),
        ("owner", [404, 303]),
        ("agent", [303, 303]),
    ] {
        let browser = stage.browser(role);
        let before = dump(&stage.portal.app)["deflections"].clone();
        for (name, status) in ["inside", "members"].into_iter().zip(expected) {
            let key = format!("{role}-{name}-0000000000000000000000");
            let fields = [
                ("article", format!("/en/articles/{name}")),
                ("key", key),
                ("subject", "Wi-Fi".to_owned()),
            ];
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            send(&browser, "/deflections", &fields).expect(status);
        }
        if role == "guest" {
            assert_eq!(dump(&stage.portal.app)["deflections"], before);
        }
    }
    let noted: i64 = stage
        .portal
        .app
        .read(|conn| deflections::table.count().get_result(conn));
    assert!(noted > 0, "the form is read as it is meant");
}

#[test]
fn a_draft_is_reached_by_who_has_its_form() {
    // As the owner, the colleague, the other customer, the agent, the manager.
    const KEYS: [(&str, [bool; 5]); 6] = [
        ("request", [true; 5]),
        ("reply-{ticket}", [true, false, false, false, false]),
        ("desk-request", [false, false, false, true, true]),
        ("message-{ticket}", [false, false, false, true, true]),
        ("reply-GU-9999", [false; 5]),
        ("message-GU-9999", [false; 5]),
    ];
    let stage = Stage::new();
    for (column, role) in ["owner", "colleague", "other", "agent", "manager"]
        .into_iter()
        .enumerate()
    {
        let browser = stage.browser(role);
        for (key, theirs) in KEYS {
            let draft = format!("/drafts/{}", stage.path(key));
            let [shown, done] = if theirs[column] {
                [200, 303]
            } else {
                [404, 404]
            };
            let pages = [
                (shown, browser.get_once(&draft)),
                (done, send(&browser, &format!("{draft}/form"), &[])),
                (done, send(&browser, &format!("{draft}/discard"), &[])),
            ];
            for (status, page) in pages {
                assert_eq!(page.status, status, "{} as {role}", page.path);
            }
        }
    }
}

#[test]
fn a_link_opens_no_file_but_those_of_its_request() {
    let stage = Stage::new();
    let portal = &stage.portal;
    let other = portal.file(&portal.paul, "Autre", "Texte.");
    for (ticket, who, visibility, name) in [
        (&other, &portal.paul, Visibility::Public, "autre.txt"),
        (&stage.ticket, &portal.theo, Visibility::Note, "note.txt"),
    ] {
        attach(portal, ticket, who, visibility, name);
        let id: String = portal.app.read(|conn| {
            attachments::table
                .filter(attachments::name.eq(name))
                .select(attachments::public_id)
                .first(conn)
        });
        for role in ["guest", "owner", "other", "agent", "manager"] {
            let path = stage.path(&format!("/track/{{track}}/files/{id}"));
            stage.browser(role).get_once(&path).expect(404);
        }
        let path = stage.path(&format!("/requests/{{ticket}}/files/{id}"));
        stage.browser("owner").get_once(&path).expect(404);
    }
}

#[test]
fn a_forged_form_of_the_desk_files_nothing() {
    let stage = Stage::new();
    let theo = stage.browser("agent");
    let archived = stage.path("{other team}").parse().expect("a key");
    stage
        .portal
        .app
        .write(move |tx| archive_team(tx, archived, true));
    let customer = stage.portal.claire.id.to_string();
    let archived = stage.path("{other team}");
    // What was typed comes back, so it is kept as a draft of its writer.
    let filed = || {
        let mut tables = dump(&stage.portal.app);
        tables.retain(|table, _| table != "drafts");
        tables
    };
    let before = filed();
    for (name, value) in [
        ("team", "4711"),
        ("team", archived.as_str()),
        ("assignee", "4711"),
        ("assignee", customer.as_str()),
        ("request_type", "4711"),
        ("request_type", "x"),
        ("channel", "pigeon"),
        ("channel", "web-guest"),
        ("language", "tlh"),
        ("priority", "nuclear"),
        ("visibility", "secret"),
    ] {
        theo.get("/desk/new")
            .form("/desk/tickets")
            .fill("email", "paul@atelier.example")
            .fill("subject", "Sujet")
            .fill("body", "Texte.")
            .forge(name, value)
            .submit_once()
            .expect(422);
        assert_eq!(filed(), before, "{name}={value}");
    }
    let page = theo.get(&stage.path("/desk/tickets/{ticket}"));
    let form = page.form(&stage.path("/desk/tickets/{ticket}/properties"));
    form.forge("team", &archived).submit_once().expect(422);
    assert_eq!(filed(), before);
    let filed: i64 = stage
        .portal
        .app
        .read(|conn| tickets::table.count().get_result(conn));
    assert_eq!(filed, 1);
}

#[test]
fn the_desk_has_no_other_spelling() {
    let stage = Stage::new();
    let reference = stage.path("{ticket}");
    for role in ["guest", "owner"] {
        let browser = stage.browser(role);
        for odd in [
            format!("/requests/../desk/tickets/{reference}"),
            format!("/requests/%2e%2e/desk/tickets/{reference}"),
            format!("//desk/tickets/{reference}"),
            format!("/desk//tickets/{reference}"),
            format!("/Desk/Tickets/{reference}"),
            format!("/desk%2Ftickets%2F{reference}"),
            format!("/desk;x=1/tickets/{reference}"),
            format!("/desk/tickets/{reference}/"),
            format!("/desk/tickets/{reference};.css"),
            format!("/desk/tickets/{reference}%00"),
            format!("/static/..%2f..%2fdesk/tickets/{reference}"),
            format!("/%64esk/tickets/{reference}"),
        ] {
            let page = browser.get_once(&odd);
            assert!(
                matches!(page.status, 303 | 308 | 400 | 404 | 405),
                "{odd} as {role}: {}",
                page.status
            );
            let told = page.html().contains("Texte.") || page.html().contains("Sujet");
            assert!(!told, "{odd} as {role}");
            if page.status == 303 {
                let to = page.location().unwrap_or_default();
                assert!(role == "guest" && to.starts_with("/sign-in"), "{odd}: {to}");
            }
        }
    }
}
