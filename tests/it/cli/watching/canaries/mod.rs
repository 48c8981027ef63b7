//! Secrets, texts and addresses are planted, the program is driven through what works and what does
//! not, as talkative as it can be made, and none of them is in what it says.

mod entry;
mod planted;
mod writing;

use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use guichet::platform::clock::Clock;
use guichet::platform::db::Engine;
use guichet::schema::mails;

use self::planted::{AGENT, CUSTOMER, CUSTOMERS_PASSWORD, GUEST, PASSWORD, REFUSED};
use super::visitor::Visitor;
use crate::cli::http::Answer;
use crate::cli::program::{Place, Server, free_port};
use crate::cli::wire::Wire;
use crate::mail::server::{Answer as MailAnswer, MailServer};

/// A place with a manager and a customer, whose passwords are planted.
fn furnished() -> Place {
    let place = Place::new();
    add(&place, "manager", AGENT, PASSWORD);
    add(&place, "customer", CUSTOMER, CUSTOMERS_PASSWORD);
    place
}

fn add(place: &Place, role: &str, email: &str, password: &str) {
    let mut add = place.command(&["user", "add", "--name", "Noémie", "--password-stdin"]);
    add.args(["--role", role, "--email", email])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = add.spawn().expect("it starts");
    let stdin = child.stdin.take().expect("piped");
    { stdin }
        .write_all(password.as_bytes())
        .expect("it listens");
    let done = child.wait_with_output().expect("it ends");
    assert!(done.status.success(), "{done:?}");
}

fn talkative(place: &Place, smtp_url: &str, format: &str) -> Server {
    place.serve_at(
        free_port(),
        &[
            ("RUST_LOG", "debug,guichet=trace"),
            ("GUICHET_LOG_FORMAT", format),
            ("GUICHET_SMTP_URL", smtp_url),
        ],
    )
}

/// A request of a guest, with a file.
fn file(guest: &Visitor, kind: &str) -> Answer {
    let page = guest.get("/requests/new");
    guest.send_file(
        &page,
        "/requests",
        &[
            ("request_type", kind),
            ("subject", "Jacinthe en panne"),
            ("body", "Kalmia ne répond plus."),
            ("name", "Pivoine Dupré"),
            ("email", GUEST),
        ],
        ("files", "Lobelie.txt", "Monarde"),
    )
}

/// Addresses that exist, that do not, and that cannot be read, with secrets in them.
fn stray(visitor: &Visitor) {
    for path in [
        "/password/Nigelle",
        "/track/Nigelle?x=Orchidee",
        "/setup/Nigelle",
        "/Nigelle/Orchidee",
        "/en/search?q=Orchidee",
        "/articles/search?q=Orchidee",
        "/desk/search?q=Orchidee",
        "/manage/people?q=Orchidee",
        "/manage/outbox?q=Orchidee",
        "/requests?q=Orchidee",
        "/manage/audit?about=fuchsia.gentiane%40oak.example&from=Orchidee",
        "/desk/tickets/Nigelle",
        "/api/v1/suggestions?lang=en&q=Orchidee",
        "/requests/Nigelle/files/Orchidee",
    ] {
        visitor.get(path);
    }
    let page = visitor.get("/sign-in");
    visitor.send(&page, "/Nigelle", &[("body", "Orchidee")]);
    visitor.send(&page, "/forgot", &[("email", GUEST)]);
    visitor.send(&page, "/forgot", &[("email", "Orchidee")]);
    let huge = "Orchidee ".repeat(60_000);
    visitor.send(&page, "/requests", &[("body", huge.as_str())]);
    let forged = Answer::clone(&page);
    visitor.send(
        &forged,
        "/requests/Nigelle/messages",
        &[("csrf", "Orchidee")],
    );
    for head in [
        "GET /Nigelle HTTP/1.1\r\nCookie: guichet_session=Orchidee\nX: y\r\n\r\n",
        "POST /Nigelle HTTP/1.1\r\nHost: a\r\nAuthorization: Basic Orchidee\r\n\
         Content-Type: multipart/form-data; boundary=Orchidee\r\nContent-Length: 8\r\n\r\nOrchidee",
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Orchidee\r\n\r\n",
    ] {
        Wire::open(visitor.port).say(head).answer();
    }
    let cut = "--b\r\nContent-Disposition: form-data; name=\"Liseron\"\r\n\r\nNigelle";
    let head = format!(
        "POST /requests HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=b\r\n\
         Content-Length: {}\r\n\r\n{cut}",
        cut.len()
    );
    Wire::open(visitor.port).say(head).answer();
}

/// Everything that a mail says, of mails that have not left.
fn links(place: &Place) -> Vec<String> {
    let data: Vec<String> = mails::table
        .select(mails::data)
        .load(&mut place.database.connect())
        .expect("mails");
    data.iter()
        .filter_map(|data| serde_json::from_str::<serde_json::Value>(data).ok())
        .filter_map(|data| data["path"].as_str()?.rsplit('/').next().map(str::to_owned))
        .filter(|secret| secret.len() > 20)
        .collect()
}

/// Waits until the log has said something.
#[track_caller]
fn wait_for(server: &Server, heard: &mut String, text: &str) {
    let begun = Instant::now();
    while !heard.contains(text) {
        heard.push_str(&server.errors());
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "no {text:?} in {heard}"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Has the database refuse what is written meanwhile. Answers what the log then says.
fn refusing_writes(place: &Place, meanwhile: impl FnOnce()) -> &'static str {
    let mut conn = place.database.connect();
    let (refuse, told, end) = match conn.engine() {
        Engine::Sqlite => (
            &["BEGIN IMMEDIATE"][..],
            "could not be committed",
            &["ROLLBACK"][..],
        ),
        // This server tells the whole row with its refusal.
        Engine::Postgres => (
            &[
                "ALTER TABLE messages ADD CONSTRAINT refused CHECK (false) NOT VALID",
                "ALTER TABLE drafts ADD CONSTRAINT refused CHECK (false) NOT VALID",
            ][..],
            "violates check constraint",
            &[
                "ALTER TABLE messages DROP CONSTRAINT refused",
                "ALTER TABLE drafts DROP CONSTRAINT refused",
            ][..],
        ),
    };
    for statement in refuse {
        conn.batch_execute(statement).expect("it is free");
    }
    meanwhile();
    for statement in end {
        conn.batch_execute(statement).expect("it was held");
    }
    told
}

/// Customer, agent and guest write while the database refuses.
fn write_in_vain(customer: &Visitor, agent: &Visitor, kind: &str, reference: &str) {
    let guest = Visitor::new(customer.port);
    assert_eq!(file(&guest, kind).status, 503);
    let page = guest.get("/requests/new");
    let fields = [("email", "germandree@oak.example"), ("body", "Coquelicot")];
    let answer = guest.send(&page, "/drafts/request", &fields);
    assert_eq!(answer.status, 503, "{}", answer.body);
    let page = customer.get("/requests/new");
    let revision = page.hidden("draft_revision");
    let fields = [("body", "Coquelicot"), ("draft_revision", &*revision)];
    let answer = customer.send(&page, "/drafts/request", &fields);
    assert_eq!(answer.status, 503, "{}", answer.body);
    let path = format!("/desk/tickets/{reference}");
    let page = agent.get(&path);
    let fields = [("kind", "note"), ("body", "Coquelicot")];
    let answer = agent.send(&page, &format!("{path}/messages"), &fields);
    assert_eq!(answer.status, 503, "{}", answer.body);
}

/// What was sent and then lost is gone for its owner.
fn lose_files(place: &Place, owner: &Visitor, files: &[String]) {
    let blobs = place.data().join("blobs");
    if blobs.exists() {
        std::fs::remove_dir_all(blobs).expect("ours");
    }
    for file in files {
        assert_eq!(owner.get(file).status, 410, "{file}");
    }
}

#[test]
fn nothing_planted_is_told() {
    let place = furnished();
    let refusing = MailServer::start();
    let host = refusing.url().replace("smtp://", "");
    let mut server = talkative(&place, &format!("smtp://guichet:Renoncule@{host}"), "text");
    let [guest, agent, customer] = [(); 3].map(|()| Visitor::new(server.port));
    let mut secrets = entry::come_in(&agent);
    secrets.push(entry::customer_comes_in(&customer));
    let mut heard = write_everywhere(&place, &mut server, [&guest, &agent, &customer]);
    secrets.extend(links(&place));
    let (_, rest) = server.stop();
    heard.push_str(&rest);

    // A mail server's own words repeat the address.
    diesel::update(mails::table)
        .set(mails::next_attempt_at.eq(Clock::System.now()))
        .execute(&mut place.database.connect())
        .expect("mails");
    refusing.next(&[MailAnswer::RefuseRecipient(550, REFUSED)]);
    let server = talkative(&place, &refusing.url(), "json");
    let mut second = String::new();
    wait_for(&server, &mut second, "no such user");
    let (_, rest) = server.stop();
    heard.push_str(&second);
    heard.push_str(&rest);

    assert!(
        heard.contains("<…@…>"),
        "the words of the mail server are told without it"
    );
    assert!(
        heard.matches("route=").count() > 100,
        "it was talkative: {heard}"
    );
    for told in ["a form could not be read", "damaged", "unavailable"] {
        assert!(heard.contains(told), "{told}: {heard}");
    }
    assert!(secrets.len() > 20, "{secrets:?}");
    planted::assert_silent(&heard, &secrets);
}

/// Everybody writes everything, also where and when it cannot be kept. Answers what is heard.
fn write_everywhere(place: &Place, server: &mut Server, visitors: [&Visitor; 3]) -> String {
    let [guest, agent, customer] = visitors;
    let mut heard = String::new();
    let kind = kind(place);
    let filed = file(guest, &kind);
    assert_eq!(filed.status, 303);
    let theirs = writing::reference(filed.header("location").unwrap_or_default());
    let begun = writing::guest_begins(guest);
    let written = writing::customer_writes(customer, &kind);
    let files = writing::agent_writes(agent, &kind, [&written.reference, &theirs]);
    writing::manager_writes(agent);
    writing::owners_write(guest, customer);
    planted::assert_kept(place);
    stray(agent);
    stray(guest);
    wait_for(server, &mut heard, "a mail did not leave");
    let told = refusing_writes(place, || {
        write_in_vain(customer, agent, &kind, &theirs);
    });
    wait_for(server, &mut heard, told);
    lose_files(place, customer, &written.files);
    lose_files(place, agent, &files);
    lose_files(place, guest, &[begun]);
    server.wait_for("Guichet listens on");
    heard.push_str(&server.said);
    heard
}

/// The key of a kind of request.
fn kind(place: &Place) -> String {
    use guichet::schema::request_types;
    let kind: i64 = request_types::table
        .select(request_types::id)
        .first(&mut place.database.connect())
        .expect("the first kinds are there");
    kind.to_string()
}
