//! The manual of Guichet itself, which a new portal has to begin with.
//!
//! It is built into the program and written into the folder of the articles once, where it is the
//! company's to change or to delete.

use std::io;
use std::path::Path;

use diesel::prelude::*;
use rust_embed::RustEmbed;

use crate::platform::db::{Conn, StorageError};
use crate::platform::web::Site;
use crate::schema::articles;

#[derive(RustEmbed)]
#[folder = "kb"]
struct Manual;

/// What became of the folder of the articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Furnished {
    /// It was there.
    Before,
    /// It was made, and the manual written into it.
    Now,
    /// It is gone, though there were articles: a volume may not be mounted. Nothing was written.
    Missing,
}

/// Writes the manual where there is no folder yet and never was an article.
///
/// # Errors
/// When the disk or the database refuses.
pub fn furnish(site: &Site) -> Result<Furnished, StorageError> {
    let folder = &site.settings.kb_dir;
    if folder.is_dir() {
        return Ok(Furnished::Before);
    }
    if site
        .db
        .read_blocking(|conn| has_articles(conn).map_err(StorageError::from))?
    {
        return Ok(Furnished::Missing);
    }
    write(folder).map_err(|error| {
        StorageError::Other(format!("cannot write to {}: {error}", folder.display()))
    })?;
    Ok(Furnished::Now)
}

fn has_articles(conn: &mut Conn) -> QueryResult<bool> {
    let first: Option<i64> = articles::table
        .select(articles::id)
        .first(conn)
        .optional()?;
    Ok(first.is_some())
}

fn write(folder: &Path) -> io::Result<()> {
    for path in Manual::iter() {
        let Some(file) = Manual::get(&path) else {
            continue;
        };
        let target = folder.join(path.as_ref());
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(target, file.data)?;
    }
    Ok(())
}
