//! What happened, in a sentence.

use serde_json::Value;

use super::names::{Names, keys};
use super::queries::Entry;
use crate::platform::events::Recorded;
use crate::platform::i18n::{Lang, Message, catalog};

/// Names at most in one sentence.
const NAMES: usize = 20;

/// The key of the sentence for a kind of event.
pub(super) fn text_key(stream: &str, kind: &str) -> String {
    format!("audit-{}-{kind}", stream.replace('_', "-"))
}

/// What happened, for a reader. What was blanked since reads as a dash.
pub(super) fn narrate(entry: &Entry, names: &Names, lang: Lang) -> String {
    let event = &entry.event;
    let key = text_key(&event.stream, &event.kind);
    if !catalog().has(lang, &key) {
        let other = Message::new("audit-other").text("kind", event.kind.clone());
        return other.render(lang);
    }
    let word = |name: &str| said(&event.data, name);
    let (joined, left) = moved(event, names);
    let person = event.data.get("person").and_then(Value::as_i64);
    Message::new(&key)
        .text("old", word("old"))
        .text("new", word("new"))
        .text("role", word("role"))
        .text("reason", word("reason"))
        .text("by", word("by"))
        .text("factor", word("factor"))
        .text("method", word("method"))
        .text("route", word("route"))
        .text("reference", word("reference"))
        .text("date", word("taken_at"))
        .text("keys", changed(&event.data))
        .text("joined", joined)
        .text("left", left)
        .text(
            "person",
            person.map_or_else(dash, |id| names.person(id).label),
        )
        .number("count", number(&event.data, "count"))
        .number("version", number(&event.data, "version"))
        .number("rows", number(&event.data, "rows"))
        .number("files", number(&event.data, "files"))
        .render(lang)
}

/// With what and from where, as far as that was recorded.
pub(super) fn place(event: &Recorded) -> String {
    let parts = ["device", "network"].map(|name| event.data.get(name).and_then(Value::as_str));
    let parts: Vec<&str> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" · ")
}

fn dash() -> String {
    "—".to_owned()
}

/// A value of an event's data as a word: a text, yes or no, or the name or rule in an object.
fn said(data: &Value, name: &str) -> String {
    let value = match data.get(name) {
        Some(Value::Object(fields)) => fields.get("name").or(fields.get("factor_required")),
        value => value,
    };
    match value {
        Some(Value::String(text)) if !text.is_empty() => text.clone(),
        Some(Value::Bool(truth)) => truth.to_string(),
        _ => dash(),
    }
}

fn number(data: &Value, name: &str) -> i64 {
    data.get(name).and_then(Value::as_i64).unwrap_or(0)
}

/// The names of what was changed: not the values, which their own pages show.
fn changed(data: &Value) -> String {
    let side = |name: &str| data.get(name).and_then(Value::as_object);
    let (old, new) = (side("old"), side("new"));
    let names: Vec<&str> = new
        .into_iter()
        .flatten()
        .filter(|(name, value)| old.and_then(|old| old.get(*name)) != Some(*value))
        .map(|(name, _)| name.as_str())
        .collect();
    match names.is_empty() {
        true => dash(),
        false => names.join(", "),
    }
}

/// Who came to a team and who left it.
fn moved(event: &Recorded, names: &Names) -> (String, String) {
    let (old, new) = (keys(&event.data, "old"), keys(&event.data, "new"));
    let list = |of: &[i64], without: &[i64]| {
        let people: Vec<String> = of
            .iter()
            .filter(|id| !without.contains(id))
            .take(NAMES)
            .map(|id| names.person(*id).label)
            .collect();
        match people.is_empty() {
            true => dash(),
            false => people.join(", "),
        }
    };
    (list(&new, &old), list(&old, &new))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app;

    #[test]
    fn every_kind_that_is_audited_has_its_sentence() {
        let missing: Vec<String> = app::history()
            .audited
            .iter()
            .map(|audited| text_key(audited.stream, audited.kind))
            .filter(|key| Lang::ALL.iter().any(|lang| !catalog().has(*lang, key)))
            .collect();
        assert!(missing.is_empty(), "{missing:#?}");
    }
}
