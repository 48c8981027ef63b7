//! Metrics, at an address of their own.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::listening::addresses_of;
use crate::cli::http::{self, Answer};
use crate::cli::program::{Place, Server, finish, free_port};
use crate::cli::wire::Wire;

const PATIENCE: Duration = Duration::from_secs(30);

/// A program that serves, and the port of its metrics.
fn measured(place: &Place) -> (Server, u16) {
    let port = free_port();
    let address = format!("127.0.0.1:{port}");
    let mut server = place.serve_at(free_port(), &[("GUICHET_METRICS_ADDRESS", &address)]);
    server.wait_for(&format!("http://{address}/metrics"));
    (server, port)
}

fn read(port: u16) -> String {
    let answer = http::get(port, "/metrics").expect("it answers");
    assert_eq!(answer.status, 200);
    answer.body
}

/// The number of a series.
#[track_caller]
fn number(text: &str, series: &str) -> f64 {
    text.lines()
        .find_map(|line| line.strip_prefix(series)?.strip_prefix(' '))
        .unwrap_or_else(|| panic!("no {series} in {text}"))
        .parse()
        .expect("a number")
}

/// Periodic work begins when its thread may, and is counted once it is done: that is waited for.
#[track_caller]
fn assert_runs_are_counted(port: u16, schedule: &str) {
    let series = format!(r#"guichet_schedule_runs_total{{outcome="done",schedule="{schedule}"}} "#);
    let begun = Instant::now();
    loop {
        let text = read(port);
        if text.contains(&series) {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "no {series} in {text}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// What any address that is not theirs says when it is asked for them.
#[track_caller]
fn assert_none_at(port: u16) {
    let answer = http::get(port, "/metrics").expect("it answers");
    assert_eq!(answer.status, 404);
    assert!(answer.body.contains("</html>"), "{answer:?}");
    assert!(!answer.body.contains("guichet_"), "{answer:?}");
}

#[test]
fn without_the_setting_nobody_listens_for_them() {
    let place = Place::new();
    let mut server = place.serve();
    let usual = addresses_of(server.id());
    // The public address, and the program behind it.
    assert_eq!(usual.len(), 2, "{usual:?}");
    assert!(usual.iter().all(|at| at.ip().is_loopback()), "{usual:?}");
    assert!(usual.iter().any(|at| at.port() == server.port));
    for at in &usual {
        assert_none_at(at.port());
    }
    server.wait_for("/setup/");
    assert!(!server.said.contains("etrics"), "{}", server.said);
    drop(server);

    let (server, port) = measured(&place);
    let with_them = addresses_of(server.id());
    assert_eq!(with_them.len(), 3, "{with_them:?}");
    let theirs = SocketAddr::from(([127, 0, 0, 1], port));
    assert!(with_them.contains(&theirs), "{with_them:?}");
    assert!(read(port).contains("guichet_"));
    for at in with_them.iter().filter(|at| **at != theirs) {
        assert_none_at(at.port());
    }
}

#[test]
fn they_are_read_at_their_own_address_and_nowhere_else() {
    let place = Place::new();
    let (server, port) = measured(&place);
    for _ in 0..3 {
        assert_eq!(
            http::get(server.port, "/en/articles")
                .expect("it answers")
                .status,
            200
        );
    }
    http::get(server.port, "/sign-in").expect("it answers");
    let answer = http::get(port, "/metrics").expect("it answers");
    let kind = answer.header("content-type").unwrap_or_default();
    assert!(kind.starts_with("text/plain; version=0.0.4"), "{kind}");
    let text = answer.body;
    let articles = r#"{class="2xx",method="GET",route="/<lang>/articles"}"#;
    // Once made, a page for all guests is kept by the front.
    let kept = r#"{class="2xx",method="GET",route="kept"}"#;
    let made = number(&text, &format!("guichet_http_requests_total{articles}"));
    let again = number(&text, &format!("guichet_http_requests_total{kept}"));
    assert!(made >= 1.0 && made + again >= 3.0, "{made} and {again}");
    let articles = r#"{method="GET",route="/<lang>/articles"}"#;
    let timed = format!("guichet_http_request_duration_seconds_count{articles}");
    assert_eq!(number(&text, &timed), made);
    for series in [
        "guichet_http_requests_in_flight",
        "guichet_front_connections",
        "guichet_writer_queue_length",
        "guichet_writer_halted",
        r#"guichet_database_connections{state="idle"}"#,
        r#"guichet_database_connections{state="busy"}"#,
        r#"guichet_outbox_mails{state="waiting"}"#,
        r#"guichet_outbox_mails{state="held"}"#,
        r#"guichet_outbox_mails{state="failed"}"#,
        "guichet_outbox_oldest_waiting_seconds",
        r#"guichet_search_index_lag{index="tickets"}"#,
        r#"guichet_search_index_lag{index="articles"}"#,
        "process_resident_memory_bytes",
        "process_open_fds",
        "process_max_fds",
        "process_start_time_seconds",
    ] {
        assert!(number(&text, series) >= 0.0, "{series}");
    }
    assert!(number(&text, "process_resident_memory_bytes") > 1e6);
    assert_runs_are_counted(port, "articles");
    assert!(text.contains("guichet_commit_duration_seconds_count"));
    assert!(text.contains(&format!("version=\"{}\"", env!("CARGO_PKG_VERSION"))));
    // Not on the public address, and nothing else on theirs.
    assert_eq!(
        http::get(server.port, "/metrics")
            .expect("it answers")
            .status,
        404
    );
    assert_eq!(http::get(port, "/").expect("it answers").status, 404);
    assert_eq!(
        http::post(port, "/metrics", "", "x=1")
            .expect("it answers")
            .status,
        405
    );
}

#[test]
fn all_that_is_said_there_is_protected() {
    let place = Place::new();
    let (_server, port) = measured(&place);
    let answers = [
        (200, http::get(port, "/metrics")),
        (404, http::get(port, "/")),
        (405, http::post(port, "/metrics", "", "x=1")),
    ];
    for (status, answer) in answers {
        let answer = answer.expect("it answers");
        assert_eq!(answer.status, status);
        for (name, value) in [
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Cache-Control", "no-store"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Referrer-Policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{status} {name}");
        }
        let policy = answer.header("Content-Security-Policy");
        let policy = policy.unwrap_or_default();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("'self'"), "{policy}");
    }
}

#[test]
fn what_clients_send_adds_no_series() {
    let place = Place::new();
    let (server, port) = measured(&place);
    let series = |text: &str| text.lines().filter(|line| !line.starts_with('#')).count();
    let ask = |round: u32| {
        for n in 0..30 {
            let canary = format!("canary{round}x{n}");
            for path in [
                format!("/{canary}"),
                format!("/track/{canary}"),
                format!("/password/{canary}"),
                format!("/en/articles/{canary}"),
                format!("/en/search?q={canary}"),
                format!("/desk/tickets/{canary}"),
            ] {
                http::get(server.port, &path).expect("it answers");
            }
            let mut wire = Wire::open(server.port);
            let method = format!("X{}", canary.to_uppercase());
            wire.say(format!(
                "{method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            ));
            wire.answer();
        }
    };
    ask(1);
    let before = series(&read(port));
    ask(2);
    let text = read(port);
    assert!(
        series(&text) <= before + 3,
        "{before} series became {}",
        series(&text)
    );
    assert!(!text.to_lowercase().contains("canary"), "{text}");
    assert!(series(&text) < 2_000);
}

#[test]
fn what_is_refused_is_counted() {
    let place = Place::new();
    let (server, port) = measured(&place);
    let mut wire = Wire::open(server.port);
    wire.say("GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n");
    let refused: Answer = http::get(port, "/metrics").expect("it answers");
    let text = match refused.body.contains("malformed") {
        true => refused.body,
        false => {
            wire.answer();
            read(port)
        }
    };
    assert!(number(&text, r#"guichet_front_refusals_total{reason="malformed"}"#) >= 1.0);
    for _ in 0..12 {
        let page = http::get(server.port, "/sign-in").expect("it answers");
        let body = format!(
            "csrf={}&email=nobody%40oak.example&password=autre+chose+ici",
            page.hidden("csrf")
        );
        http::post(server.port, "/sign-in", &page.visitor(), &body).expect("it answers");
    }
    let text = read(port);
    assert!(number(&text, r#"guichet_sign_ins_total{outcome="password"}"#) >= 10.0);
    assert!(number(&text, r#"guichet_limiter_refusals_total{action="sign_in"}"#) >= 2.0);
    assert!(!text.contains("oak.example") && !text.contains("127.0.0.1"));
}

#[test]
fn an_address_that_cannot_be_used_is_named() {
    let place = Place::new();
    let mut run = place.command(&["serve"]);
    run.envs([
        ("GUICHET_METRICS_ADDRESS", "9100"),
        ("GUICHET_LOG_FORMAT", "xml"),
        ("GUICHET_TIME_ZONE", "Paris"),
    ]);
    let said = finish(run);
    assert_eq!(said.code, Some(78), "{said:?}");
    for text in [
        "metrics_address",
        "127.0.0.1:9100",
        "log_format",
        "text or json",
        "time_zone",
    ] {
        assert!(said.err.contains(text), "{text}: {}", said.err);
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let mut run = place.command(&["serve"]);
    run.env("GUICHET_METRICS_ADDRESS", &address);
    run.env("ROCKET_PORT", free_port().to_string());
    let said = finish(run);
    assert_eq!(said.code, Some(1), "{said:?}");
    for text in [address.as_str(), "GUICHET_METRICS_ADDRESS"] {
        assert!(said.err.contains(text), "{text}: {}", said.err);
    }
}
