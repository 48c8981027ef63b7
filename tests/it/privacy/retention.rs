//! What is not kept for ever goes in time, and nothing else does.

use chrono::Duration;
use diesel::prelude::*;
use guichet::accounts::{Role, find_or_create_requester};
use guichet::platform::db::StorageError;
use guichet::platform::i18n::Lang;
use guichet::platform::mail::MailStatus;
use guichet::privacy::{Due, count_due};
use guichet::schema::{deflections, events, mails, people, submissions};

use crate::requests::portal::{Portal, file_as};
use crate::support::TestApp;

fn due(app: &TestApp) -> Due {
    app.read(|conn| count_due(conn, &app.site.settings.retention, app.site.db.now()))
}

/// A mail that was sent, a form, an article opened without a request, somebody unproven; and of
/// each kind what is to stay.
fn fill(portal: &Portal) {
    let claire = portal.browser(&portal.claire);
    file_as(portal, &claire, "Sujet", "Texte.").expect(200);
    portal.app.write(|tx| {
        diesel::update(mails::table)
            .set((
                mails::status.eq(MailStatus::Sent),
                mails::sent_at.eq(tx.now),
            ))
            .execute(tx.conn)?;
        find_or_create_requester(tx, "personne@verger.example", "Personne", Lang::Fr)
            .map_err(StorageError::from)
    });
    portal.file(&portal.paul, "Sujet", "Texte.");
    portal.add("proven@verger.example", "Proven", Role::Customer);
}

#[test]
fn everything_goes_in_its_time_and_the_rest_stays() {
    let portal = Portal::new();
    let app = &portal.app;
    fill(&portal);
    assert_eq!(due(app), Due::default());
    app.advance(Duration::days(3));
    assert_eq!(
        due(app),
        Due {
            submissions: 1,
            ..Due::default()
        }
    );
    app.advance(Duration::days(28));
    let expected = Due {
        mails: 1,
        submissions: 1,
        people: 1,
        deflections: 0,
    };
    assert_eq!(due(app), expected);
    let history = |person: i64| -> i64 {
        app.read(|conn| {
            events::table
                .filter(events::stream.eq("person"))
                .filter(events::stream_id.eq(person))
                .count()
                .get_result(conn)
        })
    };
    let nobody = app.find_person("personne@verger.example").expect("known");
    assert!(history(nobody.id.0) > 0);
    app.run("retention");
    assert_eq!(due(app), Due::default());
    assert_eq!(app.find_person("personne@verger.example"), None);
    assert_eq!(history(nobody.id.0), 0);
    let kept: Vec<(MailStatus, String)> = app.read(|conn| {
        mails::table
            .order(mails::id)
            .select((mails::status, mails::data))
            .load(conn)
    });
    assert_eq!(kept[0], (MailStatus::Sent, "{}".to_owned()));
    assert!(kept[1].1.contains("GU-1002"), "it has not left yet");
    let left: i64 = app.read(|conn| submissions::table.count().get_result(conn));
    assert_eq!(left, 0);
    for email in [
        "claire@tilleuls.example",
        "paul@atelier.example",
        "proven@verger.example",
    ] {
        assert!(app.find_person(email).is_some(), "{email}");
    }
}

#[test]
fn what_somebody_typed_before_they_filed_nothing_goes() {
    let stage = crate::access::Stage::new();
    let app = &stage.portal.app;
    let browser = stage.browser("owner");
    let opened = |key: &str| {
        let form = browser.get("/requests/new").form("/requests");
        let token = form.value("csrf").expect("a token");
        let fields = [
            ("csrf", token),
            ("key", key),
            ("article", "/en/articles/line"),
            ("subject", "La ligne"),
        ];
        browser.post("/deflections", &fields).expect(303);
    };
    opened("a-key-that-files-nothing");
    opened("a-key-that-files-something");
    let form = browser.get("/requests/new").form("/requests");
    form.fill("request_type", &stage.portal.question())
        .fill("subject", "La ligne")
        .fill("body", "Texte.")
        .forge("key", "a-key-that-files-something")
        .submit()
        .expect(200);
    app.advance(Duration::days(91));
    assert_eq!(due(app).deflections, 1);
    app.run("retention");
    let kept: Vec<Option<i64>> =
        app.read(|conn| deflections::table.select(deflections::ticket_id).load(conn));
    assert!(kept.len() == 1 && kept[0].is_some(), "{kept:?}");
    let people: i64 = app.read(|conn| people::table.count().get_result(conn));
    assert_eq!(people, 5, "everybody of the stage");
}
