//! Filing for a customer.

use guichet::tickets::queries::{Readers, find_for_desk, list_messages};
use guichet::tickets::{Channel, Priority, Visibility};

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
fn a_request_noted_for_somebody_is_not_answered_yet() {
    let desk = Desk::new();
    let theo = desk.browser(&desk.theo);
    let location = theo
        .get("/desk/new")
        .form("/desk/tickets")
        .fill("email", "paul.verdier@ravel.example")
        .fill("name", "Paul Verdier")
        .fill("subject", "Standard injoignable")
        .fill("body", "Le standard ne sonne plus.")
        .fill("visibility", "public")
        .submit_once()
        .expect(303)
        .location()
        .map(str::to_owned)
        .expect("it leads somewhere");
    let reference = location.replace("/desk/tickets/", "");
    let ticket = || {
        desk.app
            .read(|conn| find_for_desk(conn, &reference))
            .expect("it is filed")
    };
    assert_eq!(ticket().message_count, 1);
    assert_eq!(ticket().responded_at, None, "nobody has answered Paul");
    desk.write(&desk.theo, ticket().id, "Pour mémoire.", Visibility::Note);
    assert_eq!(ticket().responded_at, None, "a note is no answer");
    desk.write(
        &desk.theo,
        ticket().id,
        "C’est rétabli.",
        Visibility::Public,
    );
    assert_eq!(ticket().responded_at, Some(ticket().updated_at));
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
