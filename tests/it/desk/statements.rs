//! How many statements a page costs.

use guichet::tickets::Visibility;

use super::Desk;
use crate::support::{Browser, note_statements, statements};

/// Statements of one request. Connections that the pool opens meanwhile add their own, so the
/// cheapest of several counts.
fn cost(desk: &Desk, browser: &Browser<'_>, path: &str) -> usize {
    (0..6)
        .map(|_| {
            statements(&desk.app);
            browser.get(path).expect(200);
            statements(&desk.app).len()
        })
        .min()
        .expect("there were several requests")
}

#[test]
fn a_list_costs_the_same_however_long_it_is() {
    note_statements();
    let desk = Desk::new();
    let browser = desk.browser(&desk.theo);
    desk.file("Panne 0");
    let one = cost(&desk, &browser, "/desk/views/open");
    for n in 1..40 {
        desk.file(&format!("Panne {n}"));
    }
    let forty = cost(&desk, &browser, "/desk/views/open");
    assert!(one > 0, "the statements are counted");
    assert_eq!(one, forty);
}

#[test]
fn a_request_costs_the_same_however_much_was_written() {
    note_statements();
    let desk = Desk::new();
    let browser = desk.browser(&desk.theo);
    let ticket = desk.file("Coupure totale");
    let path = format!("/desk/tickets/{}", ticket.reference);
    let history = format!("{path}/history");
    let before = (
        cost(&desk, &browser, &path),
        cost(&desk, &browser, &history),
    );
    for n in 0..15 {
        let body = format!("Message {n}");
        desk.write(&desk.amina, ticket.id, &body, Visibility::Public);
        desk.write(&desk.claire, ticket.id, &body, Visibility::Public);
    }
    let after = (
        cost(&desk, &browser, &path),
        cost(&desk, &browser, &history),
    );
    assert_eq!(before, after);
}
