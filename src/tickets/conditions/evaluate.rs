//! A condition over facts: whether it holds, what was read for that, and what failed first.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Condition, Facts, Field, Test};

/// What became of a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Whether it holds.
    pub holds: bool,
    /// What was read, as it was.
    pub read: BTreeMap<Field, Value>,
    /// The first part that failed; nothing when it holds.
    pub failed: Option<Failed>,
}

/// The part of a condition for which it does not hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failed {
    /// The test, with the values that it asks for. None when a group of alternatives is empty.
    pub test: Option<Test>,
    /// Whether it had to fail and did not: it stands in a group of which nothing may hold.
    pub unwanted: bool,
    /// What the ticket had.
    pub was: Value,
}

/// Looks at a condition. Groups are looked at from left to right and no further than needed.
#[must_use]
pub fn evaluate(condition: &Condition, facts: &Facts) -> Evaluation {
    let mut read = BTreeMap::new();
    let failed = look(condition, facts, &mut read);
    Evaluation {
        holds: failed.is_none(),
        read,
        failed,
    }
}

/// The part that failed, if the condition does not hold.
fn look(condition: &Condition, facts: &Facts, read: &mut BTreeMap<Field, Value>) -> Option<Failed> {
    match condition {
        Condition::All(parts) => parts.iter().find_map(|part| look(part, facts, read)),
        Condition::Any(parts) => {
            let mut first = None;
            for part in parts {
                match look(part, facts, read) {
                    None => return None,
                    failed => first = first.or(failed),
                }
            }
            first.or(Some(Failed {
                test: None,
                unwanted: false,
                was: Value::Null,
            }))
        }
        Condition::None(parts) => parts.iter().find_map(|part| {
            let holds = look(part, facts, read).is_none();
            holds.then(|| unwanted(part, facts))
        }),
        Condition::Is(test) => {
            let was = test.field().of(facts);
            read.insert(test.field(), was.clone());
            let failed = !test.passes(facts);
            failed.then(|| Failed {
                test: Some(test.clone()),
                unwanted: false,
                was,
            })
        }
    }
}

/// A part that holds where it may not: by its first test, which a person can look at.
fn unwanted(part: &Condition, facts: &Facts) -> Failed {
    let test = part.tests().first().map(|&test| test.clone());
    Failed {
        was: test
            .as_ref()
            .map_or(Value::Null, |test| test.field().of(facts)),
        test,
        unwanted: true,
    }
}

impl Field {
    /// What a ticket has of it.
    #[must_use]
    pub fn of(self, facts: &Facts) -> Value {
        match self {
            Self::RequestType => json!(facts.request_type),
            Self::Priority => json!(facts.priority),
            Self::Status => json!(facts.status),
            Self::Channel => json!(facts.channel),
            Self::Language => json!(facts.language),
            Self::Organisation => json!(facts.organisation),
            Self::Team => json!(facts.team),
            Self::Tag => json!(facts.tags),
        }
    }
}

impl Test {
    fn passes(&self, facts: &Facts) -> bool {
        match self {
            Self::RequestType(values) => values.contains(&facts.request_type),
            Self::Priority(values) => values.contains(&facts.priority),
            Self::Status(values) => values.contains(&facts.status),
            Self::Channel(values) => values.contains(&facts.channel),
            Self::Language(values) => values.contains(&facts.language),
            Self::Organisation(values) => facts.organisation.is_some_and(|id| values.contains(&id)),
            Self::Team(values) => facts.team.is_some_and(|id| values.contains(&id)),
            Self::Tag(values) => values.iter().any(|tag| facts.tags.contains(tag)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::RequestTypeId;
    use crate::platform::i18n::Lang;
    use crate::teams::TeamId;
    use crate::tickets::model::{Channel, Priority, Status};

    fn facts() -> Facts {
        Facts {
            request_type: RequestTypeId(1),
            priority: Priority::High,
            status: Status::New,
            channel: Channel::Web,
            language: Lang::Fr,
            organisation: None,
            team: Some(TeamId(7)),
            tags: Vec::new(),
        }
    }

    fn is(test: Test) -> Condition {
        Condition::Is(test)
    }

    #[test]
    fn the_first_part_that_failed_is_named_with_what_would_have_passed() {
        let condition = Condition::All(vec![
            is(Test::Team(vec![TeamId(7)])),
            is(Test::Priority(vec![Priority::Urgent])),
            is(Test::Language(vec![Lang::En])),
        ]);
        let evaluation = evaluate(&condition, &facts());
        assert!(!evaluation.holds);
        let failed = evaluation.failed.expect("something failed");
        assert_eq!(failed.test, Some(Test::Priority(vec![Priority::Urgent])));
        assert_eq!(failed.was, json!("high"));
        // The language was not looked at any more.
        assert_eq!(
            evaluation.read.keys().copied().collect::<Vec<_>>(),
            [Field::Priority, Field::Team]
        );
    }

    #[test]
    fn groups() {
        let yes = || is(Test::Team(vec![TeamId(7)]));
        let no = || is(Test::Team(vec![TeamId(8)]));
        let holds = |condition: Condition| evaluate(&condition, &facts()).holds;
        assert!(holds(Condition::always()));
        assert!(!holds(Condition::Any(Vec::new())));
        assert!(holds(Condition::Any(vec![no(), yes()])));
        assert!(holds(Condition::None(vec![no(), no()])));
        assert!(!holds(Condition::None(vec![no(), yes()])));
        assert!(!holds(Condition::All(vec![yes(), no()])));
        let unwanted = evaluate(&Condition::None(vec![yes()]), &facts()).failed;
        assert!(unwanted.is_some_and(|failed| failed.unwanted && failed.was == json!(7)));
        // What is absent is no value.
        assert!(!holds(is(Test::Organisation(Vec::new()))));
        assert!(holds(Condition::None(vec![is(Test::Organisation(
            Vec::new()
        ))])));
    }
}
