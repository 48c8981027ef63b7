//! What the forms of customers refuse, and that a refusal leaves nothing behind.

use diesel::prelude::*;
use guichet::platform::company::Key;
use guichet::schema::request_types;

use super::footprint::Footprint;
use super::portal::Portal;
use crate::support::{Browser, File, Page};

/// Sends the form of a new request with these values.
fn new_request<'b>(
    portal: &Portal,
    browser: &'b Browser<'b>,
    subject: &str,
    body: &str,
    files: &[File],
) -> Page<'b> {
    let form = browser
        .get("/requests/new")
        .form("/requests")
        .fill("request_type", &portal.question())
        .fill("subject", subject)
        .fill("body", body);
    files
        .iter()
        .fold(form, |form, file| form.attach("files", file.clone()))
        .submit()
}

/// Sends a reply with these values.
fn reply<'b>(browser: &'b Browser<'b>, body: &str, files: &[File]) -> Page<'b> {
    let form = browser
        .get("/requests/GU-1001")
        .form("/requests/GU-1001/messages")
        .fill("body", body);
    files
        .iter()
        .fold(form, |form, file| form.attach("files", file.clone()))
        .submit()
}

fn text(name: &str) -> File {
    File::new(name, "text/plain", "un fichier en ordre")
}

#[test]
fn an_empty_form_names_every_field() {
    let portal = Portal::new();
    let guest = portal.app.browser_in(guichet::platform::i18n::Lang::En);
    let before = Footprint::of(&portal);
    let page = guest
        .get("/requests/new")
        .form("/requests")
        .submit()
        .expect(422);
    let linked = page.attributes(".error-summary a", "href");
    assert_eq!(
        linked,
        ["#request_type", "#subject", "#body", "#name", "#email"]
    );
    for target in &linked {
        assert_eq!(page.all(target).len(), 1, "{target} leads somewhere");
    }
    assert_eq!(Footprint::of(&portal), before);
}

#[test]
fn blank_text_counts_as_none() {
    let portal = Portal::new();
    portal.file(&portal.claire, "Sujet", "Texte.");
    let claire = portal.browser(&portal.claire);
    let before = Footprint::of(&portal);
    let blank = " \t\r\n\u{a0}\u{2003}\u{200b}\u{feff}";
    new_request(&portal, &claire, blank, blank, &[text("a.txt")]).expect(422);
    reply(&claire, blank, &[text("a.txt")])
        .expect(422)
        .has("Fill in this field.")
        .has("Message: fill in this field.");
    assert_eq!(Footprint::of(&portal), before);
}

#[test]
fn what_is_too_long_comes_back_whole() {
    let portal = Portal::new();
    portal.file(&portal.claire, "Sujet", "Texte.");
    let claire = portal.browser(&portal.claire);
    let before = Footprint::of(&portal);
    let subject = "é".repeat(201);
    let body = "Une ligne avec <balises> & \"guillemets\".\n".repeat(7_500);
    assert!(body.len() > 300_000);

    let form = new_request(&portal, &claire, &subject, &body, &[text("a.txt")])
        .expect(422)
        .has("201 characters is too long")
        .form("/requests");
    assert_eq!(form.value("subject"), Some(subject.as_str()));
    assert_eq!(form.value("body"), Some(body.as_str()));
    assert_eq!(form.value("request_type"), Some(portal.question().as_str()));

    let page = reply(&claire, &body, &[text("a.txt")]).expect(422);
    let form = page.form("/requests/GU-1001/messages");
    assert_eq!(form.value("body"), Some(body.as_str()));
    assert_eq!(Footprint::of(&portal), before);
}

#[test]
fn the_longest_texts_are_taken() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let (subject, body) = ("é".repeat(200), "€".repeat(20_000));
    new_request(&portal, &claire, &subject, &body, &[])
        .at("/requests/GU-1001")
        .expect(200);
    assert_eq!(portal.stored("GU-1001").subject, subject);
}

#[test]
fn control_characters_are_taken_out_and_shown_before_anything_is_kept() {
    let portal = Portal::new();
    portal.file(&portal.claire, "Sujet", "Texte.");
    let claire = portal.browser(&portal.claire);
    let before = Footprint::of(&portal);
    let page = new_request(
        &portal,
        &claire,
        "Su\0j\u{1b}[31met",
        "Te\0x\u{8}te",
        &[text("a.txt")],
    );
    let form = page
        .expect(422)
        .has("Invisible characters were removed")
        .form("/requests");
    assert_eq!(form.value("body"), Some("Texte"));
    let page = reply(&claire, "Te\0xte", &[text("a.txt")]).expect(422);
    assert_eq!(
        page.form("/requests/GU-1001/messages").value("body"),
        Some("Texte")
    );
    assert_eq!(Footprint::of(&portal), before);
    // Sent on as it came back, it is taken.
    form.submit().at("/requests/GU-1002").expect(200);
}

#[test]
fn too_many_files_are_counted_and_none_is_sent() {
    let portal = Portal::new();
    portal.file(&portal.claire, "Sujet", "Texte.");
    let claire = portal.browser(&portal.claire);
    let before = Footprint::of(&portal);
    let files: Vec<File> = (0..25).map(|n| text(&format!("{n}.txt"))).collect();
    let page = new_request(&portal, &claire, "Sujet", "Texte.", &files).expect(422);
    let page = page.has("25 files are too many");
    assert_eq!(page.form("/requests").value("body"), Some("Texte."));
    let page = reply(&claire, "Texte.", &files)
        .expect(422)
        .has("25 files are too many");
    assert_eq!(
        page.form("/requests/GU-1001/messages").value("body"),
        Some("Texte.")
    );
    assert_eq!(Footprint::of(&portal), before);
}

#[test]
fn files_over_the_limit_and_empty_ones_are_named() {
    let app = crate::support::TestApp::with(|settings| {
        settings.company.set(Key::MaxFileMb, "1");
    });
    let portal = Portal::on(app);
    portal.file(&portal.claire, "Sujet", "Texte.");
    let claire = portal.browser(&portal.claire);
    let before = Footprint::of(&portal);
    let files = [
        text("bon.txt"),
        File::new("gros.bin", "application/octet-stream", vec![7; 1_000_001]),
        File::new("vide.txt", "text/plain", ""),
    ];
    for page in [
        new_request(&portal, &claire, "Sujet", "Texte.", &files),
        reply(&claire, "Texte.", &files),
    ] {
        page.expect(422)
            .has("gros.bin")
            .has("larger than 1 MB")
            .has("bon.txt")
            .lacks("vide.txt</a>")
            .lacks("attach them again");
    }
    assert_eq!(Footprint::of(&portal), before);
    let whole = File::new("juste.bin", "application/octet-stream", vec![7; 1_000_000]);
    reply(&claire, "Texte.", &[whole])
        .expect(200)
        .has("juste.bin");
}

#[test]
fn more_than_any_form_holds_is_refused_and_what_was_typed_can_be_sent_on() {
    let app = crate::support::TestApp::with(|settings| {
        settings.company.set(Key::MaxFileMb, "1");
        settings.company.set(Key::MaxFiles, "1");
    });
    let portal = Portal::on(app);
    let claire = portal.browser(&portal.claire);
    let before = Footprint::of(&portal);
    let huge = File::new("a.bin", "application/octet-stream", vec![7; 45_000_000]);
    let refused = new_request(&portal, &claire, "Sujet", "Texte tapé.", &[huge]).expect(413);
    let long = "a".repeat(4_100_000);
    let unread = new_request(&portal, &claire, "Autre sujet", &long, &[]).expect(413);
    assert_eq!(Footprint::of(&portal), before);
    let refused = refused.has("Sujet").has("Texte tapé.");
    let filed = refused.form("/requests").submit().expect(200);
    filed.at("/requests/GU-1001").has("Texte tapé.");
    drop(unread.has("Autre sujet"));
}

#[test]
fn what_met_an_outage_is_filed_once_it_is_over() {
    let portal = Portal::new();
    portal.app.expect_server_errors();
    let claire = portal.browser(&portal.claire);
    let rename = |from: &str, to: &str| {
        diesel::sql_query(format!("ALTER TABLE {from} RENAME TO {to}"))
            .execute(&mut portal.app.connect())
            .expect("our own database");
    };
    // One is asked before the form is looked at, the other when everything else is written.
    for table in ["sessions", "events"] {
        let (subject, body) = (format!("Sujet {table}"), "Texte tapé & relu.");
        let form = claire
            .get("/requests/new")
            .form("/requests")
            .fill("request_type", &portal.question())
            .fill("subject", &subject)
            .fill("body", body);
        let before = Footprint::of(&portal);
        rename(table, "lost");
        let fallen = form.submit().expect(503).has(&subject).has(body);
        let fallen = fallen.form("/requests").submit().expect(503).has(body);
        rename("lost", table);
        assert_eq!(Footprint::of(&portal), before, "{table}");
        let filed = fallen.form("/requests").submit().expect(200).has(body);
        let (path, _) = filed.path.split_once('?').unwrap_or((&filed.path, ""));
        let reference = path.strip_prefix("/requests/").expect("a request");
        assert_eq!(portal.stored(reference).subject, subject);
        assert_eq!(Footprint::of(&portal).tickets(), before.tickets() + 1);
    }
}

#[test]
fn a_customer_whose_session_ended_is_asked_to_sign_in() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let form = claire
        .get("/requests/new")
        .form("/requests")
        .fill("request_type", &portal.question())
        .fill("subject", "Sujet")
        .fill("body", "Texte tapé.");
    let before = Footprint::of(&portal);
    portal.app.advance(chrono::Duration::days(31));
    let expired = form.submit().expect(401).has("Texte tapé.");
    assert!(expired.has_form("/sign-in/resume"));
    assert_eq!(Footprint::of(&portal), before);
}

#[test]
fn only_a_type_that_is_offered_can_be_chosen() {
    let portal = Portal::new();
    let archived: i64 = portal.app.write(|tx| {
        diesel::update(request_types::table.filter(request_types::key.ne("question")))
            .set(request_types::archived_at.eq(tx.now))
            .execute(tx.conn)?;
        request_types::table
            .filter(request_types::archived_at.is_not_null())
            .select(request_types::id)
            .first(tx.conn)
            .map_err(guichet::platform::db::StorageError::from)
    });
    let claire = portal.browser(&portal.claire);
    let before = Footprint::of(&portal);
    for odd in [
        &archived.to_string(),
        "999999",
        "0",
        "-1",
        "x",
        "",
        "1 OR 1=1",
        "9e9",
    ] {
        let page = claire
            .get("/requests/new")
            .form("/requests")
            .forge("request_type", odd)
            .fill("subject", "Sujet")
            .fill("body", "Texte.")
            .attach("files", text("a.txt"))
            .submit()
            .expect(422);
        assert_eq!(
            page.form("/requests").value("subject"),
            Some("Sujet"),
            "{odd}"
        );
        assert_eq!(
            page.attributes(".error-summary a", "href"),
            ["#request_type"],
            "{odd}"
        );
    }
    assert_eq!(Footprint::of(&portal), before);
}

#[test]
fn addresses_that_no_mail_reaches_are_refused() {
    let portal = Portal::new();
    let guest = portal.app.browser_in(guichet::platform::i18n::Lang::En);
    let before = Footprint::of(&portal);
    for odd in [
        "jeanne",
        "jeanne@verger",
        "jeanne@verger.example, paul@atelier.example",
        "jeanne@verger.example\r\nBcc: paul@atelier.example",
        "jeanne @verger.example",
        "<jeanne@verger.example>",
        &format!("{}@verger.example", "a".repeat(300)),
    ] {
        let page = guest
            .get("/requests/new")
            .form("/requests")
            .fill("request_type", &portal.question())
            .fill("subject", "Sujet")
            .fill("body", "Texte.")
            .fill("name", "Jeanne")
            .fill("email", odd)
            .submit();
        assert_eq!(page.status, 422, "{odd:?}");
    }
    assert_eq!(Footprint::of(&portal), before);
}

#[test]
fn a_field_that_the_page_does_not_have_changes_nothing() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let paul = portal.paul.id.to_string();
    let form = claire
        .get("/requests/new")
        .form("/requests")
        .fill("request_type", &portal.question())
        .fill("subject", "Sujet")
        .fill("body", "Texte.");
    [
        ("requester_id", paul.as_str()),
        ("name", "Paul"),
        ("email", "paul@atelier.example"),
        ("status", "closed"),
        ("priority", "urgent"),
        ("team_id", "1"),
        ("assignee_id", "1"),
        ("organisation_id", "1"),
        ("role", "manager"),
        ("visibility", "note"),
        ("author_kind", "agent"),
        ("created_at", "2020-01-01"),
        ("reference", "GU-1"),
    ]
    .into_iter()
    .fold(form, |form, (name, value)| form.forge(name, value))
    .submit()
    .at("/requests/GU-1001")
    .expect(200);
    let ticket = portal.stored("GU-1001");
    assert_eq!(ticket.requester_id, portal.claire.id);
    assert_eq!(ticket.status.as_str(), "new");
    assert_eq!(ticket.priority.as_str(), "normal");
    assert_eq!((ticket.assignee_id, ticket.organisation_id), (None, None));

    let page = claire.get("/requests/GU-1001");
    page.form("/requests/GU-1001/messages")
        .fill("body", "Encore.")
        .forge("visibility", "note")
        .forge("author_kind", "agent")
        .forge("status", "closed")
        .submit()
        .expect(200)
        .has("Encore.");
    let ticket = portal.stored("GU-1001");
    assert_eq!(
        (ticket.status.as_str(), ticket.last_author.as_str()),
        ("new", "customer")
    );
    let role = portal
        .app
        .find_person(&portal.claire.email)
        .map(|person| person.role);
    assert_eq!(role, Some(portal.claire.role));
}
