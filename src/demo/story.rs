//! The story of one request, from its arrival to its end: who does what, and when.
//!
//! A story is told to its end whatever the present is; what would lie in the future does not
//! happen, and so the requests of the last days are the open ones.

use chrono::{Datelike, Duration, Timelike};

use super::arrivals::Arrival;
use super::files::Enclosure;
use super::office::{self, local};
use super::people::{COMPANY, CustomerAt, first_name};
use super::prng::Prng;
use super::scenarios::{Phrases, Scenario, phrases};
use super::words::Words;
use crate::platform::db::Timestamp;
use crate::platform::i18n::Lang;
use crate::tickets::{Channel, Priority, Status, Visibility};

/// Who does a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// The requester.
    Customer,
    /// An agent, by place.
    Agent(usize),
    /// Nobody: time passes.
    Time,
}

/// Something that happens to a request.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// It comes in.
    File {
        subject: String,
        body: String,
        file: Option<Enclosure>,
    },
    /// Somebody writes.
    Say {
        body: String,
        visibility: Visibility,
        /// What an agent chooses beside the send button.
        status: Option<Status>,
    },
    /// An agent sets properties.
    Set(Properties),
    /// The customer agrees.
    Confirm,
    /// The customer does not agree.
    Reopen { body: String },
    /// Requests that nobody contradicted count as confirmed.
    LetTimePass,
}

/// Properties that an agent sets; those left out stay.
#[derive(Clone, Debug, Default)]
pub(super) struct Properties {
    pub(super) status: Option<Status>,
    pub(super) priority: Option<Priority>,
    /// Place of a team.
    pub(super) team: Option<usize>,
    /// Place of an agent.
    pub(super) assignee: Option<usize>,
    /// Labels to add.
    pub(super) tags: Vec<String>,
}

/// A step of a story.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) at: Timestamp,
    pub(super) by: By,
    pub(super) act: Act,
}

/// A request's whole story. The first step files it.
#[derive(Clone, Debug)]
pub(super) struct Story {
    pub(super) requester: CustomerAt,
    /// Place of the kind of request.
    pub(super) kind: usize,
    pub(super) channel: Channel,
    pub(super) steps: Vec<Step>,
}

impl Story {
    /// When it begins.
    pub(super) fn start(&self) -> Option<Timestamp> {
        self.steps.first().map(|step| step.at)
    }
}

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

/// What becomes of a request, beside how often out of a hundred.
const FATES: [(u64, Fate); 6] = [
    (33, Fate::Answered),
    (36, Fate::Asked),
    (17, Fate::Worked),
    (6, Fate::Parked),
    (6, Fate::Silent),
    (2, Fate::Forgotten),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// The first answer solves it.
    Answered,
    /// The customer has to be asked something first.
    Asked,
    /// It takes a while.
    Worked,
    /// It waits for somebody else.
    Parked,
    /// The customer never answers.
    Silent,
    /// Nobody picks it up for a long time.
    Forgotten,
}

/// Days after which a solved request counts as confirmed, in the demonstration.
pub const CONFIRM_AFTER: Duration = Duration::days(4);

/// Tells the story of a request that comes in.
pub(super) fn tell(
    mut rng: Prng,
    arrival: Arrival,
    requester: CustomerAt,
    scenario: &'static Scenario,
) -> Story {
    let kind = COMPANY.kind(&scenario.kind);
    let channel = [Channel::Web, Channel::Mail, Channel::Phone][rng.weighted(&[71, 20, 9])];
    let phrases = phrases(scenario.language);
    let mut words = Words::new(phrases);
    let entry = COMPANY.organisation_of(requester);
    let name = COMPANY.name_of(requester);
    words.say("first", first_name(name));
    words.say("name", name);
    words.say("org", &entry.name);
    words.say("site", rng.pick(&entry.sites).map_or("", String::as_str));
    let colleagues: Vec<&String> = entry.people.iter().filter(|p| *p != name).collect();
    words.say("colleague", rng.pick(&colleagues).map_or("", |name| name));
    let mut teller = Teller {
        rng,
        words,
        scenario,
        phrases,
        team: COMPANY.team(&COMPANY.kinds[kind].team),
        agent: 0,
        answers: 0,
        at: arrival.at,
        steps: Vec::new(),
    };
    teller.say_dates();
    teller.say_since(arrival.surge, scenario.language);
    teller.tell(arrival.surge.is_some(), channel);
    Story {
        requester,
        kind,
        channel,
        steps: teller.steps,
    }
}

struct Teller {
    rng: Prng,
    words: Words,
    scenario: &'static Scenario,
    phrases: &'static Phrases,
    /// Places of who has it.
    team: usize,
    agent: usize,
    /// How many answers there were.
    answers: u32,
    /// When the last step was.
    at: Timestamp,
    steps: Vec<Step>,
}

impl Teller {
    fn tell(&mut self, surge: bool, channel: Channel) {
        self.choose_agent();
        self.file(channel);
        let weights = FATES.map(|(weight, _)| weight);
        let fate = match FATES[self.rng.weighted(&weights)].1 {
            Fate::Asked | Fate::Silent if self.scenario.ask.is_empty() => Fate::Worked,
            Fate::Asked | Fate::Silent | Fate::Forgotten if surge => Fate::Worked,
            Fate::Forgotten if self.scenario.kind == "outage" => Fate::Worked,
            fate => fate,
        };
        if fate == Fate::Forgotten {
            self.chase(office::DAY, 3 * office::DAY);
            self.work_for(4 * office::DAY, 9 * office::DAY);
        }
        self.pick_up();
        match fate {
            Fate::Answered | Fate::Forgotten => {}
            Fate::Asked => self.ask_and_learn(),
            Fate::Worked => self.work(office::DAY * 2),
            Fate::Parked => self.park(),
            Fate::Silent => return self.wait_in_vain(),
        }
        self.solve();
    }

    fn file(&mut self, channel: Channel) {
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
        let act = Act::File {
            subject,
            body,
            file,
        };
        self.steps.push(Step {
            at: self.at,
            by,
            act,
        });
    }

    /// An agent takes the request and sorts it; now and then it was the wrong team's.
    fn pick_up(&mut self) {
        let priority = self
            .scenario
            .priority
            .unwrap_or(COMPANY.kinds[COMPANY.kind(&self.scenario.kind)].priority);
        let (soonest, latest) = match priority {
            Priority::Urgent => (4, 45),
            Priority::High => (8, 190),
            Priority::Normal => (15, 560),
            Priority::Low => (40, 1100),
        };
        if self.rng.chance(7) {
            self.chase(latest / 2, latest);
        }
        let right = self.scenario.team.as_deref().map(|key| COMPANY.team(key));
        if let Some(right) = right.filter(|&right| right != self.team) {
            self.work_for(soonest, latest / 2);
            self.hand_over(right);
        }
        self.work_for(soonest, latest);
        let properties = Properties {
            priority: self.scenario.priority,
            assignee: Some(self.agent),
            tags: self.labels(),
            ..Properties::default()
        };
        self.agent_does(Act::Set(properties));
        if self.rng.chance(38) && !self.scenario.note.is_empty() {
            self.work_for(2, 40);
            self.note(&self.scenario.note);
        }
    }

    fn hand_over(&mut self, team: usize) {
        self.words.say("team", &COMPANY.teams[team].name);
        self.note(&self.phrases.handover);
        self.at = self.at + Duration::seconds(self.rng.between(20, 90));
        self.agent_does(Act::Set(Properties {
            team: Some(team),
            ..Properties::default()
        }));
        self.team = team;
        self.choose_agent();
    }

    fn ask_and_learn(&mut self) {
        self.work_for(3, 60);
        self.answer(&self.scenario.ask, Some(Status::Pending));
        self.customer_takes(12, office::DAY * 2);
        self.customer_says(&self.scenario.supply);
        if self.rng.chance(25) && !self.scenario.note.is_empty() {
            self.work_for(5, 90);
            self.note(&self.scenario.note);
        }
        if self.rng.chance(30) {
            self.work(office::DAY);
        }
    }

    /// Says that it is in hand; the solution takes up to so many working minutes.
    fn work(&mut self, longest: i64) {
        self.work_for(3, 60);
        self.answer(&self.scenario.progress, None);
        if self.rng.chance(18) {
            self.chase(longest / 3, longest);
        }
        self.work_for(60, longest);
    }

    fn park(&mut self) {
        self.work(office::DAY);
        self.note(&self.phrases.parked);
        self.at = self.at + Duration::seconds(self.rng.between(15, 80));
        self.agent_does(Act::Set(Properties {
            status: Some(Status::OnHold),
            ..Properties::default()
        }));
        self.work_for(5 * office::DAY, 16 * office::DAY);
    }

    fn wait_in_vain(&mut self) {
        self.work_for(3, 60);
        self.answer(&self.scenario.ask, Some(Status::Pending));
        self.work_for(3 * office::DAY, 5 * office::DAY);
        self.answer(&self.phrases.reminder, Some(Status::Pending));
        self.work_for(4 * office::DAY, 7 * office::DAY);
        self.answer(&self.phrases.given_up, Some(Status::Resolved));
        self.let_time_pass();
    }

    fn solve(&mut self) {
        self.work_for(8, 150);
        self.answer(&self.scenario.solve, Some(Status::Resolved));
        if self.rng.chance(7) {
            self.come_back();
        }
        if self.rng.chance(46) {
            let solved = self.at;
            self.customer_takes(5, office::DAY * 2);
            if self.at < solved + CONFIRM_AFTER {
                return self.happens(By::Customer, Act::Confirm);
            }
            self.at = solved;
        }
        self.let_time_pass();
    }

    fn come_back(&mut self) {
        let solved = self.at;
        self.customer_takes(60, office::DAY * 2);
        if self.at >= solved + CONFIRM_AFTER {
            self.at = solved;
            return;
        }
        let reasons = match self.scenario.again.as_slice() {
            [] => &self.phrases.again,
            reasons => reasons,
        };
        let body = self.words.one_of(&mut self.rng, reasons);
        self.happens(By::Customer, Act::Reopen { body });
        self.agent_does_after(
            10,
            200,
            Properties {
                tags: vec!["rouverte".to_owned()],
                ..Properties::default()
            },
        );
        self.work_for(30, office::DAY);
        self.answer(&self.phrases.solved_again, Some(Status::Resolved));
    }

    /// A customer asks where things stand, within so many working minutes.
    fn chase(&mut self, soonest: i64, latest: i64) {
        self.customer_takes(soonest, latest);
        self.customer_says(&self.phrases.chase);
    }

    fn let_time_pass(&mut self) {
        self.at = self.at + CONFIRM_AFTER + Duration::seconds(self.rng.between(1, 60));
        self.happens(By::Time, Act::LetTimePass);
    }

    fn labels(&mut self) -> Vec<String> {
        let keep = |rng: &mut Prng| rng.chance(60);
        let all = self.scenario.tags.iter();
        all.filter(|_| keep(&mut self.rng)).cloned().collect()
    }

    fn choose_agent(&mut self) {
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

    fn work_for(&mut self, shortest: i64, longest: i64) {
        let minutes = self.rng.delay(shortest, longest.max(shortest));
        self.at = office::later(self.at, minutes) + self.some_seconds();
    }

    /// Customers write a little outside of working hours, too.
    fn customer_takes(&mut self, shortest: i64, longest: i64) {
        self.work_for(shortest, longest);
        if self.rng.chance(15) {
            self.at = self.at + Duration::minutes(self.rng.between(20, 150));
        }
    }

    fn some_seconds(&mut self) -> Duration {
        Duration::seconds(self.rng.between(1, 59))
    }

    fn answer(&mut self, texts: &[String], status: Option<Status>) {
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

    fn note(&mut self, texts: &[String]) {
        let body = self.words.one_of(&mut self.rng, texts);
        self.agent_does(Act::Say {
            body,
            visibility: Visibility::Note,
            status: None,
        });
    }

    fn customer_says(&mut self, texts: &[String]) {
        let body = self.words.one_of(&mut self.rng, texts);
        let act = Act::Say {
            body,
            visibility: Visibility::Public,
            status: None,
        };
        self.happens(By::Customer, act);
    }

    fn agent_does_after(&mut self, shortest: i64, longest: i64, properties: Properties) {
        self.work_for(shortest, longest);
        self.agent_does(Act::Set(properties));
    }

    fn agent_does(&mut self, act: Act) {
        self.happens(By::Agent(self.agent), act);
    }

    fn happens(&mut self, by: By, act: Act) {
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
