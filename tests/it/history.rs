//! A ticket is nothing but its history.

use std::sync::{Arc, Barrier};

use guichet::accounts::{Person, PersonId};
use guichet::platform::db::{Actor, Database};
use guichet::tickets::commands::{
    Change, Changes, NewMessage, StatusAfter, TicketError, change_properties, confirm_ticket,
    reopen_ticket, write_message,
};
use guichet::tickets::events::TicketState;
use guichet::tickets::queries::list_by_ids;
use guichet::tickets::{
    AuthorKind, Channel, Priority, Status, Tag, TicketId, Visibility, replay, tags_of,
};
use proptest::prelude::*;

use crate::desk::Desk;

/// Something that somebody tries on a ticket.
#[derive(Clone, Debug)]
enum Deed {
    Write {
        by_agent: bool,
        note: bool,
        then: Option<Status>,
    },
    Set {
        status: Option<Status>,
        priority: Option<Priority>,
        assign: Option<bool>,
        tags: Option<Vec<Tag>>,
    },
    Confirm,
    Reopen,
}

fn deed() -> impl Strategy<Value = Deed> {
    let status = || proptest::option::of(proptest::sample::select(Status::ALL));
    let priority = proptest::option::of(proptest::sample::select(Priority::ALL));
    let tags = proptest::option::of(
        proptest::collection::vec("[a-c]{1,2}", 0..3).prop_map(|t| Tag::parse_list(&t.join(" "))),
    );
    prop_oneof![
        (any::<bool>(), any::<bool>(), status()).prop_map(|(by_agent, note, then)| Deed::Write {
            by_agent,
            note,
            then
        }),
        (
            status(),
            priority,
            proptest::option::of(any::<bool>()),
            tags
        )
            .prop_map(|(status, priority, assign, tags)| Deed::Set {
                status,
                priority,
                assign,
                tags
            }),
        Just(Deed::Confirm),
        Just(Deed::Reopen),
    ]
}

fn stored(db: &Database, id: TicketId) -> (TicketState, Option<TicketState>) {
    db.read_blocking(|conn| {
        let ticket = list_by_ids(conn, &[id.0])?.remove(0);
        let state = TicketState {
            ticket,
            tags: tags_of(conn, id)?,
        };
        Ok::<_, TicketError>((state, replay(conn, id)?))
    })
    .expect("the history can be read")
}

/// Does a deed as the page would; what the rules refuse is refused.
fn attempt(db: &Database, id: TicketId, deed: Deed, (agent, customer): (&Person, &Person)) {
    let (now, _) = stored(db, id);
    let actor = match deed {
        Deed::Write {
            by_agent: false, ..
        }
        | Deed::Confirm
        | Deed::Reopen => customer.actor(),
        _ => agent.actor(),
    };
    let agent = agent.id;
    let outcome = db.write_blocking(actor, move |tx| match &deed {
        Deed::Write {
            by_agent,
            note,
            then,
        } => write_message(tx, id, &message(*by_agent, *note, *then)).map(drop),
        Deed::Set {
            status,
            priority,
            assign,
            tags,
        } => {
            let mut changes = unchanged(&now);
            changes.status.wanted = status.unwrap_or(changes.status.seen);
            changes.priority.wanted = priority.unwrap_or(changes.priority.seen);
            if let Some(assign) = assign {
                changes.assignee.wanted = assign.then_some(agent);
            }
            if let Some(tags) = tags {
                changes.tags.wanted.clone_from(tags);
            }
            change_properties(tx, id, &changes).map(drop)
        }
        Deed::Confirm => confirm_ticket(tx, id).map(drop),
        Deed::Reopen => reopen_ticket(tx, id, None).map(drop),
    });
    assert!(
        matches!(outcome, Ok(()) | Err(TicketError::Transition { .. })),
        "{outcome:?}"
    );
}

fn message(by_agent: bool, note: bool, then: Option<Status>) -> NewMessage {
    NewMessage {
        author_kind: if by_agent {
            AuthorKind::Agent
        } else {
            AuthorKind::Customer
        },
        visibility: if by_agent && note {
            Visibility::Note
        } else {
            Visibility::Public
        },
        body: "Bonjour.".into(),
        files: Vec::new(),
        channel: Channel::Web,
        status_after: then.map_or(StatusAfter::Keep, StatusAfter::Set),
    }
}

fn unchanged(now: &TicketState) -> Changes {
    fn same<T: Clone>(value: &T) -> Change<T> {
        Change {
            seen: value.clone(),
            wanted: value.clone(),
        }
    }
    Changes {
        status: same(&now.ticket.status),
        priority: same(&now.ticket.priority),
        team: same(&now.ticket.team_id),
        assignee: same(&now.ticket.assignee_id),
        request_type: same(&now.ticket.request_type_id),
        tags: same(&now.tags),
    }
}

#[test]
fn whatever_is_done_the_stored_ticket_is_its_history() {
    let desk = Desk::new();
    let db = desk.app.site.db.clone();
    let config = ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let deeds = proptest::collection::vec(deed(), 1..12);
    proptest!(config, |(deeds in deeds)| {
        let id = desk.file("Coupure totale").id;
        for deed in deeds {
            attempt(&db, id, deed, (&desk.theo, &desk.claire));
        }
        let (stored, replayed) = stored(&db, id);
        prop_assert_eq!(Some(stored), replayed);
    });
}

#[test]
fn many_at_once_lose_nothing() {
    const THREADS: usize = 8;
    let desk = Desk::new();
    let id = desk.file("Coupure totale").id;
    let db = desk.app.site.db.clone();
    let (now, _) = stored(&db, id);
    let start = Arc::new(Barrier::new(THREADS));
    let threads: Vec<_> = (0..THREADS)
        .map(|n| {
            let (db, start, mut changes) = (db.clone(), Arc::clone(&start), unchanged(&now));
            let actor: PersonId = if n % 2 == 0 {
                desk.theo.id
            } else {
                desk.amina.id
            };
            changes.tags.wanted = Tag::parse_list(&format!("tag{n}"));
            std::thread::spawn(move || {
                start.wait();
                db.write_blocking(Actor::Person(actor.0), move |tx| {
                    change_properties(tx, id, &changes)
                })
            })
        })
        .collect();
    for thread in threads {
        thread
            .join()
            .expect("no thread panics")
            .expect("no change is refused");
    }
    let (stored, replayed) = stored(&db, id);
    assert_eq!(stored.tags.len(), THREADS);
    assert_eq!(stored.ticket.version, now.ticket.version + 8);
    assert_eq!(Some(stored), replayed);
}
