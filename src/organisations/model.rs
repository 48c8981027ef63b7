//! What an organisation is.

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
    /// Name as it is shown.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}
