//! The directory that an index lives in.
//!
//! ```text
//! root/current       name of the generation that is served
//! root/writer.lock   held by the one process that writes
//! root/g7/           a Tantivy index
//! root/aside/        the last index found damaged or outdated, for a look
//! ```

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::Path;

use super::index::SearchError;

const CURRENT: &str = "current";
const LOCK: &str = "writer.lock";
const ASIDE: &str = "aside";

/// The generation pointed at; a name that is no generation counts as none.
pub(super) fn current_name(root: &Path) -> Option<String> {
    let name = fs::read_to_string(root.join(CURRENT)).ok()?;
    generation_number(&name).map(|_| name)
}

fn generation_number(name: &str) -> Option<u64> {
    name.strip_prefix('g')?.parse().ok()
}

pub(super) fn next_name(root: &Path) -> Result<String, SearchError> {
    let mut last = 0;
    for entry in fs::read_dir(root)? {
        let number = entry?.file_name().to_str().and_then(generation_number);
        last = last.max(number.unwrap_or(0));
    }
    Ok(format!("g{}", last + 1))
}

/// Written aside and renamed: a reader sees the old name or the new one, never half a name.
pub(super) fn point_at(root: &Path, name: &str) -> Result<(), SearchError> {
    let draft = root.join("current.new");
    let mut file = File::create(&draft)?;
    file.write_all(name.as_bytes())?;
    file.sync_all()?;
    fs::rename(draft, root.join(CURRENT))?;
    Ok(())
}

pub(super) fn set_aside(root: &Path, name: &str) -> Result<(), SearchError> {
    let (from, to) = (root.join(name), root.join(ASIDE));
    if to.exists() {
        fs::remove_dir_all(&to)?;
    }
    if from.exists() {
        fs::rename(from, to)?;
    }
    Ok(())
}

/// Deletes generations that a process died in the middle of making.
pub(super) fn remove_strays(root: &Path) -> Result<(), SearchError> {
    let current = current_name(root);
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        if let Ok(name) = entry.file_name().into_string()
            && generation_number(&name).is_some()
            && current.as_ref() != Some(&name)
        {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Held until the file is dropped, and released by the system when the process dies.
pub(super) fn lock(root: &Path) -> Result<File, SearchError> {
    let file = File::options()
        .create(true)
        .write(true)
        .truncate(false)
        .open(root.join(LOCK))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(SearchError::Busy),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}
