//! Several people, or one impatient person, at once.

use std::collections::HashMap;
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

pub fn same_form_often(place: &Place) -> Outcome<String> {
    place.start_cluster("")?;
    let served = Served::start(place)?;
    let person = Person::sign_in(served.port, "customer")?;
    let (mut ledger, rounds) = (Ledger::default(), 20);
    for _ in 0..rounds {
        let request = Request::new();
        let send = |number| person.file(&mut Client::new(served.port, number), &request);
        let at_once: Vec<_> = thread::scope(|scope| {
            let senders: Vec<_> = (0..20)
                .map(|number| scope.spawn(move || send(number)))
                .collect();
            senders
                .into_iter()
                .map(|sender| sender.join().expect("no sender panics"))
                .collect()
        });
        let later = (0..20).map(send);
        let mut places: Vec<String> = Vec::new();
        for answer in at_once.into_iter().chain(later) {
            let answer = answer?;
            places.push(
                acknowledged(&answer)
                    .ok_or_else(|| format!("{} to the same form", answer.status))?,
            );
        }
        places.sort();
        places.dedup();
        ensure(places.len() == 1, || format!("one form led to {places:?}"))?;
        ledger
            .acknowledged
            .extend(places.pop().map(|reference| (reference, request)));
    }
    let tickets = count(&mut place.connect()?, "SELECT COUNT(*) AS n FROM tickets")?;
    ensure(tickets == rounds, || {
        format!("{tickets} requests of {rounds} forms")
    })?;
    let figure = ledger.verify(place)?;
    Ok(format!(
        "{rounds} forms sent 40 times each: {tickets} requests, the same answer; {figure}"
    ))
}

/// What an agent was told had been saved: a field, the value they saw, the one they chose.
struct Saved {
    field: &'static str,
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
    check_history(place, &tally)?;
    let mut ledger = Ledger::default();
    ledger.acknowledged.push((reference, request));
    ledger.verify(place)?;
    Ok(format!(
        "8 agents, {} saved, {} stale and answered with 409, lost updates 0",
        tally.saved.len(),
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
    #[diesel(sql_type = diesel::sql_types::Text)]
    data: String,
}

/// Every change of the history is one that its author was told of, and replaced the value that its
/// author saw; the history has no gaps.
fn check_history(place: &Place, tally: &Tally) -> Outcome<()> {
    let mut conn: Conn = place.connect()?;
    for (field, kind) in [
        ("priority", "priority_changed"),
        ("status", "status_changed"),
    ] {
        let mut told: HashMap<(String, String), i64> = HashMap::new();
        for saved in tally.saved.iter().filter(|saved| saved.field == field) {
            *told
                .entry((saved.from.clone(), saved.to.clone()))
                .or_default() += 1;
        }
        let query = format!("SELECT data FROM events WHERE stream = 'ticket' AND kind = '{kind}'");
        let changes: Vec<Change> = rows(&mut conn, &query)?;
        ensure(!changes.is_empty(), || {
            format!("nobody changed the {field}")
        })?;
        for change in changes {
            let data: serde_json::Value = serde_json::from_str(&change.data)?;
            let value = |key| data[key].as_str().unwrap_or_default().to_owned();
            let pair = (value("old"), value("new"));
            let left = told.entry(pair.clone()).or_default();
            *left -= 1;
            ensure(*left >= 0, || {
                format!("{field}: {pair:?} replaced what its author had not seen")
            })?;
        }
    }
    let gaps = "SELECT COUNT(*) AS n FROM events e WHERE stream = 'ticket' AND seq > 1 AND NOT EXISTS \
        (SELECT 1 FROM events p WHERE p.stream = e.stream AND p.stream_id = e.stream_id AND p.seq = e.seq - 1)";
    let gaps = count(&mut conn, gaps)?;
    ensure(gaps == 0, || format!("{gaps} gaps in the history"))
}
