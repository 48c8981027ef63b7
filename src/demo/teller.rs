//! Telling a story step by step: what is said, by whom, and how much time passes.

use chrono::{Datelike, Duration, Timelike};

use super::arrivals::Arrival;
use super::office::{self, local};
use super::people::{COMPANY, CustomerAt, first_name};
use super::prng::Prng;
use super::scenarios::{Phrases, Scenario, phrases};
use super::story::{Act, By, Properties, Step};
use super::words::Words;
use crate::platform::db::Timestamp;
use crate::platform::i18n::Lang;
use crate::tickets::{Channel, Status, Visibility};

/// The slots that a story itself fills, beside those of the phrases.
#[cfg(test)]
pub(super) const SLOTS_OF_A_STORY: [&str; 10] = [
    "first",
    "name",
    "org",
    "site",
    "colleague",
    "agent",
    "team",
    "month",
    "hour",
    "weekday",
];

/// A story that is being told.
pub(super) struct Teller {
    pub(super) rng: Prng,
    pub(super) words: Words,
    pub(super) scenario: &'static Scenario,
    pub(super) phrases: &'static Phrases,
    /// Places of who has it.
    pub(super) team: usize,
    agent: usize,
    /// How many answers there were.
    answers: u32,
    /// When the last step was.
    pub(super) at: Timestamp,
    steps: Vec<Step>,
}

impl Teller {
    /// Begins a story: what its slots say is settled here.
    pub(super) fn new(
        mut rng: Prng,
        arrival: Arrival,
        requester: CustomerAt,
        scenario: &'static Scenario,
    ) -> Self {
        let entry = COMPANY.organisation_of(requester);
        let name = COMPANY.name_of(requester);
        let phrases = phrases(scenario.language);
        let mut words = Words::new(phrases);
        words.say("first", first_name(name));
        words.say("name", name);
        words.say("org", &entry.name);
        words.say("site", rng.pick(&entry.sites).map_or("", String::as_str));
        let colleagues: Vec<&String> = entry.people.iter().filter(|p| *p != name).collect();
        words.say("colleague", rng.pick(&colleagues).map_or("", |name| name));
        let kind = &COMPANY.kinds[COMPANY.kind(&scenario.kind)];
        let mut teller = Self {
            rng,
            words,
            scenario,
            phrases,
            team: COMPANY.team(&kind.team),
            agent: 0,
            answers: 0,
            at: arrival.at,
            steps: Vec::new(),
        };
        teller.say_dates();
        teller.say_since(arrival.surge, scenario.language);
        teller.choose_agent();
        teller
    }

    /// Place of the agent who has it.
    pub(super) fn agent(&self) -> usize {
        self.agent
    }

    /// The story as it was told.
    pub(super) fn into_steps(self) -> Vec<Step> {
        self.steps
    }

    pub(super) fn file(&mut self, channel: Channel) {
        let subject = self.words.one_of(&mut self.rng, &self.scenario.subject);
        let hello = self.words.one_of(&mut self.rng, &self.phrases.hello);
        let request = self.words.one_of(&mut self.rng, &self.scenario.opening);
        let signature = self.words.one_of(&mut self.rng, &self.phrases.signature);
        let file = self
            .scenario
            .file
            .filter(|_| channel != Channel::Phone && self.rng.chance(55))
            .map(|kind| kind.make(&mut self.rng, self.at));
        let (by, body) = if channel == Channel::Phone {
            let called = self.words.one_of(&mut self.rng, &self.phrases.called);
            let quoted = request.trim().replace('\n', "\n> ");
            (
                By::Agent(self.agent),
                joined(&[&called, &format!("> {quoted}")]),
            )
        } else {
            (By::Customer, joined(&[&hello, &request, &signature]))
        };
        let read: &[String] = match channel {
            Channel::Web if self.rng.chance(45) => &self.scenario.read,
            _ => &[],
        };
        let act = Act::File {
            subject,
            body,
            file,
            read,
        };
        self.steps.push(Step {
            at: self.at,
            by,
            act,
        });
    }

    /// An agent takes the request and sorts it; now and then it was the wrong team's.
    pub(super) fn choose_agent(&mut self) {
        let (agents, weights): (Vec<usize>, Vec<u64>) = COMPANY.members(self.team).unzip();
        self.agent = agents[self.rng.weighted(&weights)];
        let name = &COMPANY.agents[self.agent].name;
        self.words.say("agent", first_name(name));
    }

    /// The month before and the next working day, as of the last step.
    fn say_dates(&mut self) {
        let today = local(self.at).date_naive();
        let next = office::working_day_after(today);
        let month = &self.phrases.months[(today.month0() as usize + 11) % 12];
        let weekday = &self.phrases.weekdays[next.weekday().num_days_from_monday() as usize];
        self.words.say("month", month);
        self.words
            .say("weekday", format!("{weekday} {}", next.day()));
    }

    /// The hour at which it began: when everybody noticed, or somewhat before the request.
    fn say_since(&mut self, surge: Option<Timestamp>, lang: Lang) {
        let before = Duration::minutes(self.rng.between(12, 150));
        let began = local(surge.unwrap_or(self.at - before));
        let (hour, minute) = (began.hour(), began.minute() / 5 * 5);
        let text = match lang {
            Lang::Fr => format!("{hour} h {minute:02}"),
            Lang::En => format!("{hour}:{minute:02}"),
        };
        self.words.say("hour", text);
    }

    pub(super) fn work_for(&mut self, shortest: i64, longest: i64) {
        let minutes = self.rng.delay(shortest, longest.max(shortest));
        self.at = office::later(self.at, minutes) + self.some_seconds();
    }

    /// Customers write a little outside of working hours, too.
    pub(super) fn customer_takes(&mut self, shortest: i64, longest: i64) {
        self.work_for(shortest, longest);
        if self.rng.chance(15) {
            self.at = self.at + Duration::minutes(self.rng.between(20, 150));
        }
    }

    pub(super) fn some_seconds(&mut self) -> Duration {
        Duration::seconds(self.rng.between(1, 59))
    }

    pub(super) fn answer(&mut self, texts: &[String], status: Option<Status>) {
        self.say_dates();
        let greetings = match self.answers {
            0 => &self.phrases.greeting,
            _ => &self.phrases.greeting_again,
        };
        self.answers += 1;
        let greeting = self.words.one_of(&mut self.rng, greetings);
        let text = self.words.one_of(&mut self.rng, texts);
        let closing = self.words.one_of(&mut self.rng, &self.phrases.closing);
        self.agent_does(Act::Say {
            body: joined(&[&greeting, &text, &closing]),
            visibility: Visibility::Public,
            status,
        });
    }

    pub(super) fn note(&mut self, texts: &[String]) {
        let body = self.words.one_of(&mut self.rng, texts);
        self.agent_does(Act::Say {
            body,
            visibility: Visibility::Note,
            status: None,
        });
    }

    pub(super) fn customer_says(&mut self, texts: &[String]) {
        let body = self.words.one_of(&mut self.rng, texts);
        let act = Act::Say {
            body,
            visibility: Visibility::Public,
            status: None,
        };
        self.happens(By::Customer, act);
    }

    pub(super) fn agent_does_after(&mut self, shortest: i64, longest: i64, properties: Properties) {
        self.work_for(shortest, longest);
        self.agent_does(Act::Set(properties));
    }

    pub(super) fn agent_does(&mut self, act: Act) {
        self.happens(By::Agent(self.agent), act);
    }

    pub(super) fn happens(&mut self, by: By, act: Act) {
        self.steps.push(Step {
            at: self.at,
            by,
            act,
        });
    }
}

/// Paragraphs under one another; empty ones fall out.
fn joined(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("\n\n")
}
