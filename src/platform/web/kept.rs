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

/// All fields of a form but its token, passwords and codes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kept(Vec<(String, String)>);

/// A text that somebody wrote, to be read again.
#[derive(Clone, Debug, Serialize)]
pub struct KeptText {
    /// What it is.
    pub label: String,
    /// As typed.
    pub value: String,
}

/// A field that is sent again without being shown.
#[derive(Clone, Debug, Serialize)]
pub struct CarriedField {
    /// The form's field.
    pub name: String,
    /// What stood in it.
    pub value: String,
}

impl Kept {
    /// What a form holds.
    #[must_use]
    pub fn of(fields: &Fields) -> Self {
        let pairs = fields.carried();
        Self(pairs.map(|(n, v)| (n.to_owned(), v.to_owned())).collect())
    }

    /// Whether a form had a field.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }

    /// Adds files that are held.
    #[must_use]
    pub fn with_held(mut self, held: Vec<String>) -> Self {
        self.0
            .extend(held.into_iter().map(|id| (HELD.to_owned(), id)));
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
        serde_json::from_str(json).unwrap_or_default()
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
        for (name, value) in &self.0 {
            fields.push(name.clone(), value.clone());
        }
        fields
    }

    /// What people wrote, each under its name.
    #[must_use]
    pub fn texts(&self, lang: Lang) -> Vec<KeptText> {
        let written = self.0.iter().filter_map(|(name, value)| {
            let (_, key) = WRITTEN.iter().find(|(field, _)| field == name)?;
            let label = Message::new(key).render(lang);
            (!value.trim().is_empty()).then(|| KeptText {
                label,
                value: value.clone(),
            })
        });
        written.collect()
    }

    /// Every field, to be sent again.
    #[must_use]
    pub fn fields(&self) -> Vec<CarriedField> {
        let carried = self.0.iter().map(|(name, value)| CarriedField {
            name: name.clone(),
            value: value.clone(),
        });
        carried.collect()
    }
}

/// Keeps a form whose session had ended for the person with this key, who has signed in again.
/// Answers where they find it, if there is a place for it.
pub type TakeUp = fn(&mut Tx<'_>, i64, &Kept) -> QueryResult<Option<String>>;

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
