//! Kinds of request: what a customer chooses first, and what follows from it.

use diesel::prelude::*;

use crate::platform::db::Timestamp;
use crate::platform::i18n::Lang;
use crate::schema::request_types;
use crate::teams::TeamId;

crate::id_type! {
    /// Key of a request type.
    RequestTypeId
}

/// A kind of request.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = request_types)]
pub struct RequestType {
    /// Key.
    pub id: RequestTypeId,
    /// Stable name for programs: lower-case letters, digits and hyphens.
    pub key: String,
    /// Name in French.
    pub name_fr: String,
    /// Name in English.
    pub name_en: String,
    /// What belongs here, in French.
    pub hint_fr: String,
    /// What belongs here, in English.
    pub hint_en: String,
    /// Name of an icon.
    pub icon: String,
    /// Order on the form.
    pub position: i32,
    /// Team that such requests go to at first.
    pub default_team_id: Option<TeamId>,
    /// Priority that such requests have at first: stored text of the tickets' priority.
    pub default_priority: String,
    /// When it was taken off the form.
    pub archived_at: Option<Timestamp>,
    /// Number of its last event.
    pub version: i64,
}

impl RequestType {
    /// Its name in a language.
    #[must_use]
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Fr => &self.name_fr,
            Lang::En => &self.name_en,
        }
    }

    /// What belongs to it, in a language.
    #[must_use]
    pub fn hint(&self, lang: Lang) -> &str {
        match lang {
            Lang::Fr => &self.hint_fr,
            Lang::En => &self.hint_en,
        }
    }
}
