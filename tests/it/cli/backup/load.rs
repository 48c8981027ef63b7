//! A backup while people file requests.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;

use diesel::prelude::*;
use guichet::platform::blobs::Blobs;
use guichet::schema::{attachments, request_types, tickets};

use super::super::http;
use super::super::program::Place;
use super::{restore, verified};

const THREADS: u32 = 4;
/// Requests acknowledged before the backup begins.
const BEFORE: u32 = 12;
/// Requests that a thread sends at most: all together no more than one address may.
const EACH: u32 = 12;

/// Files requests with a file each; notes reference and file of those that were acknowledged.
fn file(
    port: u16,
    thread: u32,
    kind: i64,
    until: &AtomicBool,
    seen: &Mutex<Vec<(String, String)>>,
) {
    for number in 0..EACH {
        if until.load(Ordering::SeqCst) {
            return;
        }
        let page = http::get(port, "/requests/new").expect("it answers");
        let content = format!("trace of {thread} and {number}");
        let (kind, email) = (
            kind.to_string(),
            format!("j.{thread}.{number}@verger.example"),
        );
        let fields = [
            ("csrf", &*page.hidden("csrf")),
            ("key", &page.hidden("key")),
            ("request_type", &kind),
            ("subject", "La fibre est coupée"),
            ("body", "Depuis ce matin."),
            ("name", "Jeanne"),
            ("email", &email),
        ];
        let sent = ("files", "trace.txt", content.as_str());
        let answer = http::post_file(port, "/requests", &page.visitor(), &fields, sent);
        let answer = answer.expect("it answers");
        assert_eq!(answer.status, 303, "{answer:?}");
        let location = answer.header("location").unwrap_or_default();
        let reference = location.rsplit('=').next().unwrap_or_default().to_owned();
        seen.lock().expect("no panic").push((reference, content));
    }
}

#[test]
fn what_was_acknowledged_before_a_backup_is_in_it() {
    let (place, other) = (Place::new(), Place::new());
    let server = place.serve();
    let kind: i64 = request_types::table
        .filter(request_types::archived_at.is_null())
        .select(request_types::id)
        .first(&mut place.database.connect())
        .expect("the first kinds are there");
    let (seen, over, done) = (
        Mutex::new(Vec::new()),
        AtomicBool::new(false),
        AtomicU32::new(0),
    );
    let acknowledged = thread::scope(|scope| {
        for number in 0..THREADS {
            let (seen, over, done) = (&seen, &over, &done);
            scope.spawn(move || {
                file(server.port, number, kind, over, seen);
                done.fetch_add(1, Ordering::SeqCst);
            });
        }
        while seen.lock().expect("no panic").len() < BEFORE as usize {
            assert!(done.load(Ordering::SeqCst) < THREADS, "too few were filed");
            thread::yield_now();
        }
        let acknowledged = seen.lock().expect("no panic").clone();
        super::take(&place, "busy.tar");
        over.store(true, Ordering::SeqCst);
        acknowledged
    });
    let backup = place.path().join("busy.tar");
    verified(&place, &backup);

    let said = restore(&other, &backup);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains("held"), "the acknowledgements: {said:?}");
    let mut conn = other.database.connect();
    let blobs = Blobs::new(&other.data());
    for (reference, content) in &acknowledged {
        let hash: String = attachments::table
            .inner_join(tickets::table)
            .filter(tickets::reference.eq(reference))
            .select(attachments::sha256)
            .first(&mut conn)
            .unwrap_or_else(|error| panic!("{reference}: {error}"));
        let found = std::fs::read_to_string(blobs.path(&hash)).expect("its file");
        assert_eq!(found, *content, "{reference}");
    }
    // The other portal works, and goes on where the first one was.
    let second = other.serve();
    file(second.port, 9, kind, &AtomicBool::new(false), &seen);
    let mut references: Vec<String> = tickets::table
        .select(tickets::reference)
        .load(&mut conn)
        .expect("a query");
    let count = references.len();
    references.sort();
    references.dedup();
    assert_eq!(references.len(), count);
    let replayed = other.run(&["ticket", "replay"]);
    assert_eq!(replayed.code, Some(0), "{replayed:?}");
}
