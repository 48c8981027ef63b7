//! A month of work in which no promise passes its hour without the customer having been told.

use chrono::Duration;
use diesel::prelude::*;
use guichet::schema::promises;
use guichet::sla::promises::{Promise, PromiseReason, PromiseState};
use guichet::sla::ticket::Books;
use guichet::sla::ticket::refresh::replay_due;
use guichet::tickets::commands::{NewMessage, StatusAfter, write_message};
use guichet::tickets::conditions::Condition;
use guichet::tickets::due::get_due;
use guichet::tickets::{AuthorKind, Channel, Status, Ticket, Visibility};

use super::{office, promise};
use crate::requests::portal::Portal;

/// Minutes between two looks.
const STEP: i64 = 15;
const DAYS: i64 = 30;

/// How much happens between two looks.
struct Pace {
    filed: fn(&mut Draw) -> u64,
    done: fn(&mut Draw) -> u64,
}

/// Numbers that look drawn (SplitMix64).
struct Draw(u64);

impl Draw {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }
}

fn reply() -> NewMessage {
    NewMessage {
        author_kind: AuthorKind::Customer,
        visibility: Visibility::Public,
        body: "Et alors ?".into(),
        files: Vec::new(),
        channel: Channel::Web,
        status_after: StatusAfter::Keep,
    }
}

/// Somebody does something about a request.
fn act(portal: &Portal, ticket: &Ticket, draw: &mut Draw) {
    match draw.next(5) {
        0 => portal.set(ticket, Status::Pending),
        1 | 2 => portal.answer(ticket, "Voici.", StatusAfter::Keep),
        3 => portal.set(ticket, Status::Resolved),
        _ => {
            let (id, message) = (ticket.id, reply());
            portal.app.write_as(portal.claire.actor(), move |tx| {
                write_message(tx, id, &message).map(drop)
            });
        }
    }
}

#[test]
fn no_promise_passes_its_hour_without_an_earlier_notice() {
    let quiet = Pace {
        filed: |draw| u64::from(draw.next(18) == 0),
        done: |draw| u64::from(draw.next(12) == 0),
    };
    assert!(live(&quiet) > 100);
}

#[test]
#[ignore = "takes minutes"]
fn nor_in_a_month_of_five_thousand_requests() {
    let busy = Pace {
        filed: |draw| 1 + u64::from(draw.next(4) > 0),
        done: |_| 3,
    };
    assert!(live(&busy) > 4_900);
}

/// Lives through a month; answers how many requests were filed.
fn live(pace: &Pace) -> usize {
    let portal = Portal::new();
    office(&portal.app);
    promise(&portal.app, "4 h", Condition::always());
    let mut draw = Draw(2026);
    let mut open: Vec<Ticket> = Vec::new();
    let mut filed = Vec::new();
    for _ in 0..DAYS * 24 * 60 / STEP {
        portal.app.advance(Duration::minutes(STEP));
        portal.app.run("watch promises");
        for _ in 0..(pace.filed)(&mut draw) {
            let ticket = portal.file(&portal.claire, "Panne", "Bonjour.");
            filed.push(ticket.clone());
            open.push(ticket);
        }
        for _ in 0..(pace.done)(&mut draw) {
            if open.is_empty() {
                break;
            }
            let place = usize::try_from(draw.next(open.len() as u64)).expect("small");
            act(&portal, &open[place], &mut draw);
            portal.app.run("watch promises");
            if draw.next(3) == 0 {
                open.remove(place);
            }
        }
    }
    let lines: Vec<Promise> = portal.app.read(|conn| {
        promises::table
            .order(promises::id.asc())
            .select(Promise::as_select())
            .load(conn)
    });
    let now = portal.app.clock.now();
    for line in &lines {
        let passed = match line.state {
            PromiseState::Broken => true,
            PromiseState::Made => now > line.due_at,
            PromiseState::Moved => line.reason == Some(PromiseReason::Late),
            // The clock of what was kept or stands still may have stood still at its hour.
            PromiseState::Kept | PromiseState::Paused => false,
        };
        if passed {
            let told = line
                .warned_at
                .unwrap_or_else(|| panic!("nobody told: {line:?}"));
            assert!(told < line.due_at, "{line:?}");
        }
    }
    let count = |state| lines.iter().filter(|line| line.state == state).count();
    for state in [
        PromiseState::Kept,
        PromiseState::Moved,
        PromiseState::Broken,
    ] {
        assert!(count(state) > 5, "{state}: {}", count(state));
    }
    // One letter for each promise that was not going to be kept, and none twice.
    let warned = lines.iter().filter(|line| line.warned_at.is_some()).count();
    let letters = portal.app.mails().into_iter();
    let letters = letters.filter(|mail| mail.kind == "notifications/promise");
    assert_eq!(letters.count(), warned);
    for ticket in &filed {
        let (stored, replayed) = portal.app.read(|conn| {
            let at = portal.stored(&ticket.reference).updated_at;
            let mut books = Books::load(conn)?;
            let replayed = replay_due(conn, ticket.id, &mut books, at)?;
            Ok((get_due(conn, ticket.id)?, replayed))
        });
        assert_eq!(stored, replayed, "{}", ticket.reference);
    }
    filed.len()
}
