//! A PostgreSQL server that goes away.

use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use diesel::RunQueryDsl;
use guichet::platform::db::Conn;

use crate::client::Client;
use crate::customer::{Person, Request, acknowledged};
use crate::load::Load;
use crate::place::Place;
use crate::served::Served;
use crate::tools::{Outcome, ensure, seconds, wait_until};

fn load<'a>(served: &Served, person: &'a Person) -> Load<'a> {
    Load {
        port: served.port,
        person,
        writers: 8,
        pause: Duration::ZERO,
    }
}

pub fn stopped(place: &Place) -> Outcome<String> {
    place.start_cluster("")?;
    let mut served = Served::start(place)?;
    let person = Person::sign_in(served.port, "customer")?;
    let rounds = 3;
    let (loaded, longest) = load(&served, &person).during(|done| {
        let mut longest = Duration::ZERO;
        for _ in 0..rounds {
            thread::sleep(Duration::from_secs(1));
            place.cluster()?.stop("immediate")?;
            thread::sleep(Duration::from_secs(4));
            place.start_cluster("")?;
            let before = done.load(Ordering::SeqCst);
            let again = || done.load(Ordering::SeqCst) > before;
            longest = longest.max(wait_until(
                "requests are taken again",
                Duration::from_secs(15),
                again,
            )?);
        }
        Ok(longest)
    })?;
    ensure(longest <= Duration::from_secs(5), || {
        format!("it took {} to come back", seconds(longest))
    })?;
    ensure(served.is_running(), || "it ended".to_owned())?;
    let figure = loaded.ledger.verify(place)?;
    Ok(format!(
        "{rounds} stops, {} answered with 5xx, {figure}; taken again after {} at most",
        loaded.ledger.failed(),
        seconds(longest)
    ))
}

pub fn backends_killed(place: &Place) -> Outcome<String> {
    const KILL: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1";
    place.start_cluster("")?;
    let served = Served::start(place)?;
    let person = Person::sign_in(served.port, "customer")?;
    let (loaded, killed) = load(&served, &person).during(|_| {
        let Conn::Postgres(mut conn) = place.connect()? else {
            return Err("no server here".into());
        };
        let mut killed = 0;
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(10) {
            killed += diesel::sql_query(KILL).execute(&mut conn)?;
            thread::sleep(Duration::from_millis(100));
        }
        Ok(killed)
    })?;
    let others: Vec<_> = loaded
        .ledger
        .refused
        .keys()
        .filter(|status| **status != 503)
        .collect();
    ensure(others.is_empty(), || {
        format!("answers other than 503: {others:?}")
    })?;
    let (mut client, request) = (Client::new(served.port, 1), Request::new());
    let answer = person.file(&mut client, &request)?;
    ensure(acknowledged(&answer).is_some(), || {
        format!("{} afterwards", answer.status)
    })?;
    let figure = loaded.ledger.verify(place)?;
    Ok(format!(
        "{killed} killed, {} answered with 503, partial 0, {figure}",
        loaded.ledger.failed()
    ))
}

/// Ends all connections but those of ours.
const FREE: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
    WHERE backend_type = 'client backend' AND application_name <> 'taken'";

/// A connection that is told from those of the program.
fn named(place: &Place) -> Outcome<Conn> {
    let mut conn = place.connect()?;
    if let Conn::Postgres(conn) = &mut conn {
        diesel::sql_query("SET application_name = 'taken'").execute(conn)?;
    }
    Ok(conn)
}

pub fn connections_used_up(place: &Place) -> Outcome<String> {
    place.start_cluster("-c max_connections=5 -c superuser_reserved_connections=0")?;
    let mine = named(place)?;
    let mut served = Served::start(place)?;
    let person = Person::sign_in(served.port, "customer")?;
    let (before, ()) = load(&served, &person).during(|_| {
        thread::sleep(Duration::from_secs(3));
        Ok(())
    })?;
    ensure(before.ledger.failed() == 0, || {
        format!("{} failed with what was left", before.ledger.failed())
    })?;
    let mut ledger = before.ledger;
    let (mut taken, mut answer) = (vec![mine], None);
    let mut client = Client::new(served.port, 1);
    // Places that are freed by killing are taken before the program takes them again, in the end.
    wait_until("all are taken", Duration::from_secs(30), || {
        if let Some(Conn::Postgres(conn)) = taken.first_mut() {
            drop(diesel::sql_query(FREE).execute(conn));
        }
        taken.extend(named(place));
        taken.len() == 5
    })?;
    for _ in 0..2 {
        let request = Request::new();
        let begun = Instant::now();
        let refused = person.file(&mut client, &request)?;
        ensure(refused.status == 503, || {
            format!("{} without connections", refused.status)
        })?;
        ensure(refused.header("retry-after").is_some(), || {
            "no Retry-After".to_owned()
        })?;
        ensure(refused.text().contains(&request.body), || {
            "the text was not given back".to_owned()
        })?;
        answer = Some(begun.elapsed());
        ledger.unsure.push(request);
    }
    drop(taken);
    let recovery = wait_until("requests are taken again", Duration::from_secs(15), || {
        let request = Request::new();
        let answer = person.file(&mut client, &request);
        answer.is_ok_and(|answer| acknowledged(&answer).is_some())
    })?;
    ensure(served.is_running(), || "it ended".to_owned())?;
    // Whoever looks now needs places, too.
    drop(served);
    let figure = ledger.verify(place)?;
    Ok(format!(
        "8 writers on 4 connections: failed 0; without any: 503 with Retry-After after {}; back after {}; {figure}",
        seconds(answer.unwrap_or_default()),
        seconds(recovery)
    ))
}
