//! The program ends when nobody expects it, or is started when nobody should.

use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::customer::{Person, Request, acknowledged};
use crate::ledger::{Ledger, count};
use crate::load::Load;
use crate::place::{Engine, Place};
use crate::served::Served;
use crate::tools::{Dice, Outcome, Strace, ensure, milliseconds, percentile, wait_until};

/// F01: how long the loops may take.
const LOOPS: Duration = Duration::from_secs(110);

pub fn under_submissions(place: &Place) -> Outcome<String> {
    place.start_cluster("")?;
    let mut served = Served::start(place)?;
    let person = Person::sign_in(served.port, "customer")?;
    let (mut ledger, mut dice, mut ready) = (Ledger::default(), Dice::new(1), Vec::new());
    let begun = Instant::now();
    let mut loops = 0;
    while loops < 200 && begun.elapsed() < LOOPS {
        let load = Load {
            port: served.port,
            person: &person,
            writers: 20,
            pause: Duration::ZERO,
        };
        let (loaded, ()) = load.during(|_| {
            thread::sleep(Duration::from_millis(dice.below(1000)));
            served.kill()
        })?;
        ledger.absorb(loaded.ledger);
        served = Served::start(place)?;
        ready.push(served.ready);
        loops += 1;
    }
    let figure = ledger.verify(place)?;
    Ok(format!(
        "{loops} kills, {figure}; ready again, p95 {}",
        milliseconds(percentile(&mut ready, 95))
    ))
}

pub fn between_commit_and_answer(place: &Place) -> Outcome<String> {
    place.start_cluster("")?;
    let mut served = Served::start(place)?;
    let person = Person::sign_in(served.port, "customer")?;
    let (mut ledger, rounds) = (Ledger::default(), 5);
    // What is said to PostgreSQL goes by `sendto`, too.
    let calls = match place.engine {
        Engine::Sqlite => "writev,sendto",
        Engine::Postgres => "writev",
    };
    for _ in 0..rounds {
        let request = Request::new();
        let log = place.folder.join("strace");
        let strace = Strace::attach(served.pid(), calls, "delay_enter=400000", &log)?;
        let stored = format!(
            "SELECT COUNT(*) AS n FROM tickets WHERE subject = '{}'",
            request.subject
        );
        let mut conn = place.connect()?;
        let (port, killed) = (served.port, &mut served);
        thread::scope(|scope| {
            let sent = scope.spawn(|| person.file(&mut Client::new(port, 1), &request));
            wait_until("the row", Duration::from_secs(20), || {
                count(&mut conn, &stored).is_ok_and(|n| n == 1)
            })?;
            killed.kill()?;
            let answer = sent.join().map_err(|_| "the client panicked")?;
            ensure(answer.is_err(), || {
                "it was answered before it was killed".to_owned()
            })
        })?;
        drop(strace);
        served = Served::start(place)?;
        let again = person.file(&mut Client::new(served.port, 1), &request)?;
        let reference =
            acknowledged(&again).ok_or_else(|| format!("{} to the same form", again.status))?;
        ledger.acknowledged.push((reference, request));
    }
    let figure = ledger.verify(place)?;
    Ok(format!("{rounds} kills, duplicates 0, {figure}"))
}

pub fn during_an_upload(place: &Place) -> Outcome<String> {
    place.start_cluster("")?;
    let mut served = Served::start(place)?;
    let person = Person::sign_in(served.port, "customer")?;
    let (mut dice, rounds) = (Dice::new(3), 10);
    let mut ledger = Ledger::default();
    for round in 0..rounds {
        let request = Request::new();
        let content = format!("{round} ").repeat(9_500_000);
        let client = Client::new(served.port, 1);
        let (head, body) = person.multipart(&client, &request, &content);
        let bytes = (head + &body).into_bytes();
        let cut = usize::try_from(dice.below(bytes.len() as u64))?;
        let mut stream = TcpStream::connect(("127.0.0.1", served.port))?;
        stream.write_all(&bytes[..cut])?;
        served.kill()?;
        ledger.unsure.push(request);
        served = Served::start(place)?;
    }
    let left = files(&place.data().join("tmp"))?.len();
    ensure(left == 0, || format!("{left} files are left in tmp"))?;
    let mut conn = place.connect()?;
    let rows = count(&mut conn, "SELECT COUNT(*) AS n FROM attachments")?;
    ensure(rows == 0, || format!("{rows} rows without a whole upload"))?;
    let blobs = files(&place.data().join("blobs"))?.len();
    ensure(blobs == 0, || format!("{blobs} contents without a row"))?;
    ledger.verify(place)?;
    Ok(format!(
        "{rounds} kills; left after the start: files 0, rows 0"
    ))
}

/// All files below a folder.
pub fn files(folder: &Path) -> Outcome<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

pub fn asked_to_stop(place: &Place) -> Outcome<String> {
    place.start_cluster("")?;
    let (mut ledger, mut in_flight, rounds) = (Ledger::default(), 0, 5);
    for _ in 0..rounds {
        let mut served = Served::start(place)?;
        let person = Person::sign_in(served.port, "customer")?;
        let port = served.port;
        let (mut waiting, begun) = (Vec::new(), Instant::now());
        let interval = Duration::from_millis(20);
        for number in 0..100_u32 {
            thread::sleep((interval * number).saturating_sub(begun.elapsed()));
            let (person, request) = (person.clone(), Request::new());
            // Taken by the program, and so in flight, as soon as it is connected and sent.
            waiting.push(thread::spawn(move || {
                let answer = person.file(&mut Client::new(port, 1 + number as usize), &request);
                (answer, request, Instant::now())
            }));
        }
        thread::sleep(Duration::from_millis(3));
        served.ask_to_stop();
        let asked = Instant::now();
        for thread in waiting {
            let (answer, request, at) = thread.join().map_err(|_| "a client panicked")?;
            let answer =
                answer.map_err(|error| format!("a request in flight got no answer: {error}"))?;
            let reference =
                acknowledged(&answer).ok_or_else(|| format!("{} while stopping", answer.status))?;
            in_flight += usize::from(at > asked);
            ledger.acknowledged.push((reference, request));
        }
        let status = served.ended(Duration::from_secs(20))?;
        ensure(status.success(), || format!("it ended with {status}"))?;
        ensure(TcpStream::connect(("127.0.0.1", port)).is_err(), || {
            "it still listens".to_owned()
        })?;
    }
    let figure = ledger.verify(place)?;
    Ok(format!(
        "{rounds} stops, {in_flight} in flight, failed 0, {figure}"
    ))
}

pub fn started_twice(place: &Place) -> Outcome<String> {
    place.start_cluster("")?;
    let mut first = Served::start(place)?;
    let person = Person::sign_in(first.port, "customer")?;
    let load = Load {
        port: first.port,
        person: &person,
        writers: 4,
        pause: Duration::ZERO,
    };
    let (loaded, said) = load.during(|done| {
        let mut said = Vec::new();
        for _ in 0..5 {
            said.push(
                Served::start(place)
                    .map(drop)
                    .map_err(|error| error.to_string()),
            );
        }
        wait_until("some requests", Duration::from_secs(20), || {
            done.load(Ordering::SeqCst) > 50
        })?;
        Ok(said)
    })?;
    ensure(first.is_running(), || "the first one ended".to_owned())?;
    for outcome in &said {
        match (place.engine, outcome) {
            (Engine::Sqlite, Err(text)) if text.contains("another Guichet already serves") => {}
            (Engine::Postgres, Ok(())) => {}
            other => return Err(format!("{other:?}").into()),
        }
    }
    ensure(loaded.ledger.failed() == 0, || {
        "the first one was disturbed".to_owned()
    })?;
    let figure = loaded.ledger.verify(place)?;
    Ok(match place.engine {
        Engine::Sqlite => format!("5 of 5 refused with the reason; {figure}"),
        Engine::Postgres => format!("5 of 5 served beside it, as they may; {figure}"),
    })
}
