//! Reading settings one by one, so that all faults are found.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use rocket::figment::value::{Dict, Value};

use super::Fault;

/// The raw values, consumed key by key.
pub(super) struct Source {
    dict: Dict,
    pub(super) faults: Vec<Fault>,
}

impl Source {
    pub(super) fn new(dict: Dict) -> Self {
        Self {
            dict,
            faults: Vec::new(),
        }
    }

    fn take(&mut self, key: &str) -> Option<String> {
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
            // A secret may stand in it: the value is not repeated.
            self.fault(key, "…", expected);
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
            value: value.to_owned(),
            expected: expected.to_owned(),
        });
    }

    pub(super) fn refuse_unknown(&mut self) {
        let unknown: Vec<String> = self.dict.keys().cloned().collect();
        for key in unknown {
            self.fault(&key, "…", "no such setting: see the list in README.md");
        }
    }
}

/// A value as it would be written in the environment, a list with commas.
fn as_text(value: Value) -> String {
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
