//! What a customer company is.

use diesel::prelude::*;

use crate::platform::db::Timestamp;
use crate::schema::organisations;

crate::id_type! {
    /// Key of an organisation.
    OrganisationId
}

/// A customer company.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = organisations)]
pub struct Organisation {
    /// Key.
    pub id: OrganisationId,
    /// Name.
    pub name: String,
    /// Name without case and accents: unique.
    pub folded_name: String,
    /// When it was made known.
    pub created_at: Timestamp,
}
