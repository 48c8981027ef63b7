//! What an archive says about itself.

use serde::{Deserialize, Serialize};

use super::BackupError;
use super::catalogue::Column;
use crate::platform::db::{Timestamp, migrations};

/// Grows when an older program could not read the archive any more.
const FORMAT: u32 = 1;

/// Name of the entry at the beginning.
pub(super) const MANIFEST: &str = "manifest.json";
/// Name of the entry after everything else, but for the seal.
pub(super) const CLOSING: &str = "closing.json";

/// What the archive is and what it holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the archive's form.
    pub format: u32,
    /// Version of the program that made it.
    pub program: String,
    /// The moment that it shows, RFC 3339.
    pub taken_at: String,
    /// Engine that the rows were read from.
    pub engine: String,
    /// The changes that had made the tables, in order.
    pub migrations: Vec<String>,
    /// The tables, with how many rows each has.
    pub tables: Vec<StoredTable>,
    /// Entries that follow, in order.
    pub entries: Vec<Entry>,
    /// Contents that the rows refer to: these follow after the entries, but for those that the
    /// closing entry names as damaged.
    pub contents: Vec<Content>,
}

/// A table with its rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredTable {
    /// Name.
    pub name: String,
    /// Columns in the order of each row.
    pub columns: Vec<Column>,
    /// How many rows.
    pub rows: u64,
    /// The highest key ever given, where the engine gives them: none is given twice.
    pub last_id: Option<i64>,
}

/// A file of the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Path in the archive.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// The content of an attachment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Content {
    /// SHA-256, hexadecimal; also its name.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
}

impl Content {
    /// As an entry of the archive, at the path that it has in the data folder.
    pub(super) fn entry(&self) -> Entry {
        let (first, rest) = self.sha256.split_at(2.min(self.sha256.len()));
        Entry {
            path: format!("blobs/{first}/{rest}"),
            size: self.size,
            sha256: self.sha256.clone(),
        }
    }
}

/// What was found out while the archive was written.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Closing {
    pub(super) damaged: Vec<Damaged>,
}

/// A content that was already damaged when the backup was made, so that it is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damaged {
    /// SHA-256 that it should have.
    pub sha256: String,
    /// What is wrong with it.
    pub fault: String,
    /// What it belongs to.
    pub holders: Vec<String>,
}

impl std::fmt::Display for Damaged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.holders.join(", "), self.fault)
    }
}

impl Manifest {
    /// A manifest of this program, without tables and files.
    pub(super) fn new(taken_at: Timestamp, engine: &str, migrations: Vec<String>) -> Self {
        Self {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            taken_at: taken_at.rfc3339(),
            engine: engine.to_owned(),
            migrations,
            tables: Vec::new(),
            entries: Vec::new(),
            contents: Vec::new(),
        }
    }

    /// Reads it, and refuses what only a later program understands.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, BackupError> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
            program: String,
        }
        let unreadable =
            |error| BackupError::damaged(format!("its manifest cannot be read: {error}"));
        let head: Head = serde_json::from_slice(bytes).map_err(unreadable)?;
        if head.format > FORMAT {
            return Err(BackupError::Newer {
                program: head.program,
                what: format!("its form is {}, this program knows {FORMAT}", head.format),
            });
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(unreadable)?;
        let known = migrations::known()?;
        match manifest.migrations.iter().find(|m| !known.contains(m)) {
            Some(unknown) => Err(BackupError::Newer {
                what: format!("its tables have the change {unknown}"),
                program: manifest.program,
            }),
            None => Ok(manifest),
        }
    }

    /// Bytes of all contents together.
    #[must_use]
    pub fn content_bytes(&self) -> u64 {
        self.contents.iter().map(|content| content.size).sum()
    }

    /// Rows of all tables together.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// Rows of one table; none when there is no such table.
    #[must_use]
    pub fn rows_of(&self, table: &str) -> Option<u64> {
        let table = self.tables.iter().find(|stored| stored.name == table)?;
        Some(table.rows)
    }
}
