//! What was typed into a form that could not be taken: shown to its sender, who sends it on with
//! one button. Whatever goes wrong, nothing typed is lost.

use std::sync::{Arc, PoisonError};

use diesel::QueryResult;
use rocket::Request;
use rocket::http::Method;
use serde::{Deserialize, Serialize};

use super::form::{Fields, Upload};
use super::posted::{Stranded, Typed};
use crate::platform::blobs;
use crate::platform::db::Tx;
use crate::platform::i18n::{Lang, Message};
use crate::platform::text::FileName;

/// Fields that people write in, with the text that names them. The others go along unseen.
const WRITTEN: [(&str, &str); 8] = [
    ("subject", "kept-subject"),
    ("title", "kept-subject"),
    ("body", "kept-body"),
    ("text", "kept-body"),
    ("message", "kept-body"),
    ("comment", "kept-comment"),
    ("note", "kept-comment"),
    ("name", "kept-name"),
];

/// Bytes of a form that a page carries on, at most: far more than any field takes.
const CARRIED: usize = 300_000;
/// Bytes that they may become in the page. Each stands there twice, and some characters grow
/// sevenfold.
const PRINTED: usize = 1_500_000;
/// Bytes of a field that nobody writes in; a longer one is not ours.
const UNWRITTEN: usize = 2_000;

/// All fields of a form but its token, passwords and codes, within bounds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kept(Vec<CarriedField>);

/// A text that somebody wrote, to be read again.
#[derive(Clone, Debug, Serialize)]
pub struct KeptText {
    /// What it is.
    pub label: String,
    /// As typed.
    pub value: String,
    /// Whether its end is missing, because it was too long to be carried on.
    pub cut: bool,
}

/// A field that is sent again without being shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CarriedField {
    /// The form's field.
    pub name: String,
    /// What stood in it.
    pub value: String,
    /// Whether the end of that is missing.
    #[serde(default)]
    pub cut: bool,
}

impl Kept {
    /// What a form holds.
    #[must_use]
    pub fn of(fields: &Fields) -> Self {
        let carried = fields.carried().map(|(name, value)| CarriedField {
            name: name.to_owned(),
            value: value.to_owned(),
            cut: false,
        });
        Self::within_bounds(carried.collect())
    }

    /// Whether a form had a field.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|field| field.name == name)
    }

    /// Adds files that are held.
    #[must_use]
    pub fn with_held(mut self, held: Vec<String>) -> Self {
        self.0.extend(held.into_iter().map(|id| CarriedField {
            name: HELD.to_owned(),
            value: id,
            cut: false,
        }));
        self
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads what [`to_json`](Self::to_json) wrote. What is not understood is nothing.
    #[must_use]
    pub fn parse(json: &str) -> Self {
        Self::within_bounds(serde_json::from_str(json).unwrap_or_default())
    }

    fn within_bounds(fields: Vec<CarriedField>) -> Self {
        let (written, mut kept): (Vec<_>, Vec<_>) = fields
            .into_iter()
            .partition(|field| name_of(&field.name).is_some());
        kept.retain(|field| field.value.len() <= UNWRITTEN);
        kept.extend(written);
        let (mut bytes, mut printed) = (0, 0);
        for CarriedField { name, value, cut } in &mut kept {
            bytes += name.len();
            printed += name.chars().map(printed_bytes).sum::<usize>();
            let end = value.char_indices().find_map(|(at, c)| {
                bytes += c.len_utf8();
                printed += printed_bytes(c);
                (bytes > CARRIED || printed > PRINTED).then_some(at)
            });
            if let Some(end) = end {
                value.truncate(end);
                *cut = true;
            }
        }
        kept.retain(|field| !(field.cut && field.value.is_empty()));
        Self(kept)
    }

    /// For a hidden field, to travel through another form.
    ///
    /// # Errors
    /// Never for texts; the type cannot say so.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// The fields, as the form sent them.
    #[must_use]
    pub fn to_fields(&self) -> Fields {
        let mut fields = Fields::default();
        for field in &self.0 {
            fields.push(field.name.clone(), field.value.clone());
        }
        fields
    }

    /// What people wrote, each under its name.
    #[must_use]
    pub fn texts(&self, lang: Lang) -> Vec<KeptText> {
        let written = self.0.iter().filter_map(|field| {
            let key = name_of(&field.name)?;
            (!field.value.trim().is_empty()).then(|| KeptText {
                label: Message::new(key).render(lang),
                value: field.value.clone(),
                cut: field.cut,
            })
        });
        written.collect()
    }

    /// Every field, to be sent again.
    #[must_use]
    pub fn fields(&self) -> Vec<CarriedField> {
        self.0.clone()
    }
}

/// Whether people write in a field.
#[must_use]
pub fn is_written(field: &str) -> bool {
    field == "email" || name_of(field).is_some()
}

/// The text that names a field, if people write in it.
fn name_of(field: &str) -> Option<&'static str> {
    let (_, key) = WRITTEN.iter().find(|(name, _)| *name == field)?;
    Some(key)
}

/// Bytes of a page that a character takes, at most: as text, and as JSON in an attribute.
fn printed_bytes(c: char) -> usize {
    match c {
        '"' | '\'' | '/' => 13,
        '&' | '<' | '>' => 10,
        '\\' => 3,
        c if c.is_control() => 7,
        c => 2 * c.len_utf8(),
    }
}

/// Keeps a form whose session had ended for the person with this key, who has signed in again.
/// Answers where they find it, if there is a place for it.
pub type TakeUp = fn(&mut Tx<'_>, i64, &Kept) -> QueryResult<Option<String>>;

/// Gives the person with this key, who signs in, what was written in their browser before: by its
/// mark.
pub type Adopt = fn(&mut Tx<'_>, i64, &str) -> QueryResult<()>;

/// Holds files that were kept for somebody who has to sign in first. Answers what to ask for them
/// by: the values of [`HELD`].
pub type HoldFiles = fn(&mut Tx<'_>, &[(FileName, blobs::Kept)]) -> QueryResult<Vec<String>>;

/// The field of a form that names its draft: only such a form is taken up.
pub const DRAFT: &str = "draft";

/// The field that names a held file.
pub const HELD: &str = "held_file";

/// The files that came with the form of this request.
#[must_use]
pub fn stranded(request: &Request<'_>) -> Vec<Upload> {
    let Stranded(uploads) = request.local_cache(Stranded::default);
    std::mem::take(&mut *uploads.lock().unwrap_or_else(PoisonError::into_inner))
}

/// What was typed into the form of this request; nothing for a page that was only asked for.
#[must_use]
pub fn typed(request: &Request<'_>) -> Option<Arc<Fields>> {
    let posted = request.method() == Method::Post;
    let typed: &Typed = request.local_cache(Typed::default);
    posted.then(|| Arc::clone(&typed.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(fields: &[(&str, &str)]) -> Kept {
        let mut sent = Fields::default();
        for (name, value) in fields {
            sent.push((*name).to_owned(), (*value).to_owned());
        }
        Kept::of(&sent)
    }

    #[test]
    fn long_prose_is_carried_whole() {
        let prose = "L’été, « déjà » l'eau ; 3 < 4 & \"oui\".\n".repeat(5_500);
        assert!((250_000..CARRIED).contains(&prose.len()));
        let kept = kept(&[("body", &prose), ("key", "k")]);
        let texts = kept.texts(Lang::En);
        assert_eq!(
            (texts[0].value.as_str(), texts[0].cut),
            (prose.as_str(), false)
        );
        assert_eq!(kept.fields().len(), 2);
    }

    #[test]
    fn what_is_beyond_all_measure_is_cut_and_says_so() {
        for text in ["\"", "a", "é", "\u{1}", "/"] {
            let kept = kept(&[
                ("body", &text.repeat(4_000_000 / text.len())),
                ("key", "k"),
                ("nobody_writes_here", &"x".repeat(UNWRITTEN + 1)),
            ]);
            let json = kept.to_json().expect("texts");
            let parsed = Kept::parse(&json);
            let texts = parsed.texts(Lang::En);
            assert!(texts[0].cut && texts[0].value.len() > 100_000, "{text:?}");
            let names: Vec<_> = parsed.fields().into_iter().map(|f| f.name).collect();
            assert_eq!(names, ["key", "body"]);
            let escaped = |s: &str| s.replace('&', "&amp;").replace('"', "&quot;").len();
            assert!(
                escaped(&texts[0].value) + escaped(&json) < 2_000_000,
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_was_forged_for_the_next_page_is_bounded_too() {
        let forged = serde_json::json!([{ "name": "body", "value": "\"".repeat(1_000_000) }]);
        let texts = Kept::parse(&forged.to_string()).texts(Lang::En);
        assert!(texts[0].cut && texts[0].value.len() < 200_000);
    }
}
