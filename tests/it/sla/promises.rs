//! What customers are told, and when.

use std::sync::{Arc, Barrier};

use chrono::Duration;
use guichet::accounts::commands::{Details, change_details};
use guichet::accounts::{Person, Role};
use guichet::platform::company::Key;
use guichet::platform::i18n::Lang;
use guichet::sla::promises::queries::list_promises;
use guichet::sla::promises::watch::WATCH;
use guichet::sla::promises::{Promise, PromiseReason, PromiseState};
use guichet::tickets::commands::{NewMessage, StatusAfter, write_message};
use guichet::tickets::conditions::Condition;
use guichet::tickets::due::Goal;
use guichet::tickets::{AuthorKind, Channel, Status, Ticket, Visibility};

use super::{office, promise};
use crate::requests::portal::Portal;
use crate::support::TestApp;

fn lines(portal: &Portal, ticket: &Ticket) -> Vec<Promise> {
    portal.app.read(|conn| list_promises(conn, ticket.id))
}

fn promised() -> Portal {
    let portal = Portal::new();
    office(&portal.app);
    promise(&portal.app, "4 h", Condition::always());
    portal
}

#[test]
fn the_first_promise_is_read_at_once_and_kept() {
    let portal = promised();
    let ticket = portal.file(&portal.claire, "Panne", "Rien ne marche.");
    let path = format!("/requests/{}", ticket.reference);
    let claire = portal.browser(&portal.claire);
    claire
        .get(&path)
        .expect(200)
        .has("First answer by")
        .has("tomorrow, 10:31 am")
        .has("Time left");
    let mail = portal.app.last_mail_to("claire@tilleuls.example");
    let text = portal.app.compose(&mail).text;
    assert!(text.contains("Fri 20 Nov, 10"), "{text}");
    portal.answer(&ticket, "Je regarde.", StatusAfter::Keep);
    let all = lines(&portal, &ticket);
    assert_eq!(all[0].state, PromiseState::Kept);
    assert_eq!(all[1].state, PromiseState::Made);
    claire.get(&path).has("Solution by").has("kept");
}

#[test]
fn mails_tell_hours_in_the_zone_of_the_reader_or_of_the_portal_and_name_it() {
    let far = TestApp::with(|settings| {
        settings.company.set(Key::TimeZone, "America/Martinique");
    });
    let portal = Portal::on(far);
    office(&portal.app);
    promise(&portal.app, "4 h", Condition::always());
    let told = |who: &Person| {
        let ticket = portal.file(who, "Panne", "Rien ne marche.");
        let mails = portal.app.mails().into_iter();
        let of_ticket = mails.filter(|mail| mail.data.contains(&ticket.reference));
        let text = |mail| portal.app.compose(&mail).text;
        of_ticket.map(text).collect::<String>()
    };
    // Friday 10:31 in Paris, whose hours are those of the calendar.
    let text = told(&portal.claire);
    assert!(
        text.contains("5:31") && text.contains("(America/Martinique)"),
        "{text}"
    );
    let id = portal.claire.id;
    portal.app.write(move |tx| {
        let details = Details {
            name: "Claire Fontanel".to_owned(),
            language: Lang::Fr,
            time_zone: "Indian/Reunion".to_owned(),
        };
        change_details(tx, id, &details)
    });
    let text = told(&portal.claire);
    assert!(
        text.contains("13") && text.contains("(Indian/Reunion)"),
        "{text}"
    );
}

#[test]
fn a_pause_is_said_and_moves_the_promise() {
    let portal = promised();
    let ticket = portal.file(&portal.claire, "Panne", "Rien ne marche.");
    let path = format!("/requests/{}", ticket.reference);
    let claire = portal.browser(&portal.claire);
    portal.set(&ticket, Status::Pending);
    claire
        .get(&path)
        .has("Paused")
        .has("the clock restarts when you reply");
    portal.app.advance(Duration::days(4));
    claire
        .get(&path)
        .form(&format!("{path}/messages"))
        .fill("body", "Voilà.")
        .submit()
        .expect(200)
        .has("Next answer by");
    let all = lines(&portal, &ticket);
    let moved: Vec<_> = all
        .iter()
        .filter(|p| p.state == PromiseState::Moved)
        .collect();
    assert_eq!(moved.len(), 1);
    assert_eq!(moved[0].reason, Some(PromiseReason::Waited));
    // Nobody is told of that by mail: they have just written.
    let kinds: Vec<String> = portal
        .app
        .mails()
        .into_iter()
        .map(|mail| mail.kind)
        .collect();
    assert!(
        !kinds.contains(&"notifications/promise".to_owned()),
        "{kinds:?}"
    );
}

#[test]
fn who_would_wait_in_vain_is_told_before_the_hour_and_once() {
    let portal = promised();
    let ticket = portal.file(&portal.claire, "Panne", "Rien ne marche.");
    let told = || {
        let mails = portal.app.mails().into_iter();
        let promises = mails.filter(|mail| mail.kind == "notifications/promise");
        promises.collect::<Vec<_>>()
    };
    portal.app.run("watch promises");
    assert!(told().is_empty());
    // Friday 9:40: less than an hour is left.
    portal.app.advance(Duration::minutes(17 * 60 + 40));
    portal.app.run("watch promises");
    portal.app.run("watch promises");
    assert_eq!(told().len(), 1);
    let text = portal.app.compose(&told()[0]).text;
    assert!(
        text.contains("Fri 20 Nov, 10") && text.contains("New time promised"),
        "{text}"
    );
    let all = lines(&portal, &ticket);
    let first = &all[0];
    assert_eq!(first.state, PromiseState::Moved);
    assert_eq!(first.reason, Some(PromiseReason::Late));
    assert!(first.warned_at.expect("told") < first.due_at);
    let second = all.last().expect("a new time");
    assert!(second.extended && second.due_at > first.due_at);
    let claire = portal.browser(&portal.claire);
    let path = format!("/requests/{}", ticket.reference);
    claire
        .get(&path)
        .has("First answer, new time promised")
        .has("1:31 pm")
        .has("we could not keep it");
    // That one is kept.
    portal.app.advance(Duration::hours(1));
    portal.answer(&ticket, "Me voici.", StatusAfter::Keep);
    let all = lines(&portal, &ticket);
    assert_eq!(all.last().expect("a line").state, PromiseState::Kept);
    assert_eq!(told().len(), 1);
}

#[test]
fn a_promise_that_is_broken_stays_so_in_the_ledger() {
    let portal = promised();
    let ticket = portal.file(&portal.claire, "Panne", "Rien ne marche.");
    for _ in 0..30 {
        portal.app.advance(Duration::minutes(60));
        portal.app.run("watch promises");
    }
    let first: Vec<PromiseState> = lines(&portal, &ticket)
        .into_iter()
        .filter(|line| line.goal.as_str() == "first")
        .map(|line| line.state)
        .collect();
    assert_eq!(first, [PromiseState::Moved, PromiseState::Broken]);
    portal.answer(&ticket, "Enfin.", StatusAfter::Keep);
    let nadia = portal.browser(&portal.nadia);
    nadia
        .get("/manage/promises")
        .expect(200)
        .has(&ticket.reference)
        .has("broken")
        .has("customer told")
        .has("0 of 1 promises");
    nadia
        .get("/manage/promises?state=broken")
        .has(&ticket.reference)
        .lacks("made, running");
    let kept = nadia.get("/manage/promises?state=kept").expect(200);
    kept.has("No promise here");
    let agent = portal.add("lea@guichet.example", "Léa", Role::Agent);
    portal.browser(&agent).get("/manage/promises").expect(404);
}

#[test]
fn who_was_not_told_because_nobody_watched_is_told_afterwards() {
    let portal = promised();
    let ticket = portal.file(&portal.claire, "Panne", "Rien ne marche.");
    // The program stood still for two days.
    portal.app.advance(Duration::days(2));
    portal.app.run("watch promises");
    portal.app.run("watch promises");
    let first = lines(&portal, &ticket).remove(0);
    assert_eq!(first.state, PromiseState::Broken);
    assert!(first.warned_at.expect("told") > first.due_at);
    let mut mails = portal.app.mails();
    mails.retain(|mail| mail.kind == "notifications/promise");
    let told: Vec<String> = mails
        .iter()
        .map(|mail| portal.app.compose(mail).text)
        .filter(|text| text.contains("First answer"))
        .collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("That time has passed"), "{told:?}");
}

#[test]
fn an_answer_and_the_watcher_at_once_leave_one_outcome() {
    let portal = promised();
    let tickets: Vec<Ticket> = (0..8)
        .map(|n| portal.file(&portal.claire, &format!("Panne {n}"), "Rien ne marche."))
        .collect();
    // Friday, less than an hour before the first of them.
    portal.app.advance(Duration::minutes(17 * 60 + 40));
    let start = Arc::new(Barrier::new(2));
    let (site, other) = (Arc::clone(&portal.app.site), Arc::clone(&start));
    let watcher = std::thread::spawn(move || {
        other.wait();
        (WATCH.run)(&site)
    });
    start.wait();
    for ticket in &tickets {
        let (id, message) = (ticket.id, answer());
        portal.app.write_as(portal.theo.actor(), move |tx| {
            write_message(tx, id, &message).map(drop)
        });
    }
    let watched = watcher.join().expect("no thread panics");
    watched.expect("the schedule runs");
    let mut moved = 0;
    for ticket in &tickets {
        let mut first = lines(&portal, ticket);
        first.retain(|line| line.goal == Goal::First);
        let (last, before) = first.split_last().expect("a promise");
        assert_eq!(last.state, PromiseState::Kept, "{first:?}");
        assert!(before.len() <= 1, "{first:?}");
        assert!(before.iter().all(|line| line.state == PromiseState::Moved));
        moved += before.len();
    }
    let mails = portal.app.mails().into_iter();
    let told = mails.filter(|mail| mail.kind == "notifications/promise");
    assert_eq!(told.count(), moved);
}

fn answer() -> NewMessage {
    NewMessage {
        author_kind: AuthorKind::Agent,
        visibility: Visibility::Public,
        body: "Me voici.".into(),
        files: Vec::new(),
        channel: Channel::Web,
        status_after: StatusAfter::Keep,
    }
}
