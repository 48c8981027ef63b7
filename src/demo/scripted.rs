//! Requests that are told word for word, so that some stories can be counted on.

use std::sync::LazyLock;

use serde::Deserialize;

use super::files::FileKind;
use super::office;
use super::people::{COMPANY, CustomerAt};
use super::prng::Prng;
use super::story::{Act, By, CONFIRM_AFTER, Properties, Step, Story};
use crate::platform::db::Timestamp;
use crate::tickets::{Channel, Priority, Status, Visibility};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    requester: String,
    kind: String,
    steps: Vec<Line>,
}

/// One step; exactly one of the acts is given.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// Working minutes before now.
    ago: i64,
    /// Name of an agent; the customer otherwise.
    by: Option<String>,
    file: Option<Filing>,
    say: Option<String>,
    note: Option<String>,
    /// With `say`: what the agent chooses beside the send button.
    status: Option<Status>,
    set: Option<Settings>,
    /// With `set`: the agent takes the request.
    #[serde(default)]
    take: bool,
    #[serde(default)]
    confirm: bool,
    reopen: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Filing {
    subject: String,
    body: String,
    attach: Option<FileKind>,
    /// Slugs of the articles that were opened while it was written.
    #[serde(default)]
    read: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    priority: Option<Priority>,
    team: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
}

static SCRIPTS: LazyLock<Vec<Script>> = LazyLock::new(|| {
    serde_saphyr::from_str(include_str!("scripted.yaml")).expect("scripted.yaml is well formed")
});

/// The stories as of an instant.
pub(super) fn stories(rng: &Prng, now: Timestamp) -> Vec<Story> {
    (0..)
        .zip(SCRIPTS.iter())
        .map(|(number, script)| script.story(rng.fork(number), now))
        .collect()
}

impl Script {
    fn story(&'static self, mut rng: Prng, now: Timestamp) -> Story {
        let mut steps: Vec<Step> = self
            .steps
            .iter()
            .map(|line| line.step(&mut rng, now))
            .collect();
        if let Some(last) = steps.last().filter(|step| is_solution(step)) {
            let at = last.at + CONFIRM_AFTER;
            steps.push(Step {
                at,
                by: By::Time,
                act: Act::LetTimePass,
            });
        }
        Story {
            requester: customer(&self.requester),
            kind: COMPANY.kind(&self.kind),
            channel: Channel::Web,
            steps,
        }
    }
}

impl Line {
    fn step(&'static self, rng: &mut Prng, now: Timestamp) -> Step {
        let at = office::earlier(now, self.ago);
        let by = match self.by.as_deref() {
            None | Some("customer") => By::Customer,
            Some(name) => By::Agent(COMPANY.agent(name)),
        };
        let act = self.act(by, rng, at);
        Step { at, by, act }
    }

    fn act(&'static self, by: By, rng: &mut Prng, at: Timestamp) -> Act {
        if let Some(filing) = &self.file {
            return Act::File {
                subject: filing.subject.clone(),
                body: filing.body.clone(),
                file: filing.attach.map(|kind| kind.make(rng, at)),
                read: &filing.read,
            };
        }
        if let Some(settings) = &self.set {
            return Act::Set(Properties {
                priority: settings.priority,
                team: settings.team.as_deref().map(|key| COMPANY.team(key)),
                tags: settings.tags.clone(),
                assignee: match by {
                    By::Agent(agent) if self.take => Some(agent),
                    _ => None,
                },
                ..Properties::default()
            });
        }
        if let Some(body) = self.reopen.clone() {
            return Act::Reopen { body };
        }
        match (&self.say, &self.note) {
            (Some(body), _) => self.says(body, Visibility::Public),
            (None, Some(body)) => self.says(body, Visibility::Note),
            (None, None) => {
                debug_assert!(self.confirm, "a line has one act");
                Act::Confirm
            }
        }
    }

    fn says(&self, body: &str, visibility: Visibility) -> Act {
        Act::Say {
            body: body.to_owned(),
            visibility,
            status: self.status,
        }
    }
}

fn is_solution(step: &Step) -> bool {
    let solved = Some(Status::Resolved);
    matches!(&step.act, Act::Say { status, .. } if *status == solved)
}

fn customer(name: &str) -> CustomerAt {
    COMPANY
        .customers()
        .find(|&at| COMPANY.name_of(at) == name)
        .expect("who is named in scripted.yaml is a customer")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_begins_with_its_filing_and_goes_forward() {
        let now = Timestamp::from_micros(1_795_100_000_000_000);
        for (script, story) in SCRIPTS.iter().zip(stories(&Prng::new(1), now)) {
            for line in &script.steps {
                let acts = [
                    line.file.is_some(),
                    line.say.is_some(),
                    line.note.is_some(),
                    line.set.is_some(),
                    line.confirm,
                    line.reopen.is_some(),
                ];
                assert_eq!(acts.iter().filter(|&&given| given).count(), 1, "{line:?}");
            }
            assert!(matches!(story.steps[0].act, Act::File { .. }));
            assert!(story.steps.is_sorted_by(|a, b| a.at < b.at));
        }
    }
}
