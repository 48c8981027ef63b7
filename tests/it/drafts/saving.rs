//! Keeping, and whose it is.

use chrono::Duration;
use diesel::prelude::*;
use guichet::schema::drafts;

use super::{REQUEST, json, kept, save, told};
use crate::requests::portal::Portal;

#[test]
fn what_is_typed_comes_back_to_its_owner_in_any_session() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let page = save(
        &claire,
        REQUEST,
        &[("subject", "Le Wi-Fi"), ("body", "Il\r\ntombe.")],
    );
    let page = page.expect(200);
    assert_eq!(told(&page, "state"), "saved");
    assert_eq!(told(&page, "said"), "Draft saved, 4:00\u{a0}pm");

    let elsewhere = portal.browser(&portal.claire);
    let page = elsewhere.get("/requests/new").expect(200);
    let page = page.has("Draft of 4:00 pm restored");
    let form = page.form("/requests");
    assert_eq!(form.value("subject"), Some("Le Wi-Fi"));
    assert_eq!(form.value("body"), Some("Il\ntombe."));
    let others = portal.browser(&portal.paul);
    let page = others.get("/requests/new").expect(200).lacks("restored");
    assert_eq!(page.form("/requests").value("body"), Some(""));
}

#[test]
fn a_draft_is_as_absent_to_others_as_one_that_never_was() {
    let portal = Portal::new();
    let ticket = portal.file(&portal.claire, "Sujet", "Texte.");
    let [reply, message] =
        ["reply", "message"].map(|f| format!("/drafts/{f}-{}", ticket.reference));
    let claire = portal.browser(&portal.claire);
    let theo = portal.browser(&portal.theo);
    save(&claire, &reply, &[("body", "À moi.")]).expect(200);
    save(&theo, &message, &[("body", "Une note."), ("kind", "note")]).expect(200);
    let paul = portal.browser(&portal.paul);
    for path in [&reply, &message] {
        paul.get(path).expect(404);
        save(&paul, path, &[("body", "x")]).expect(404);
        save(&paul, &format!("{path}/form"), &[("body", "x")]).expect(404);
        save(&paul, &format!("{path}/discard"), &[]).expect(404);
    }
    // The desk writes its own; a customer has no note.
    save(&theo, &reply, &[("body", "x")]).expect(404);
    save(&claire, &message, &[("body", "x")]).expect(404);
    let nadia = portal.browser(&portal.nadia);
    let page = nadia.get(&format!("/desk/tickets/{}", ticket.reference));
    page.expect(200).lacks("Une note.");
    for nowhere in [
        "reply",
        "reply-",
        "reply-GU-9999",
        "request-",
        "request-GU-1001",
        "poem",
        "desk-request-GU-1001",
    ] {
        save(&theo, &format!("/drafts/{nowhere}"), &[("body", "x")]).expect(404);
    }
    let count: i64 = portal
        .app
        .read(|conn| drafts::table.count().get_result(conn));
    assert_eq!(count, 2);
}

#[test]
fn a_draft_is_out_of_reach_with_its_ticket() {
    use guichet::schema::tickets;
    let portal = Portal::new();
    let ticket = portal.file(&portal.claire, "Sujet", "Texte.");
    let path = format!("/drafts/reply-{}", ticket.reference);
    let claire = portal.browser(&portal.claire);
    save(&claire, &path, &[("body", "À moi.")]).expect(200);
    let (id, paul) = (ticket.id, portal.paul.id);
    portal.app.write(move |tx| {
        diesel::update(tickets::table.find(id))
            .set(tickets::requester_id.eq(paul))
            .execute(tx.conn)
            .map_err(guichet::platform::db::StorageError::from)
    });
    claire.get(&path).expect(404);
    save(&claire, &path, &[("body", "Encore.")]).expect(404);
    let page = portal.browser(&portal.paul);
    let page = page.get(&format!("/requests/{}", ticket.reference));
    page.expect(200).lacks("À moi.");
}

#[test]
fn an_older_window_is_told_of_the_newer_text() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let first = save(&claire, REQUEST, &[("body", "Un"), ("key", "a")]);
    let known = told(&first, "revision");
    // The answer to a save was lost: the same window goes on.
    save(
        &claire,
        REQUEST,
        &[
            ("body", "Un et demi"),
            ("key", "a"),
            ("draft_revision", "0"),
        ],
    )
    .expect(200);
    let other = save(
        &claire,
        REQUEST,
        &[("body", "Deux"), ("key", "b"), ("draft_revision", &known)],
    );
    let other = other.expect(409);
    assert_eq!(told(&other, "state"), "conflict");
    assert_eq!(json(&other)["fields"]["body"], "Un et demi");
    let newest = told(&other, "revision");
    assert_ne!(newest, known);
    // Whoever has seen it may replace it; and then the first window is told.
    save(
        &claire,
        REQUEST,
        &[("body", "Deux"), ("key", "b"), ("draft_revision", &newest)],
    )
    .expect(200);
    let third = save(
        &claire,
        REQUEST,
        &[("body", "Trois"), ("key", "a"), ("draft_revision", &newest)],
    );
    assert_eq!(json(&third.expect(409))["fields"]["body"], "Deux");
    // The same text is no conflict.
    save(
        &claire,
        REQUEST,
        &[("body", "Deux"), ("key", "a"), ("draft_revision", "1")],
    )
    .expect(200);
}

#[test]
fn a_later_draft_is_never_taken_for_an_earlier_one() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let old = told(&save(&claire, REQUEST, &[("body", "Un")]), "revision");
    save(&claire, &format!("{REQUEST}/discard"), &[]).expect(303);
    let gone = save(
        &claire,
        REQUEST,
        &[("body", "Un, encore"), ("draft_revision", &old)],
    );
    assert_eq!(told(&gone.expect(409), "state"), "gone");
    portal.app.advance(Duration::seconds(1));
    save(&claire, REQUEST, &[("body", "Tout autre")]).expect(200);
    let stale = save(
        &claire,
        REQUEST,
        &[("body", "Un"), ("draft_revision", &old)],
    );
    assert_eq!(told(&stale.expect(409), "state"), "conflict");
}

#[test]
fn what_is_emptied_or_too_long_is_not_kept() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let first = save(&claire, REQUEST, &[("body", "Un")]);
    let known = told(&first, "revision");
    let long = "é".repeat(20_001);
    let refused = save(
        &claire,
        REQUEST,
        &[("body", &long), ("draft_revision", &known)],
    );
    assert_eq!(told(&refused.expect(422), "state"), "refused");
    let empty = save(
        &claire,
        REQUEST,
        &[("body", " \r\n"), ("draft_revision", &known)],
    );
    assert_eq!(told(&empty.expect(200), "state"), "empty");
    assert_eq!(kept(&portal, &portal.claire, "request", 0), None);
}

#[test]
fn only_so_many_are_kept_and_only_for_so_long() {
    let portal = Portal::new();
    let mut subjects = Vec::new();
    for n in 0..52 {
        let ticket = portal.file(&portal.claire, &format!("Sujet {n}"), "Texte.");
        subjects.push(ticket.id.0);
        let claire = portal.browser(&portal.claire);
        save(
            &claire,
            &format!("/drafts/reply-{}", ticket.reference),
            &[("body", "Suite")],
        )
        .expect(200);
    }
    let has = |n: usize| kept(&portal, &portal.claire, "reply", subjects[n]).is_some();
    assert!(!has(0) && !has(1) && has(2) && has(51));
    portal.app.advance(Duration::days(29));
    let claire = portal.browser(&portal.claire);
    save(&claire, REQUEST, &[("body", "Un")]).expect(200);
    portal.app.advance(Duration::days(1) + Duration::minutes(1));
    portal.run("expired-drafts");
    assert!(!has(51));
    assert!(kept(&portal, &portal.claire, "request", 0).is_some());
}
