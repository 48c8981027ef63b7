//! One line a request, for people and for programs.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::cli::http;
use crate::cli::program::{Place, Server, free_port};

const PATIENCE: Duration = Duration::from_secs(30);

/// The lines of the log, up to the one of a request.
#[track_caller]
fn lines_until(server: &Server, request: &str) -> Vec<String> {
    let begun = Instant::now();
    let mut heard = String::new();
    while !heard.contains(request) {
        heard.push_str(&server.errors());
        assert!(begun.elapsed() < PATIENCE, "no {request} in {heard}");
        std::thread::sleep(Duration::from_millis(10));
    }
    heard.lines().map(str::to_owned).collect()
}

fn serve(place: &Place, format: &str) -> Server {
    place.serve_at(
        free_port(),
        &[("GUICHET_LOG_FORMAT", format), ("RUST_LOG", "info")],
    )
}

#[test]
fn a_request_is_one_line_with_its_number() {
    let place = Place::new();
    let server = serve(&place, "text");
    http::get(server.port, "/healthz").expect("it answers");
    let answer = http::get(server.port, "/track/a-secret?x=another").expect("it answers");
    let id = answer.header("x-request-id").expect("a number").to_owned();
    assert!(answer.body.contains(&id), "the page says the number");
    let lines = lines_until(&server, &id);
    let ours: Vec<&String> = lines.iter().filter(|line| line.contains(&id)).collect();
    let [line] = ours.as_slice() else {
        panic!("one line: {ours:?}");
    };
    for part in [
        "INFO",
        "method=\"GET\"",
        "route=\"/track/<secret>\"",
        "status=404",
        "ms=",
    ] {
        assert!(line.contains(part), "{part}: {line}");
    }
    let all = lines.join("\n");
    assert!(
        !all.contains("a-secret") && !all.contains("another"),
        "{all}"
    );
    assert!(!all.contains("person"), "nobody is signed in: {all}");
    assert!(
        !all.contains("healthz"),
        "probes do not fill the log: {all}"
    );
}

#[test]
fn every_line_is_json_where_that_is_wanted() {
    let place = Place::new();
    let added = place.run(&[
        "user",
        "add",
        "--name",
        "N",
        "--role",
        "manager",
        "--email",
        "n@oak.example",
    ]);
    assert_eq!(added.code, Some(0), "{added:?}");
    let server = serve(&place, "json");
    let answer = http::get(server.port, "/en/articles").expect("it answers");
    let id = answer.header("x-request-id").expect("a number").to_owned();
    let lines = lines_until(&server, &id);
    let records: Vec<Value> = lines
        .iter()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect();
    let record = records
        .iter()
        .find(|record| record["request"] == id.as_str())
        .expect("it is there");
    assert_eq!(record["message"], "request");
    assert_eq!(record["level"], "INFO");
    assert_eq!(record["method"], "GET");
    assert_eq!(record["route"], "/<lang>/articles");
    assert_eq!(record["status"], 200);
    assert!(
        record["ms"].as_f64().is_some_and(|ms| ms >= 0.0),
        "{record}"
    );
    assert!(record["timestamp"].is_string());
}
