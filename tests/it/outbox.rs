//! The outbox as managers see it.

use diesel::prelude::*;
use guichet::accounts::sessions::open_session;
use guichet::accounts::{Person, Role, find_or_create_requester};
use guichet::platform::db::StorageError;
use guichet::platform::i18n::Lang;
use guichet::platform::mail::{Courier, Letter, Mail, MailId, Transport, enqueue, hold_waiting};
use guichet::schema::{mails, people};
use serde_json::json;

use crate::mail::server::{Answer, MailServer};
use crate::support::{Browser, TestApp};

/// A browser in which somebody with a role is signed in.
fn signed_in(app: &TestApp, role: Role) -> Browser<'_> {
    let secret = app.write(move |tx| {
        let person =
            find_or_create_requester(tx, "nadia@orion.example", "Nadia Ferrand", Lang::En)?;
        diesel::update(people::table.find(person.id))
            .set((people::role.eq(role), people::password_hash.eq("none")))
            .execute(tx.conn)?;
        let person: Person = people::table
            .find(person.id)
            .select(Person::as_select())
            .first(tx.conn)?;
        open_session(tx, &person, "test").map_err(StorageError::from)
    });
    let browser = app.browser_in(Lang::En);
    browser.set_cookie("guichet_session", &secret);
    browser
}

fn order(app: &TestApp, letter: Letter) -> MailId {
    app.write(move |tx| enqueue(tx, letter.clone()).map_err(StorageError::from))
}

fn letter(to_address: &str) -> Letter {
    Letter {
        kind: "outbox/test",
        to_address: to_address.to_owned(),
        to_name: "Claire Fontanel".to_owned(),
        lang: Lang::Fr,
        data: json!({ "name": "Claire" }),
        thread: None,
        secret: false,
    }
}

fn with_server(server: &MailServer) -> TestApp {
    let url = server.url();
    TestApp::with(move |settings| settings.smtp_url = Some(url))
}

fn run_worker(app: &TestApp) {
    Courier {
        db: &app.site.db,
        settings: &app.site.settings,
        company: app.site.company.get(),
        templates: &app.site.templates,
        transport: app.site.part::<Transport>(),
    }
    .run()
    .expect("the database works");
}

#[test]
fn only_managers_see_the_outbox() {
    let app = TestApp::new();
    let id = order(&app, letter("claire@tilleuls.example"));
    for role in [Role::Customer, Role::Agent] {
        let browser = signed_in(&app, role);
        for path in ["", &format!("/{id}"), &format!("/{id}/html")] {
            browser.get(&format!("/manage/outbox{path}")).expect(404);
        }
    }
    signed_in(&app, Role::Manager)
        .get("/manage/outbox")
        .expect(200);
}

#[test]
fn a_mail_waits_for_a_server_and_says_so() {
    let app = TestApp::new();
    let id = order(&app, letter("claire@tilleuls.example"));
    let browser = signed_in(&app, Role::Manager);
    let list = browser.get("/manage/outbox").expect(200);
    let list = list.has("No mail server is configured").has("smtp_url");
    list.click("Message d’essai")
        .at(&format!("/manage/outbox/{id}"))
        .has("No mail server is configured.")
        .has("Claire Fontanel <claire@tilleuls.example>")
        .has("Bonjour Claire,");
}

#[test]
fn the_html_version_is_framed_and_can_do_nothing() {
    let app = TestApp::new();
    let id = order(
        &app,
        Letter {
            data: json!({ "name": "<script>alert(1)</script>" }),
            ..letter("claire@tilleuls.example")
        },
    );
    let browser = signed_in(&app, Role::Manager);
    let page = browser.get(&format!("/manage/outbox/{id}")).expect(200);
    assert_eq!(page.attributes("iframe", "sandbox"), [""]);
    let policy = page.header("Content-Security-Policy").unwrap_or_default();
    assert!(policy.contains("frame-src 'self'") && policy.contains("script-src 'self'"));

    let frame = page.attributes("iframe", "src").remove(0);
    let mail = browser.get(&frame).expect(200);
    let policy = mail.header("Content-Security-Policy").unwrap_or_default();
    assert!(
        policy.starts_with("default-src 'none'") && policy.ends_with("sandbox"),
        "{policy}"
    );
    assert!(policy.contains("frame-ancestors 'self'") && !policy.contains("script-src"));
    assert_eq!(mail.header("X-Frame-Options"), Some("SAMEORIGIN"));
    assert!(!mail.html().contains("<script>"));
}

#[test]
fn a_failed_mail_is_counted_found_explained_and_sent_again() {
    let server = MailServer::start();
    let app = with_server(&server);
    let id = order(&app, letter("claire@tilleuls.example"));
    order(&app, letter("bo@mairie.example"));
    server.next(&[Answer::RefuseRecipient(550, "5.1.1 No such user here")]);
    run_worker(&app);

    let browser = signed_in(&app, Role::Manager);
    let list = browser.get("/manage/outbox").expect(200);
    let link = "a.rail-link[href='/manage/outbox']";
    assert_eq!(list.all(link), ["Emails 1"]);
    let failed = browser.get("/manage/outbox?status=failed").expect(200);
    let failed = failed.has("claire@tilleuls.example");
    failed.lacks("bo@mairie.example");
    let found = browser.get("/manage/outbox?q=MAIRIE").expect(200);
    found
        .has("bo@mairie.example")
        .lacks("claire@tilleuls.example");
    browser
        .get("/manage/outbox?q=%25&status=nonsense")
        .expect(200)
        .has("No email matches this filter.");

    let page = browser.get(&format!("/manage/outbox/{id}")).expect(200);
    let page = page.has("No such user here");
    page.form(&format!("/manage/outbox/{id}/attempts"))
        .submit()
        .at(&format!("/manage/outbox/{id}"))
        .has("The message leaves in a moment.");
    run_worker(&app);
    let page = browser.get(&format!("/manage/outbox/{id}")).expect(200);
    let page = page.lacks("No such user here");
    assert!(!page.has_form(&format!("/manage/outbox/{id}/attempts")));
    assert_eq!(server.arrivals().len(), 2);
}

#[test]
fn a_held_mail_leaves_only_when_a_manager_says_so() {
    let server = MailServer::start();
    let app = with_server(&server);
    let held = order(&app, letter("claire@tilleuls.example"));
    app.write(|tx| hold_waiting(tx.conn).map_err(StorageError::from));
    order(&app, letter("bo@mairie.example"));
    run_worker(&app);
    assert_eq!(server.arrivals().len(), 1, "the one ordered since");

    let browser = signed_in(&app, Role::Manager);
    let list = browser.get("/manage/outbox?status=held").expect(200);
    let list = list.has("claire@tilleuls.example");
    assert_eq!(list.all("a.rail-link[href='/manage/outbox']"), ["Emails 1"]);
    list.lacks("bo@mairie.example");
    let page = browser.get(&format!("/manage/outbox/{held}")).expect(200);
    let page = page.has("It may have left since").has("Send it");
    page.form(&format!("/manage/outbox/{held}/attempts"))
        .submit()
        .has("The message leaves in a moment.");
    run_worker(&app);
    assert_eq!(server.arrivals().len(), 2, "the held one");
}

fn order_secret(app: &TestApp) -> MailId {
    order(
        app,
        Letter {
            data: json!({ "name": "live-link" }),
            secret: true,
            ..letter("claire@tilleuls.example")
        },
    )
}

#[test]
fn the_content_of_a_secret_mail_is_hidden_where_a_server_sends_it() {
    let server = MailServer::start();
    let app = with_server(&server);
    let id = order_secret(&app);
    let browser = signed_in(&app, Role::Manager);
    let page = browser.get(&format!("/manage/outbox/{id}")).expect(200);
    assert!(!page.html().contains("live-link"));
    page.has("its content is shown to nobody");
    browser
        .get(&format!("/manage/outbox/{id}/html"))
        .expect(404);
}

#[test]
fn without_a_server_the_first_links_can_be_read() {
    let app = TestApp::new();
    let id = order_secret(&app);
    let browser = signed_in(&app, Role::Manager);
    let page = browser.get(&format!("/manage/outbox/{id}")).expect(200);
    assert!(page.html().contains("live-link"));
}

#[test]
fn a_manager_orders_a_test_mail() {
    let server = MailServer::start();
    let app = with_server(&server);
    let browser = signed_in(&app, Role::Manager);
    let list = browser.get("/manage/outbox").expect(200);
    list.form("/manage/outbox/tests")
        .submit()
        .has("The test message is waiting to be sent.");
    run_worker(&app);
    assert_eq!(server.arrivals()[0].to, ["nadia@orion.example"]);
}

#[test]
fn pages_of_the_list_neither_repeat_nor_skip() {
    let app = TestApp::new();
    let ids: Vec<MailId> = (0..120)
        .map(|_| order(&app, letter("claire@tilleuls.example")))
        .collect();
    let browser = signed_in(&app, Role::Manager);
    let mut seen = Vec::new();
    let mut page = browser.get("/manage/outbox").expect(200);
    loop {
        seen.extend(page.attributes("a.row-link", "href"));
        match page.attributes("a[rel=next]", "href").first() {
            Some(next) => page = browser.get(next).expect(200),
            None => break,
        }
    }
    let expected: Vec<String> = ids
        .iter()
        .rev()
        .map(|id| format!("/manage/outbox/{id}"))
        .collect();
    assert_eq!(seen, expected);
    let back = page.attributes("a[rel=prev]", "href").remove(0);
    let middle = browser.get(&back).expect(200);
    assert_eq!(middle.attributes("a.row-link", "href"), expected[50..100]);
}

#[test]
fn a_damaged_row_does_not_break_its_page() {
    let app = TestApp::new();
    let id = order(&app, letter("claire@tilleuls.example"));
    app.write(move |tx| {
        diesel::update(mails::table.find(id))
            .set(mails::data.eq("not json"))
            .execute(tx.conn)
            .map_err(StorageError::from)
    });
    let browser = signed_in(&app, Role::Manager);
    browser
        .get(&format!("/manage/outbox/{id}"))
        .expect(200)
        .has("The content cannot be shown");
    run_worker(&app);
    let mail: Mail = app.read(|conn| guichet::platform::mail::find_mail(conn, id));
    assert_eq!(mail.attempts, 1);
}
