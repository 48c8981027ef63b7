//! A condition as a filter for the database.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::{Condition, Test};
use crate::schema::{ticket_tags, tickets};
use crate::tickets::queries::Filter;

/// The tickets for which a condition holds. Call it with conditions that were checked: it goes as
/// deep as they do.
#[must_use]
pub fn filter(condition: &Condition) -> Filter {
    match condition {
        Condition::All(parts) => all(parts),
        Condition::Any(parts) => any(parts),
        Condition::None(parts) => Box::new(not(any(parts))),
        Condition::Is(test) => of_test(test),
    }
}

fn all(parts: &[Condition]) -> Filter {
    // A constant, and no condition on the key, which would invite to walk along it.
    let every: Filter = Box::new(true.into_sql::<Bool>());
    parts.iter().fold(every, |filter: Filter, part| {
        Box::new(filter.and(self::filter(part)))
    })
}

fn any(parts: &[Condition]) -> Filter {
    let nothing: Filter = Box::new(false.into_sql::<Bool>());
    parts.iter().fold(nothing, |filter: Filter, part| {
        Box::new(filter.or(self::filter(part)))
    })
}

fn of_test(test: &Test) -> Filter {
    match test {
        Test::RequestType(values) => Box::new(tickets::request_type_id.eq_any(values.clone())),
        Test::Priority(values) => Box::new(tickets::priority.eq_any(values.clone())),
        Test::Status(values) => Box::new(tickets::status.eq_any(values.clone())),
        Test::Channel(values) => Box::new(tickets::channel.eq_any(values.clone())),
        Test::Language(values) => Box::new(tickets::language.eq_any(values.clone())),
        // "Unknown" would be neither true nor, within a "none", false.
        Test::Organisation(values) => Box::new(
            tickets::organisation_id.is_not_null().and(
                tickets::organisation_id
                    .eq_any(values.clone())
                    .assume_not_null(),
            ),
        ),
        Test::Team(values) => Box::new(
            tickets::team_id
                .is_not_null()
                .and(tickets::team_id.eq_any(values.clone()).assume_not_null()),
        ),
        Test::Tag(values) => {
            let words: Vec<String> = values.iter().map(|tag| tag.as_str().to_owned()).collect();
            let tagged = ticket_tags::table
                .filter(ticket_tags::ticket_id.eq(tickets::id))
                .filter(ticket_tags::tag.eq_any(words));
            Box::new(exists(tagged))
        }
    }
}
