//! Secrets, texts and addresses are planted, the program is driven through what works and what does
//! not, as talkative as it can be made, and none of them is in what it says.

use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use guichet::accounts::factor::TotpKey;
use guichet::platform::clock::Clock;
use guichet::schema::mails;

use super::visitor::Visitor;
use crate::cli::http::Answer;
use crate::cli::program::{Place, Server, free_port};
use crate::cli::wire::Wire;
use crate::mail::server::{Answer as MailAnswer, MailServer};

const PASSWORD: &str = "Amarante et Belladone";
const WRONG: &str = "Cyclamen ou Digitale";
const AGENT: &str = "edelweiss@support.example";
const GUEST: &str = "fuchsia.gentiane@oak.example";
const STRANGER: &str = "hellebore@oak.example";
const REFUSED: &str = "5.1.1 <ipomee@oak.example>: no such user";

/// What must be nowhere, in lower case.
const PLANTED: [&str; 17] = [
    "amarante",
    "belladone",
    "cyclamen",
    "digitale",
    "edelweiss",
    "fuchsia",
    "gentiane",
    "hellebore",
    "ipomee",
    "jacinthe",
    "kalmia",
    "lobelie",
    "monarde",
    "nigelle",
    "orchidee",
    "pivoine",
    "renoncule",
];

/// A place with a manager, whose password is planted.
fn furnished() -> Place {
    let place = Place::embedded();
    let mut add = place.command(&[
        "user",
        "add",
        "--name",
        "Noémie",
        "--role",
        "manager",
        "--email",
        AGENT,
        "--password-stdin",
    ]);
    add.stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = add.spawn().expect("it starts");
    let stdin = child.stdin.take().expect("piped");
    { stdin }
        .write_all(PASSWORD.as_bytes())
        .expect("it listens");
    let done = child.wait_with_output().expect("it ends");
    assert!(done.status.success(), "{done:?}");
    place
}

fn talkative(place: &Place, smtp_url: &str) -> Server {
    place.serve_at(
        free_port(),
        &[
            ("RUST_LOG", "debug,guichet=trace"),
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

/// Signs the manager in after a slip, and adds a second factor after another one. Answers what
/// nobody may read.
fn come_in(visitor: &Visitor) -> Vec<String> {
    let page = visitor.get("/sign-in");
    let mut secrets = vec![page.hidden("csrf")];
    for (email, password) in [(AGENT, WRONG), (STRANGER, WRONG), (WRONG, PASSWORD)] {
        let fields = [("email", email), ("password", password)];
        assert_eq!(visitor.send(&page, "/sign-in", &fields).status, 422);
    }
    let fields = [("email", AGENT), ("password", PASSWORD)];
    assert_eq!(visitor.send(&page, "/sign-in", &fields).status, 303);
    secrets.push(visitor.cookie("guichet_session").expect("a session"));

    let page = visitor.get("/profile/factor");
    let typed = page.body.split("sign-key\">").nth(1).unwrap_or_default();
    let typed = typed.split('<').next().unwrap_or_default().to_owned();
    let key = TotpKey::parse(&typed).expect("the page shows a key");
    let now = u64::try_from(Clock::System.now().seconds()).expect("after 1970");
    let code = key.code_at(now);
    let wrong = format!(
        "{:06}",
        (code.parse::<u32>().expect("digits") + 1) % 1_000_000
    );
    let sealed = page.hidden("sealed_key");
    let attempt = |code: &str, password: &str| {
        let fields = [
            ("sealed_key", sealed.as_str()),
            ("code", code),
            ("current_password", password),
        ];
        visitor.send(&page, "/profile/factor", &fields)
    };
    assert_eq!(attempt(&wrong, PASSWORD).status, 422);
    assert_eq!(attempt(&code, WRONG).status, 422);
    let done = attempt(&key.code_at(now), PASSWORD);
    assert_eq!(done.status, 200, "{}", done.body);
    let codes = done.body.split("<code>").skip(1);
    let codes: Vec<String> = codes
        .filter_map(|rest| rest.split('<').next())
        .map(str::to_owned)
        .collect();
    assert!(codes.len() >= 8, "recovery codes: {codes:?}");
    secrets.extend(codes);
    secrets.extend([typed.clone(), typed.replace(' ', ""), sealed]);
    secrets.extend([code, wrong].map(|code| format!("={code}")));
    secrets.push(visitor.cookie("guichet_session").expect("a session"));
    secrets
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

#[track_caller]
fn assert_silent(heard: &str, secrets: &[String]) {
    let lower = heard.to_lowercase();
    let line_of = |word: &str| {
        lower
            .lines()
            .find(|line| line.contains(word))
            .map(str::to_owned)
    };
    for planted in PLANTED {
        assert_eq!(line_of(planted), None, "{planted} was told");
    }
    for secret in secrets {
        assert!(secret.len() > 5, "too short to look for: {secret:?}");
        assert_eq!(line_of(&secret.to_lowercase()), None, "a secret was told");
    }
    let address = |line: &&str| {
        line.split_whitespace()
            .any(|word| word.contains('@') && word.contains(".example"))
    };
    assert_eq!(lower.lines().find(address), None, "an address was told");
}

#[test]
fn nothing_planted_is_told() {
    let place = furnished();
    let refusing = MailServer::start();
    let host = refusing.url().replace("smtp://", "");
    let mut server = talkative(&place, &format!("smtp://guichet:Renoncule@{host}"));
    let mut heard = String::new();
    let kind = kind(&place);
    let guest = Visitor::new(server.port);
    assert_eq!(file(&guest, &kind).status, 303);
    let visitor = Visitor::new(server.port);
    let mut secrets = come_in(&visitor);
    stray(&visitor);
    stray(&guest);
    wait_for(&server, &mut heard, "a mail did not leave");
    secrets.extend(links(&place));

    // The database takes nothing while somebody else holds it.
    let mut conn = place.database.connect();
    conn.batch_execute("BEGIN IMMEDIATE").expect("it is free");
    assert_eq!(file(&Visitor::new(server.port), &kind).status, 503);
    conn.batch_execute("ROLLBACK").expect("it was held");
    wait_for(&server, &mut heard, "could not be committed");
    server.wait_for("Guichet listens on");
    heard.push_str(&server.said);
    let (_, rest) = server.stop();
    heard.push_str(&rest);

    // A mail server's own words repeat the address.
    diesel::update(mails::table)
        .set(mails::next_attempt_at.eq(Clock::System.now()))
        .execute(&mut conn)
        .expect("mails");
    drop(conn);
    refusing.next(&[MailAnswer::RefuseRecipient(550, REFUSED)]);
    let server = talkative(&place, &refusing.url());
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
        heard.matches("route=").count() > 30,
        "it was talkative: {heard}"
    );
    assert!(secrets.len() > 14, "{secrets:?}");
    assert_silent(&heard, &secrets);
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
