//! Replies and notes.

use guichet::tickets::queries::{Message, Readers, list_messages};
use guichet::tickets::{Status, Visibility};

use super::Desk;
use crate::support::File;

fn messages(desk: &Desk, ticket: &guichet::tickets::Ticket, readers: Readers) -> Vec<Message> {
    desk.app
        .read(|conn| list_messages(conn, ticket.id, readers))
}

#[test]
fn a_reply_is_for_the_customer_and_a_note_is_not() {
    let desk = Desk::new();
    let ticket = desk.file("Coupure totale");
    let path = format!("/desk/tickets/{}", ticket.reference);
    let action = format!("{path}/messages");
    let theo = desk.browser(&desk.theo);
    theo.get(&path)
        .form(&action)
        .fill("body", "Nous changeons le **connecteur**.")
        .press("status", "pending")
        .submit()
        .expect(200)
        .has("Votre réponse est envoyée");
    theo.get(&path)
        .form(&action)
        .fill("kind", "note")
        .fill("body", "Prévoir une nacelle.")
        .submit()
        .expect(200)
        .has("La note est ajoutée")
        .has("Prévoir une nacelle.");
    assert_eq!(desk.ticket(ticket.id).status, Status::Pending);
    let seen: Vec<String> = messages(&desk, &ticket, Readers::Customer)
        .into_iter()
        .map(|message| message.body)
        .collect();
    assert_eq!(
        seen,
        [
            "Coupure totale, bonjour.",
            "Nous changeons le **connecteur**."
        ]
    );
    theo.get(&format!("{path}?show=notes"))
        .has("nacelle")
        .lacks("connecteur");
    theo.get(&format!("{path}?show=public"))
        .has("connecteur")
        .lacks("nacelle");
    desk.browser(&desk.claire)
        .get(&format!("/requests/{}", ticket.reference))
        .expect(200)
        .has("connecteur")
        .lacks("nacelle");
}

#[test]
fn a_text_begun_before_others_wrote_is_kept_and_shown_with_what_is_new() {
    let desk = Desk::new();
    let ticket = desk.file("Coupure totale");
    let path = format!("/desk/tickets/{}", ticket.reference);
    let action = format!("{path}/messages");
    let theo = desk.browser(&desk.theo);
    let form = theo
        .get(&path)
        .form(&action)
        .fill("body", "Le voyant est-il vert ?");
    desk.write(&desk.amina, ticket.id, "Note en passant.", Visibility::Note);
    desk.write(
        &desk.claire,
        ticket.id,
        "Il est orange.",
        Visibility::Public,
    );
    let refused = form
        .submit_once()
        .expect(409)
        .has("Claire")
        .has("Il est orange.");
    assert_eq!(messages(&desk, &ticket, Readers::Customer).len(), 2);
    let again = refused.form(&action);
    assert_eq!(again.value("body"), Some("Le voyant est-il vert ?"));
    again.press("status", "keep").submit().expect(200).at(&path);
    assert_eq!(messages(&desk, &ticket, Readers::Customer).len(), 3);
}

#[test]
fn the_send_button_says_what_becomes_of_the_status() {
    let desk = Desk::new();
    let ticket = desk.file("Coupure totale");
    let path = format!("/desk/tickets/{}", ticket.reference);
    let action = format!("{path}/messages");
    let theo = desk.browser(&desk.theo);
    theo.get(&path)
        .form(&action)
        .fill("kind", "note")
        .fill("body", "À rappeler.")
        .submit()
        .expect(200);
    assert_eq!(desk.ticket(ticket.id).status, Status::New, "a note keeps");
    let button = |page: &crate::support::Page<'_>| page.all("[data-send]").concat();
    let page = theo.get(&path);
    assert_eq!(button(&page), "Envoyer, passer à En cours");
    page.lacks("Envoyer, garder Nouvelle")
        .form(&action)
        .fill("body", "Nous regardons.")
        .press("status", "keep")
        .submit()
        .expect(200);
    assert_eq!(desk.ticket(ticket.id).status, Status::Open);
    assert_eq!(button(&theo.get(&path)), "Envoyer, garder En cours");
}

#[test]
fn notes_and_one_s_own_words_never_collide() {
    let desk = Desk::new();
    let ticket = desk.file("Coupure totale");
    let path = format!("/desk/tickets/{}", ticket.reference);
    let action = format!("{path}/messages");
    let theo = desk.browser(&desk.theo);
    let note = theo
        .get(&path)
        .form(&action)
        .fill("kind", "note")
        .fill("body", "Vu.");
    let reply = theo.get(&path).form(&action).fill("body", "Bonjour.");
    desk.write(&desk.theo, ticket.id, "J’arrive.", Visibility::Public);
    reply.submit().expect(200);
    desk.write(&desk.claire, ticket.id, "Merci.", Visibility::Public);
    note.submit().expect(200);
    assert_eq!(messages(&desk, &ticket, Readers::Agents).len(), 5);
}

#[test]
fn a_form_sent_twice_is_one_message() {
    let desk = Desk::new();
    let ticket = desk.file("Coupure totale");
    let path = format!("/desk/tickets/{}", ticket.reference);
    let theo = desk.browser(&desk.theo);
    let page = theo.get(&path);
    let send = || {
        page.form(&format!("{path}/messages"))
            .fill("body", "Une fois.")
            .submit_once()
            .expect(303)
            .location()
            .map(str::to_owned)
    };
    let first = send();
    desk.write(&desk.claire, ticket.id, "Merci.", Visibility::Public);
    assert_eq!(send(), first);
    assert_eq!(messages(&desk, &ticket, Readers::Agents).len(), 3);
}

#[test]
fn what_cannot_be_taken_is_named_and_given_back() {
    let desk = Desk::new();
    let ticket = desk.file("Coupure totale");
    let path = format!("/desk/tickets/{}", ticket.reference);
    let action = format!("{path}/messages");
    let theo = desk.browser(&desk.theo);
    let form = || theo.get(&path).form(&action);
    let long = "mot ".repeat(75_000);
    let refused = form().fill("body", &long).submit_once().expect(422);
    assert_eq!(
        refused.form(&action).value("body").map(str::len),
        Some(long.len())
    );
    form().fill("body", "  ").submit_once().expect(422);
    form().fill("body", "a\u{0}b").submit_once().expect(422);
    form()
        .fill("body", "x")
        .forge("kind", "poem")
        .submit_once()
        .expect(422);
    form()
        .fill("body", "x")
        .forge("status", "melted")
        .submit_once()
        .expect(422);
    form()
        .fill("body", "x")
        .forge("status", "closed")
        .submit_once()
        .expect(422)
        .has("Ce statut ne peut pas suivre");
    let file = |name: &str, bytes: &[u8]| File::new(name, "text/plain", bytes);
    let heavy = vec![b'x'; 20_000_001];
    form()
        .fill("body", "Voici.")
        .attach("files", file("lourd.txt", &heavy))
        .attach("files", file("vide.txt", b""))
        .submit_once()
        .expect(422)
        .has("lourd.txt");
    let many = (0..40).fold(form().fill("body", "x"), |form, n| {
        form.attach("files", file(&format!("{n}.txt"), b"x"))
    });
    many.submit_once().expect(422).has("40 fichiers");
    assert_eq!(messages(&desk, &ticket, Readers::Agents).len(), 1);
}

#[test]
fn unknown_requests_are_all_the_same_page() {
    let desk = Desk::new();
    let theo = desk.browser(&desk.theo);
    let paths = [
        "/desk/tickets/GU-1",
        "/desk/tickets/%FF",
        "/desk/tickets/GU%2D1001%00",
        "/desk/tickets/GU-1/history",
        "/desk/tickets/GU-1/files/x",
    ];
    for path in paths {
        theo.get(path).expect(404);
    }
}

#[test]
fn a_key_that_no_page_made_counts_as_none() {
    let desk = Desk::new();
    let ticket = desk.file("Coupure totale");
    let path = format!("/desk/tickets/{}", ticket.reference);
    let theo = desk.browser(&desk.theo);
    for key in ["", "a\u{0}b", "é"] {
        let form = theo.get(&path).form(&format!("{path}/messages"));
        form.fill("body", "Bonjour.")
            .forge("key", key)
            .submit()
            .expect(200);
    }
    assert_eq!(messages(&desk, &ticket, Readers::Agents).len(), 4);
}
