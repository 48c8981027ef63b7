//! A mail on its way when the program ends.

use std::time::Duration;

use crate::client::Client;
use crate::customer::{Person, Request, acknowledged};
use crate::ledger::{Ledger, count};
use crate::place::Place;
use crate::served::{Served, Start};
use crate::sink::{Pause, Sink};
use crate::tools::{Outcome, ensure, faketime, wait_until};

pub fn killed_while_sending(place: &Place) -> Outcome<String> {
    place.start_cluster("")?;
    let sink = Sink::start()?;
    let url = sink.url();
    let (mut ledger, mut kills, mut ahead) = (Ledger::default(), 0, 0);
    for round in 0..6 {
        let pause = if round % 2 == 0 {
            Pause::BeforeDot
        } else {
            Pause::AfterDot
        };
        sink.pause(pause);
        let mut served = start(place, &url, ahead)?;
        let person = Person::sign_in(served.port, "customer")?;
        let request = Request::new();
        let answer = person.file(&mut Client::new(served.port, 1), &request)?;
        let reference = acknowledged(&answer).ok_or_else(|| format!("{} filing", answer.status))?;
        ledger.acknowledged.push((reference, request));
        wait_until("a mail is on its way", Duration::from_secs(20), || {
            sink.stands_still()
        })?;
        served.kill()?;
        kills += 1;
        sink.pause(Pause::Nowhere);
        // The worker that was killed holds the mail for ten minutes.
        ahead += 11;
        let served = start(place, &url, ahead)?;
        let mut conn = place.connect()?;
        wait_until("all mails have left", Duration::from_secs(30), || {
            count(
                &mut conn,
                "SELECT COUNT(*) AS n FROM mails WHERE status <> 'sent'",
            )
            .is_ok_and(|n| n == 0)
        })?;
        drop(served);
    }
    let taken = sink.taken();
    let mails = count(&mut place.connect()?, "SELECT COUNT(*) AS n FROM mails")?;
    ensure(i64::try_from(taken.len())? == mails, || {
        format!("{} mails arrived of {mails}", taken.len())
    })?;
    let twice: usize = taken.values().map(|times| times - 1).sum();
    ensure(twice <= kills, || {
        format!("{twice} came twice in {kills} kills")
    })?;
    let figure = ledger.verify(place)?;
    Ok(format!(
        "{kills} kills, {mails} mails: lost 0, twice {twice} (same Message-ID); {figure}"
    ))
}

/// The program, with its clock so many minutes ahead.
fn start(place: &Place, url: &str, minutes: u32) -> Outcome<Served> {
    let ahead = format!("+{minutes}m");
    let environment = [
        ("LD_PRELOAD", faketime()?),
        ("FAKETIME", &ahead),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("GUICHET_SMTP_URL", url),
    ];
    Served::start_with(
        place,
        Start {
            wrapper: &[],
            environment: &environment,
        },
    )
}
