//! Several people, or one impatient person, at once.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use guichet::platform::db::Conn;

use crate::client::{Answer, Client, form};
use crate::customer::{Person, Request, acknowledged};
use crate::ledger::{Ledger, count, rows};
use crate::place::{AGENTS, Place};
use crate::served::Served;
use crate::tools::{Dice, Outcome, ensure, step};

/// F50: after so long a form is sent once more.
const LATER: Duration = Duration::from_secs(20);

pub fn same_form_often(place: &Place) -> Outcome<String> {
    place.start_cluster("")?;
    let mut served = Served::start(place)?;
    let person = Person::sign_in(served.port, "customer")?;
    let (mut ledger, rounds) = (Ledger::default(), 20);
    for _ in 0..rounds {
        let request = Request::new();
        let reference = send_often(served.port, &person, &request)?;
        ledger.acknowledged.push((reference, request));
    }
    // Somebody who comes back to the form: the wait is the fault.
    thread::sleep(LATER);
    send_again(served.port, &person, &ledger)?;
    let waiting = Instant::now();
    served.kill()?;
    served = Served::start(place)?;
    thread::sleep(LATER.saturating_sub(waiting.elapsed()));
    send_again(served.port, &person, &ledger)?;
    let tickets = count(&mut place.connect()?, "SELECT COUNT(*) AS n FROM tickets")?;
    ensure(tickets == rounds, || {
        format!("{tickets} requests of {rounds} forms")
    })?;
    let figure = ledger.verify(place)?;
    Ok(format!(
        "{rounds} forms sent 42 times each: {tickets} requests, the same answer, also 20 s later and after \
         a restart; {figure}"
    ))
}

/// Sends a form 20 times at once and 20 times after one another; answers the one request it led to.
fn send_often(port: u16, person: &Person, request: &Request) -> Outcome<String> {
    let send = |number| person.file(&mut Client::new(port, number), request);
    let at_once: Vec<_> = thread::scope(|scope| {
        let senders: Vec<_> = (0..20)
            .map(|number| scope.spawn(move || send(number)))
            .collect();
        senders
            .into_iter()
            .map(|sender| sender.join().expect("no sender panics"))
            .collect()
    });
    let mut places: Vec<String> = Vec::new();
    for answer in at_once.into_iter().chain((0..20).map(send)) {
        let answer = answer?;
        places.push(
            acknowledged(&answer).ok_or_else(|| format!("{} to the same form", answer.status))?,
        );
    }
    places.sort();
    places.dedup();
    match places.as_slice() {
        [reference] => Ok(reference.clone()),
        _ => Err(format!("one form led to {places:?}").into()),
    }
}

/// Sends each form once more: the answer is what it was.
fn send_again(port: u16, person: &Person, ledger: &Ledger) -> Outcome<()> {
    let mut client = Client::new(port, 1);
    ledger
        .acknowledged
        .iter()
        .try_for_each(|(reference, request)| {
            let answer = person.file(&mut client, request)?;
            let again = acknowledged(&answer);
            ensure(again.as_ref() == Some(reference), || {
                let status = answer.status;
                format!("{reference}, sent again: {status}, {again:?}")
            })
        })
}

/// What an agent was told had been saved: a field, the value they saw, the one they chose.
struct Saved {
    field: &'static str,
    /// Version of the request that the form was made from.
    version: i64,
    from: String,
    to: String,
}

#[derive(Default)]
struct Tally {
    saved: Vec<Saved>,
    stale: usize,
}

/// F51: how long the agents edit.
const EDITING: Duration = Duration::from_secs(25);

pub fn concurrent(place: &Place) -> Outcome<String> {
    place.start_cluster("")?;
    let served = Served::start(place)?;
    let customer = Person::sign_in(served.port, "customer")?;
    let request = Request::new();
    let answer = customer.file(&mut Client::new(served.port, 99), &request)?;
    let reference = acknowledged(&answer).ok_or("not filed")?;
    let all = Mutex::new(Tally::default());
    let (port, path) = (served.port, format!("/desk/tickets/{reference}"));
    thread::scope(|scope| -> Outcome<()> {
        let agents: Vec<_> = (0..AGENTS)
            .map(|number| {
                let (all, path) = (&all, &path);
                scope.spawn(move || edit(port, number, path, all))
            })
            .collect();
        agents
            .into_iter()
            .try_for_each(|agent| agent.join().map_err(|_| "an agent panicked")?)
    })?;
    let tally = all.into_inner().map_err(|_| "an agent panicked")?;
    let kept = check_history(place, &tally)?;
    let mut ledger = Ledger::default();
    ledger.acknowledged.push((reference, request));
    ledger.verify(place)?;
    Ok(format!(
        "8 agents, {} saved: {} in the history, {} that another had saved alike; {} stale and \
         answered with 409",
        tally.saved.len(),
        kept.recorded,
        kept.agreed,
        tally.stale
    ))
}

/// One agent: opens the form, changes one thing, sends it, again and again.
fn edit(port: u16, number: usize, path: &str, all: &Mutex<Tally>) -> Outcome<()> {
    let agent = Person::sign_in(port, &format!("agent{number}"))?;
    let mut client = Client::new(port, number);
    let (mut dice, begun) = (Dice::new(number as u64 + 51), Instant::now());
    while begun.elapsed() < EDITING {
        step();
        let page = client.get(path, &agent.cookie)?;
        ensure(page.status == 200, || {
            format!("{} at the form", page.status)
        })?;
        let shown = shown_values(&page);
        let (field, choices): (_, &[&str]) = match dice.below(2) {
            0 => ("priority", &["low", "normal", "high", "urgent"]),
            _ => ("status", &["open", "pending", "resolved"]),
        };
        let to = choices[usize::try_from(dice.below(choices.len() as u64))?];
        let from = shown
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, value)| value.clone())
            .unwrap_or_default();
        if from == to {
            continue;
        }
        thread::sleep(Duration::from_millis(dice.below(30)));
        let mut fields = shown.clone();
        for (name, value) in &mut fields {
            if *name == field {
                to.clone_into(value);
            }
        }
        let version = page.hidden("version");
        let key = format!("edit-{number}-{}", dice.below(u64::MAX >> 33));
        let csrf = page.hidden("csrf");
        let mut sent = vec![
            ("csrf", csrf.as_str()),
            ("key", &key),
            ("version", &version),
        ];
        sent.extend(fields.iter().map(|(name, value)| (*name, value.as_str())));
        let answer = client.post(&format!("{path}/properties"), &agent.cookie, &form(&sent))?;
        let mut all = all.lock().map_err(|_| "an agent panicked")?;
        match answer.status {
            303 => all.saved.push(Saved {
                field,
                version: version.parse()?,
                from,
                to: to.to_owned(),
            }),
            409 => all.stale += 1,
            422 => {}
            other => return Err(format!("{other} to an edit of {field} to {to}").into()),
        }
    }
    Ok(())
}

/// The values that the form of the page shows.
fn shown_values(page: &Answer) -> Vec<(&'static str, String)> {
    let text = page.text();
    let form = text.split("data-properties").nth(1).unwrap_or_default();
    let form = form.split("</form>").next().unwrap_or_default();
    let selected = |name: &str| {
        let select = form.split(&format!("<select name=\"{name}\"")).nth(1);
        let select = select
            .or_else(|| form.split(&format!("name=\"{name}\"")).nth(1))
            .unwrap_or_default();
        let select = select.split("</select>").next().unwrap_or_default();
        let option = select
            .split("<option")
            .find(|option| option.contains(" selected"));
        let value = option.and_then(|option| option.split("value=\"").nth(1));
        value
            .and_then(|value| value.split('"').next())
            .unwrap_or_default()
            .to_owned()
    };
    ["status", "priority", "team", "assignee", "request_type"]
        .map(|name| (name, selected(name)))
        .into()
}

/// One change of the history.
#[derive(diesel::QueryableByName)]
struct Change {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    seq: i64,
    #[diesel(sql_type = diesel::sql_types::Text)]
    data: String,
}

/// What the history makes of the saves.
#[derive(Default)]
struct Kept {
    /// Saves that are a change of the history.
    recorded: usize,
    /// Saves of what somebody else had saved since the form was opened: nothing was left to change.
    agreed: usize,
}

/// Every change of the history is one that its author was told of, and replaced the value that its
/// author saw; whatever an author was told of has come about, and the history has no gaps.
fn check_history(place: &Place, tally: &Tally) -> Outcome<Kept> {
    let mut conn: Conn = place.connect()?;
    let mut kept = Kept::default();
    for (field, kind) in [
        ("priority", "priority_changed"),
        ("status", "status_changed"),
    ] {
        let mut told: Vec<&Saved> = tally.saved.iter().filter(|s| s.field == field).collect();
        // The latest form before a change is the likeliest to have made it.
        told.sort_by_key(|saved| -saved.version);
        let query = format!(
            "SELECT seq, data FROM events WHERE stream = 'ticket' AND kind = '{kind}' ORDER BY seq"
        );
        let changes: Vec<Change> = rows(&mut conn, &query)?;
        ensure(!changes.is_empty(), || {
            format!("nobody changed the {field}")
        })?;
        let mut reached: Vec<(i64, String)> = Vec::new();
        for change in changes {
            let data: serde_json::Value = serde_json::from_str(&change.data)?;
            let value = |key| data[key].as_str().unwrap_or_default().to_owned();
            let (old, new) = (value("old"), value("new"));
            let author = told.iter().position(|saved| {
                saved.version < change.seq && saved.from == old && saved.to == new
            });
            let author = author.ok_or_else(|| {
                format!("{field}: {old} to {new} replaced what its author had not seen")
            })?;
            told.remove(author);
            kept.recorded += 1;
            reached.push((change.seq, new));
        }
        for saved in told {
            let came_about =
                |(seq, value): &(i64, String)| *seq > saved.version && *value == saved.to;
            ensure(reached.iter().any(came_about), || {
                let Saved {
                    version, from, to, ..
                } = saved;
                format!("{field}: {from} to {to} was saved on version {version}, and is lost")
            })?;
            kept.agreed += 1;
        }
    }
    let gaps = "SELECT COUNT(*) AS n FROM events e WHERE stream = 'ticket' AND seq > 1 AND NOT EXISTS \
        (SELECT 1 FROM events p WHERE p.stream = e.stream AND p.stream_id = e.stream_id AND p.seq = e.seq - 1)";
    let gaps = count(&mut conn, gaps)?;
    ensure(gaps == 0, || format!("{gaps} gaps in the history"))?;
    Ok(kept)
}
