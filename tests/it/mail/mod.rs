//! Mails from the transaction that orders them to the server that takes charge of them.

pub mod server;

use std::path::PathBuf;
use std::sync::Barrier;

use chrono::Duration;
use guichet::config::Settings;
use guichet::platform::company::Key;
use guichet::platform::db::{Actor, StorageError};
use guichet::platform::i18n::Lang;
use guichet::platform::mail::{
    Courier, Letter, Mail, MailId, MailStatus, RetryError, Transport, enqueue, file_name,
    find_mail, retry_mail,
};
use guichet::platform::web::Site;
use serde_json::json;

use self::server::{Answer, MailServer};
use crate::support::TestApp;

/// The program, and what its worker does with its outbox.
struct Post {
    app: TestApp,
}

impl Post {
    fn new() -> Self {
        let app = TestApp::with(|settings| {
            settings.public_url = "https://aide.orion.example:8443".to_owned();
            let from = "Assistance Orion <assistance@orion.example>";
            settings.company.set(Key::CompanyName, "Orion");
            settings.company.set(Key::CompanySuffix, "Télécom");
            settings.company.set(Key::MailFrom, from);
        });
        Self { app }
    }

    fn order(&self, letter: Letter) -> MailId {
        self.app
            .write(move |tx| enqueue(tx, letter.clone()).map_err(StorageError::from))
    }

    fn mail(&self, id: MailId) -> Mail {
        self.app.read(|conn| find_mail(conn, id))
    }

    fn retry(&self, id: MailId) -> Result<(), RetryError> {
        let db = &self.app.site.db;
        db.write_blocking(Actor::System, move |tx| retry_mail(tx, id))
    }

    /// One run of the worker, with the server or without.
    fn run(&self, transport: &Transport) -> usize {
        courier(&self.app.site, transport)
            .run()
            .expect("the database works")
    }

    /// The file of a mail in the outbox folder.
    fn file(&self, id: MailId) -> PathBuf {
        let name = file_name(&self.mail(id));
        self.app.site.settings.data_dir.join("outbox").join(name)
    }

    fn folder(&self) -> Transport {
        Transport::from_settings(&self.app.site.settings).expect("a folder needs no address")
    }
}

/// What empties the outbox of a site.
pub fn courier<'a>(site: &'a Site, transport: &'a Transport) -> Courier<'a> {
    Courier {
        db: &site.db,
        settings: &site.settings,
        company: site.company.get(),
        templates: &site.templates,
        transport,
        still_wanted: site.still_wanted,
    }
}

fn to(server: &MailServer, post: &Post) -> Transport {
    to_url(server.url(), post)
}

fn to_url(url: String, post: &Post) -> Transport {
    let settings = Settings {
        smtp_url: Some(url),
        ..(*post.app.site.settings).clone()
    };
    Transport::from_settings(&settings).expect("the address is one")
}

/// A server that is down: nothing listens on port 1.
fn nowhere(post: &Post) -> Transport {
    to_url("smtp://127.0.0.1:1".to_owned(), post)
}

fn letter(name: &str) -> Letter {
    Letter {
        kind: "outbox/test",
        to_address: "claire.fontanel@tilleuls.example".to_owned(),
        to_name: name.to_owned(),
        lang: Lang::Fr,
        data: json!({ "name": name }),
        thread: None,
        secret: false,
    }
}

#[test]
fn a_mail_is_delivered_once_with_its_headers_and_both_parts() {
    let (post, server) = (Post::new(), MailServer::start());
    let transport = to(&server, &post);
    let id = post.order(letter("Claire Fontanel"));
    assert_eq!(post.run(&transport), 1);
    assert_eq!(post.run(&transport), 0);

    let arrivals = server.arrivals();
    assert_eq!(arrivals.len(), 1);
    let arrival = &arrivals[0];
    assert_eq!(arrival.from, "assistance@orion.example");
    assert_eq!(arrival.to, ["claire.fontanel@tilleuls.example"]);
    let message = arrival.parse();
    assert_eq!(message.subject(), Some("Message d’essai"));
    let sender = message
        .from()
        .and_then(|from| from.first())
        .expect("a sender");
    assert_eq!(sender.name(), Some("Assistance Orion"));
    assert_eq!(
        arrival.header("Auto-Submitted").as_deref(),
        Some("auto-generated")
    );
    assert_eq!(
        arrival.header("X-Auto-Response-Suppress").as_deref(),
        Some("All")
    );
    assert_eq!(arrival.header("Content-Language").as_deref(), Some("fr"));
    assert_eq!(
        arrival.header("Date").as_deref(),
        Some("Thu, 19 Nov 2026 15:00:00 +0000")
    );
    let message_id = message.message_id().expect("a Message-ID");
    assert!(message_id.ends_with("@aide.orion.example"), "{message_id}");
    assert_eq!(arrival.header("In-Reply-To"), None);
    let text = message.body_text(0).expect("a text part");
    assert!(text.starts_with("Bonjour Claire Fontanel,"), "{text}");
    assert!(text.contains("https://aide.orion.example:8443/manage/outbox"));
    let html = message.body_html(0).expect("an HTML part");
    assert!(html.contains("<p>Bonjour Claire Fontanel,</p>"), "{html}");
    assert_eq!(message.text_body_count(), 1);
    assert_eq!(message.html_body_count(), 1);

    let mail = post.mail(id);
    assert_eq!(mail.status, MailStatus::Sent);
    assert_eq!(mail.sent_at, Some(post.app.clock.now()));
    assert_eq!((mail.attempts, mail.leased_until), (1, None));
}

#[test]
fn a_conversation_refers_to_its_first_mail() {
    let (post, server) = (Post::new(), MailServer::start());
    let transport = to(&server, &post);
    let in_thread = |address: &str| Letter {
        to_address: address.to_owned(),
        thread: Some("ticket-48201".to_owned()),
        ..letter("Claire")
    };
    for address in [
        "ana@tilleuls.example",
        "bo@tilleuls.example",
        "ana@tilleuls.example",
    ] {
        post.order(in_thread(address));
    }
    post.order(in_thread("ana@tilleuls.example"));
    post.run(&transport);

    let arrivals = server.arrivals();
    let first = arrivals[0].header("Message-ID").expect("a Message-ID");
    for reply in &arrivals[2..] {
        assert_eq!(reply.header("In-Reply-To").as_ref(), Some(&first));
        assert_eq!(reply.header("References").as_ref(), Some(&first));
    }
    // Somebody else's first mail answers nothing that they have.
    assert_eq!(arrivals[1].header("In-Reply-To"), None);
}

#[test]
fn a_refusal_for_now_is_tried_again_under_the_same_message_id() {
    let (post, server) = (Post::new(), MailServer::start());
    let transport = to(&server, &post);
    let id = post.order(letter("Claire"));
    server.next(&[Answer::RefuseMessage(451, "4.7.1 Come back later")]);
    assert_eq!(post.run(&transport), 0);

    let mail = post.mail(id);
    assert_eq!((mail.status, mail.attempts), (MailStatus::Waiting, 1));
    let reason = mail.last_error.expect("a reason");
    assert!(
        reason.contains("451") && reason.contains("Come back later"),
        "{reason}"
    );
    let pause = mail.next_attempt_at - post.app.clock.now();
    assert!((60..=75).contains(&pause.num_seconds()), "{pause}");

    post.app.clock.advance(Duration::seconds(59));
    assert_eq!(post.run(&transport), 0);
    assert_eq!(server.arrivals().len(), 1, "it was tried too early");
    post.app.clock.advance(Duration::seconds(16));
    assert_eq!(post.run(&transport), 1);

    let arrivals = server.arrivals();
    assert_eq!(arrivals.len(), 2);
    assert_eq!(arrivals[0].bytes, arrivals[1].bytes);
    let mail = post.mail(id);
    assert_eq!((mail.status, mail.last_error), (MailStatus::Sent, None));
}

#[test]
fn a_refusal_for_good_is_final_until_somebody_retries() {
    let (post, server) = (Post::new(), MailServer::start());
    let transport = to(&server, &post);
    let id = post.order(letter("Claire"));
    let other = post.order(letter("Bo"));
    server.next(&[Answer::RefuseRecipient(550, "5.1.1 No such user here")]);
    assert_eq!(post.run(&transport), 1);

    let mail = post.mail(id);
    assert_eq!((mail.status, mail.attempts), (MailStatus::Failed, 1));
    let reason = mail.last_error.expect("a reason");
    assert!(
        reason.contains("550") && reason.contains("No such user here"),
        "{reason}"
    );
    assert_eq!(post.mail(other).status, MailStatus::Sent);
    post.app.clock.advance(Duration::days(1));
    assert_eq!(post.run(&transport), 0);

    post.retry(id).expect("a failed mail can be tried again");
    assert_eq!(post.run(&transport), 1);
    assert_eq!(post.mail(id).status, MailStatus::Sent);
}

#[test]
fn a_mail_that_is_sent_cannot_be_retried() {
    let (post, server) = (Post::new(), MailServer::start());
    let id = post.order(letter("Claire"));
    post.run(&to(&server, &post));
    let outcome = post.retry(id);
    assert!(outcome.is_err());
    assert_eq!(post.run(&to(&server, &post)), 0);
}

#[test]
fn a_server_that_vanishes_after_the_message_gets_it_again() {
    let (post, server) = (Post::new(), MailServer::start());
    let transport = to(&server, &post);
    let id = post.order(letter("Claire"));
    server.next(&[Answer::Vanish]);
    assert_eq!(post.run(&transport), 0);
    assert_eq!(post.mail(id).status, MailStatus::Waiting);

    post.app.clock.advance(Duration::minutes(2));
    assert_eq!(post.run(&transport), 1);
    let arrivals = server.arrivals();
    assert_eq!(arrivals.len(), 2);
    assert_eq!(arrivals[0].bytes, arrivals[1].bytes);
}

#[test]
fn mails_wait_for_a_server_that_is_down() {
    let post = Post::new();
    let down = nowhere(&post);
    let (first, second) = (post.order(letter("Claire")), post.order(letter("Bo")));
    assert_eq!(post.run(&down), 0);

    let mail = post.mail(first);
    assert_eq!((mail.status, mail.attempts), (MailStatus::Waiting, 1));
    assert!(mail.last_error.is_some());
    // One attempt told that nothing can leave: the other mail was given back untried.
    let mail = post.mail(second);
    assert_eq!((mail.attempts, mail.leased_until), (0, None));

    let server = MailServer::start();
    post.app.clock.advance(Duration::minutes(2));
    assert_eq!(post.run(&to(&server, &post)), 2);
}

#[test]
fn a_mail_is_given_up_after_five_days() {
    let post = Post::new();
    let down = nowhere(&post);
    let id = post.order(letter("Claire"));
    let mut attempts = 0;
    while post.mail(id).status == MailStatus::Waiting {
        post.run(&down);
        attempts += 1;
        assert!(attempts < 100, "it is never given up");
        let next = post.mail(id).next_attempt_at;
        if next > post.app.clock.now() {
            post.app.clock.set(next);
        }
    }
    let mail = post.mail(id);
    assert_eq!(mail.status, MailStatus::Failed);
    let tried_for = post.app.clock.now() - mail.created_at;
    assert!(
        tried_for >= Duration::days(5) && tried_for < Duration::days(6),
        "{tried_for}"
    );
    assert!((20..40).contains(&mail.attempts), "{}", mail.attempts);
}

#[test]
fn wrong_credentials_do_not_fail_the_mail() {
    let (post, server) = (Post::new(), MailServer::start());
    let transport = to(&server, &post);
    let id = post.order(letter("Claire"));
    server.next(&[Answer::RefuseRecipient(
        530,
        "5.7.0 Authentication required",
    )]);
    assert_eq!(post.run(&transport), 0);
    assert_eq!(post.mail(id).status, MailStatus::Waiting);
}

#[test]
fn two_workers_send_nothing_twice() {
    let (post, server) = (Post::new(), MailServer::start());
    let ids: Vec<_> = (0..50).map(|_| post.order(letter("Claire"))).collect();
    let site: &Site = &post.app.site;
    let transports = [(); 2].map(|()| to(&server, &post));
    let barrier = Barrier::new(transports.len());
    let left: usize = std::thread::scope(|scope| {
        let workers = transports.each_ref().map(|transport| {
            scope.spawn(|| {
                barrier.wait();
                let mut left = 0;
                loop {
                    match courier(site, transport).run() {
                        Ok(0) => return left,
                        Ok(sent) => left += sent,
                        Err(error) => panic!("{error}"),
                    }
                }
            })
        });
        workers
            .into_iter()
            .map(|worker| worker.join().expect("a worker ends in order"))
            .sum()
    });
    assert_eq!(left, ids.len());
    let mut seen: Vec<_> = server
        .arrivals()
        .iter()
        .filter_map(|arrival| arrival.header("Message-ID"))
        .collect();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), ids.len());
    assert_eq!(server.arrivals().len(), ids.len());
}

#[test]
fn line_breaks_from_people_make_neither_headers_nor_recipients() {
    let (post, server) = (Post::new(), MailServer::start());
    let transport = to(&server, &post);
    let hostile =
        "Ana\r\nBcc: eve@evil.example\r\n\r\n<script>\u{2028}\n.\r\nRCPT TO:<eve@evil.example>";
    let id = post.order(Letter {
        lang: Lang::En,
        ..letter(hostile)
    });
    let poisoned = post.order(Letter {
        to_address: "ana@tilleuls.example\r\nRCPT TO:<eve@evil.example>".to_owned(),
        ..letter("Ana")
    });
    assert_eq!(post.run(&transport), 1);

    let arrivals = server.arrivals();
    assert_eq!(arrivals.len(), 1);
    let arrival = &arrivals[0];
    assert_eq!(arrival.to, ["claire.fontanel@tilleuls.example"]);
    assert_eq!(arrival.count("Bcc"), 0);
    for header in ["From", "To", "Subject", "Message-ID", "Date"] {
        assert_eq!(arrival.count(header), 1, "{header}");
    }
    let message = arrival.parse();
    let html = message.body_html(0).expect("an HTML part");
    assert!(!html.contains("<script>"), "{html}");
    let text = message.body_text(0).expect("a text part");
    assert!(text.contains("<script>"), "{text}");
    assert_eq!(post.mail(id).status, MailStatus::Sent);
    let mail = post.mail(poisoned);
    assert_eq!(mail.status, MailStatus::Failed);
    assert!(
        mail.last_error
            .is_some_and(|reason| reason.contains("address"))
    );
}

#[test]
fn a_mail_that_cannot_be_written_blocks_no_other() {
    let (post, server) = (Post::new(), MailServer::start());
    let broken = post.order(Letter {
        kind: "outbox/does-not-exist",
        ..letter("Claire")
    });
    let lacking = post.order(Letter {
        data: json!({}),
        ..letter("Claire")
    });
    let fine = post.order(letter("Claire"));
    assert_eq!(post.run(&to(&server, &post)), 1);
    assert_eq!(post.mail(broken).status, MailStatus::Failed);
    assert_eq!(post.mail(lacking).status, MailStatus::Failed);
    assert_eq!(post.mail(fine).status, MailStatus::Sent);
}

#[test]
fn no_secret_stays_once_a_mail_has_left_or_failed() {
    let (post, server) = (Post::new(), MailServer::start());
    let transport = to(&server, &post);
    let secret = || Letter {
        data: json!({ "name": "Claire", "link": "/reset/live-link" }),
        secret: true,
        ..letter("Claire")
    };
    let (refused, sent) = (post.order(secret()), post.order(secret()));
    assert!(post.mail(sent).data.contains("live-link"));
    assert!(!post.mail(sent).is_blanked());
    server.next(&[Answer::RefuseRecipient(550, "No such user")]);
    post.run(&transport);
    for (id, status) in [(refused, MailStatus::Failed), (sent, MailStatus::Sent)] {
        let mail = post.mail(id);
        assert_eq!(mail.status, status);
        assert!(mail.is_blanked() && !mail.data.contains("live-link"));
    }
    let outcome = post.retry(refused);
    assert!(outcome.is_err(), "there is nothing left to send");
}

#[test]
fn without_a_server_mails_are_readable_and_leave_once_there_is_one() {
    let post = Post::new();
    let id = post.order(letter("Claire"));
    assert_eq!(post.run(&post.folder()), 1);
    assert_eq!(post.run(&post.folder()), 0, "a mail is written once");

    let path = post.file(id);
    assert!(path.ends_with(format!("outbox/{id}-outbox-test.eml")));
    let bytes = std::fs::read(&path).expect("the file is there");
    let message = mail_parser::MessageParser::default()
        .parse(&bytes)
        .expect("the file is a message");
    assert_eq!(message.subject(), Some("Message d’essai"));
    assert_eq!(post.mail(id).status, MailStatus::Waiting);

    post.app.clock.advance(Duration::days(30));
    let server = MailServer::start();
    let transport = to(&server, &post);
    assert_eq!(post.run(&transport), 1);
    assert_eq!(post.mail(id).status, MailStatus::Sent);
    assert_eq!(server.arrivals().len(), 1);
    assert!(!path.exists(), "the folder shows what has not left");
}

#[test]
fn one_run_takes_a_bounded_batch() {
    let (post, server) = (Post::new(), MailServer::start());
    for _ in 0..25 {
        post.order(letter("Claire"));
    }
    let transport = to(&server, &post);
    assert_eq!(post.run(&transport), 20);
    assert_eq!(post.run(&transport), 5);
}

#[test]
fn a_mail_in_both_languages() {
    let post = Post::new();
    for lang in Lang::ALL {
        let id = post.order(Letter {
            lang: *lang,
            ..letter("Claire <Fontanel>")
        });
        let composed = post.app.compose(&post.mail(id));
        insta::assert_snapshot!(format!("mail_{lang}_text"), composed.text);
        let (_, page) = composed
            .html
            .split_once("</style>")
            .expect("a mail carries its own style");
        insta::assert_snapshot!(format!("mail_{lang}_html"), page);
    }
}

#[test]
fn what_somebody_wrote_is_no_notice() {
    let (post, server) = (Post::new(), MailServer::start());
    let transport = to(&server, &post);
    post.order(Letter {
        data: json!({ "name": "Claire", "by_person": true }),
        ..letter("Claire Fontanel")
    });
    assert_eq!(post.run(&transport), 1);
    let arrival = &server.arrivals()[0];
    assert_eq!(arrival.header("Auto-Submitted").as_deref(), Some("no"));
    assert_eq!(
        arrival.header("X-Auto-Response-Suppress").as_deref(),
        Some("All")
    );
}
