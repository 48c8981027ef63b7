//! Conditions on a ticket: one vocabulary for whatever chooses among tickets.
//!
//! A [`Condition`] is looked at in two ways that always agree, which a property test says: in memory,
//! over [`Facts`], with what was read and what failed first; and as a filter for the database. It is
//! kept as JSON, so that variants are added and never change their names.

mod evaluate;
mod filter;

use serde::{Deserialize, Serialize};

pub use self::evaluate::{Evaluation, Failed, evaluate};
pub use self::filter::filter;
use super::events::TicketState;
use super::model::{Channel, Priority, Status, Tag};
use crate::forms::RequestTypeId;
use crate::organisations::OrganisationId;
use crate::platform::i18n::Lang;
use crate::teams::TeamId;

/// Levels of nesting, at most.
pub const MAX_DEPTH: usize = 8;
/// Tests and groups of one condition, at most.
pub const MAX_PARTS: usize = 200;
/// Values of one test, at most.
pub const MAX_VALUES: usize = 500;

/// What a ticket has to be like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Each of these holds; true without any.
    All(Vec<Condition>),
    /// One of these holds; false without any.
    Any(Vec<Condition>),
    /// None of these holds; true without any.
    None(Vec<Condition>),
    /// A test of one property.
    Is(Test),
}

/// A property and the values that pass: one of them is enough. What a ticket does not have (a team,
/// an organisation) is none of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// What kind of request it is.
    RequestType(Vec<RequestTypeId>),
    /// How much it presses.
    Priority(Vec<Priority>),
    /// Where it stands.
    Status(Vec<Status>),
    /// How it came in.
    Channel(Vec<Channel>),
    /// The language it was filed in.
    Language(Vec<Lang>),
    /// The requester's company.
    Organisation(Vec<OrganisationId>),
    /// Who is to handle it.
    Team(Vec<TeamId>),
    /// Its labels: one of them is enough.
    Tag(Vec<Tag>),
}

crate::text_enum! {
    /// A property that tests read, by its name in [`Test`].
    Field {
        /// What kind of request it is.
        RequestType = "request_type",
        /// How much it presses.
        Priority = "priority",
        /// Where it stands.
        Status = "status",
        /// How it came in.
        Channel = "channel",
        /// The language it was filed in.
        Language = "language",
        /// The requester's company.
        Organisation = "organisation",
        /// Who is to handle it.
        Team = "team",
        /// Its labels.
        Tag = "tag",
    }
}

/// What conditions read of a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What kind of request it is.
    pub request_type: RequestTypeId,
    /// How much it presses.
    pub priority: Priority,
    /// Where it stands.
    pub status: Status,
    /// How it came in.
    pub channel: Channel,
    /// The language it was filed in.
    pub language: Lang,
    /// The requester's company.
    pub organisation: Option<OrganisationId>,
    /// Who is to handle it.
    pub team: Option<TeamId>,
    /// Its labels.
    pub tags: Vec<Tag>,
}

impl From<&TicketState> for Facts {
    fn from(state: &TicketState) -> Self {
        let ticket = &state.ticket;
        Self {
            request_type: ticket.request_type_id,
            priority: ticket.priority,
            status: ticket.status,
            channel: ticket.channel,
            language: ticket.language,
            organisation: ticket.organisation_id,
            team: ticket.team_id,
            tags: state.tags.clone(),
        }
    }
}

/// Why a condition is none that the program would look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    /// Deeper than [`MAX_DEPTH`].
    #[error("groups stand within one another deeper than {MAX_DEPTH}")]
    Depth,
    /// More than [`MAX_PARTS`].
    #[error("more than {MAX_PARTS} parts")]
    Parts,
    /// A test with more than [`MAX_VALUES`].
    #[error("a test has more than {MAX_VALUES} values")]
    Values,
}

impl Condition {
    /// A condition that every ticket passes.
    #[must_use]
    pub const fn always() -> Self {
        Self::All(Vec::new())
    }

    /// The parts of a group; none of a test.
    #[must_use]
    pub fn parts(&self) -> &[Self] {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) => parts,
            Self::Is(_) => &[],
        }
    }

    /// Whether it stays within bounds: looked at before it is kept.
    ///
    /// # Errors
    /// Which bound it breaks.
    pub fn check(&self) -> Result<(), TooMuch> {
        // Without recursion: what comes from outside may be as deep as it likes.
        let mut waiting = vec![(self, 1)];
        let mut count = 0;
        while let Some((condition, depth)) = waiting.pop() {
            count += 1;
            if depth > MAX_DEPTH {
                return Err(TooMuch::Depth);
            }
            if count > MAX_PARTS {
                return Err(TooMuch::Parts);
            }
            if let Self::Is(test) = condition
                && test.len() > MAX_VALUES
            {
                return Err(TooMuch::Values);
            }
            waiting.extend(condition.parts().iter().map(|part| (part, depth + 1)));
        }
        Ok(())
    }

    /// All tests in it, in order.
    #[must_use]
    pub fn tests(&self) -> Vec<&Test> {
        match self {
            Self::Is(test) => vec![test],
            group => group.parts().iter().flat_map(Self::tests).collect(),
        }
    }
}

impl Test {
    /// The property that it reads.
    #[must_use]
    pub const fn field(&self) -> Field {
        match self {
            Self::RequestType(_) => Field::RequestType,
            Self::Priority(_) => Field::Priority,
            Self::Status(_) => Field::Status,
            Self::Channel(_) => Field::Channel,
            Self::Language(_) => Field::Language,
            Self::Organisation(_) => Field::Organisation,
            Self::Team(_) => Field::Team,
            Self::Tag(_) => Field::Tag,
        }
    }

    /// How many values pass.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::RequestType(values) => values.len(),
            Self::Priority(values) => values.len(),
            Self::Status(values) => values.len(),
            Self::Channel(values) => values.len(),
            Self::Language(values) => values.len(),
            Self::Organisation(values) => values.len(),
            Self::Team(values) => values.len(),
            Self::Tag(values) => values.len(),
        }
    }

    /// Whether no value passes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_kept_under_names_that_do_not_change() {
        let condition = Condition::All(vec![
            Condition::Is(Test::Priority(vec![Priority::Urgent, Priority::High])),
            Condition::None(vec![Condition::Is(Test::Tag(
                Tag::parse("vip").into_iter().collect(),
            ))]),
        ]);
        let kept =
            r#"{"all":[{"is":{"priority":["urgent","high"]}},{"none":[{"is":{"tag":["vip"]}}]}]}"#;
        assert_eq!(serde_json::to_string(&condition).expect("JSON"), kept);
        assert_eq!(
            serde_json::from_str::<Condition>(kept).expect("a condition"),
            condition
        );
        let of_a_later_program = r#"{"is":{"moon":["full"]}}"#;
        assert!(serde_json::from_str::<Condition>(of_a_later_program).is_err());
    }

    #[test]
    fn the_names_of_tests_are_those_of_the_fields() {
        for test in [
            Test::RequestType(Vec::new()),
            Test::Priority(Vec::new()),
            Test::Status(Vec::new()),
            Test::Channel(Vec::new()),
            Test::Language(Vec::new()),
            Test::Organisation(Vec::new()),
            Test::Team(Vec::new()),
            Test::Tag(Vec::new()),
        ] {
            let kept = serde_json::to_value(&test).expect("JSON");
            assert!(kept.get(test.field().as_str()).is_some(), "{kept}");
        }
    }

    #[test]
    fn what_is_too_much_is_said() {
        let deep = (0..50).fold(Condition::always(), |inner, _| Condition::Any(vec![inner]));
        assert_eq!(deep.check(), Err(TooMuch::Depth));
        let wide = Condition::All(vec![Condition::always(); 10_000]);
        assert_eq!(wide.check(), Err(TooMuch::Parts));
        let long = Condition::Is(Test::Team(vec![TeamId(1); 501]));
        assert_eq!(long.check(), Err(TooMuch::Values));
        assert_eq!(Condition::always().check(), Ok(()));
    }
}
