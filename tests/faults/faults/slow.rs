//! Clients that say little, for a long time (F48).

use std::io::{ErrorKind, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::greed::connect;
use crate::client::Client;
use crate::customer::Person;
use crate::ledger::Ledger;
use crate::load::Load;
use crate::place::Place;
use crate::served::{Served, Start};
use crate::tools::{Outcome, ensure, milliseconds, percentile, step, wait_until};

const SLOW: u32 = 1000;
/// Addresses whose whole shares are all places of the default settings.
const GREEDY: u32 = 10;
/// How long somebody healthy is watched at a time.
const WATCHED: Duration = Duration::from_secs(6);
/// Requests that are there before times are taken, so that the list that is read is as long then as later.
const LISTED: usize = 60;

/// Places for all who drip, which the default settings would not give them.
const ROOM: [(&str, &str); 3] = [
    ("GUICHET_HEAD_TIMEOUT_SECONDS", "12"),
    ("GUICHET_TRANSFER_TIMEOUT_SECONDS", "12"),
    ("GUICHET_MAX_CONNECTIONS", "1200"),
];

pub fn slow_clients(place: &Place) -> Outcome<String> {
    let mut ledger = Ledger::default();
    let cut_off = are_cut_off(place, &mut ledger)?;
    let others = leave_room(place, &mut ledger)?;
    let figure = ledger.verify(place)?;
    Ok(format!("{cut_off}; {others}; {figure}"))
}

/// All who drip have a place: they lose it in time, and cost others little meanwhile.
fn are_cut_off(place: &Place, ledger: &mut Ledger) -> Outcome<String> {
    let mut served = serve(place, &ROOM)?;
    let mut healthy = Healthy::new(&served, ledger)?;
    let before = [healthy.watch()?, healthy.watch()?, healthy.watch()?];
    let port = served.port;
    let (all_there, stop) = (AtomicBool::new(false), AtomicBool::new(false));
    let (during, cut) = thread::scope(|scope| -> Outcome<_> {
        let slow = scope.spawn(|| drip(port, &all_there, &stop));
        wait_until(
            "all slow clients are there",
            Duration::from_secs(20),
            || all_there.load(Ordering::SeqCst) || slow.is_finished(),
        )?;
        let during = healthy.watch();
        let ended = wait_until("all are cut off", Duration::from_secs(20), || {
            slow.is_finished()
        });
        stop.store(true, Ordering::SeqCst);
        let cut = slow.join().map_err(|_| "a slow client panicked")??;
        ended?;
        Ok((during?, cut))
    })?;
    ensure(cut == SLOW, || format!("{cut} of {SLOW} were cut off"))?;
    ensure(served.is_running(), || "it ended".to_owned())?;
    let figure = compare(before, during)?;
    let settings =
        ROOM.map(|(name, value)| format!("{}={value}", name.trim_start_matches("GUICHET_")));
    Ok(format!(
        "with {}, default share of an address: {cut} of {SLOW} cut off at their deadline; {figure}",
        settings.join(" ").to_lowercase()
    ))
}

/// What somebody healthy waits may grow by a tenth, and by as much as it differs by itself.
fn compare(mut before: [Duration; 3], during: Duration) -> Outcome<String> {
    before.sort_unstable();
    let [least, usual, most] = before;
    let noise = most - least;
    let figure = format!(
        "p95 of a customer's list beside two who file: {} before, {} during ({} more by itself)",
        milliseconds(usual),
        milliseconds(during),
        milliseconds(noise)
    );
    ensure(during <= usual.mul_f64(1.1) + noise, || figure.clone())?;
    Ok(figure)
}

/// At the default settings, a few addresses with whole shares do not take the places of all others.
fn leave_room(place: &Place, ledger: &mut Ledger) -> Outcome<String> {
    let mut served = serve(place, &[])?;
    let mut healthy = Healthy::new(&served, ledger)?;
    let mut streams = Vec::new();
    for number in 0..SLOW {
        step();
        let mut stream = connect(served.port, number % GREEDY)?;
        // Whoever is turned away is hung up on, perhaps before this.
        drop(stream.write_all(begun(number)));
        stream.set_nonblocking(true)?;
        streams.push(stream);
    }
    let during = healthy.watch()?;
    let held = streams.iter().filter(|stream| !has_ended(stream)).count();
    drop(streams);
    ensure(served.is_running(), || "it ended".to_owned())?;
    // Otherwise places were not scarce, and nothing was seen.
    ensure(held > 0 && held < SLOW as usize, || {
        format!("{held} of {SLOW} were let in")
    })?;
    Ok(format!(
        "at the default settings {GREEDY} addresses held {held} places of {SLOW} asked for, \
         others were served, p95 {}",
        milliseconds(during)
    ))
}

fn serve(place: &Place, environment: &[(&str, &str)]) -> Outcome<Served> {
    let start = Start {
        wrapper: &[],
        environment,
    };
    Served::start_with(place, start)
}

/// Customers who mean well: one reads, two file.
struct Healthy<'a> {
    port: u16,
    person: Person,
    ledger: &'a mut Ledger,
}

impl<'a> Healthy<'a> {
    fn new(served: &Served, ledger: &'a mut Ledger) -> Outcome<Self> {
        let mut this = Self {
            port: served.port,
            person: Person::sign_in(served.port, "customer")?,
            ledger,
        };
        this.beside(|done| {
            wait_until("a list to read", Duration::from_secs(30), || {
                done.load(Ordering::SeqCst) >= LISTED
            })
        })?;
        Ok(this)
    }

    /// Does something while requests are filed, none of which may fail.
    fn beside<T>(
        &mut self,
        act: impl FnOnce(&std::sync::atomic::AtomicUsize) -> Outcome<T>,
    ) -> Outcome<T> {
        let load = Load {
            port: self.port,
            person: &self.person,
            writers: 2,
            pause: Duration::from_millis(50),
        };
        let (loaded, value) = load.during(act)?;
        let unserved = loaded.ledger.broken + loaded.ledger.unsure.len();
        ensure(
            unserved == 0 && !loaded.ledger.acknowledged.is_empty(),
            || {
                let refused = &loaded.ledger.refused;
                format!("{unserved} of those who mean well were not served: {refused:?}")
            },
        )?;
        self.ledger.absorb(loaded.ledger);
        Ok(value)
    }

    /// How long their list takes to come, 95 in 100 times. It asks the database each time: what is
    /// kept for guests would be answered however clogged the portal is.
    fn watch(&mut self) -> Outcome<Duration> {
        let (port, cookie) = (self.port, self.person.cookie.clone());
        self.beside(|_| {
            let (mut client, mut times) = (Client::new(port, 40_000), Vec::new());
            let begun = Instant::now();
            while begun.elapsed() < WATCHED {
                step();
                let asked = Instant::now();
                let answer = client.get("/requests", &cookie)?;
                ensure(answer.status == 200, || {
                    format!("{} for a healthy client", answer.status)
                })?;
                times.push(asked.elapsed());
                thread::sleep(Duration::from_millis(10));
            }
            Ok(percentile(&mut times, 95))
        })
    }
}

/// What a client begins with and never ends: every other one a head, the others a body.
fn begun(number: u32) -> &'static [u8] {
    if number.is_multiple_of(2) {
        return b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ";
    }
    b"POST /requests HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
      Content-Length: 100000\r\n\r\nsubject="
}

/// Each drips a byte in two seconds. Answers how many were cut off.
fn drip(port: u16, all_there: &AtomicBool, stop: &AtomicBool) -> Outcome<u32> {
    let mut streams = Vec::new();
    for number in 0..SLOW {
        let mut stream = connect(port, number)?;
        stream.write_all(begun(number))?;
        stream.set_nonblocking(true)?;
        streams.push(stream);
    }
    all_there.store(true, Ordering::SeqCst);
    let mut cut = 0;
    while !streams.is_empty() && !stop.load(Ordering::SeqCst) {
        thread::sleep(Duration::from_secs(2));
        streams.retain_mut(|stream| {
            let is_open = stream.write_all(b"x").is_ok() && !has_ended(stream);
            cut += u32::from(!is_open);
            is_open
        });
    }
    Ok(cut)
}

/// The server has said its last word: an answer, then nothing.
fn has_ended(stream: &TcpStream) -> bool {
    match stream.peek(&mut [0]) {
        Err(error) => error.kind() != ErrorKind::WouldBlock,
        // Told that it was too slow, or that there is no place.
        Ok(_) => true,
    }
}
