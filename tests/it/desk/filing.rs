//! Filing for a customer.

use guichet::tickets::queries::{Readers, find_for_desk, list_messages};
use guichet::tickets::{Channel, Priority};

use super::Desk;

#[test]
fn a_call_becomes_a_request_once() {
    let desk = Desk::new();
    let theo = desk.browser(&desk.theo);
    let page = theo.get("/desk/new").expect(200);
    let form = || {
        page.form("/desk/tickets")
            .fill("email", "Paul.Verdier@ravel.example")
            .fill("name", "Paul Verdier")
            .fill("subject", "Standard injoignable")
            .fill("body", "Il appelle depuis son portable.")
            .fill("priority", "urgent")
            .fill("assignee", &desk.theo.id.to_string())
            .fill("visibility", "internal")
    };
    let location = form()
        .submit_once()
        .expect(303)
        .location()
        .map(str::to_owned);
    assert_eq!(
        form()
            .submit_once()
            .expect(303)
            .location()
            .map(str::to_owned),
        location
    );
    let reference = location
        .expect("it leads somewhere")
        .replace("/desk/tickets/", "");
    let ticket = desk
        .app
        .read(|conn| find_for_desk(conn, &reference))
        .expect("it is filed");
    assert_eq!(
        (ticket.channel, ticket.priority),
        (Channel::Phone, Priority::Urgent)
    );
    assert_eq!(ticket.assignee_id, Some(desk.theo.id));
    let public = desk
        .app
        .read(|conn| list_messages(conn, ticket.id, Readers::Customer));
    assert!(public.is_empty(), "the note stays inside");
    theo.get("/desk/views/mine")
        .has("Standard injoignable")
        .has("Paul Verdier");
}

#[test]
fn what_is_missing_is_asked_for_and_the_rest_is_kept() {
    let desk = Desk::new();
    let theo = desk.browser(&desk.theo);
    let refused = theo
        .get("/desk/new")
        .form("/desk/tickets")
        .fill("email", "paul@")
        .fill("subject", "Standard injoignable")
        .submit_once()
        .expect(422);
    let form = refused.form("/desk/tickets");
    assert_eq!(form.value("subject"), Some("Standard injoignable"));
    assert_eq!(form.value("email"), Some("paul@"));
}
