//! Which stories are told: those told word for word, and as many more as are wanted.

use super::arrivals::{Arrival, arrivals};
use super::people::{COMPANY, CustomerAt};
use super::plot::tell;
use super::prng::Prng;
use super::scenarios::{SCENARIOS, Scenario};
use super::scripted;
use super::story::Story;
use crate::platform::db::Timestamp;
use crate::platform::i18n::Lang;

/// What the demonstration is made of. The same plan makes the same world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How many tickets.
    pub tickets: usize,
    /// Where the draws begin.
    pub seed: u64,
    /// The present: everything happens before it.
    pub now: Timestamp,
}

/// A story that is known to begin; most are told only when they do.
enum Beginning {
    Told(Box<Story>),
    Drawn(usize, Arrival),
}

impl Plan {
    /// All stories, in the order in which they begin.
    pub(super) fn stories(&self) -> impl Iterator<Item = Story> {
        let root = Prng::new(self.seed);
        let mut beginnings = self.beginnings(&root);
        beginnings.sort_by_key(|(at, _)| *at);
        let customers: Vec<CustomerAt> = COMPANY.customers().collect();
        let weights = activity(&root, customers.len());
        beginnings
            .into_iter()
            .map(move |(_, beginning)| match beginning {
                Beginning::Told(story) => *story,
                Beginning::Drawn(number, arrival) => {
                    let mut rng = root.fork(1_000_000 + number as u64);
                    let requester = customers[rng.weighted(&weights)];
                    let lang = COMPANY.organisation_of(requester).language;
                    let scenario = choose(&mut rng, arrival, lang);
                    tell(rng, arrival, requester, scenario)
                }
            })
    }

    fn beginnings(&self, root: &Prng) -> Vec<(Timestamp, Beginning)> {
        let scripted = scripted::stories(&root.fork(1), self.now);
        let mut beginnings: Vec<(Timestamp, Beginning)> = scripted
            .into_iter()
            .take(self.tickets)
            .filter_map(|story| Some((story.start()?, Beginning::Told(Box::new(story)))))
            .collect();
        let drawn = self.tickets - beginnings.len();
        let arrivals = arrivals(&mut root.fork(2), drawn, self.now);
        beginnings.extend(
            (0..)
                .zip(arrivals)
                .map(|(number, arrival)| (arrival.at, Beginning::Drawn(number, arrival))),
        );
        beginnings
    }
}

/// How often each customer writes: a few do much of it.
fn activity(root: &Prng, customers: usize) -> Vec<u64> {
    let mut rng = root.fork(3);
    (0..customers)
        .map(|_| u64::try_from(rng.delay(4, 40)).unwrap_or(4))
        .collect()
}

fn choose(rng: &mut Prng, arrival: Arrival, lang: Lang) -> &'static Scenario {
    let fitting: Vec<&'static Scenario> = SCENARIOS
        .iter()
        .filter(|s| s.language == lang && (s.surge || arrival.surge.is_none()))
        .collect();
    let weights: Vec<u64> = fitting.iter().map(|s| s.weight).collect();
    fitting[rng.weighted(&weights)]
}

#[cfg(test)]
mod tests {
    use super::super::story::{Act, By};
    use super::super::timeline::Timeline;
    use super::*;

    const NOW: i64 = 1_795_100_000_000_000;

    fn plan(tickets: usize, seed: u64) -> Plan {
        Plan {
            tickets,
            seed,
            now: Timestamp::from_micros(NOW),
        }
    }

    #[test]
    fn as_many_stories_as_wanted() {
        for tickets in [0, 3, 11, 12, 250] {
            let stories: Vec<Story> = plan(tickets, 9).stories().collect();
            assert_eq!(stories.len(), tickets);
            assert!(stories.is_sorted_by_key(Story::start));
        }
    }

    #[test]
    fn every_story_is_filed_once_and_goes_forward() {
        for story in plan(400, 4).stories() {
            let filings = |act: &Act| matches!(act, Act::File { .. });
            assert_eq!(story.steps.iter().filter(|s| filings(&s.act)).count(), 1);
            assert!(filings(&story.steps[0].act));
            assert!(story.steps.is_sorted_by_key(|step| step.at));
            let by_nobody = |step: &&super::super::story::Step| step.by == By::Time;
            assert!(story.steps.iter().filter(by_nobody).count() <= 1);
        }
    }

    #[test]
    fn nothing_lies_in_the_future_and_all_in_order() {
        let plan = plan(300, 2);
        let due: Vec<_> = Timeline::new(plan.stories(), plan.now).collect();
        assert!(due.is_sorted_by_key(|due| due.step.at));
        assert!(due.iter().all(|due| due.step.at <= plan.now));
        let filed = due
            .iter()
            .filter(|due| matches!(due.step.act, Act::File { .. }));
        let numbers: Vec<usize> = filed.map(|due| due.number).collect();
        assert_eq!(numbers, (0..300).collect::<Vec<_>>());
    }
}
