//! A clock that jumps.

use std::fs;
use std::time::Duration;

use crate::client::Client;
use crate::customer::{Person, Request, acknowledged};
use crate::ledger::{Ledger, count};
use crate::place::Place;
use crate::served::{Served, Start};
use crate::sink::Sink;
use crate::tools::{Outcome, ensure, faketime, wait_until};

/// The program under a clock that can be set while it runs.
struct Clocked<'a> {
    place: &'a Place,
    library: &'static str,
    smtp: String,
}

impl Clocked<'_> {
    /// By how much the clock is off, as `faketime` says it: `+0`, `-1h`, `+1y`.
    fn set(&self, offset: &str) -> Outcome<()> {
        let (file, draft) = (
            self.place.folder.join("clock"),
            self.place.folder.join("clock.new"),
        );
        fs::write(&draft, format!("{offset}\n"))?;
        Ok(fs::rename(draft, file)?)
    }

    fn start(&self) -> Outcome<Served> {
        let environment = [
            ("LD_PRELOAD", self.library),
            ("FAKETIME_TIMESTAMP_FILE", "clock"),
            ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            ("GUICHET_SMTP_URL", &self.smtp),
            // A year ahead mails are swept, and the ledger wants to see them.
            ("GUICHET_KEEP_MAILS_DAYS", "3000"),
        ];
        Served::start_with(
            self.place,
            Start {
                wrapper: &[],
                environment: &environment,
            },
        )
    }
}

pub fn jumps(place: &Place) -> Outcome<String> {
    let sink = Sink::start()?;
    let clocked = Clocked {
        place,
        library: faketime()?,
        smtp: sink.url(),
    };
    place.start_cluster("")?;
    clocked.set("+0")?;
    let mut ledger = Ledger::default();
    let mut expired = 0;
    for restart in [false, true] {
        let mut served = clocked.start()?;
        let jump = |served: &mut Served, offset: &str| -> Outcome<()> {
            clocked.set(offset)?;
            if restart {
                served.kill()?;
                *served = clocked.start()?;
            }
            Ok(())
        };
        let person = Person::sign_in(served.port, "customer")?;
        must_be_taken(&served, &person, &mut ledger)?;
        jump(&mut served, "-1h")?;
        must_be_taken(&served, &person, &mut ledger)?;
        no_negative_times(&served, &ledger)?;
        jump(&mut served, "+0")?;
        must_be_taken(&served, &person, &mut ledger)?;
        jump(&mut served, "+1y")?;
        let page = Client::new(served.port, 1).get("/requests", &person.cookie)?;
        ensure(page.status != 200, || {
            "a session of a year ago is still good".to_owned()
        })?;
        expired += 1;
        let later = Person::sign_in(served.port, "customer")?;
        must_be_taken(&served, &later, &mut ledger)?;
        jump(&mut served, "+0")?;
        let again = Person::sign_in(served.port, "customer")?;
        must_be_taken(&served, &again, &mut ledger)?;
        no_negative_times(&served, &ledger)?;
        all_mails_leave(place)?;
    }
    let references: Vec<&String> = ledger
        .acknowledged
        .iter()
        .map(|(reference, _)| reference)
        .collect();
    ensure(references.windows(2).all(|pair| pair[0] < pair[1]), || {
        format!("out of order: {references:?}")
    })?;
    let figure = ledger.verify(place)?;
    Ok(format!(
        "8 jumps: {expired} of 2 old sessions ended, references in order, negative times 0, mails left behind 0; {figure}"
    ))
}

fn all_mails_leave(place: &Place) -> Outcome<()> {
    const STAYED: &str = "SELECT COUNT(*) AS n FROM mails WHERE status <> 'sent'";
    let mut conn = place.connect()?;
    wait_until("all mails have left", Duration::from_secs(20), || {
        count(&mut conn, STAYED).is_ok_and(|n| n == 0)
    })
    .map(drop)
}

fn must_be_taken(served: &Served, person: &Person, ledger: &mut Ledger) -> Outcome<()> {
    let request = Request::new();
    let answer = person.file(&mut Client::new(served.port, 1), &request)?;
    let reference =
        acknowledged(&answer).ok_or_else(|| format!("{} after a jump", answer.status))?;
    ledger.acknowledged.push((reference, request));
    Ok(())
}

/// No page of the desk or the customer says a time below nought.
fn no_negative_times(served: &Served, ledger: &Ledger) -> Outcome<()> {
    let agent = Person::sign_in(served.port, "agent0")?;
    let customer = Person::sign_in(served.port, "customer")?;
    let mut client = Client::new(served.port, 1);
    let newest = ledger
        .acknowledged
        .iter()
        .rev()
        .take(3)
        .map(|(reference, _)| reference);
    let desk = newest
        .clone()
        .map(|reference| (format!("/desk/tickets/{reference}"), &agent));
    let own = newest.map(|reference| (format!("/requests/{reference}"), &customer));
    let lists = [
        ("/desk/views/open".to_owned(), &agent),
        ("/requests".to_owned(), &customer),
    ];
    for (path, person) in desk.chain(own).chain(lists) {
        let page = client.get(&path, &person.cookie)?;
        ensure(page.status == 200, || format!("{} at {path}", page.status))?;
        let text = page.text();
        let words: Vec<&str> = text
            .split(['<', '>'])
            .filter(|piece| is_negative(piece))
            .collect();
        ensure(words.is_empty(), || format!("{words:?} at {path}"))?;
    }
    Ok(())
}

/// A number below nought, with either minus, alone or before a unit.
fn is_negative(piece: &str) -> bool {
    let piece = piece.trim();
    let digits = piece.strip_prefix(['-', '\u{2212}']).unwrap_or_default();
    digits.starts_with(|c: char| c.is_ascii_digit())
        || piece.contains(" -1 ")
        || piece.contains("in -")
}
