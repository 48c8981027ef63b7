//! Everything that the program keeps, in one file that can be proved whole.
//!
//! The file is a plain tar archive:
//!
//! 1. `manifest.json`: what it is, and every entry with its size and SHA-256;
//! 2. `database/<table>.jsonl.gz`: one JSON array for each row. The rows are read through our own
//!    connection in one transaction that sees a single moment, so nobody has to stop writing, and
//!    they say nothing of the engine: what was taken from one can be put into the other;
//! 3. `secret.key`, `config/`, `templates/`, `kb/`: copies of files;
//! 4. `blobs/`: the contents that the rows refer to, each compared with its hash as it is read;
//! 5. `closing.json`: the contents that were damaged when the backup was made;
//! 6. `SHA256`: the seal, a digest of every byte before it.
//!
//! Invariants:
//! * a file that was cut, lengthened or altered in any byte is refused before anything is done
//!   with it;
//! * an archive is not trusted because its seal is right: every path is checked;
//! * nothing is overwritten that was there before;
//! * what a restore leaves in the tables was read back and compared, row for row.

mod catalogue;
mod contents;
mod dump;
mod load;
mod manifest;
mod prints;
mod read;
mod restore;
mod seal;
mod staging;
mod write;

use std::path::Path;

pub use catalogue::count_rows;
pub use contents::{ListContents, Referenced, find_damaged};
pub use manifest::{Damaged, Manifest, StoredTable};
pub use read::Archive;
pub use restore::{AfterRestore, Amend, Amends, Target, restore};
pub use write::{Outcome, Source, write};

use super::db::MigrationError;

/// Why a backup could not be made, read or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file is not what a backup wrote.
    #[error("this is not a whole, unaltered backup: {0}; do not restore from it")]
    Damaged(String),
    /// A later program made it.
    #[error(
        "the backup was made by Guichet {program}, which is newer ({what}); restore it with that \
         version"
    )]
    Newer {
        /// Version of the program that made it.
        program: String,
        /// What this program does not know.
        what: String,
    },
    /// Something stands where it would go.
    #[error("{0}")]
    Occupied(String),
    /// The disk.
    #[error("{path}: {reason}")]
    Disk {
        /// Which file or folder.
        path: String,
        /// The system's reason.
        reason: String,
    },
    /// The database.
    #[error("database: {0}")]
    Database(#[from] diesel::result::Error),
    /// The database cannot be reached, or has not what a backup needs.
    #[error("{0}")]
    Unusable(String),
    /// The tables could not be made.
    #[error(transparent)]
    Migration(#[from] MigrationError),
}

impl BackupError {
    fn damaged(reason: impl Into<String>) -> Self {
        Self::Damaged(reason.into())
    }

    /// Names the file that an error of the disk is about.
    fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self::Disk {
            path: path.display().to_string(),
            reason: error.to_string(),
        }
    }
}
