//! The database under many hands, copied while it changes, and half migrated.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use guichet::platform::db::Conn;

use crate::client::Client;
use crate::customer::{Person, Request, acknowledged};
use crate::ledger::{Ledger, count, rows, sound};
use crate::load::Load;
use crate::place::{Engine, Place};
use crate::served::{Served, Start};
use crate::tools::{Outcome, ensure, milliseconds, need, percentile, run, seconds};

pub fn writer_storm(place: &Place) -> Outcome<String> {
    place.start_cluster("")?;
    let served = Served::start(place)?;
    let person = Person::sign_in(served.port, "customer")?;
    let load = Load {
        port: served.port,
        person: &person,
        writers: 50,
        pause: Duration::ZERO,
    };
    let (mut loaded, (asked, done)) = load.during(|_| {
        let (begun, mut asked, mut done) = (Instant::now(), 0, 0);
        let mut conn = place.connect()?;
        while begun.elapsed() < Duration::from_secs(20) {
            done += usize::from(checkpoint(&mut conn)?);
            asked += 1;
            thread::sleep(Duration::from_millis(100));
        }
        Ok((asked, done))
    })?;
    // Otherwise the writers were not disturbed by any.
    ensure(done > 0, || {
        format!("none of {asked} checkpoints could be done")
    })?;
    let failed = loaded.ledger.failed() + loaded.ledger.broken;
    ensure(failed == 0, || {
        format!("{failed} failed: {:?}", loaded.ledger.refused)
    })?;
    let figure = loaded.ledger.verify(place)?;
    Ok(format!(
        "{done} of {asked} checkpoints done, 5xx 0, p99 {}; {figure}",
        milliseconds(percentile(&mut loaded.times, 99))
    ))
}

/// Whether all of the log went into the database: SQLite gives up, and says so, where others read or
/// write for too long.
fn checkpoint(conn: &mut Conn) -> Outcome<bool> {
    #[derive(diesel::QueryableByName)]
    struct Folded {
        #[diesel(sql_type = diesel::sql_types::Integer)]
        busy: i32,
    }
    match conn {
        Conn::Sqlite(conn) => {
            let query = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)");
            let folded: Folded = query.get_result(conn)?;
            Ok(folded.busy == 0)
        }
        Conn::Postgres(conn) => {
            conn.batch_execute("CHECKPOINT")?;
            Ok(true)
        }
    }
}

pub fn backup_under_load(place: &Place) -> Outcome<String> {
    place.start_cluster("")?;
    let served = Served::start(place)?;
    let person = Person::sign_in(served.port, "customer")?;
    let mut files = Ledger::default();
    for number in 0..5 {
        let mut request = Request::new();
        let answer = person.file_with(
            &mut Client::new(served.port, 1),
            &mut request,
            &format!("file {number}"),
        )?;
        let reference = acknowledged(&answer).ok_or_else(|| format!("{} filing", answer.status))?;
        files.acknowledged.push((reference, request));
    }
    // Five writers, each five times a second.
    let load = Load {
        port: served.port,
        person: &person,
        writers: 5,
        pause: Duration::from_millis(200),
    };
    let (loaded, (before, taken)) = load.during(|done| {
        thread::sleep(Duration::from_secs(3));
        let before = done.load(std::sync::atomic::Ordering::SeqCst);
        let begun = Instant::now();
        place.run(&["backup", "all.guichet"])?;
        let taken = begun.elapsed();
        thread::sleep(Duration::from_secs(1));
        Ok((before, taken))
    })?;
    ensure(loaded.ledger.failed() == 0, || {
        "writers were disturbed".to_owned()
    })?;
    place.run(&["backup", "verify", "all.guichet"])?;
    drop(served);
    let begun = Instant::now();
    let restored = restore(place)?;
    let time = begun.elapsed();
    let mut conn = restored.connect()?;
    let filed = count(&mut conn, "SELECT COUNT(*) AS n FROM tickets")?;
    let least = i64::try_from(before + files.acknowledged.len())?;
    ensure(filed >= least, || {
        format!("{filed} requests of {least} that were filed before")
    })?;
    sound(&mut conn)?;
    let whole = files.verify(&restored)?;
    let served = Served::start(&restored)?;
    let ready = time + served.ready;
    drop(served);
    let figure = loaded.ledger.verify(place)?;
    Ok(format!(
        "taken in {}, {filed} requests in it ({least} were acknowledged before it began); restored and serving in {}, there {whole}; {figure}",
        seconds(taken),
        seconds(ready)
    ))
}

/// The backup in a folder of its own, always on SQLite: there the file can be checked.
fn restore(place: &Place) -> Outcome<Place> {
    let root = place.folder.join("elsewhere");
    fs::create_dir_all(root.join("template-SQLite"))?;
    let restored = Place::copy(&root, "restored", Engine::Sqlite)?;
    let file = place.folder.join("all.guichet");
    run(restored
        .command(&[], &["restore"])
        .arg(file)
        .args(["--into", "data"]))?;
    Ok(restored)
}

/// Where a program is killed: a system call of its, and how far apart the tries are.
struct Blade {
    call: &'static str,
    step: usize,
}

pub fn migration_killed(place: &Place) -> Outcome<String> {
    need("strace")?;
    place.start_cluster("")?;
    let blade = match place.engine {
        Engine::Sqlite => Blade {
            call: "pwrite64",
            step: 5,
        },
        Engine::Postgres => Blade {
            call: "sendto",
            step: 3,
        },
    };
    let wanted = schema(place)?;
    let (mut kills, mut at, mut longest, begun) = (0, 1, blade.step, Instant::now());
    loop {
        empty(place)?;
        let inject = format!("inject={}:signal=KILL:when={at}", blade.call);
        let trace = format!("trace={}", blade.call);
        let wrapper = [
            "strace",
            "-f",
            "-o",
            "/dev/null",
            "-e",
            &trace,
            "-e",
            &inject,
        ];
        let killed = !place
            .command(&wrapper, &["migrate"])
            .output()?
            .status
            .success();
        place.run(&["migrate"])?;
        let found = schema(place)?;
        ensure(found == wanted, || {
            format!("another schema after a kill at {} {at}", blade.call)
        })?;
        if !killed {
            break;
        }
        kills += 1;
        // Fewer where a run takes longer, so that all of it is covered in time.
        let slow = usize::from(begun.elapsed() > Duration::from_secs(60));
        let step = blade.step * (1 + 4 * slow);
        longest = longest.max(step);
        at += step;
    }
    let served = Served::start_with(place, Start::default())?;
    drop(served);
    sound(&mut place.connect()?)?;
    Ok(format!(
        "{kills} kills, one in {} {}s; run again: schema differences 0",
        range(blade.step, longest),
        blade.call
    ))
}

/// `5`, or `5 to 25`.
fn range(least: usize, most: usize) -> String {
    if least == most {
        return least.to_string();
    }
    format!("{least} to {most}")
}

/// Nothing is there, as before the first start.
fn empty(place: &Place) -> Outcome<()> {
    match place.engine {
        Engine::Sqlite => {
            run(Command::new("rm").arg("-rf").arg(place.data()))?;
            Ok(fs::create_dir_all(place.data())?)
        }
        Engine::Postgres => place.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public"),
    }
}

#[derive(diesel::QueryableByName)]
struct Piece {
    #[diesel(sql_type = diesel::sql_types::Text)]
    text: String,
}

/// All of it, in words.
fn schema(place: &Place) -> Outcome<Vec<String>> {
    let query = match place.engine {
        Engine::Sqlite => {
            "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') AS text FROM sqlite_schema \
             WHERE name NOT LIKE 'sqlite_stat%' ORDER BY 1"
        }
        Engine::Postgres => {
            "SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable AS text \
             FROM information_schema.columns WHERE table_schema = 'public' \
             UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' \
             UNION ALL SELECT conrelid::regclass::text || ' ' || pg_get_constraintdef(oid) FROM pg_constraint \
             WHERE connamespace = 'public'::regnamespace \
             UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal \
             UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc \
             WHERE pronamespace = 'public'::regnamespace ORDER BY 1"
        }
    };
    let pieces: Vec<Piece> = rows(&mut place.connect()?, query)?;
    Ok(pieces.into_iter().map(|piece| piece.text).collect())
}
