//! A disk that fails, made by a limit on the size of files that the running program meets.

use std::process::Command;

use diesel::prelude::*;
use guichet::schema::{request_types, tickets};

use super::http;
use super::program::Place;

/// Files a request as a guest; answers the status, and what was sent.
fn file(port: u16, kind: i64, number: usize) -> (u16, String, String) {
    let page = http::get(port, "/requests/new").expect("it answers");
    let text = format!("Texte numéroté {number}");
    let body = format!(
        "csrf={}&key={}&request_type={kind}&subject=Demande+{number}&body={text}&\
         name=Jeanne&email=jeanne.{number}%40verger.example",
        page.hidden("csrf"),
        page.hidden("key"),
    );
    let answer = http::post(port, "/requests", &page.visitor(), &body).expect("it answers");
    (answer.status, text, answer.body)
}

fn limit_files(pid: u32, bytes: &str) {
    let set = Command::new("prlimit")
        .args(["--pid", &pid.to_string(), &format!("--fsize={bytes}:")])
        .status();
    assert!(set.is_ok_and(|status| status.success()), "util-linux");
}

#[test]
fn a_disk_that_failed_is_not_written_to_before_a_restart() {
    let place = Place::embedded();
    let server = place.serve_that_ignores("XFSZ");
    let kind: i64 = request_types::table
        .filter(request_types::archived_at.is_null())
        .select(request_types::id)
        .first(&mut place.database.connect())
        .expect("the first types are there");
    assert_eq!(file(server.port, kind, 0).0, 303);

    limit_files(server.id(), "4096");
    for number in 1..4 {
        let (status, text, page) = file(server.port, kind, number);
        assert_eq!(status, 503);
        assert!(page.contains(&text), "what was typed is given back");
    }
    // The disk is well again, but nobody knows what is on it.
    limit_files(server.id(), "unlimited");
    assert_eq!(file(server.port, kind, 4).0, 503);
    let home = http::get(server.port, "/").expect("it answers");
    assert_eq!(home.status, 200, "reading goes on");
    let told = http::get(server.port, "/readyz").expect("it answers");
    assert_eq!(told.status, 503);
    assert!(told.body.contains("disk: a write failed"), "{told:?}");
    server.kill();

    let server = place.serve();
    assert_eq!(file(server.port, kind, 5).0, 303);
    let stored: Vec<String> = tickets::table
        .select(tickets::subject)
        .order(tickets::id)
        .load(&mut place.database.connect())
        .expect("a query");
    assert!(stored.contains(&"Demande 0".to_owned()) && stored.contains(&"Demande 5".to_owned()));
}
