//! A condition in memory and the same one in the database say the same.

use diesel::prelude::*;
use guichet::platform::i18n::Lang;
use guichet::schema::tickets;
use guichet::teams::{TeamError, TeamId, create_team};
use guichet::tickets::commands::{Change, Changes, change_properties};
use guichet::tickets::conditions::{Condition, Facts, Test, evaluate, filter};
use guichet::tickets::events::TicketState;
use guichet::tickets::{Channel, Priority, Status, Tag, Ticket, TicketId, tags_of};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::desk::Desk;

const TAGS: [&str; 3] = ["fibre", "vip", "santé"];

fn tag(word: &str) -> Tag {
    Tag::parse(word).expect("a tag")
}

/// Gives a ticket a priority, a team and tags, some of each.
fn furnish(desk: &Desk, ticket: &Ticket, number: usize, teams: &[TeamId]) {
    fn change<T: Clone>(seen: &T, wanted: T) -> Change<T> {
        Change {
            seen: seen.clone(),
            wanted,
        }
    }
    let tags = TAGS.iter().enumerate();
    let tags = tags.filter(|(place, _)| number >> place & 1 == 1);
    let changes = Changes {
        status: change(
            &ticket.status,
            if number.is_multiple_of(2) {
                ticket.status
            } else {
                Status::Pending
            },
        ),
        priority: change(&ticket.priority, Priority::ALL[number % 4]),
        team: change(&ticket.team_id, teams.get(number % 3).copied()),
        assignee: change(&ticket.assignee_id, None),
        request_type: change(&ticket.request_type_id, ticket.request_type_id),
        tags: change(&Vec::new(), tags.map(|(_, word)| tag(word)).collect()),
    };
    let id = ticket.id;
    desk.app.write_as(desk.theo.actor(), move |tx| {
        change_properties(tx, id, &changes).map(drop)
    });
}

fn tests(teams: Vec<TeamId>) -> impl Strategy<Value = Test> {
    fn some<T: Clone + std::fmt::Debug + 'static>(
        of: impl Into<Vec<T>>,
    ) -> impl Strategy<Value = Vec<T>> {
        let of: Vec<T> = of.into();
        let most = of.len();
        proptest::sample::subsequence(of, 0..=most)
    }
    let tags: Vec<Tag> = TAGS.iter().map(|word| tag(word)).collect();
    prop_oneof![
        some(Priority::ALL).prop_map(Test::Priority),
        some(Status::ALL).prop_map(Test::Status),
        some(Channel::ALL).prop_map(Test::Channel),
        some(Lang::ALL).prop_map(Test::Language),
        some(teams).prop_map(Test::Team),
        some(tags).prop_map(Test::Tag),
        some([guichet::organisations::OrganisationId(1)]).prop_map(Test::Organisation),
        some([
            guichet::forms::RequestTypeId(1),
            guichet::forms::RequestTypeId(2)
        ])
        .prop_map(Test::RequestType),
    ]
}

fn conditions(teams: Vec<TeamId>) -> impl Strategy<Value = Condition> {
    let test = tests(teams).prop_map(Condition::Is);
    test.prop_recursive(4, 24, 4, |inner| {
        let parts = || proptest::collection::vec(inner.clone(), 0..4);
        prop_oneof![
            parts().prop_map(Condition::All),
            parts().prop_map(Condition::Any),
            parts().prop_map(Condition::None),
        ]
    })
}

#[test]
fn memory_and_database_agree() {
    let desk = Desk::new();
    let teams: Vec<TeamId> = ["Réseau", "Achats"]
        .into_iter()
        .map(|name| {
            desk.app.write(move |tx| {
                let made = create_team(tx, name, 1)?;
                Ok::<_, TeamError>(made.id)
            })
        })
        .collect();
    for number in 0..12 {
        let ticket = desk.file(&format!("Panne {number}"));
        furnish(&desk, &ticket, number, &teams);
    }
    let all: Vec<(TicketId, Facts)> = desk.app.read(|conn| {
        let rows: Vec<Ticket> = tickets::table.select(Ticket::as_select()).load(conn)?;
        rows.into_iter()
            .map(|ticket| {
                let tags = tags_of(conn, ticket.id)?;
                Ok((ticket.id, Facts::from(&TicketState { ticket, tags })))
            })
            .collect()
    });
    let mut runner = TestRunner::deterministic();
    let strategy = conditions(teams);
    let (mut some, mut none) = (0, 0);
    for _ in 0..400 {
        let condition = strategy
            .new_tree(&mut runner)
            .expect("a condition")
            .current();
        let mut found: Vec<TicketId> = desk.app.read(|conn| {
            tickets::table
                .filter(filter(&condition))
                .select(tickets::id)
                .load(conn)
        });
        found.sort();
        let expected: Vec<TicketId> = all
            .iter()
            .filter(|(_, facts)| evaluate(&condition, facts).holds)
            .map(|(id, _)| *id)
            .collect();
        assert_eq!(found, expected, "{condition:?}");
        some += usize::from(!found.is_empty());
        none += usize::from(found.len() < all.len());
    }
    assert!(
        some > 50 && none > 50,
        "the conditions tell tickets apart: {some}, {none}"
    );
}
