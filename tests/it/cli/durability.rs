//! What was acknowledged is there after the program was killed.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use diesel::prelude::*;
use guichet::schema::{events, messages, request_types, tickets};

use super::http;
use super::program::{Place, Server};

const ROUNDS: usize = 3;
const THREADS: usize = 8;
/// Requests acknowledged before the kill; others are under way at that moment. What one address
/// may file in an hour is more.
const ACKNOWLEDGED: u32 = 24;
/// Requests that a thread sends at most: all together no more than one address may.
const EACH: usize = 7;

/// What was acknowledged: a reference, and the text that was filed under it.
type Acknowledged = Mutex<Vec<(String, String)>>;

/// Files requests until the server is gone; notes everything that it acknowledged.
fn file_until_cut(port: u16, thread: &str, kind: i64, seen: &Acknowledged, done: &AtomicU32) {
    for number in 0..EACH {
        let Ok(page) = http::get(port, "/requests/new") else {
            return;
        };
        let body = format!(
            "csrf={}&key={}&request_type={kind}&subject=Demande&body=Texte-{thread}-{number}&\
             name=Jeanne&email=jeanne.{thread}.{number}%40verger.example",
            page.hidden("csrf"),
            page.hidden("key"),
        );
        let Ok(answer) = http::post(port, "/requests", &page.visitor(), &body) else {
            return;
        };
        assert_eq!(answer.status, 303, "{answer:?}");
        let location = answer.header("location").unwrap_or_default();
        let reference = location.rsplit('=').next().unwrap_or_default().to_owned();
        let text = format!("Texte-{thread}-{number}");
        let mut seen = seen.lock().expect("no thread panicked");
        seen.push((reference, text));
        drop(seen);
        done.fetch_add(1, Ordering::SeqCst);
    }
}

fn file_and_kill(server: Server, round: usize, kind: i64, seen: &Acknowledged) {
    let (port, done) = (server.port, AtomicU32::new(0));
    thread::scope(|scope| {
        let writers: Vec<_> = (0..THREADS)
            .map(|number| {
                let (name, done) = (format!("{round}x{number}"), &done);
                scope.spawn(move || file_until_cut(port, &name, kind, seen, done))
            })
            .collect();
        while done.load(Ordering::SeqCst) < ACKNOWLEDGED {
            assert!(
                !writers.iter().all(|writer| writer.is_finished()),
                "too few were filed"
            );
            thread::yield_now();
        }
        server.kill();
    });
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_half_stored() {
    let place = Place::new();
    let seen = Mutex::new(Vec::new());
    for round in 0..ROUNDS {
        let server = place.serve();
        let kind: i64 = request_types::table
            .filter(request_types::archived_at.is_null())
            .select(request_types::id)
            .first(&mut place.database.connect())
            .expect("the first types are there");
        file_and_kill(server, round, kind, &seen);

        // Starting again mends what must be mended; then every reference must be there.
        place.serve().kill();
        let mut conn = place.database.connect();
        let stored: Vec<(String, String)> = tickets::table
            .inner_join(messages::table)
            .select((tickets::reference, messages::body))
            .load(&mut conn)
            .expect("a query");
        let texts: HashMap<&String, &String> = stored.iter().map(|(r, t)| (r, t)).collect();
        let seen = seen.lock().expect("no thread panicked");
        let lost: Vec<_> = seen
            .iter()
            .filter(|(reference, text)| texts.get(reference) != Some(&text))
            .collect();
        assert!(lost.is_empty(), "of {} acknowledged: {lost:?}", seen.len());
        assert!(seen.len() >= (round + 1) * ACKNOWLEDGED as usize);
        let mut unique: Vec<_> = seen.iter().map(|(reference, _)| reference).collect();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), seen.len(), "a reference was given twice");

        let silent: i64 = tickets::table
            .filter(tickets::id.ne_all(messages::table.select(messages::ticket_id)))
            .count()
            .get_result(&mut conn)
            .expect("a query");
        assert_eq!(silent, 0, "a request without message");
        let filed: i64 = events::table
            .filter(events::kind.eq("filed"))
            .count()
            .get_result(&mut conn)
            .expect("a query");
        assert_eq!(filed, i64::try_from(stored.len()).expect("few"));
    }
}

#[test]
fn what_was_typed_outlives_a_kill() {
    let place = Place::new();
    let server = place.serve();
    let page = http::get(server.port, "/requests/new").expect("an answer");
    let (cookie, text) = (page.visitor(), "Plus-rien-ne-part");
    let body = format!(
        "csrf={}&key={}&draft_revision=0&subject=Le-fax&body={text}&name=&email=",
        page.hidden("csrf"),
        page.hidden("key"),
    );
    let kept = http::post(server.port, "/drafts/request", &cookie, &body).expect("an answer");
    assert_eq!(kept.status, 200, "{kept:?}");
    server.kill();
    let server = place.serve();
    let page = http::get_as(server.port, "/requests/new", &cookie).expect("an answer");
    assert!(page.body.contains(text), "{}", page.body);
    server.kill();
}
