//! What is not kept for ever goes in time, and nothing else does.

use chrono::Duration;
use diesel::prelude::*;
use guichet::accounts::{Role, find_or_create_requester};
use guichet::platform::db::StorageError;
use guichet::platform::i18n::Lang;
use guichet::platform::mail::MailStatus;
use guichet::privacy::{Due, count_due};
use guichet::schema::{attachments, deflections, events, mails, messages, people, submissions};
use guichet::tickets::{Status, Visibility};

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
            // What was sent, and that something was sent from its page.
            submissions: 2,
            ..Due::default()
        }
    );
    app.advance(Duration::days(28));
    let expected = Due {
        mails: 1,
        submissions: 2,
        people: 1,
        ..Due::default()
    };
    assert_eq!(due(app), expected);
    let history = |person: i64| -> Vec<String> {
        app.read(|conn| {
            events::table
                .filter(events::stream.eq("person"))
                .filter(events::stream_id.eq(person))
                .select(events::data)
                .load(conn)
        })
    };
    let nobody = app.find_person("personne@verger.example").expect("known");
    assert!(history(nobody.id.0)[0].contains("personne@verger.example"));
    app.run("retention");
    assert_eq!(due(app), Due::default());
    assert_eq!(app.find_person("personne@verger.example"), None);
    let left = history(nobody.id.0).concat();
    assert!(
        !left.is_empty() && !left.to_lowercase().contains("personne"),
        "{left}"
    );
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

#[test]
fn what_the_company_does_not_want_to_keep_goes_when_it_says_so() {
    let portal = Portal::on(TestApp::with(|settings| {
        settings.retention.closed_files = Some(100);
        settings.retention.closed_texts = Some(200);
        settings.retention.idle_people = Some(300);
    }));
    let app = &portal.app;
    let closed = portal.file(&portal.claire, "Sujet clos", "Texte clos.");
    crate::access::attach(
        &portal,
        &closed,
        &portal.claire,
        Visibility::Public,
        "clos.txt",
    );
    portal.set(&closed, Status::Resolved);
    app.advance(Duration::days(5));
    app.run("confirm resolved tickets");
    let open = portal.file(&portal.paul, "Sujet ouvert", "Texte ouvert.");
    crate::access::attach(
        &portal,
        &open,
        &portal.paul,
        Visibility::Public,
        "ouvert.txt",
    );
    let files = || -> Vec<String> {
        app.read(|conn| attachments::table.select(attachments::name).load(conn))
    };
    let subject = || portal.stored(&closed.reference).subject;

    app.advance(Duration::days(99));
    app.run("retention");
    assert_eq!(files(), ["clos.txt", "ouvert.txt"]);
    app.advance(Duration::days(2));
    assert_eq!(due(app).closed_files, 1);
    app.run("retention");
    assert_eq!(files(), ["ouvert.txt"]);
    assert_eq!(subject(), "Sujet clos");

    app.advance(Duration::days(100));
    assert_eq!((due(app).closed_texts, due(app).idle_people), (1, 0));
    app.run("retention");
    assert_ne!(subject(), "Sujet clos");
    let left: i64 = app.read(|conn| {
        messages::table
            .filter(messages::body.like("%clos%"))
            .count()
            .get_result(conn)
    });
    assert_eq!(left, 0);

    app.advance(Duration::days(100));
    assert_eq!(due(app).idle_people, 1, "Paul waits for an answer");
    app.run("retention");
    assert_eq!(app.find_person("claire@tilleuls.example"), None);
    assert!(app.find_person("paul@atelier.example").is_some());
    assert!(
        app.find_person(&portal.nadia.email).is_some(),
        "staff stays"
    );
    assert_eq!(due(app), Due::default());
    let ids = [closed.id, open.id];
    for id in ids {
        let (stored, replayed) = app.read(|conn| {
            let ticket = guichet::tickets::queries::get_ticket(conn, id)?;
            Ok((
                ticket,
                guichet::tickets::replay(conn, id)?.map(|state| state.ticket),
            ))
        });
        assert_eq!(Some(stored), replayed);
    }
}

#[test]
fn from_where_somebody_signed_in_goes_after_a_year_and_that_they_did_stays() {
    let portal = Portal::new();
    let app = &portal.app;
    app.person("jeanne@verger.example", Role::Customer);
    app.browser().sign_in("jeanne@verger.example");
    app.browser()
        .try_sign_in("nobody@verger.example", "wrong password");
    let signed_in = || -> Vec<String> {
        app.read(|conn| {
            events::table
                .filter(events::kind.eq_any(["signed_in", "sign_in_denied"]))
                .order(events::id)
                .select(events::data)
                .load(conn)
        })
    };
    assert!(signed_in().iter().all(|data| data.contains("network")));
    app.advance(Duration::days(364));
    app.run("retention");
    assert!(signed_in().iter().all(|data| data.contains("network")));
    app.advance(Duration::days(2));
    assert_eq!(due(app).sign_ins, 2);
    app.run("retention");
    assert_eq!(due(app).sign_ins, 0);
    let left = signed_in();
    assert_eq!(left.len(), 2);
    assert!(
        left.iter()
            .all(|data| !data.contains("network") && !data.contains("device"))
    );
    assert!(left[0].contains("\"by\":\"password\""), "{left:?}");
}
