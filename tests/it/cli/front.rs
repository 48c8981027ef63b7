//! Requests pass through the front unharmed, and what could be read in two ways does not pass.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::http;
use super::program::{Place, Server, free_port};
use super::wire::{Answer, HOST, Wire, get, last_get};

/// A page that is the same for everybody.
const PAGE: &str = "/en/articles";

/// Far longer than anything takes that is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// The address of a file that the first page needs.
fn file(server: &Server) -> String {
    let home = http::get(server.port, "/").expect("it answers");
    let file = home.body.split('"').find(|text| text.ends_with(".css"));
    file.expect("a style sheet").to_owned()
}

#[test]
fn one_connection_carries_many_requests() {
    let place = Place::new();
    let server = place.serve();
    let mut wire = Wire::open(server.port);
    for _ in 0..3 {
        assert_eq!(wire.say(get(PAGE)).answer().status, 200);
    }
    let file = file(&server);
    wire.say(get(&file) + &get("/nothing") + &last_get(PAGE));
    let style = wire.answer();
    assert_eq!(style.status, 200);
    assert!(!style.body.is_empty());
    assert_eq!(wire.answer().status, 404);
    let last = wire.answer();
    assert_eq!(
        (last.status, last.header("connection")),
        (200, Some("close"))
    );
    assert_eq!(wire.ended(), "");
    let mut old = Wire::open(server.port);
    let answer = old.say(format!("GET {PAGE} HTTP/1.0\r\n\r\n")).answer();
    assert_eq!(answer.status, 200);
    assert_eq!(old.ended(), "");
}

#[test]
fn heads_without_bodies_keep_their_length() {
    let place = Place::new();
    let server = place.serve();
    let mut wire = Wire::open(server.port);
    let file = file(&server);
    let page = wire.say(get(&file)).answer();
    assert_eq!(page.status, 200);
    wire.say(format!("HEAD {file} HTTP/1.1\r\n{HOST}\r\n"));
    assert_eq!(wire.head().stable_head(), page.stable_head());
    let page = wire.say(get(PAGE)).answer();
    let tag = page.header("etag").expect("articles have a tag");
    wire.say(format!(
        "GET {PAGE} HTTP/1.1\r\n{HOST}If-None-Match: {tag}\r\n\r\n"
    ));
    let unchanged = wire.head();
    assert_eq!(unchanged.status, 304);
    assert_eq!(unchanged.header("etag"), Some(tag));
    // Nothing but the next answer follows.
    assert_eq!(wire.say(last_get(PAGE)).answer().body, page.body);
    assert_eq!(wire.ended(), "");
}

#[test]
fn a_body_is_asked_for_when_the_client_waits_for_that() {
    let place = Place::new();
    let server = place.serve();
    let mut wire = Wire::open(server.port);
    wire.say(format!(
        "POST /requests HTTP/1.1\r\n{HOST}Expect: 100-continue\r\nContent-Length: 3\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    ));
    assert_eq!(wire.head().status, 100);
    assert_eq!(wire.say("a=b").answer().status, 403, "no form of ours");
    assert_eq!(wire.say(last_get(PAGE)).answer().status, 200);
}

#[test]
fn chunks_are_read_and_nothing_after_them() {
    let place = Place::new();
    let server = place.serve();
    let head = format!(
        "POST /requests HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    );
    let mut wire = Wire::open(server.port);
    wire.say(format!("{head}1\r\na\r\n2\r\n=b\r\n0\r\n\r\n{}", get(PAGE)));
    assert_eq!(wire.answer().status, 403, "no form of ours");
    assert_eq!(wire.ended(), "");
    for broken in [
        "1\na\n0\n\n",
        "x\r\n",
        "-1\r\na\r\n",
        "1;\na\r\na\r\n0\r\n\r\n",
        "1\r\nab\r\n",
    ] {
        let mut wire = Wire::open(server.port);
        let answer = wire.say(format!("{head}{broken}")).answer();
        assert_eq!(answer.status, 400, "{broken:?}");
        assert_eq!(wire.ended(), "");
    }
}

#[test]
fn a_request_that_could_be_two_is_refused() {
    let place = Place::new();
    let server = place.serve();
    let smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    let post = |lines: &str| format!("POST / HTTP/1.1\r\n{HOST}{lines}\r\n0\r\n\r\n{smuggled}");
    for (head, status) in [
        (
            post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
            400,
        ),
        (
            post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
            400,
        ),
        (post("Content-Length: 5\r\nContent-Length: 6\r\n"), 400),
        (post("Content-Length: 5, 6\r\n"), 400),
        (post("Content-Length: +5\r\n"), 400),
        (post("Transfer-Encoding: xchunked\r\n"), 400),
        (post("Transfer-Encoding: identity, chunked\r\n"), 400),
        (post("Transfer-Encoding : chunked\r\n"), 400),
        (
            post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n"),
            400,
        ),
        (post("X: a\r\n Transfer-Encoding: chunked\r\n"), 400),
        (post("X: a\nTransfer-Encoding: chunked\r\n"), 400),
        (post("X: a\rTransfer-Encoding: chunked\r\n"), 400),
        (post("Host: b\r\n"), 400),
        (format!("GET / HTTP/1.1\nHost: a\n\n{smuggled}"), 400),
        (format!("GET / HTTP/1.1\r\n\r\n{smuggled}"), 400),
        ("\u{16}\u{3}\u{1}\u{2}".to_owned(), 400),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), 505),
        ("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n".to_owned(), 501),
        (
            format!("GET / HTTP/1.1\r\n{HOST}X: {}\r\n\r\n", "a".repeat(40_000)),
            431,
        ),
        (
            format!("GET /{} HTTP/1.1\r\n{HOST}\r\n", "a".repeat(40_000)),
            431,
        ),
    ] {
        let shown = &head[..head.len().min(80)];
        let mut wire = Wire::open(server.port);
        // What was asked before is answered first.
        wire.say(get(PAGE) + &head);
        assert_eq!(wire.answer().status, 200, "{shown:?}");
        let answer = wire.answer();
        assert_eq!(answer.status, status, "{shown:?}");
        assert_eq!(answer.header("connection"), Some("close"), "{shown:?}");
        assert_protected(&answer, None);
        let text = String::from_utf8(answer.body).expect("text");
        assert!(
            text.contains("requête") && text.contains("equest"),
            "{text}"
        );
        assert_eq!(wire.ended(), "", "{shown:?}");
    }
}

#[test]
fn an_answer_that_comes_before_the_body_is_heard() {
    let place = Place::new();
    let server = place.serve();
    for _ in 0..10 {
        let mut wire = Wire::open(server.port);
        wire.say(format!(
            "POST /nothing HTTP/1.1\r\n{HOST}Content-Type: text/plain\r\n\
             Content-Length: 8000000\r\n\r\n"
        ));
        let answer = wire.say(vec![b'a'; 8_000_000]).answer();
        assert_eq!(answer.status, 404);
    }
}

#[test]
fn files_pass_whole_in_both_directions() {
    let place = Place::new();
    // No picture, but as large as one may be, and no two parts of it alike.
    let bytes: Vec<u8> = (0..19_900_000_u32)
        .map(|n| (n.wrapping_mul(n) >> 7) as u8)
        .collect();
    std::fs::create_dir_all(place.path().join("kb/en/net")).expect("a folder");
    std::fs::write(place.path().join("kb/en/net/plan.png"), &bytes).expect("written");
    let article = "---\ntitle: Line\nsummary: What to look at.\n---\n\n![Plan](plan.png)\n";
    std::fs::write(place.path().join("kb/en/net/line.md"), article).expect("written");
    let server = place.serve();
    let mut wire = Wire::open(server.port);
    let picture = "/en/articles/line/files/en/net/plan.png";
    let begun = Instant::now();
    let downloaded = loop {
        let answer = wire.say(get(picture)).answer();
        if answer.status == 200 {
            break answer.body;
        }
        assert!(begun.elapsed() < PATIENCE, "the article is never read");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(downloaded == bytes, "downloaded");
    filed_with(&server, &bytes);
    assert!(stored(&place.data().join("blobs"), &bytes), "uploaded");
}

/// Files a request with a file.
fn filed_with(server: &Server, bytes: &[u8]) {
    let answer = upload(server, "The plan", bytes);
    assert_eq!(
        answer.status,
        303,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
}

/// Sends the form of a request with a file.
pub(super) fn upload(server: &Server, subject: &str, bytes: &[u8]) -> Answer {
    let form = http::get(server.port, "/requests/new").expect("it answers");
    let kind = form.body.split("name=\"request_type\" value=\"").nth(1);
    let kind = kind.and_then(|rest| rest.split('"').next());
    let mut body = String::new();
    for (name, value) in [
        ("csrf", form.hidden("csrf").as_str()),
        ("key", &form.hidden("key")),
        ("request_type", kind.expect("a kind of request")),
        ("subject", subject),
        ("body", "Here it is."),
        ("name", "Jeanne"),
        ("email", "jeanne@verger.example"),
    ] {
        body += &format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
    }
    body +=
        "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"plan.bin\"\r\n\r\n";
    let end = "\r\n--edge--\r\n";
    let mut wire = Wire::open(server.port);
    wire.say(format!(
        "POST /requests HTTP/1.1\r\n{HOST}Cookie: {}\r\nContent-Length: {}\r\n\
         Content-Type: multipart/form-data; boundary=edge\r\n\r\n{body}",
        form.visitor(),
        body.len() + bytes.len() + end.len(),
    ));
    wire.say(bytes).say(end).answer()
}

/// Asserts what every answer carries, whoever gives it.
#[track_caller]
fn assert_protected(answer: &Answer, strict: Option<&str>) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}: {answer:?}");
    }
    let policy = answer.header("content-security-policy").unwrap_or_default();
    for part in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    let permissions = answer.header("permissions-policy").unwrap_or_default();
    assert!(permissions.contains("camera=()"), "{answer:?}");
    let number = answer.header("x-request-id").unwrap_or_default();
    assert!(number.len() >= 8, "{answer:?}");
    assert_eq!(answer.header("strict-transport-security"), strict);
}

#[test]
fn every_refusal_is_protected_like_a_page() {
    let place = Place::new();
    let server = place.serve_at(
        free_port(),
        &[
            ("GUICHET_PUBLIC_URL", "https://portal.example"),
            ("GUICHET_HEAD_TIMEOUT_SECONDS", "1"),
            ("GUICHET_MAX_CONNECTIONS_PER_ADDRESS", "1"),
        ],
    );
    let strict = Some("max-age=31536000");
    let mut slow = Wire::open(server.port);
    slow.say("GET / HT");
    let one_too_many = Wire::open(server.port).answer();
    assert_eq!(one_too_many.status, 503);
    assert_protected(&one_too_many, strict);
    let too_slow = slow.answer();
    assert_eq!(too_slow.status, 408);
    assert_protected(&too_slow, strict);
    assert_eq!(slow.ended(), "");
}

#[test]
fn no_name_of_the_host_leads_anybody_elsewhere() {
    let place = Place::new();
    let server = place.serve();
    let form = http::get(server.port, "/sign-up").expect("it answers");
    let (cookie, csrf) = (form.visitor(), form.hidden("csrf"));
    let send = |target: &str, headers: &str| {
        let body = format!("csrf={csrf}&email=jeanne%40verger.example&name=Jeanne");
        let mut wire = Wire::open(server.port);
        wire.say(format!(
            "POST {target} HTTP/1.1\r\n{headers}Cookie: {cookie}\r\nContent-Length: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
            body.len()
        ));
        wire.answer().status
    };
    for (target, headers) in [
        ("/sign-up", "Host: evil.example\r\n"),
        (
            "/sign-up",
            "Host: a.example\r\nX-Forwarded-Host: evil.example\r\n",
        ),
        ("http://evil.example/sign-up", "Host: evil.example\r\n"),
    ] {
        assert_eq!(send(target, headers), 200, "{headers}");
    }
    let begun = Instant::now();
    let mails = loop {
        let entries = std::fs::read_dir(place.data().join("outbox")).expect("a folder");
        let paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        if paths
            .iter()
            .filter(|p| p.extension().is_some_and(|e| e == "eml"))
            .count()
            >= 3
        {
            break paths;
        }
        assert!(
            begun.elapsed() < PATIENCE,
            "the mails never leave: {paths:?}"
        );
        std::thread::sleep(Duration::from_millis(50));
    };
    for mail in mails {
        let text = std::fs::read_to_string(&mail).expect("a mail");
        let text = text.replace("=\r\n", "");
        assert!(!text.contains("evil"), "{text}");
        assert!(text.contains("http://127.0.0.1:8000/"), "{text}");
    }
    // A name of somebody else's that was made to lead here is no page of ours.
    let rebound = "Host: evil.example\r\nOrigin: http://evil.example\r\n";
    assert_eq!(send("/sign-up", rebound), 403);
    let secure = "Host: evil.example\r\nOrigin: https://evil.example\r\n";
    assert_eq!(send("/sign-up", secure), 403);
    let here = "Host: localhost:8000\r\nOrigin: http://localhost:8000\r\n";
    assert_eq!(send("/sign-up", here), 200);
}

#[test]
fn a_portal_with_an_address_answers_to_no_other_name() {
    let place = Place::new();
    let own = [("GUICHET_PUBLIC_URL", "https://portal.example")];
    let ask = |server: &Server, host: &str| {
        let mut wire = Wire::open(server.port);
        wire.say(format!("GET {PAGE} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        wire.answer()
    };
    let server = place.serve_at(free_port(), &own);
    for host in ["portal.example", "127.0.0.1", "localhost:8000"] {
        assert_eq!(ask(&server, host).status, 200, "{host}");
    }
    for host in ["evil.example", "portal.example.evil.example", ""] {
        let answer = ask(&server, host);
        assert_eq!(answer.status, 421, "{host}");
        assert_protected(&answer, Some("max-age=31536000"));
    }
    let mut absolute = Wire::open(server.port);
    absolute.say("GET http://evil.example/ HTTP/1.1\r\nHost: portal.example\r\n\r\n");
    assert_eq!(absolute.answer().status, 421);
    drop(server);
    // A proxy has its own name for this machine, and knows which sites it serves.
    let trusted = ("GUICHET_TRUSTED_PROXIES", "127.0.0.1");
    let server = place.serve_at(free_port(), &[own[0], trusted]);
    assert_eq!(ask(&server, "guichet:8000").status, 200);
}

/// Whether one of the files under `folder` holds these bytes.
fn stored(folder: &std::path::Path, bytes: &[u8]) -> bool {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries.flatten().any(|entry| match entry.path() {
        path if path.is_dir() => stored(&path, bytes),
        path => std::fs::read(path).is_ok_and(|content| content == bytes),
    })
}

#[test]
fn only_a_trusted_proxy_says_who_asks() {
    // Each in a place of its own: tries are counted for as long as the program runs.
    let stopped = |proxies: &str, client: &dyn Fn(u8) -> String| {
        let place = Place::new();
        let server = place.serve_at(free_port(), &[("GUICHET_TRUSTED_PROXIES", proxies)]);
        let form = http::get(server.port, "/sign-up").expect("it answers");
        let cookie = form.visitor();
        let mut wire = Wire::open(server.port);
        (0..70_u8).any(|number| {
            let body = format!(
                "csrf={}&email=jeanne.{number}%40verger.example&name=Jeanne",
                form.hidden("csrf")
            );
            // What the client wrote itself stands first; what the proxy adds, last.
            wire.say(format!(
                "POST /sign-up HTTP/1.1\r\n{HOST}Cookie: {cookie}\r\nContent-Length: {}\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\n\
                 X-Real-IP: 203.0.113.{number}\r\nForwarded: for=203.0.113.{number}\r\n\
                 X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: {}\r\n\r\n{body}",
                body.len(),
                client(number)
            ));
            let answer = wire.answer();
            assert!([200, 303, 429].contains(&answer.status), "{answer:?}");
            answer.status == 429
        })
    };
    let apart = |number: u8| format!("198.51.100.{number}");
    assert!(stopped("", &apart), "nobody is believed");
    assert!(
        stopped("192.0.2.0/24, 198.51.100.0/24", &apart),
        "the peer is none of them"
    );
    assert!(
        !stopped("127.0.0.0/8", &apart),
        "the proxy tells them apart"
    );
    assert!(
        stopped("127.0.0.1, 198.51.100.0/24", &apart),
        "all come from one behind both"
    );
    // A subscriber of the new kind has a whole network of addresses.
    let one_network = |number: u8| format!("2001:db8:0:1::{number:x}");
    assert!(stopped("127.0.0.1", &one_network), "it is one subscriber");
    let two_networks = |number: u8| format!("2001:db8:0:{}::{number:x}", number % 2);
    assert!(!stopped("127.0.0.1", &two_networks), "they are two");
}

#[test]
fn what_is_under_way_is_finished_when_it_stops() {
    let place = Place::new();
    let server = place.serve();
    let (mut idle, mut busy) = (Wire::open(server.port), Wire::open(server.port));
    assert_eq!(idle.say(get(PAGE)).answer().status, 200);
    busy.say(format!(
        "POST /requests HTTP/1.1\r\n{HOST}Content-Length: 3\r\nExpect: 100-continue\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    ));
    assert_eq!(busy.head().status, 100, "the body is being read");
    server.ask_to_stop();
    assert_eq!(idle.ended(), "");
    let port = server.port;
    while TcpStream::connect(("127.0.0.1", port)).is_ok() {
        std::thread::yield_now();
    }
    let answer = busy.say("a=b").answer();
    assert_eq!(answer.status, 403, "no form of ours, but an answer");
    assert_eq!(busy.ended(), "");
    let (status, errors) = server.stop();
    assert!(status.success(), "{status}: {errors}");
    assert!(!errors.contains("ERROR"), "{errors}");
}
