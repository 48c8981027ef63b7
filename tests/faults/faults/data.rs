//! Large numbers, and files that a disk has lost.

use std::fs;

use super::crash::files;
use crate::client::Client;
use crate::customer::{Person, Request, acknowledged, search_by_text};
use crate::ledger::Ledger;
use crate::place::{Engine, Place};
use crate::served::Served;
use crate::tools::{Outcome, ensure, wait_until};

/// Tables whose keys the engine counts.
const COUNTED: [&str; 6] = [
    "tickets",
    "messages",
    "events",
    "mails",
    "sessions",
    "attachments",
];

pub fn large_numbers(place: &Place) -> Outcome<String> {
    place.start_cluster("")?;
    let served = Served::start(place)?;
    let (person, agent) = (
        Person::sign_in(served.port, "customer")?,
        Person::sign_in(served.port, "agent0")?,
    );
    let mut client = Client::new(served.port, 1);
    let (mut ledger, mut steps) = (Ledger::default(), 0);
    for last in [9_998_996, (1_i64 << 31) - 3, (1 << 53) - 3] {
        count_from(place, last)?;
        for _ in 0..6 {
            let mut request = Request::new();
            let answer = person.file_with(&mut client, &mut request, "a file")?;
            let reference = acknowledged(&answer)
                .ok_or_else(|| format!("{} after key {last}", answer.status))?;
            let own = format!("/requests/{reference}");
            let page = client.get(&own, &person.cookie)?;
            ensure(
                page.status == 200 && page.text().contains(&request.subject),
                || format!("{} at {own}", page.status),
            )?;
            let file = page
                .text()
                .split("/files/")
                .nth(1)
                .and_then(|rest| rest.split('"').next().map(str::to_owned));
            let file = client.get(
                &format!("{own}/files/{}", file.unwrap_or_default()),
                &person.cookie,
            )?;
            ensure(file.status == 200, || {
                format!("{} at a file of {own}", file.status)
            })?;
            let desk = client.get(&format!("/desk/tickets/{reference}"), &agent.cookie)?;
            ensure(desk.status == 200, || {
                format!("{} at the desk", desk.status)
            })?;
            wait_until("it is found", std::time::Duration::from_secs(10), || {
                client
                    .get(&search_by_text(&request), &agent.cookie)
                    .is_ok_and(|page| page.text().contains(&reference))
            })?;
            ledger.acknowledged.push((reference, request));
            steps += 1;
        }
        let queue = client.get("/desk/views/unassigned", &agent.cookie)?;
        ensure(queue.status < 500, || format!("{} at a view", queue.status))?;
    }
    Person::sign_in(served.port, "customer")?;
    let figure = ledger.verify(place)?;
    let (last, _) = ledger.acknowledged.last().ok_or("nothing was filed")?;
    Ok(format!(
        "{steps} requests across the limits, up to {last}, failures 0; {figure}"
    ))
}

fn count_from(place: &Place, last: i64) -> Outcome<()> {
    let statements = COUNTED.map(|table| match place.engine {
        Engine::Sqlite => format!(
            "INSERT INTO sqlite_sequence (name, seq) SELECT '{table}', 0 WHERE NOT EXISTS \
             (SELECT 1 FROM sqlite_sequence WHERE name = '{table}'); \
             UPDATE sqlite_sequence SET seq = {last} WHERE name = '{table}';"
        ),
        Engine::Postgres => {
            format!("SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last});")
        }
    });
    place.execute(&statements.concat())
}

pub fn attachments_damaged(place: &Place) -> Outcome<String> {
    place.start_cluster("")?;
    let mut served = Served::start(place)?;
    let person = Person::sign_in(served.port, "customer")?;
    let mut client = Client::new(served.port, 1);
    let (mut ledger, mut addresses) = (Ledger::default(), Vec::new());
    for number in 0..4 {
        let mut request = Request::new();
        let answer = person.file_with(
            &mut client,
            &mut request,
            &format!("the content of file {number}"),
        )?;
        let reference = acknowledged(&answer).ok_or_else(|| format!("{} filing", answer.status))?;
        let page = client
            .get(&format!("/requests/{reference}"), &person.cookie)?
            .text();
        let file = page
            .split("/files/")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .ok_or("no file on the page")?;
        addresses.push(format!("/requests/{reference}/files/{file}"));
        ledger.acknowledged.push((reference, request));
    }
    // Damaged while nobody looks, so that the first round of the scrub at the start finds it.
    served.kill()?;
    for path in files(&place.data().join("blobs"))? {
        let content = fs::read_to_string(&path)?;
        match content.chars().last() {
            Some('0') => fs::remove_file(&path)?,
            Some('1') => fs::write(&path, "the con")?,
            Some('2') => fs::write(&path, content.replace("the", "The"))?,
            _ => {}
        }
    }
    let served = Served::start(place)?;
    let mut client = Client::new(served.port, 1);
    let log = || fs::read_to_string(place.folder.join("log")).unwrap_or_default();
    wait_until(
        "the scrub names three",
        std::time::Duration::from_secs(20),
        || log().matches("an attachment is damaged").count() >= 3,
    )?;
    let mut gone = 0;
    for (number, address) in addresses.iter().enumerate() {
        let answer = client.get(address, &person.cookie)?;
        let expected = if number == 3 { 200 } else { 410 };
        ensure(answer.status == expected, || {
            format!("{} for file {number}", answer.status)
        })?;
        gone += usize::from(expected == 410);
    }
    let doctor = place.output(&["doctor"])?;
    ensure(!doctor.status.success(), || {
        "doctor finds nothing wrong".to_owned()
    })?;
    // Their contents are damaged on purpose.
    let rows = ledger.verify_rows(place)?.len();
    let acknowledged = ledger.acknowledged.len();
    Ok(format!(
        "{gone} of 3 named by the scrub and answered with 410, the sound one with 200, undetected 0; \
         acknowledged {acknowledged}, lost 0 but the contents, {rows} rows of files"
    ))
}
