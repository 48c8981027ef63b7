//! What `backup verify` proves, and what it finds wrong.

use diesel::prelude::*;
use guichet::schema::tickets;

use super::take;
use crate::cli::program::Place;

/// A portal with a little history.
fn lived_in() -> Place {
    let place = Place::new();
    let said = place.run(&["demo", "--no-serve", "--tickets", "20", "--dir", "data"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    place
}

#[test]
fn a_good_backup_is_served_once() {
    let place = lived_in();
    let backup = take(&place, "b.tar");
    let said = place.run(&["backup", "verify", &backup.display().to_string()]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let started = said.out.lines().find(|line| line.contains(" started "));
    let started = started.expect("it says so");
    assert!(
        started.starts_with("ok") && started.contains("/sign-in"),
        "{started}"
    );
}

#[test]
fn a_ticket_that_is_not_what_its_history_says_is_named() {
    let place = lived_in();
    let mut conn = place.database.connect();
    let (id, reference): (i64, String) = tickets::table
        .select((tickets::id, tickets::reference))
        .order(tickets::id.asc())
        .first(&mut conn)
        .expect("a ticket");
    diesel::update(tickets::table.find(id))
        .set(tickets::subject.eq("Behind the history's back"))
        .execute(&mut conn)
        .expect("changed");
    drop(conn);
    let backup = take(&place, "b.tar");
    let said = place.run(&["backup", "verify", &backup.display().to_string()]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let failures: Vec<_> = said
        .out
        .lines()
        .filter(|line| line.starts_with("FAILURE"))
        .collect();
    assert_eq!(failures.len(), 1, "{said:?}");
    assert!(
        failures[0].contains("histories") && failures[0].contains(&reference),
        "{failures:?}"
    );
}
