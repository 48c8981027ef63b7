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

    fn take(&mut self, key: &str) -> Option<Value> {
        self.known.push(key.to_owned());
        self.dict.remove(key)
    }

    /// A value that is a text. A number is none: it does not say how it was written, with which sign
    /// and how many zeros in front.
    fn take_text(&mut self, key: &str, expected: &str) -> Option<String> {
        let value = self.take(key)?;
        let is_number = matches!(value, Value::Num(..));
        let text = trimmed(value);
        if is_number {
            self.fault(key, &text, &format!("{expected}, in quotes"));
            return None;
        }
        Some(text)
    }

    /// A value that was given, if it is one that is accepted; an empty one takes back what a file
    /// gives.
    pub(super) fn optional_with<T>(
        &mut self,
        key: &str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let parse = |text: &str| match text {
            "" => Some(None),
            text => parse(text).map(Some),
        };
        self.given(key, expected, parse).flatten()
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
        self.given(key, expected, &parse)
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
        let text = self.take_text(key, expected)?;
        self.checked(key, &text, expected, parse)
    }

    /// The same, of a setting that may be written as a number.
    pub(super) fn given_number<T>(
        &mut self,
        key: &str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = trimmed(self.take(key)?);
        self.checked(key, &text, expected, parse)
    }

    fn checked<T>(
        &mut self,
        key: &str,
        text: &str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let parsed = parse(text);
        if parsed.is_none() {
            self.fault(key, text, expected);
        }
        parsed
    }

    /// A whole number within bounds.
    pub(super) fn number<T>(&mut self, key: &str, bounds: RangeInclusive<T>, default: T) -> T
    where
        T: FromStr + PartialOrd + fmt::Display,
    {
        let expected = format!("a whole number from {} to {}", bounds.start(), bounds.end());
        let parse = |text: &str| {
            text.parse::<T>()
                .ok()
                .filter(|number| bounds.contains(number))
        };
        self.given_number(key, &expected, parse).unwrap_or(default)
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
            let known = || self.known.iter().map(String::as_str);
            let expected = meant(known(), &key, "no such setting");
            // What nobody knows may be a secret, whatever its name.
            let slip = known().find(|known| is_slip(known, &key));
            let value = slip.map_or_else(
                || HIDDEN.to_owned(),
                |slip| without_secret(slip, &as_text(value)),
            );
            self.fault(&key, &value, &expected);
        }
    }
}

fn trimmed(value: Value) -> String {
    as_text(value).trim().to_owned()
}

/// Stands for what is not printed.
pub(super) const HIDDEN: &str = "…";

/// Words in the names of settings whose values are nobody's business.
const SECRETS: [&str; 9] = [
    "pass", "pwd", "secret", "token", "key", "cred", "auth", "dsn", "private",
];

/// A value that may be printed: without user and password where it is the address of something, and
/// not at all where it is a secret itself.
pub(super) fn without_secret(key: &str, value: &str) -> String {
    let key = key.to_lowercase();
    if is_secret(&key) {
        return HIDDEN.to_owned();
    }
    let is_address = key.ends_with("url") || key.ends_with("uri") || value.contains("://");
    match value.rsplit_once('@') {
        _ if !is_address => value.to_owned(),
        // Either may be part of a password that was not written as it should be.
        Some((before, _)) if before.contains('?') => HIDDEN.to_owned(),
        Some((_, place)) => format!("{HIDDEN}@{}", without_secret_options(place)),
        None => without_secret_options(value),
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    SECRETS.iter().any(|word| name.contains(word))
}

/// An address whose options, such as `?password=…`, tell no secret.
fn without_secret_options(address: &str) -> String {
    let parts = address.split_inclusive(['?', '&']);
    let shown = parts.map(|part| match part.split_once('=') {
        Some((name, value)) if is_secret(name) => {
            let end = if value.ends_with('&') { "&" } else { "" };
            format!("{name}={HIDDEN}{end}")
        }
        _ => part.to_owned(),
    });
    shown.collect()
}

/// A reason to refuse a name, and the known name that it may be a slip of.
pub(super) fn meant<'k>(
    mut known: impl Iterator<Item = &'k str>,
    typed: &str,
    reason: &str,
) -> String {
    match known.find(|known| is_slip(known, typed)) {
        Some(known) => format!("{reason}; {known} may be meant"),
        None => format!("{reason}: see the list in README.md"),
    }
}

/// Whether a name is another one with a letter too many, too few, changed, or two swapped.
pub(super) fn is_slip(known: &str, typed: &str) -> bool {
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

/// A value as it would be written in the environment, a list with commas. A table is not printed: any
/// of its settings may be a secret.
pub(super) fn as_text(value: Value) -> String {
    match value {
        Value::String(_, text) => text,
        Value::Num(_, number) => number
            .to_u128()
            .map(|n| n.to_string())
            .or_else(|| number.to_i128().map(|n| n.to_string()))
            // With its point, also where nothing stands behind it.
            .or_else(|| number.to_f64().map(|n| format!("{n:?}")))
            .unwrap_or_else(|| format!("{number:?}")),
        Value::Bool(_, truth) => truth.to_string(),
        Value::Array(_, values) => {
            let texts: Vec<String> = values.into_iter().map(as_text).collect();
            texts.join(",")
        }
        Value::Char(_, character) => character.to_string(),
        Value::Empty(..) => String::new(),
        Value::Dict(..) => HIDDEN.to_owned(),
    }
}
