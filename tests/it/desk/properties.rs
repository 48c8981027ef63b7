//! Properties, and two agents setting them at once.

use guichet::tickets::tags_of;
use guichet::tickets::{Priority, Status, Tag};

use super::Desk;

#[test]
fn what_is_set_is_stored_and_told() {
    let desk = Desk::new();
    let ticket = desk.file("Coupure totale");
    let path = format!("/desk/tickets/{}", ticket.reference);
    let browser = desk.browser(&desk.theo);
    browser
        .get(&path)
        .form(&format!("{path}/properties"))
        .fill("priority", "urgent")
        .fill("assignee", &desk.amina.id.to_string())
        .fill("tags", "Fibre, site de santé")
        .submit()
        .expect(200)
        .at(&path)
        .has("Théo Marchand a modifié les propriétés")
        .has("Priorité : Normale → Critique");
    let now = desk.ticket(ticket.id);
    assert_eq!(now.priority, Priority::Urgent);
    assert_eq!(now.assignee_id, Some(desk.amina.id));
    let tags = desk.app.read(|conn| tags_of(conn, ticket.id));
    assert_eq!(
        tags.iter().map(Tag::as_str).collect::<Vec<_>>(),
        ["de", "fibre", "santé", "site"]
    );
    browser
        .get(&format!("{path}/history"))
        .expect(200)
        .has("a modifié les propriétés")
        .has("Amina Belkacem")
        .has("a déposé la demande");
}

#[test]
fn different_fields_are_no_conflict_and_nothing_is_lost() {
    let desk = Desk::new();
    let ticket = desk.file("Coupure totale");
    let path = format!("/desk/tickets/{}", ticket.reference);
    let action = format!("{path}/properties");
    let (theo, amina) = (desk.browser(&desk.theo), desk.browser(&desk.amina));
    let (mine, hers) = (
        theo.get(&path).form(&action),
        amina.get(&path).form(&action),
    );
    hers.fill("priority", "high")
        .fill("tags", "fibre")
        .submit()
        .expect(200);
    mine.fill("status", "pending")
        .fill("tags", "vip")
        .submit()
        .expect(200)
        .at(&path);
    let now = desk.ticket(ticket.id);
    assert_eq!(
        (now.status, now.priority),
        (Status::Pending, Priority::High)
    );
    let tags = desk.app.read(|conn| tags_of(conn, ticket.id));
    assert_eq!(
        tags.iter().map(Tag::as_str).collect::<Vec<_>>(),
        ["fibre", "vip"]
    );
}

#[test]
fn the_same_field_brings_both_versions_and_a_choice() {
    let desk = Desk::new();
    let ticket = desk.file("Coupure totale");
    let path = format!("/desk/tickets/{}", ticket.reference);
    let action = format!("{path}/properties");
    let (theo, amina) = (desk.browser(&desk.theo), desk.browser(&desk.amina));
    let mine = theo.get(&path).form(&action);
    amina
        .get(&path)
        .form(&action)
        .fill("priority", "low")
        .submit()
        .expect(200);
    let conflict = mine
        .fill("priority", "urgent")
        .fill("status", "pending")
        .submit_once()
        .expect(409)
        .has("Amina Belkacem")
        .has("Normale")
        .has("Basse")
        .has("Critique");
    let now = desk.ticket(ticket.id);
    assert_eq!(
        (now.priority, now.status),
        (Priority::Low, Status::New),
        "nothing is saved"
    );
    let form = conflict.form(&action);
    assert_eq!(form.value("priority"), Some("low"));
    assert_eq!(form.value("status"), Some("pending"));
    form.fill("priority", "urgent")
        .submit()
        .expect(200)
        .at(&path);
    let now = desk.ticket(ticket.id);
    assert_eq!(
        (now.priority, now.status),
        (Priority::Urgent, Status::Pending)
    );
}

#[test]
fn a_forged_form_is_refused_field_by_field() {
    let desk = Desk::new();
    let ticket = desk.file("Coupure totale");
    let path = format!("/desk/tickets/{}", ticket.reference);
    let action = format!("{path}/properties");
    let browser = desk.browser(&desk.theo);
    let forged = [
        ("status", "melted"),
        ("status", "closed"),
        ("priority", ""),
        ("team", "4711"),
        ("assignee", "4711"),
        ("request_type", "4711"),
        ("version", "99"),
        ("version", "0"),
        ("version", "-3"),
        ("version", "x"),
    ];
    for (name, value) in forged {
        browser
            .get(&path)
            .form(&action)
            .forge(name, value)
            .submit_once()
            .expect(422);
    }
    let customer = desk.claire.id.to_string();
    browser
        .get(&path)
        .form(&action)
        .forge("assignee", &customer)
        .submit_once()
        .expect(422);
    assert_eq!(desk.ticket(ticket.id), ticket);
    let stale = browser
        .get(&path)
        .form(&action)
        .forge("version", "99")
        .submit_once();
    stale
        .form(&action)
        .fill("priority", "high")
        .submit()
        .expect(200);
    assert_eq!(desk.ticket(ticket.id).priority, Priority::High);
}
