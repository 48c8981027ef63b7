//! What promises cost whoever writes: as many statements, however long the thread is, and next to
//! none where nothing is promised.

use guichet::tickets::conditions::Condition;
use guichet::tickets::{Ticket, Visibility};

use super::{office, promise};
use crate::desk::Desk;
use crate::support::{note_statements, queries};

/// Tables that nothing but this slice asks.
const OURS: [&str; 4] = ["calendars", "sla_policies", "ticket_policies", "promises"];

/// What this slice asked while something was done.
fn asked(desk: &Desk, deed: impl FnOnce()) -> Vec<String> {
    queries(&desk.app);
    deed();
    let mut all = queries(&desk.app);
    all.retain(|statement| OURS.iter().any(|table| statement.contains(table)));
    all
}

fn whole(desk: &Desk, deed: impl FnOnce()) -> usize {
    queries(&desk.app);
    deed();
    queries(&desk.app).len()
}

#[test]
fn where_nothing_is_promised_an_event_costs_one_statement() {
    note_statements();
    let desk = Desk::new();
    let ticket = desk.file("Panne");
    let all = asked(&desk, || {
        desk.write(&desk.theo, ticket.id, "Je regarde.", Visibility::Public);
    });
    assert!(all.len() <= 2, "an answer may set a status, too: {all:#?}");
    assert!(all.iter().all(|asked| asked.contains("sla_policies")));
    let all = asked(&desk, || {
        desk.write(&desk.theo, ticket.id, "Entre nous.", Visibility::Note);
    });
    assert!(all.is_empty(), "{all:#?}");
}

#[test]
fn a_long_thread_costs_no_more_than_a_short_one() {
    note_statements();
    let desk = Desk::new();
    office(&desk.app);
    promise(&desk.app, "4 h", Condition::always());
    let ticket = desk.file("Panne");
    let exchange = |ticket: &Ticket| {
        desk.write(&desk.claire, ticket.id, "Et alors ?", Visibility::Public);
        desk.write(&desk.theo, ticket.id, "Voici.", Visibility::Public);
    };
    exchange(&ticket);
    let few = whole(&desk, || exchange(&ticket));
    for _ in 0..20 {
        exchange(&ticket);
    }
    let many = whole(&desk, || exchange(&ticket));
    assert_eq!(few, many);
}
