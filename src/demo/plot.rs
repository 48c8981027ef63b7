//! How requests go: the first answer solves it, something has to be asked, somebody never
//! answers, it comes back.

use super::arrivals::Arrival;
use super::office;
use super::people::{COMPANY, CustomerAt};
use super::prng::Prng;
use super::scenarios::Scenario;
use super::story::{Act, By, CONFIRM_AFTER, Properties, Story};
use super::teller::Teller;
use crate::tickets::{Channel, Priority, Status};

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

/// Tells the story of a request that comes in.
pub(super) fn tell(
    mut rng: Prng,
    arrival: Arrival,
    requester: CustomerAt,
    scenario: &'static Scenario,
) -> Story {
    let channel = [Channel::Web, Channel::Mail, Channel::Phone][rng.weighted(&[71, 20, 9])];
    let mut teller = Teller::new(rng, arrival, requester, scenario);
    teller.tell(arrival.surge.is_some(), channel);
    Story {
        requester,
        kind: COMPANY.kind(&scenario.kind),
        channel,
        steps: teller.into_steps(),
    }
}

impl Teller {
    fn tell(&mut self, surge: bool, channel: Channel) {
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
            assignee: Some(self.agent()),
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
        self.at = self.at + self.some_seconds();
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
        self.at = self.at + self.some_seconds();
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
        self.at = self.at + CONFIRM_AFTER + self.some_seconds();
        self.happens(By::Time, Act::LetTimePass);
    }

    fn labels(&mut self) -> Vec<String> {
        let keep = |rng: &mut Prng| rng.chance(60);
        let all = self.scenario.tags.iter();
        all.filter(|_| keep(&mut self.rng)).cloned().collect()
    }
}
