//! A draft and its parts.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::accounts::{PersonId, Visitor};
use crate::platform::blobs::{self, Kept};
use crate::platform::db::{Timestamp, Tx};
use crate::schema::draft_files;

crate::id_type!(
    /// Key of a draft.
    DraftId
);

/// Values of a form by the names of its fields.
pub type Fields = BTreeMap<String, String>;

/// Whose draft it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Somebody signed in.
    Person(PersonId),
    /// Whoever uses a browser in which nobody is signed in, by its mark.
    Guest(String),
}

impl Owner {
    /// Whose drafts the one who asks may have.
    #[must_use]
    pub fn of(visitor: &Visitor) -> Self {
        match &visitor.person {
            Some(person) => Self::Person(person.id),
            None => Self::Guest(visitor.browser_mark()),
        }
    }

    /// The two columns that hold it.
    pub(super) fn columns(&self) -> (Option<PersonId>, Option<&str>) {
        match self {
            Self::Person(id) => (Some(*id), None),
            Self::Guest(mark) => (None, Some(mark)),
        }
    }

    /// What one transaction at a time may look at and then change: two windows of one owner would
    /// otherwise both find nothing, or both the same revision.
    pub(super) fn take_turn(&self, tx: &mut Tx<'_>) -> QueryResult<()> {
        tx.take_turn(&match self {
            Self::Person(id) => format!("drafts of person {id}"),
            Self::Guest(mark) => format!("drafts of browser {mark}"),
        })
    }
}

impl From<PersonId> for Owner {
    fn from(id: PersonId) -> Self {
        Self::Person(id)
    }
}

/// What is being written: a form, and what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The form, as a word of the data format.
    pub form: &'static str,
    /// Key of what it is about; 0 is nothing.
    pub subject: i64,
}

/// What somebody has typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Key.
    pub id: DraftId,
    /// What stands in the form.
    pub fields: Fields,
    /// Key of the form that wrote last; empty is none.
    pub form_key: String,
    /// Grows with each change, and is never the same again for the same place.
    pub revision: i64,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What was attached, in the order of being added.
    pub files: Vec<DraftFile>,
}

/// A file of a draft; its content is kept.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = draft_files)]
pub struct DraftFile {
    /// What it is addressed by.
    pub public_id: String,
    /// Its name, made harmless.
    pub name: String,
    /// What it is, told from its content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the content, hexadecimal.
    pub sha256: String,
}

impl DraftFile {
    /// Its content.
    #[must_use]
    pub fn content(&self) -> Kept {
        Kept {
            sha256: self.sha256.clone(),
            size: self.size,
            media_type: blobs::known_type(&self.media_type),
        }
    }
}
