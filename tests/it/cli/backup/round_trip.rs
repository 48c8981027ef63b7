//! What comes back is what was there, on either engine.

use diesel::prelude::*;
use guichet::platform::db::Timestamp;
use guichet::schema::{mails, people, sessions, tokens};
use serde_json::{Value, json};

use super::archive::{last_ids, manifest, rows};
use super::{restore, take, verified};
use crate::cli::program::Place;

/// A company with a history, somebody signed in, and a mail that has not left.
fn fill(place: &Place) {
    let said = place.run(&["demo", "--no-serve", "--tickets", "40", "--dir", "data"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let mut conn = place.database.connect();
    let person: i64 = people::table
        .select(people::id)
        .first(&mut conn)
        .expect("somebody");
    // Fractions of different lengths: engines write them in their own ways.
    let moments = [
        1_700_000_000_000_000,
        1_700_000_000_120_000,
        1_700_000_000_000_120,
    ];
    for (number, at) in moments.map(Timestamp::from_micros).into_iter().enumerate() {
        diesel::insert_into(sessions::table)
            .values((
                sessions::token_hash.eq(number.to_string()),
                sessions::person_id.eq(person),
                sessions::public_id.eq(number.to_string()),
                sessions::device.eq("a browser"),
                sessions::network.eq("192.0.2.x"),
                sessions::created_at.eq(at),
                sessions::seen_at.eq(at),
            ))
            .execute(&mut conn)
            .expect("a session");
        diesel::insert_into(tokens::table)
            .values((
                tokens::token_hash.eq(number.to_string()),
                // The first lets somebody in, and ends with a restore.
                tokens::purpose.eq(["reset", "é \" \\ \u{1f} \u{2028} \u{1f600} \t\n", ""][number]),
                tokens::person_id.eq((number > 0).then_some(person)),
                tokens::subject_id.eq((number > 0).then_some(i64::MAX)),
                tokens::created_at.eq(at),
                tokens::expires_at.eq(at),
            ))
            .execute(&mut conn)
            .expect("a token");
        let status = ["waiting", "sent", "failed"][number];
        diesel::insert_into(mails::table)
            .values((
                mails::message_id.eq(number.to_string()),
                mails::kind.eq("outbox/test"),
                mails::to_address.eq("claire@tilleuls.example"),
                mails::to_name.eq("Claire"),
                mails::language.eq("fr"),
                mails::data.eq("{}"),
                mails::subject.eq("Essai"),
                mails::secret.eq(number == 1),
                mails::status.eq(status),
                mails::attempts.eq(0),
                mails::next_attempt_at.eq(at),
                mails::created_at.eq(at),
            ))
            .execute(&mut conn)
            .expect("a mail");
    }
    // A key that is gone is not given again.
    diesel::delete(tokens::table.filter(tokens::token_hash.eq("2")))
        .execute(&mut conn)
        .expect("it was there");
}

/// Backs up one place, restores it into the other and compares all rows.
fn there_and_compare(from: &Place, to: &Place) {
    let first = take(from, "first.tar");
    verified(from, &first);
    let said = restore(to, &first);
    assert_eq!(said.code, Some(0), "{said:?}");
    for text in [
        "1 email(s) were waiting",
        "sign in again",
        "links to choose a password do not hold any more",
        "GUICHET_DATA_DIR=data",
    ] {
        assert!(said.out.contains(text), "{text}: {said:?}");
    }
    let second = take(to, "second.tar");
    let (mut before, mut after) = (rows(&first), rows(&second));
    // The audit of each says what was done to it; the backup of a moment cannot name itself.
    let events = after.get_mut("events").expect("a table");
    let is_own = |row: &Vec<Value>| row.contains(&json!("backup_restored"));
    let had = before["events"].iter().filter(|row| is_own(row)).count();
    assert_eq!(events.iter().filter(|row| is_own(row)).count(), had + 1);
    events.retain(|row| !is_own(row));
    before
        .get_mut("events")
        .expect("a table")
        .retain(|row| !is_own(row));
    assert!(before["tickets"].len() == 40 && before["sessions"].len() == 3);

    // What a restore changes on purpose: nothing leaves, and nobody is signed in.
    before.insert("sessions".to_owned(), Vec::new());
    let tokens = before.get_mut("tokens").expect("a table");
    let links = tokens.len();
    tokens.retain(|row| !row.contains(&json!("reset")));
    assert_eq!(tokens.len(), links - 1);
    let manifest = manifest(&first);
    let columns = &manifest["tables"]
        .as_array()
        .and_then(|tables| tables.iter().find(|table| table["name"] == "mails"))
        .expect("a table")["columns"];
    let status = columns
        .as_array()
        .and_then(|columns| columns.iter().position(|column| column["name"] == "status"));
    let status = status.expect("a column");
    for row in before.get_mut("mails").into_iter().flatten() {
        if row[status] == json!("waiting") {
            row[status] = json!("held");
        }
    }
    let key = |row: &Vec<Value>| serde_json::to_string(row).expect("JSON");
    for (table, rows) in &mut before {
        rows.sort_by_key(key);
        assert_eq!(*rows, after[table], "{table}");
    }
    assert_eq!(before.len(), after.len());
    let mut ids = last_ids(&first);
    let events = ids.get_mut("events").expect("a table");
    *events = events.map(|last| last + 1);
    assert_eq!(ids, last_ids(&second));

    // The engine gives the next key, not one that was given.
    let next: i64 = diesel::insert_into(tokens::table)
        .values((
            tokens::token_hash.eq("next"),
            tokens::purpose.eq("test"),
            tokens::created_at.eq(Timestamp::from_micros(0)),
            tokens::expires_at.eq(Timestamp::from_micros(0)),
        ))
        .returning(tokens::id)
        .get_result(&mut to.database.connect())
        .expect("a token");
    assert_eq!(Some(next - 1), last_ids(&first)["tokens"]);
    let said = to.run(&["ticket", "replay"]);
    assert!(said.out.starts_with("40 replayed"), "{said:?}");
}

#[test]
fn every_row_comes_back() {
    let (place, other) = (Place::new(), Place::new());
    fill(&place);
    there_and_compare(&place, &other);
}

#[test]
fn rows_of_one_engine_go_into_the_other_and_back() {
    let (file, server) = (Place::embedded(), Place::new());
    fill(&file);
    there_and_compare(&file, &server);
    let mut conn = server.database.connect();
    diesel::update(mails::table.filter(mails::status.eq("held")))
        .set(mails::status.eq("waiting"))
        .execute(&mut conn)
        .expect("it is there");
    let person: i64 = people::table
        .select(people::id)
        .first(&mut conn)
        .expect("somebody");
    for number in 0..3 {
        diesel::insert_into(sessions::table)
            .values((
                sessions::token_hash.eq(number.to_string()),
                sessions::person_id.eq(person),
                sessions::public_id.eq(number.to_string()),
                sessions::device.eq("a browser"),
                sessions::network.eq("192.0.2.x"),
                sessions::created_at.eq(Timestamp::from_micros(1)),
                sessions::seen_at.eq(Timestamp::from_micros(1)),
            ))
            .execute(&mut conn)
            .expect("a session");
    }
    diesel::insert_into(tokens::table)
        .values((
            tokens::token_hash.eq("reset again"),
            tokens::purpose.eq("reset"),
            tokens::person_id.eq(person),
            tokens::created_at.eq(Timestamp::from_micros(1)),
            tokens::expires_at.eq(Timestamp::from_micros(1)),
        ))
        .execute(&mut conn)
        .expect("a link");
    diesel::sql_query("DELETE FROM tokens WHERE token_hash = 'next'")
        .execute(&mut conn)
        .expect("it is there");
    there_and_compare(&server, &Place::embedded());
}
