//! What requests are about: texts written by hand, in files by topic.
//!
//! Each text may hold slots such as `{site}` or `{invoice}`; within one request a slot always
//! says the same.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::files::FileKind;
use crate::platform::i18n::Lang;
use crate::tickets::Priority;

/// A kind of story. Every list has several wordings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scenario {
    /// Name, for whoever edits the files and for tests.
    #[cfg_attr(not(test), expect(dead_code, reason = "a name for people"))]
    pub(super) key: String,
    /// The language it is told in.
    pub(super) language: Lang,
    /// Key of the kind of request.
    pub(super) kind: String,
    /// Key of the team that solves it, when it is not the kind's.
    pub(super) team: Option<String>,
    /// How often it happens, beside the others.
    pub(super) weight: u64,
    /// How much it presses, when agents have to correct what follows from the kind.
    pub(super) priority: Option<Priority>,
    /// Whether everybody writes about it at once when it happens.
    #[serde(default)]
    pub(super) surge: bool,
    /// Labels that agents put on it.
    #[serde(default)]
    pub(super) tags: Vec<String>,
    /// What may come with it.
    pub(super) file: Option<FileKind>,
    /// Slugs of articles about it: some read them before they write.
    #[serde(default)]
    pub(super) read: Vec<String>,
    pub(super) subject: Vec<String>,
    /// The request itself.
    pub(super) opening: Vec<String>,
    /// What agents tell one another.
    #[serde(default)]
    pub(super) note: Vec<String>,
    /// What has to be asked before it can be solved.
    #[serde(default)]
    pub(super) ask: Vec<String>,
    /// The customer's answer to that.
    #[serde(default)]
    pub(super) supply: Vec<String>,
    /// That it is being worked on.
    pub(super) progress: Vec<String>,
    /// The solution.
    pub(super) solve: Vec<String>,
    /// Why it comes back.
    #[serde(default)]
    pub(super) again: Vec<String>,
}

/// What people say whatever it is about.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phrases {
    /// How agents begin.
    pub(super) greeting: Vec<String>,
    /// How they begin a further answer; may be empty.
    pub(super) greeting_again: Vec<String>,
    /// How agents end; may be empty.
    pub(super) closing: Vec<String>,
    /// How customers begin; may be empty.
    pub(super) hello: Vec<String>,
    /// How customers end; may be empty.
    pub(super) signature: Vec<String>,
    /// A customer asks where things stand.
    pub(super) chase: Vec<String>,
    /// A customer who did not answer is reminded.
    pub(super) reminder: Vec<String>,
    /// A request whose customer never answered is ended.
    pub(super) given_up: Vec<String>,
    /// Another team takes over: an internal note.
    pub(super) handover: Vec<String>,
    /// It waits for somebody else: an internal note.
    pub(super) parked: Vec<String>,
    /// The customer says that it is not solved.
    pub(super) again: Vec<String>,
    /// It is solved in the end.
    pub(super) solved_again: Vec<String>,
    /// An agent notes a call: what stands before the request.
    pub(super) called: Vec<String>,
    /// Weekdays from Monday.
    pub(super) weekdays: Vec<String>,
    /// Months from January.
    pub(super) months: Vec<String>,
    /// Slots and what they may say: `#` is a digit, `%` one that is not zero.
    pub(super) slots: BTreeMap<String, Vec<String>>,
}

/// All files of scenarios.
const FILES: [&str; 6] = [
    include_str!("scenarios/network.yaml"),
    include_str!("scenarios/wifi.yaml"),
    include_str!("scenarios/telephony.yaml"),
    include_str!("scenarios/billing.yaml"),
    include_str!("scenarios/accounts.yaml"),
    include_str!("scenarios/english.yaml"),
];

/// Every scenario, in the order of the files.
pub(super) static SCENARIOS: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
    FILES
        .iter()
        .flat_map(|file| {
            serde_saphyr::from_str::<Vec<Scenario>>(file).expect("scenarios are well formed")
        })
        .collect()
});

static FRENCH: LazyLock<Phrases> = LazyLock::new(|| {
    serde_saphyr::from_str(include_str!("phrases_fr.yaml")).expect("phrases are well formed")
});

static ENGLISH: LazyLock<Phrases> = LazyLock::new(|| {
    serde_saphyr::from_str(include_str!("phrases_en.yaml")).expect("phrases are well formed")
});

/// What people say in a language.
pub(super) fn phrases(lang: Lang) -> &'static Phrases {
    match lang {
        Lang::Fr => &FRENCH,
        Lang::En => &ENGLISH,
    }
}

impl Phrases {
    /// Every text of them.
    #[cfg(test)]
    pub(super) fn texts(&self) -> impl Iterator<Item = &String> {
        [
            &self.greeting,
            &self.greeting_again,
            &self.closing,
            &self.hello,
            &self.signature,
            &self.chase,
            &self.reminder,
            &self.given_up,
            &self.handover,
            &self.parked,
            &self.again,
            &self.solved_again,
            &self.called,
        ]
        .into_iter()
        .flatten()
    }
}

impl Scenario {
    /// Every text of it.
    #[cfg(test)]
    pub(super) fn texts(&self) -> impl Iterator<Item = &String> {
        [
            &self.subject,
            &self.opening,
            &self.note,
            &self.ask,
            &self.supply,
            &self.progress,
            &self.solve,
            &self.again,
        ]
        .into_iter()
        .flatten()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::demo::people::COMPANY;
    use crate::tickets::Tag;

    #[test]
    fn there_are_enough_stories_and_each_is_whole() {
        assert!(SCENARIOS.len() >= 25, "{}", SCENARIOS.len());
        let keys: BTreeSet<&str> = SCENARIOS.iter().map(|s| s.key.as_str()).collect();
        assert_eq!(keys.len(), SCENARIOS.len());
        for scenario in SCENARIOS.iter() {
            let key = &scenario.key;
            assert!(COMPANY.kind(&scenario.kind) < 6, "{key}");
            assert!(scenario.subject.len() >= 2, "{key}");
            assert!(scenario.opening.len() >= 2, "{key}");
            assert!(!scenario.solve.is_empty(), "{key}");
            assert!(!scenario.progress.is_empty(), "{key}");
            assert_eq!(scenario.ask.is_empty(), scenario.supply.is_empty(), "{key}");
            assert!(scenario.weight > 0, "{key}");
            for tag in &scenario.tags {
                let parsed = Tag::parse(tag);
                assert_eq!(
                    parsed.as_ref().map(Tag::as_str),
                    Some(tag.as_str()),
                    "{key}"
                );
            }
        }
    }

    #[test]
    fn everybody_can_write_about_a_failure() {
        for lang in Lang::ALL {
            assert!(SCENARIOS.iter().any(|s| s.surge && s.language == *lang));
        }
    }
}
