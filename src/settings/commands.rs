//! Changing the company's settings.

use diesel::QueryResult;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde_json::{Map, Value, json};

use crate::platform::company::logo::Logo;
use crate::platform::company::store::{self, Chosen};
use crate::platform::company::{Company, Group, Key, Values};
use crate::platform::db::{Conn, StorageError, Tx};
use crate::platform::events::{Area, Audited, Draft, Recorded, list_events};

/// The history of the settings, a group each.
pub const STREAM: &str = "company";

/// What of it belongs to the audit.
pub(super) const AUDITED: &[Audited] = &[Audited::new(STREAM, "changed", Area::Settings)];

/// What somebody wants a group of settings to be.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which group.
    pub group: Group,
    /// The number of the change after which the form was loaded.
    pub seen: i64,
    /// What was typed, for every setting of the group.
    pub entered: Values,
    /// Settings that are to follow the file again.
    pub follow: Vec<Key>,
    /// A new logo.
    pub logo: Option<Logo>,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// Somebody else changed the group after the form was loaded.
    #[error("the group was changed meanwhile")]
    Stale,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<DieselError> for ChangeError {
    fn from(error: DieselError) -> Self {
        match error {
            // Two first changes at once: the number of the event, or the row, is taken.
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Self::Stale,
            other => Self::Storage(other.into()),
        }
    }
}

/// Changes a group of settings. `company` is what the file says; what was chosen is read anew.
/// Answers whether anything is different now.
///
/// # Errors
/// See [`ChangeError`].
pub fn change(tx: &mut Tx<'_>, wanted: &Change, company: &Company) -> Result<bool, ChangeError> {
    let old = store::get_chosen(tx.conn, wanted.group)?;
    if old.version != wanted.seen {
        return Err(ChangeError::Stale);
    }
    let new = chosen(wanted, &old.values, company);
    if new == old.values {
        return Ok(false);
    }
    if let Some(logo) = &wanted.logo {
        store::put_logo(tx, logo)?;
    }
    let version = old.version + 1;
    let data = difference(wanted.group, &old.values, &new, company);
    let changed = Chosen {
        version,
        values: new,
    };
    if !store::put_chosen(tx, wanted.group, &changed)? {
        return Err(ChangeError::Stale);
    }
    tx.record(Draft::chosen(
        STREAM,
        wanted.group.number(),
        version,
        "changed",
        data,
    ))?;
    Ok(true)
}

/// What is chosen after a change. A setting that followed the file and was left as it is follows
/// it still.
fn chosen(wanted: &Change, old: &Values, company: &Company) -> Values {
    let mut new = Values::default();
    for key in wanted
        .group
        .keys()
        .filter(|key| !wanted.follow.contains(key))
    {
        if let Some(text) = wanted.entered.get(key)
            && (old.get(key).is_some() || text != company.in_file(key))
        {
            new.set(key, text);
        }
    }
    new
}

/// Old and new values of what differs, and which settings follow the file from now on.
fn difference(group: Group, old: &Values, new: &Values, company: &Company) -> Value {
    let (mut before, mut after, mut follow) = (Map::new(), Map::new(), Vec::new());
    for key in group.keys().filter(|key| old.get(*key) != new.get(*key)) {
        let text = |values: &Values| values.get(key).unwrap_or(company.in_file(key)).to_owned();
        before.insert(key.to_string(), text(old).into());
        after.insert(key.to_string(), text(new).into());
        if new.get(key).is_none() {
            follow.push(key.as_str());
        }
    }
    json!({ "old": before, "new": after, "follows_file": follow })
}

/// The changes of a group, the latest first.
///
/// # Errors
/// When the database refuses.
pub fn list_changes(conn: &mut Conn, group: Group, most: usize) -> QueryResult<Vec<Recorded>> {
    let mut changes = list_events(conn, STREAM, group.number())?;
    changes.reverse();
    changes.truncate(most);
    Ok(changes)
}
