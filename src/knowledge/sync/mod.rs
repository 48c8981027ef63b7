//! From the folder to the database: what the files say becomes what the pages show.
//!
//! A file that cannot be used changes nothing: its last good version stays up, and the fault is
//! listed for whoever keeps the folder. The same folder brought in twice changes nothing either.

mod apply;
mod rendition;

use std::collections::HashMap;
use std::path::Path;

use diesel::prelude::*;

use super::files::{Folder, Library};
use crate::platform::db::{Actor, Conn, Database, StorageError};
use crate::platform::i18n::Lang;
use crate::schema::articles;

use rendition::Rendition;

/// What bringing in a folder changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Articles that are new or back.
    pub published: usize,
    /// Articles that say something else.
    pub changed: usize,
    /// Articles whose file is gone.
    pub withdrawn: usize,
    /// Files that could not be used.
    pub faults: usize,
}

impl Changes {
    /// Whether any page shows something else now.
    #[must_use]
    pub fn any(self) -> bool {
        self.published + self.changed + self.withdrawn > 0
    }
}

/// Brings the present state of the folder into the database, in one transaction.
///
/// # Errors
/// When the database refuses; nothing has changed then.
pub fn sync(db: &Database, root: &Path, folder: &Folder) -> Result<Changes, StorageError> {
    let holders = db.read_blocking(|conn| list_holders(conn).map_err(StorageError::from))?;
    let mut library = Library::read(root, folder, |lang, slug| {
        holders.get(&(lang, slug.to_owned())).cloned()
    });
    let renditions = Rendition::all(&mut library);
    let changes = db.write_blocking(Actor::System, move |tx| {
        tx.set_origin("files");
        apply::bring_in(tx, &library, &renditions).map_err(StorageError::from)
    })?;
    if changes.any() || changes.faults > 0 {
        let Changes {
            published,
            changed,
            withdrawn,
            faults,
        } = changes;
        tracing::info!(published, changed, withdrawn, faults, "articles brought in");
    }
    Ok(changes)
}

/// The file of every article that is up, by its address.
fn list_holders(conn: &mut Conn) -> QueryResult<HashMap<(Lang, String), String>> {
    let rows: Vec<(Lang, String, String)> = articles::table
        .filter(articles::withdrawn_at.is_null())
        .select((articles::language, articles::slug, articles::path))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(lang, slug, path)| ((lang, slug), path))
        .collect())
}
