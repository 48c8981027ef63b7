//! Who somebody was, as texts of others name them.

use serde_json::Value;

use crate::accounts::{Person, PersonId};
use crate::platform::i18n::{Lang, Message};

/// Letters of a part of a name that is looked for by itself, at least: shorter ones are words.
const PART: usize = 3;

/// What names a person, and what takes its place.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub address: String,
    pub name: String,
    address_after: String,
    name_after: String,
}

/// What a person is called once nobody is to know who they were.
pub(super) fn pseudonym(id: PersonId, lang: Lang) -> String {
    Message::new("erased-person")
        .number("number", id.0)
        .render(lang)
}

impl Identity {
    pub fn of(person: &Person, lang: Lang) -> Self {
        Self {
            address: person.email.clone(),
            name: person.name.trim().to_owned(),
            address_after: Person::erased_address(person.id),
            name_after: pseudonym(person.id, lang),
        }
    }

    /// The same person with an ellipsis for name and address: the history takes no other words.
    pub fn unnamed(&self) -> Self {
        Self {
            address_after: "…".to_owned(),
            name_after: "…".to_owned(),
            ..self.clone()
        }
    }

    /// The text without the person's name and address; nothing when it had neither.
    pub fn scrub(&self, text: &str) -> Option<String> {
        let mut changed = replace(text, &self.address, &self.address_after, false);
        let full = replace(&changed, &self.name, &self.name_after, false);
        // The parts as they are written in the name, so that no word of the language goes.
        changed = self
            .name
            .split_whitespace()
            .filter(|part| part.chars().count() >= PART)
            .fold(full, |text, part| replace(&text, part, "…", true));
        (changed != text).then_some(changed)
    }

    /// As [`Self::scrub`], for every text of a value.
    pub fn scrub_value(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(scrubbed) = self.scrub(text) {
                    *text = scrubbed;
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.scrub_value(value)),
            Value::Object(fields) => {
                fields
                    .values_mut()
                    .for_each(|value| self.scrub_value(value));
            }
            _ => {}
        }
    }
}

/// Replaces whole words.
fn replace(text: &str, word: &str, by: &str, exactly: bool) -> String {
    if word.is_empty() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut before: Option<char> = None;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let starts = before.is_none_or(|c| !c.is_alphanumeric());
        let length = starts.then(|| matching(rest, word, exactly)).flatten();
        let whole = length.filter(|&length| {
            let next = rest[length..].chars().next();
            next.is_none_or(|c| !c.is_alphanumeric())
        });
        let length = match whole {
            Some(length) => {
                out.push_str(by);
                length
            }
            None => {
                out.push(first);
                first.len_utf8()
            }
        };
        before = rest[..length].chars().next_back();
        rest = &rest[length..];
    }
    out
}

/// How many bytes of the beginning of a text are a word.
fn matching(text: &str, word: &str, exactly: bool) -> Option<usize> {
    let mut length = 0;
    let mut letters = text.chars();
    for expected in word.chars() {
        let found = letters.next()?;
        let same =
            found == expected || (!exactly && found.to_lowercase().eq(expected.to_lowercase()));
        if !same {
            return None;
        }
        length += found.len_utf8();
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claire() -> Identity {
        Identity {
            address: "claire@tilleuls.example".to_owned(),
            name: "Claire Élan".to_owned(),
            address_after: "erased-7".to_owned(),
            name_after: "Person 7".to_owned(),
        }
    }

    #[test]
    fn whole_words_go_and_others_stay() {
        let scrub = |text: &str| claire().scrub(text);
        assert_eq!(scrub("Une idée claire, déclarée."), None);
        assert_eq!(
            scrub("Bonjour Claire, (CLAIRE ÉLAN <Claire@Tilleuls.example>)").as_deref(),
            Some("Bonjour …, (Person 7 <erased-7>)")
        );
        assert_eq!(scrub("éclaire@tilleuls.example"), None, "somebody else");
        assert_eq!(scrub("Élan").as_deref(), Some("…"));
        assert_eq!(scrub("Élans"), None);
    }

    #[test]
    fn nobody_has_no_name() {
        let nobody = Identity {
            name: String::new(),
            ..claire()
        };
        assert_eq!(nobody.scrub("Bonjour"), None);
    }
}
