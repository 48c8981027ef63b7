//! Clocks, as agents see them.

use chrono::Duration;
use guichet::sla::policy::Goal;
use guichet::sla::ticket::Books;
use guichet::sla::ticket::refresh::replay_due;
use guichet::tickets::commands::{Change, Changes, change_properties};
use guichet::tickets::conditions::{Condition, Test};
use guichet::tickets::due::{Due, DueNext, get_due};
use guichet::tickets::{Priority, Status, Tag, Ticket, Visibility};

use super::{office, promise};
use crate::desk::Desk;

fn due(desk: &Desk, ticket: &Ticket) -> DueNext {
    desk.app.read(|conn| get_due(conn, ticket.id)).next()
}

/// Whether what is kept is what the history makes of it.
fn is_replayed(desk: &Desk, ticket: &Ticket) -> bool {
    let (stored, replayed): (Due, Due) = desk.app.read(|conn| {
        let now = desk.ticket(ticket.id).updated_at;
        let mut books = Books::load(conn)?;
        Ok((
            get_due(conn, ticket.id)?,
            replay_due(conn, ticket.id, &mut books, now)?,
        ))
    });
    stored == replayed
}

fn set(desk: &Desk, ticket: &Ticket, status: Status, priority: Priority, tags: &[&str]) {
    fn change<T: Clone>(seen: T, wanted: T) -> Change<T> {
        Change { seen, wanted }
    }
    let now = desk.ticket(ticket.id);
    let tags = tags.iter().filter_map(|word| Tag::parse(word)).collect();
    let changes = Changes {
        status: change(now.status, status),
        priority: change(now.priority, priority),
        team: change(now.team_id, now.team_id),
        assignee: change(now.assignee_id, now.assignee_id),
        request_type: change(now.request_type_id, now.request_type_id),
        tags: change(Vec::new(), tags),
    };
    let id = ticket.id;
    desk.app.advance(Duration::minutes(1));
    desk.app.write_as(desk.theo.actor(), move |tx| {
        change_properties(tx, id, &changes).map(drop)
    });
}

#[test]
fn what_is_due_follows_what_happens() {
    let desk = Desk::new();
    office(&desk.app);
    promise(&desk.app, "4 h", Condition::always());
    let ticket = desk.file("Panne");
    // Thursday 16:01: two hours today, two tomorrow.
    let DueNext::At(Goal::First, at) = due(&desk, &ticket) else {
        panic!("{:?}", due(&desk, &ticket));
    };
    assert_eq!(at.rfc3339(), "2026-11-20T09:31:00Z");
    desk.write(&desk.theo, ticket.id, "Je regarde.", Visibility::Public);
    assert!(matches!(
        due(&desk, &ticket),
        DueNext::At(Goal::Resolution, _)
    ));
    set(&desk, &ticket, Status::Pending, Priority::Normal, &[]);
    assert!(matches!(
        due(&desk, &ticket),
        DueNext::Paused(Goal::Resolution, _)
    ));
    desk.app.advance(Duration::days(3));
    desk.write(&desk.claire, ticket.id, "Voilà.", Visibility::Public);
    assert!(matches!(due(&desk, &ticket), DueNext::At(Goal::Next, _)));
    set(&desk, &ticket, Status::Resolved, Priority::Normal, &[]);
    assert_eq!(due(&desk, &ticket), DueNext::Nothing);
    assert!(is_replayed(&desk, &ticket));
}

#[test]
fn lists_show_and_sort_by_what_is_due() {
    let desk = Desk::new();
    office(&desk.app);
    let urgent = Condition::Is(Test::Tag(Tag::parse("vip").into_iter().collect()));
    promise(&desk.app, "VIP", urgent);
    let theo = desk.browser(&desk.theo);
    let [none, late, soon] =
        ["Sans promesse", "Bientôt", "Avant"].map(|subject| desk.file(subject));
    theo.get("/desk/views/open").lacks("Délai");
    set(&desk, &soon, Status::Open, Priority::Normal, &["vip"]);
    desk.app.advance(Duration::minutes(30));
    set(&desk, &late, Status::Open, Priority::Normal, &["vip"]);
    let page = theo
        .get("/desk/views/open?sort=due")
        .expect(200)
        .has("Délai");
    let subjects = page.all(".queue .row-link");
    assert_eq!(subjects, ["Bientôt", "Avant", "Sans promesse"]);
    page.has("Première réponse");
    for ticket in [&none, &late, &soon] {
        assert!(is_replayed(&desk, ticket));
    }
    // From one to the next in that order.
    let from = "%2Fdesk%2Fviews%2Fopen%3Fsort%3Ddue";
    let first = format!("/desk/tickets/{}?from={from}", late.reference);
    theo.get(&first).expect(200).has("Première réponse");
    // Late at night.
    desk.app.advance(Duration::days(2));
    let theo = desk.browser(&desk.theo);
    theo.get("/desk/views/open?sort=due").has("−");
}

#[test]
fn a_due_time_opens_as_a_statement() {
    let desk = Desk::new();
    office(&desk.app);
    promise(&desk.app, "4 h", Condition::always());
    let ticket = desk.file("Panne");
    let path = format!("/desk/tickets/{}", ticket.reference);
    let theo = desk.browser(&desk.theo);
    let page = theo.get(&path).expect(200).has("dans les temps");
    page.click("Voir le décompte")
        .expect(200)
        .has("Première réponse")
        .has("4 h ouvrées")
        .has("hors des heures d’ouverture")
        .has("Total jusqu’à l’échéance 4 h 00")
        .has("choisie par ses conditions")
        .has("version 1");
    // A weekend and a holiday have their names.
    desk.app.advance(Duration::days(1));
    let friday = desk.file("Encore");
    desk.browser(&desk.theo)
        .get(&format!("/desk/tickets/{}/clock", friday.reference))
        .has("week-end");
}

#[test]
fn a_policy_is_chosen_by_hand_with_a_reason() {
    let desk = Desk::new();
    office(&desk.app);
    let all = promise(&desk.app, "4 h", Condition::always());
    let other = promise(&desk.app, "Particulière", Condition::Any(Vec::new()));
    let ticket = desk.file("Panne");
    let theo = desk.browser(&desk.theo);
    let clock = format!("/desk/tickets/{}/clock", ticket.reference);
    let action = format!("/desk/tickets/{}/policy", ticket.reference);
    let form = || theo.get(&clock).form(&action);
    form()
        .fill("policy", &other.to_string())
        .submit_once()
        .expect(422)
        .has("emplissez ce champ");
    form()
        .fill("policy", &other.to_string())
        .fill("reason", "Convenu au téléphone.")
        .submit()
        .expect(200)
        .has("choisie à la main")
        .has("Convenu au téléphone.")
        .has("Théo Marchand");
    // No rule takes it back.
    set(&desk, &ticket, Status::Open, Priority::Urgent, &["vip"]);
    theo.get(&clock).has("choisie à la main");
    form()
        .fill("policy", "")
        .submit()
        .expect(200)
        .has("choisie par ses conditions");
    form()
        .forge("policy", "999")
        .fill("reason", "x")
        .submit_once()
        .expect(404);
    assert!(all.0 > 0 && is_replayed(&desk, &ticket));
}

#[test]
fn each_turn_of_a_clock_has_its_statement() {
    let desk = Desk::new();
    office(&desk.app);
    promise(&desk.app, "4 h", Condition::always());
    let ticket = desk.file("Panne");
    for _ in 0..2 {
        desk.write(&desk.theo, ticket.id, "Je regarde.", Visibility::Public);
        desk.write(&desk.claire, ticket.id, "Et alors ?", Visibility::Public);
    }
    let theo = desk.browser(&desk.theo);
    let path = format!("/desk/tickets/{}/clock", ticket.reference);
    let page = theo.get(&path).expect(200);
    let earlier = page.click("Réponse suivante, tour 1").expect(200);
    earlier
        .has("2 h ouvrées")
        .has("tenue")
        .lacks("16 h ouvrées");
    for nowhere in ["?goal=next&turn=9", "?goal=nothing&turn=1"] {
        theo.get_once(&format!("{path}{nowhere}")).expect(404);
    }
}

#[test]
fn nothing_promised_is_said_so() {
    let desk = Desk::new();
    let ticket = desk.file("Panne");
    assert_eq!(due(&desk, &ticket), DueNext::Nothing);
    let theo = desk.browser(&desk.theo);
    theo.get(&format!("/desk/tickets/{}/clock", ticket.reference))
        .expect(200)
        .has("Rien n’est promis pour cette demande");
}
