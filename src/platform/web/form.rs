//! What a browser sent in a form, checked field by field.

use std::collections::BTreeMap;

use serde::Serialize;
use tempfile::TempPath;

use crate::platform::i18n::{Lang, Message, catalog};
use crate::platform::random;
use crate::platform::text::{clean_line, clean_text};

/// The text fields of a form, as sent.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    values: BTreeMap<String, Vec<String>>,
}

impl Fields {
    /// Adds a value; a field may have several.
    pub fn push(&mut self, name: String, value: String) {
        self.values.entry(name).or_default().push(value);
    }

    /// The first value of a field, as sent; nothing is the empty text.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.all(name).first().map_or("", String::as_str)
    }

    /// Whether a field was sent at all, be it empty.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// All values of a field.
    #[must_use]
    pub fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// Every field with all its values, without the form's token and without passwords: what a
    /// page may carry on for its sender.
    pub fn carried(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter()
            .filter(|(name, _)| *name != "csrf" && !is_secret(name))
    }

    /// Every field with all its values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values
            .iter()
            .flat_map(|(name, values)| values.iter().map(|value| (name.as_str(), value.as_str())))
    }

    /// Every field with its first value, without the ones that guard the form.
    #[must_use]
    pub fn to_map(&self) -> BTreeMap<String, String> {
        self.values
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "csrf" | "key") && !is_secret(name))
            .filter_map(|(name, values)| Some((name.clone(), values.first()?.clone())))
            .collect()
    }
}

/// Passwords, and codes that stand beside them, are never put back into a page.
fn is_secret(name: &str) -> bool {
    name.contains("password") || matches!(name, "code" | "recovery_code" | "sealed_key")
}

/// A file that came with a form, on disk in the temporary folder until it is kept or dropped.
#[derive(Debug)]
pub struct Upload {
    /// The form's field.
    pub field: String,
    /// The name as the browser sent it: untrusted.
    pub name: String,
    /// Bytes received.
    pub size: u64,
    /// SHA-256 of the content, hexadecimal.
    pub sha256: String,
    /// The first bytes, to tell its true type.
    pub head: Vec<u8>,
    /// Where it is; none when it was over a limit and was not kept.
    pub path: Option<TempPath>,
}

/// A form as a page shows it: values, errors, key.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FormState {
    /// What stands in the fields.
    pub values: BTreeMap<String, String>,
    /// What is wrong, by field.
    pub errors: BTreeMap<String, String>,
    /// The same in order, for the summary above the form.
    pub summary: Vec<FieldError>,
    /// Makes a repeated submit harmless.
    pub key: String,
    /// Whether it comes back to whoever sent it. Browsers do not keep the files then.
    pub sent: bool,
}

/// One line of the error summary.
#[derive(Clone, Debug, Serialize)]
pub struct FieldError {
    /// Name of the field; its id in the page.
    pub field: String,
    /// What is wrong and what would be right.
    pub text: String,
}

impl FormState {
    /// A form that nobody has touched.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            key: random::token(),
            ..Self::default()
        }
    }

    /// Sets what stands in a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.insert(name.to_owned(), value.into());
        self
    }

    /// Sets what stands in several fields.
    #[must_use]
    pub fn with_all<'a>(
        mut self,
        values: impl IntoIterator<Item = &'a BTreeMap<String, String>>,
    ) -> Self {
        for values in values {
            self.values.extend(values.clone());
        }
        self
    }

    /// The same, sent back for what is wrong with a field, in plain words: for samples.
    #[must_use]
    pub fn with_error(mut self, field: &str, text: &str) -> Self {
        self.errors.insert(field.to_owned(), text.to_owned());
        self.summary.push(FieldError {
            field: field.to_owned(),
            text: text.to_owned(),
        });
        self.sent = true;
        self
    }

    /// The form as it was sent, with what is wrong in it.
    #[must_use]
    pub fn refused(fields: &Fields, errors: &FormErrors, lang: Lang) -> Self {
        let mut values = fields.to_map();
        for (name, value) in &errors.cleaned {
            values.insert(name.clone(), value.clone());
        }
        let mut state = Self {
            values,
            key: match fields.get("key") {
                "" => random::token(),
                key => key.to_owned(),
            },
            sent: true,
            ..Self::default()
        };
        for (field, message) in &errors.list {
            let text = message.render(lang);
            state
                .errors
                .entry(field.clone())
                .or_insert_with(|| text.clone());
            state.summary.push(FieldError {
                field: field.clone(),
                text: named(field, message, text, lang),
            });
        }
        state
    }
}

/// A line of the summary stands far from its field: a text that would fit any field (`form-…`)
/// begins with the name of its own.
fn named(field: &str, message: &Message, text: String, lang: Lang) -> String {
    let name = format!("field-{field}");
    if !message.key().starts_with("form-") || !catalog().has(lang, &name) {
        return text;
    }
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    Message::new("form-named")
        .text("field", Message::new(&name).render(lang))
        .text("problem", first.chain(letters).collect::<String>())
        .render(lang)
}

/// What is wrong with a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormErrors {
    list: Vec<(String, Message)>,
    /// Fields whose invisible characters were taken out, to be shown that way.
    cleaned: BTreeMap<String, String>,
}

impl FormErrors {
    /// One thing wrong with one field.
    #[must_use]
    pub fn one(field: &str, message: Message) -> Self {
        Self {
            list: vec![(field.to_owned(), message)],
            cleaned: BTreeMap::new(),
        }
    }

    /// What is wrong here, and then what else is.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.list.extend(others.list);
        self.cleaned.extend(others.cleaned);
        self
    }

    /// Field and message key of everything wrong, for tests and logs.
    #[must_use]
    pub fn keys(&self) -> Vec<(&str, &str)> {
        self.list
            .iter()
            .map(|(field, message)| (field.as_str(), message.key()))
            .collect()
    }
}

/// Reads the fields of a form one by one and gathers what is wrong with them.
pub struct Check<'a> {
    fields: &'a Fields,
    errors: FormErrors,
}

impl<'a> Check<'a> {
    /// Starts to read.
    #[must_use]
    pub fn new(fields: &'a Fields) -> Self {
        Self {
            fields,
            errors: FormErrors::default(),
        }
    }

    /// A line that must not be empty, of at most `max` characters.
    pub fn line(&mut self, name: &str, max: usize) -> String {
        let line = self.optional_line(name, max);
        if line.is_empty() {
            self.error(name, Message::new("form-required"));
        }
        line
    }

    /// A line that may be empty, of at most `max` characters.
    pub fn optional_line(&mut self, name: &str, max: usize) -> String {
        let raw = self.fields.get(name);
        let line = clean_line(raw);
        if raw.chars().any(|c| c.is_control() && !c.is_whitespace()) {
            self.invisible(name, &line);
        }
        self.at_most(name, &line, max);
        line
    }

    /// Text of several lines that must not be empty, of at most `max` characters.
    pub fn text(&mut self, name: &str, max: usize) -> String {
        let text = self.optional_text(name, max);
        // Characters without width are no text, either.
        if clean_line(&text).is_empty() {
            self.error(name, Message::new("form-required"));
        }
        text
    }

    /// Text of several lines that may be empty, of at most `max` characters.
    pub fn optional_text(&mut self, name: &str, max: usize) -> String {
        let raw = self.fields.get(name);
        let text = clean_text(raw);
        if raw
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        {
            self.invisible(name, &text);
        }
        self.at_most(name, &text, max);
        text
    }

    /// A mail address, lower-cased.
    pub fn email(&mut self, name: &str) -> String {
        let email = self.line(name, 254).to_lowercase();
        if !email.is_empty() && !is_email(&email) {
            self.error(name, Message::new("form-email"));
        }
        email
    }

    /// One of a closed list. Anything else is refused by name.
    pub fn choice<T: std::str::FromStr>(&mut self, name: &str) -> Option<T> {
        let value = self.fields.get(name);
        let parsed = value.parse().ok();
        if parsed.is_none() {
            let key = if value.is_empty() {
                "form-choose"
            } else {
                "form-choice"
            };
            self.error(name, Message::new(key));
        }
        parsed
    }

    /// One of a closed list, or nothing.
    pub fn optional_choice<T: std::str::FromStr>(&mut self, name: &str) -> Option<T> {
        if self.fields.get(name).is_empty() {
            return None;
        }
        self.choice(name)
    }

    /// Whether a box is ticked.
    #[must_use]
    pub fn ticked(&self, name: &str) -> bool {
        !self.fields.get(name).is_empty()
    }

    /// The raw value, for secrets that are compared exactly as typed.
    #[must_use]
    pub fn raw(&self, name: &str) -> &'a str {
        self.fields.get(name)
    }

    /// Whether nothing was wrong so far.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.errors.list.is_empty()
    }

    /// Notes something wrong.
    pub fn error(&mut self, name: &str, message: Message) {
        self.errors.list.push((name.to_owned(), message));
    }

    /// The input, if nothing was wrong.
    ///
    /// # Errors
    /// Everything that was wrong.
    pub fn finish<T>(self, input: T) -> Result<T, FormErrors> {
        if self.errors.list.is_empty() {
            Ok(input)
        } else {
            Err(self.errors)
        }
    }

    fn invisible(&mut self, name: &str, cleaned: &str) {
        self.errors
            .cleaned
            .insert(name.to_owned(), cleaned.to_owned());
        self.error(name, Message::new("form-invisible"));
    }

    fn at_most(&mut self, name: &str, text: &str, max: usize) {
        let length = text.chars().count();
        if length > max {
            self.error(
                name,
                Message::new("form-too-long")
                    .number("max", max.try_into().unwrap_or(i64::MAX))
                    .number("actual", length.try_into().unwrap_or(i64::MAX)),
            );
        }
    }
}

/// Whether a text has the shape of a mail address that we can write to: lettre's own check,
/// and a domain with a dot in it.
#[must_use]
pub fn is_email(text: &str) -> bool {
    text.parse::<lettre::Address>()
        .is_ok_and(|address| address.domain().contains('.') && text.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let mut fields = Fields::default();
        for (name, value) in pairs {
            fields.push((*name).to_owned(), (*value).to_owned());
        }
        fields
    }

    #[test]
    fn what_is_wrong_is_gathered_with_what_was_typed() {
        let sent = fields(&[
            ("subject", "  "),
            ("body", "a\u{0}b"),
            ("email", "ana@"),
            ("password", "secret"),
            ("key", "k1"),
        ]);
        let mut check = Check::new(&sent);
        check.line("subject", 10);
        check.text("body", 10);
        check.email("email");
        let errors = check.finish(()).unwrap_err();
        assert_eq!(
            errors.keys(),
            [
                ("subject", "form-required"),
                ("body", "form-invisible"),
                ("email", "form-email")
            ]
        );
        let state = FormState::refused(&sent, &errors, Lang::Fr);
        assert_eq!(state.key, "k1");
        assert_eq!(state.values["body"], "ab");
        assert!(!state.values.contains_key("password"));
        let summary: Vec<&str> = state.summary.iter().map(|e| e.text.as_str()).collect();
        assert_eq!(summary[0], "Objet\u{a0}: remplissez ce champ.");
        assert!(summary[1].starts_with("Message\u{a0}: des caractères"));
        assert!(summary[2].starts_with("Adresse de courriel\u{a0}: écrivez"));
        assert_eq!(state.errors["subject"], "Remplissez ce champ.");
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        let sent = fields(&[("subject", "ééé")]);
        let mut check = Check::new(&sent);
        assert_eq!(check.line("subject", 3), "ééé");
        assert!(check.finish(()).is_ok());
    }

    #[test]
    fn addresses() {
        for good in ["ana@tilleuls.example", "a.b+c@x.example"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "ana",
            "ana@host",
            "@x.example",
            "a b@x.example",
            "a@x.example\n",
            "",
        ] {
            assert!(!is_email(bad), "{bad:?}");
        }
    }
}
