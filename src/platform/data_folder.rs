//! The folder that holds everything the program keeps, and the right to serve from it.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// What lies directly under the folder. `tmp` holds uploads while they are received.
const PARTS: [&str; 4] = ["tmp", "blobs", "outbox", "index"];
/// Held by the process that serves.
const LOCK: &str = "serve.lock";

/// Makes the folder with its parts where they are missing.
///
/// # Errors
/// When the folder cannot be made or written.
pub fn prepare(folder: &Path) -> io::Result<()> {
    for part in PARTS {
        std::fs::create_dir_all(folder.join(part))?;
    }
    // A folder on a disk mounted read-only exists and still takes no file.
    tempfile::NamedTempFile::new_in(folder.join("tmp")).map(drop)
}

/// The right to serve from a data folder. The system takes it back when the process ends,
/// however it ends.
#[derive(Debug)]
pub struct Occupied {
    _lock: File,
}

impl Occupied {
    /// Takes the folder, and clears away what an earlier process left half received. None when
    /// another process serves from it.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn take(folder: &Path) -> io::Result<Option<Self>> {
        let lock = File::options()
            .create(true)
            .write(true)
            .truncate(false)
            .open(folder.join(LOCK))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        sweep(&folder.join("tmp"))?;
        Ok(Some(Self { _lock: lock }))
    }
}

/// Only who serves may do this: the files of a running server are uploads under way.
fn sweep(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)?.flatten() {
        if let Err(error) = std::fs::remove_file(entry.path()) {
            tracing::warn!(%error, path = %entry.path().display(), "could not be swept");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_at_a_time_serves_and_sweeps() {
        let folder = tempfile::tempdir().expect("a folder");
        prepare(folder.path()).expect("it can be written");
        let upload = folder.path().join("tmp/upload");
        std::fs::write(&upload, "half").expect("written");

        let first = Occupied::take(folder.path()).expect("it can be written");
        assert!(first.is_some());
        assert!(!upload.exists());

        std::fs::write(&upload, "under way").expect("written");
        let second = Occupied::take(folder.path()).expect("it can be read");
        assert!(second.is_none());
        assert!(upload.exists(), "the uploads of the first are left alone");

        drop(first);
        let third = Occupied::take(folder.path()).expect("it can be written");
        assert!(third.is_some());
    }
}
