//! Whether it lives, and whether it can serve.

use std::time::{Duration, Instant};

use crate::cli::http::{self, Answer};
use crate::cli::program::{Place, Server};

const PATIENCE: Duration = Duration::from_secs(30);

/// Asks until the answer is as it should be.
#[track_caller]
pub fn ready(server: &Server, status: u16) -> Answer {
    let begun = Instant::now();
    loop {
        let answer = http::get(server.port, "/readyz").expect("it answers");
        if answer.status == status {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "{answer:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_program_that_serves_says_so_and_asks_for_nothing() {
    let place = Place::new();
    let server = place.serve();
    let alive = http::get(server.port, "/healthz").expect("it answers");
    assert_eq!((alive.status, alive.body.as_str()), (200, "alive\n"));
    let ready = ready(&server, 200);
    assert_eq!(ready.body, "ready\n");
    for answer in [&alive, &ready] {
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(
            answer.header("content-type"),
            Some("text/plain; charset=utf-8")
        );
        assert!(answer.cookies().is_empty() && answer.header("location").is_none());
        assert!(answer.header("x-request-id").is_some());
    }
    let session = "guichet_session=none; guichet_language=fr";
    let again = http::get_as(server.port, "/readyz", session).expect("it answers");
    assert_eq!(again.body, "ready\n");
}

#[test]
fn a_program_that_cannot_serve_says_why_and_lives_on() {
    let place = Place::embedded();
    let server = place.serve();
    ready(&server, 200);
    // As when a backup of an earlier version is put under a running program.
    let mut conn = place.database.connect();
    let forget = "DELETE FROM __diesel_schema_migrations \
         WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)";
    diesel::RunQueryDsl::execute(diesel::sql_query(forget), &mut conn).expect("it is forgotten");
    let answer = ready(&server, 503);
    assert!(
        answer
            .body
            .contains("1 change(s) of its tables are pending"),
        "{answer:?}"
    );
    assert_eq!(
        http::get(server.port, "/healthz")
            .expect("it answers")
            .status,
        200
    );
    assert!(
        !answer.body.contains("sqlite") && !answer.body.contains('/'),
        "{answer:?}"
    );
}

#[test]
fn an_index_that_is_far_behind_is_told() {
    let place = Place::embedded();
    let server = place.serve();
    ready(&server, 200);
    let mut conn = place.database.connect();
    let mut run = |query: &str| {
        diesel::RunQueryDsl::execute(diesel::sql_query(query), &mut conn).expect("it is changed");
    };
    // More changes than a running program ever leaves undone.
    run(
        "INSERT INTO search_revisions (index_name, revision) VALUES ('tickets', 100000) \
         ON CONFLICT (index_name) DO UPDATE SET revision = search_revisions.revision + 100000",
    );
    let behind = ready(&server, 503);
    assert!(
        behind.body.contains("the index of tickets is"),
        "{behind:?}"
    );
    run("UPDATE search_revisions SET revision = revision - 100000 WHERE index_name = 'tickets'");
    assert_eq!(ready(&server, 200).body, "ready\n");
}
