//! Reading settings one by one, so that all faults are found.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use rocket::figment::value::{Dict, Value};

use super::Fault;

/// The raw values, consumed key by key.
pub(super) struct Source {
    dict: Dict,
    /// Every key that was asked for.
    known: Vec<String>,
    pub(super) faults: Vec<Fault>,
}

impl Source {
    pub(super) fn new(dict: Dict) -> Self {
        Self {
            dict,
            known: Vec::new(),
            faults: Vec::new(),
        }
    }

    fn take(&mut self, key: &str) -> Option<String> {
        self.known.push(key.to_owned());
        let value = self.dict.remove(key)?;
        Some(as_text(value).trim().to_owned())
    }

    pub(super) fn text(&mut self, key: &str, default: &str) -> String {
        self.take(key).unwrap_or_else(|| default.to_owned())
    }

    pub(super) fn optional(&mut self, key: &str) -> Option<String> {
        self.take(key).filter(|text| !text.is_empty())
    }

    pub(super) fn optional_with<T>(
        &mut self,
        key: &str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.optional(key)?;
        let parsed = parse(&text);
        if parsed.is_none() {
            self.fault(key, &text, expected);
        }
        parsed
    }

    pub(super) fn parse<T: FromStr>(&mut self, key: &str, expected: &str, default: &str) -> T {
        self.parse_with(key, expected, default, |text| text.parse().ok())
    }

    /// Falls back to the default when the value is refused, so that reading can go on and find
    /// the other faults.
    pub(super) fn parse_with<T>(
        &mut self,
        key: &str,
        expected: &str,
        default: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> T {
        let found = self.take(key);
        let parsed = found.as_deref().map(&parse);
        if let (Some(value), Some(None)) = (&found, &parsed) {
            self.fault(key, value, expected);
        }
        parsed
            .flatten()
            .or_else(|| parse(default))
            .expect("the default of every setting is valid")
    }

    /// A value that was given, if it is one that is accepted.
    pub(super) fn given<T>(
        &mut self,
        key: &str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.take(key)?;
        let parsed = parse(&value);
        if parsed.is_none() {
            self.fault(key, &value, expected);
        }
        parsed
    }

    /// A whole number within bounds.
    pub(super) fn number<T>(&mut self, key: &str, bounds: RangeInclusive<T>, default: T) -> T
    where
        T: FromStr + PartialOrd + fmt::Display,
    {
        let expected = format!("a number from {} to {}", bounds.start(), bounds.end());
        self.parse_with(key, &expected, &default.to_string(), |text| {
            text.parse().ok().filter(|number| bounds.contains(number))
        })
    }

    pub(super) fn fault(&mut self, key: &str, value: &str, expected: &str) {
        self.faults.push(Fault {
            key: key.to_owned(),
            variable: format!("GUICHET_{}", key.to_uppercase()),
            value: without_secret(key, value),
            expected: expected.to_owned(),
        });
    }

    pub(super) fn refuse_unknown(&mut self) {
        for (key, value) in std::mem::take(&mut self.dict) {
            let meant = self.known.iter().find(|known| is_slip(known, &key));
            let expected = match meant {
                Some(meant) => format!("no such setting; {meant} may be meant"),
                None => "no such setting: see the list in README.md".to_owned(),
            };
            self.fault(&key, &as_text(value), &expected);
        }
    }
}

/// Words in the names of settings whose values are nobody's business.
const SECRETS: [&str; 4] = ["password", "secret", "token", "key"];

/// A value that may be printed: without user and password where it is the address of something, and
/// not at all where it is a secret itself.
fn without_secret(key: &str, value: &str) -> String {
    let key = key.to_lowercase();
    if SECRETS.iter().any(|word| key.contains(word)) {
        return "…".to_owned();
    }
    match value.rsplit_once('@') {
        Some((_, place)) if key.ends_with("url") => format!("…@{place}"),
        _ => value.to_owned(),
    }
}

/// Whether a name is another one with a letter too many, too few, changed, or two swapped.
fn is_slip(known: &str, typed: &str) -> bool {
    let (known, typed) = (known.as_bytes(), typed.as_bytes());
    let same = |a: &[u8], b: &[u8]| a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let start = same(known, typed);
    let (known, typed) = (&known[start..], &typed[start..]);
    match (known, typed) {
        ([_, rest @ ..], _) if rest == typed => true,
        (_, [_, rest @ ..]) if rest == known => true,
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([a, b, rest @ ..], [c, d, other @ ..]) => a == d && b == c && rest == other,
        _ => false,
    }
}

/// A value as it would be written in the environment, a list with commas.
pub(super) fn as_text(value: Value) -> String {
    match value {
        Value::String(_, text) => text,
        Value::Num(_, number) => number
            .to_u128()
            .map(|n| n.to_string())
            .or_else(|| number.to_i128().map(|n| n.to_string()))
            .unwrap_or_else(|| format!("{number:?}")),
        Value::Bool(_, truth) => truth.to_string(),
        Value::Array(_, values) => {
            let texts: Vec<String> = values.into_iter().map(as_text).collect();
            texts.join(",")
        }
        other => format!("{other:?}"),
    }
}
