//! Filling the slots of a text, and keeping to what was said.

use std::collections::BTreeMap;

use super::prng::Prng;
use super::scenarios::Phrases;

/// What the slots of one request say.
#[derive(Clone, Debug)]
pub(super) struct Words {
    phrases: &'static Phrases,
    said: BTreeMap<String, String>,
}

impl Words {
    pub(super) fn new(phrases: &'static Phrases) -> Self {
        Self {
            phrases,
            said: BTreeMap::new(),
        }
    }

    /// Decides what a slot says from now on.
    pub(super) fn say(&mut self, slot: &str, text: impl Into<String>) {
        self.said.insert(slot.to_owned(), text.into());
    }

    /// One of several texts, its slots filled; nothing out of nothing.
    pub(super) fn one_of(&mut self, rng: &mut Prng, texts: &[String]) -> String {
        let text = rng.pick(texts).cloned().unwrap_or_default();
        capitalised(&self.fill(rng, &text))
    }

    /// A text with its slots filled. A slot that nobody knows stays as it stands.
    fn fill(&mut self, rng: &mut Prng, text: &str) -> String {
        let mut filled = String::with_capacity(text.len() + 40);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((slot, behind)) = after.split_once('}') else {
                filled.push('{');
                rest = after;
                continue;
            };
            match self.word(rng, slot) {
                Some(word) => filled.push_str(&word),
                None => filled.push_str(&format!("{{{slot}}}")),
            }
            rest = behind;
        }
        filled.push_str(rest);
        filled
    }

    fn word(&mut self, rng: &mut Prng, slot: &str) -> Option<String> {
        if let Some(said) = self.said.get(slot) {
            return Some(said.clone());
        }
        let pattern = rng.pick(self.phrases.slots.get(slot)?)?;
        let word: String = pattern.chars().map(|c| digit(rng, c)).collect();
        self.said.insert(slot.to_owned(), word.clone());
        Some(word)
    }
}

/// A slot may stand first in a sentence.
fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

fn digit(rng: &mut Prng, pattern: char) -> char {
    let lowest = match pattern {
        '#' => 0,
        '%' => 1,
        other => return other,
    };
    let digit = u32::try_from(rng.between(lowest, 9)).unwrap_or(0);
    char::from_digit(digit, 10).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::scenarios::{SCENARIOS, phrases};
    use crate::demo::teller::SLOTS_OF_A_STORY;
    use crate::platform::i18n::Lang;

    #[test]
    fn a_slot_keeps_saying_the_same() {
        let mut words = Words::new(phrases(Lang::Fr));
        let mut rng = Prng::new(1);
        words.say("site", "au quai 4");
        let text = words.fill(&mut rng, "{invoice} {site} {invoice} {");
        let (first, rest) = text.split_once(' ').unwrap();
        assert_eq!(rest, format!("au quai 4 {first} {{"));
        assert!(!first.contains(['#', '%', '{']));
    }

    #[test]
    fn every_slot_of_every_text_is_known() {
        for scenario in SCENARIOS.iter() {
            let mut words = Words::new(phrases(scenario.language));
            let mut rng = Prng::new(1);
            for slot in SLOTS_OF_A_STORY {
                words.say(slot, "x");
            }
            let everyday = phrases(scenario.language).texts();
            for text in scenario.texts().chain(everyday) {
                let filled = words.fill(&mut rng, text);
                assert!(!filled.contains(['{', '}']), "{}: {filled}", scenario.key);
            }
        }
    }
}
