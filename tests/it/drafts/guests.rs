//! What people type who are not signed in: kept for their browser, for a day.

use chrono::Duration;
use diesel::prelude::*;
use guichet::drafts::discard_all;
use guichet::platform::db::StorageError;
use guichet::platform::i18n::Lang;
use guichet::schema::drafts;

use super::{REQUEST, json, kept, save, told};
use crate::requests::portal::Portal;
use crate::support::{Browser, File, Page};

const TYPED: &[(&str, &str)] = &[
    ("subject", "Le fax"),
    ("body", "Plus rien ne part."),
    ("name", "Jeanne Quetsche"),
    ("email", "jeanne@verger.example"),
    ("key", "a-window"),
];

/// Keeps what a guest's form shows, as its script does.
fn type_as_guest<'b>(browser: &'b Browser<'b>, path: &str, fields: &[(&str, &str)]) -> Page<'b> {
    let form = browser.get("/requests/new").expect(200).form("/requests");
    let token = form.value("csrf").expect("a token").to_owned();
    let all: Vec<_> = [("csrf", token.as_str())]
        .into_iter()
        .chain(fields.iter().copied())
        .collect();
    browser.post(path, &all)
}

fn body_shown(browser: &Browser<'_>) -> String {
    let form = browser.get("/requests/new").expect(200).form("/requests");
    form.value("body").unwrap_or_default().to_owned()
}

fn count(portal: &Portal) -> i64 {
    portal
        .app
        .read(|conn| drafts::table.count().get_result(conn))
}

#[test]
fn it_comes_back_in_their_browser_and_in_no_other() {
    let portal = Portal::new();
    let guest = portal.app.browser_in(Lang::En);
    let page = type_as_guest(&guest, REQUEST, TYPED).expect(200);
    assert_eq!(told(&page, "state"), "saved");
    assert!(told(&page, "said").ends_with("kept for a day in this browser"));

    // Their browser is known as long, even if it is closed meanwhile.
    let cookies = page.headers("Set-Cookie");
    let kept = cookies.iter().find(|c| c.starts_with("guichet_visitor="));
    assert!(
        kept.is_some_and(|c| c.contains("Max-Age=86400")),
        "{cookies:?}"
    );

    let page = guest.get("/requests/new").expect(200).has("restored");
    let form = page.form("/requests");
    for (field, value) in &TYPED[..4] {
        assert_eq!(form.value(field), Some(*value));
    }
    assert_eq!(body_shown(&portal.app.browser()), "");
    assert_eq!(body_shown(&portal.browser(&portal.claire)), "");
    type_as_guest(&guest, &format!("{REQUEST}/discard"), TYPED).expect(303);
    assert_eq!(body_shown(&guest), "");
    assert_eq!(count(&portal), 0);
}

#[test]
fn its_files_go_with_what_is_sent_and_are_shown_to_nobody_else() {
    let portal = Portal::new();
    let guest = portal.app.browser();
    let mut form = guest.get("/requests/new").expect(200).form("/requests");
    for (field, value) in &TYPED[..4] {
        form = form.fill(field, value);
    }
    let form = form.attach("files", File::new("un.txt", "text/plain", "un"));
    let (_, kind, body) = form.encoded();
    let page = guest.post_raw(REQUEST, kind, body).expect(200);
    assert_eq!(json(&page)["files"][0]["name"], "un.txt");

    let page = guest.get("/requests/new").expect(200).has("un.txt");
    let href = page.attributes(".file-name", "href").remove(0);
    assert_eq!(guest.get(&href).expect(200).bytes(), b"un");
    portal.app.browser().get(&href).expect(404);
    portal.browser(&portal.claire).get(&href).expect(404);

    let kind = portal.question();
    let form = page.form("/requests").fill("request_type", &kind);
    form.submit().expect(200).at("/requests/filed");
    assert_eq!(count(&portal), 0);
    let mailed = portal.app.mailed_path("jeanne@verger.example");
    drop(portal.app.browser().get(&mailed).expect(200).has("un.txt"));
}

#[test]
fn a_form_that_comes_back_keeps_its_files() {
    let portal = Portal::new();
    let guest = portal.app.browser();
    let form = guest.get("/requests/new").expect(200).form("/requests");
    let form = form
        .fill("body", "Plus rien ne part.")
        .attach("files", File::new("un.txt", "text/plain", "un"));
    drop(form.submit().expect(422).has("un.txt"));
    drop(guest.get("/requests/new").expect(200).has("un.txt"));
}

#[test]
fn whoever_signs_in_goes_on_with_it() {
    let portal = Portal::new();
    portal.app.give_password(&portal.claire);
    let browser = portal.app.browser();
    type_as_guest(&browser, REQUEST, TYPED).expect(200);
    browser.sign_in(&portal.claire.email);
    assert_eq!(body_shown(&browser), "Plus rien ne part.");
    let draft = kept(&portal, &portal.claire, "request", 0).expect("it is theirs");
    assert_eq!(draft.fields["subject"], "Le fax");

    // Whoever uses the browser next finds nothing.
    let page = browser.get("/requests").expect(200);
    page.form("/sign-out").submit().expect(200);
    assert_eq!(body_shown(&browser), "");
}

#[test]
fn what_they_had_already_is_not_replaced() {
    let portal = Portal::new();
    portal.app.give_password(&portal.claire);
    let elsewhere = portal.browser(&portal.claire);
    save(&elsewhere, REQUEST, &[("body", "Avant.")]).expect(200);
    let browser = portal.app.browser();
    type_as_guest(&browser, REQUEST, TYPED).expect(200);
    browser.sign_in(&portal.claire.email);
    assert_eq!(body_shown(&browser), "Avant.");
    // Their tab has the other text, and asks which to keep.
    let answer = save(&browser, REQUEST, TYPED).expect(409);
    assert_eq!(told(&answer, "state"), "conflict");
}

#[test]
fn other_forms_are_for_people_who_are_signed_in() {
    let portal = Portal::new();
    let ticket = portal.file(&portal.claire, "Sujet", "Texte.");
    let guest = portal.app.browser();
    for key in [
        format!("reply-{}", ticket.reference),
        format!("message-{}", ticket.reference),
        "desk-request".to_owned(),
        "poem".to_owned(),
    ] {
        let path = format!("/drafts/{key}");
        type_as_guest(&guest, &path, TYPED).expect(401);
        type_as_guest(&guest, &format!("{path}/discard"), TYPED).expect(401);
        guest.get_once(&path).expect(303);
    }
    assert_eq!(count(&portal), 0);
}

#[test]
fn a_form_of_a_session_that_ended_is_not_kept_as_a_guests() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let form = claire.get("/requests/new").expect(200).form("/requests");
    let token = form.value("csrf").expect("a token").to_owned();
    portal.app.advance(Duration::days(31));
    for path in [REQUEST, "/drafts/request/form", "/drafts/request/discard"] {
        let page = claire.post(path, &[("csrf", &token), ("body", "À moi.")]);
        drop(page.expect(401).has("À moi."));
    }
    assert_eq!(count(&portal), 0);
}

#[test]
fn it_is_gone_after_a_day() {
    let portal = Portal::new();
    let guest = portal.app.browser();
    type_as_guest(&guest, REQUEST, TYPED).expect(200);
    let claire = portal.browser(&portal.claire);
    save(&claire, REQUEST, &[("body", "À moi.")]).expect(200);
    portal.app.advance(Duration::hours(23));
    portal.run("expired-drafts");
    assert_eq!(count(&portal), 2);
    portal
        .app
        .advance(Duration::hours(1) + Duration::minutes(1));
    portal.run("expired-drafts");
    assert_eq!(body_shown(&guest), "");
    assert!(kept(&portal, &portal.claire, "request", 0).is_some());
}

#[test]
fn guests_together_fill_no_disk() {
    const MOST: i64 = 2_000;
    let portal = Portal::new();
    portal.app.write(|tx| {
        let rows = (0..MOST).map(|n| {
            (
                drafts::guest.eq(format!("browser-{n}")),
                drafts::form.eq("request"),
                drafts::subject_id.eq(0_i64),
                drafts::fields.eq("{}"),
                drafts::form_key.eq(""),
                drafts::revision.eq(n),
                drafts::updated_at.eq(tx.now - Duration::minutes(1)),
            )
        });
        for row in rows.collect::<Vec<_>>() {
            diesel::insert_into(drafts::table)
                .values(row)
                .execute(tx.conn)?;
        }
        Ok::<_, StorageError>(())
    });
    let guest = portal.app.browser();
    type_as_guest(&guest, REQUEST, TYPED).expect(200);
    assert_eq!(count(&portal), MOST);
    assert_eq!(body_shown(&guest), "Plus rien ne part.");
}

#[test]
fn nobody_pushes_out_the_drafts_of_others_by_being_many() {
    let portal = Portal::new();
    let here = std::net::IpAddr::from([198, 51, 100, 7]);
    let browser = || {
        let browser = portal.app.browser();
        browser.move_to(here);
        browser
    };
    let first = browser();
    type_as_guest(&first, REQUEST, TYPED).expect(200);
    // Who goes on writing begins nothing.
    let other = [("body", "Autre"), ("email", "")];
    type_as_guest(&first, REQUEST, &other).expect(409);
    for _ in 1..60 {
        type_as_guest(&browser(), REQUEST, TYPED).expect(200);
    }
    let guest = browser();
    let page = type_as_guest(&guest, REQUEST, TYPED).expect(422);
    assert_eq!(told(&page, "state"), "refused");
    assert_eq!(count(&portal), 60);
    type_as_guest(&portal.app.browser(), REQUEST, TYPED).expect(200);
}

#[test]
fn it_goes_with_the_person_whose_address_it_names() {
    let portal = Portal::new();
    let [hers, theirs] = [portal.app.browser(), portal.app.browser()];
    type_as_guest(&theirs, REQUEST, TYPED).expect(200);
    let email = portal.claire.email.to_uppercase();
    type_as_guest(&hers, REQUEST, &[("body", "À moi."), ("email", &email)]).expect(200);
    let (id, email) = (portal.claire.id, portal.claire.email.clone());
    portal
        .app
        .write(move |tx| discard_all(tx, id, &email).map_err(StorageError::from));
    assert_eq!(body_shown(&hers), "");
    assert_eq!(body_shown(&theirs), "Plus rien ne part.");
}
