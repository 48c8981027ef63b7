//! Reading an archive that may be anything.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};

use tar::EntryType;

use super::manifest::{CLOSING, Closing, Damaged, Entry, MANIFEST, Manifest, StoredTable};
use super::seal::{self, SEAL};
use super::{BackupError, dump};
use crate::platform::digest::Digesting;

/// Bytes of the manifest and the closing entry, at most.
const LIST_BYTES: u64 = 1 << 30;

/// What may stand directly in the archive besides the rows and the lists.
const FILES: [&str; 1] = ["secret.key"];
/// `templates` is in archives of before there were overrides of other files.
const FOLDERS: [&str; 5] = ["config", "templates", "overrides", "kb", "blobs"];

/// An archive whose seal is right and whose every entry was looked at.
#[derive(Debug)]
pub struct Archive {
    file: File,
    manifest: Manifest,
    closing: Closing,
}

/// What an entry is, with its content.
pub(super) enum Found<'a> {
    /// The rows of a table.
    Rows(&'a StoredTable),
    /// A file, with its path below the data folder.
    File(PathBuf),
}

type Visit<'v> = &'v mut dyn FnMut(Found<'_>, &mut dyn Read) -> Result<(), BackupError>;

impl Archive {
    /// Opens a file and proves that it is a whole backup.
    ///
    /// # Errors
    /// See [`BackupError`].
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        let mut file = File::open(path).map_err(BackupError::at(path))?;
        seal::check(&mut file)?;
        let manifest = Manifest::parse(&read_list(&mut file, MANIFEST)?)?;
        let closing = serde_json::from_slice(&read_list(&mut file, CLOSING)?);
        let closing = closing
            .map_err(|error| BackupError::damaged(format!("{CLOSING} cannot be read: {error}")))?;
        let mut archive = Self {
            file,
            manifest,
            closing,
        };
        archive.check_paths()?;
        archive.walk(&mut |_, read| {
            io::copy(read, &mut io::sink())
                .map(drop)
                .map_err(unreadable)
        })?;
        Ok(archive)
    }

    /// What it says about itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Contents that were damaged when it was made, so that it does not hold them.
    #[must_use]
    pub fn damaged(&self) -> &[Damaged] {
        &self.closing.damaged
    }

    /// Entries that must be there, in order: those of the manifest and the sound contents.
    fn expected(&self) -> Vec<Entry> {
        let damaged: BTreeSet<&str> = self.closing.damaged.iter().map(|d| &*d.sha256).collect();
        let sound = self.manifest.contents.iter();
        let sound = sound.filter(|content| !damaged.contains(&*content.sha256));
        let entries = self.manifest.entries.iter().cloned();
        entries
            .chain(sound.map(|content| content.entry()))
            .collect()
    }

    /// No path leads out of the folder, to something else than it should or to the same twice.
    fn check_paths(&self) -> Result<(), BackupError> {
        let mut seen = BTreeSet::new();
        for Entry { path, .. } in self.expected() {
            if self.table(&path).is_none() && !is_safe(&path) {
                return Err(BackupError::damaged(format!("{path:?} has no place in it")));
            }
            if let Some(path) = seen.replace(path.to_lowercase()) {
                return Err(BackupError::damaged(format!("{path:?} is in it twice")));
            }
        }
        match self
            .manifest
            .tables
            .iter()
            .find(|t| !seen.contains(&dump::entry_path(&t.name)))
        {
            Some(table) => Err(BackupError::damaged(format!("{} has no rows", table.name))),
            None => Ok(()),
        }
    }

    fn table(&self, path: &str) -> Option<&StoredTable> {
        let mut tables = self.manifest.tables.iter();
        tables.find(|table| dump::entry_path(&table.name) == path)
    }

    /// Shows every entry in order and compares it with the manifest. `visit` reads as much of it
    /// as it wants.
    pub(super) fn walk(&mut self, visit: Visit<'_>) -> Result<(), BackupError> {
        let expected = self.expected();
        let mut expected = expected.iter();
        let mut file = self.file.try_clone().map_err(unreadable)?;
        for_each_entry(&mut file, &mut |path, read| {
            if [MANIFEST, CLOSING, SEAL].contains(&path) {
                return Ok(());
            }
            let entry = expected.next().filter(|entry| entry.path == path);
            let Some(entry) = entry else {
                return Err(BackupError::damaged(format!("{path:?} is not in its list")));
            };
            let mut digesting = Digesting::new(read);
            let found = match self.table(path) {
                Some(table) => Found::Rows(table),
                None => Found::File(PathBuf::from(path)),
            };
            visit(found, &mut digesting)?;
            io::copy(&mut digesting, &mut io::sink()).map_err(unreadable)?;
            if digesting.size() != entry.size || digesting.sha256() != entry.sha256 {
                return Err(BackupError::damaged(format!("{path} is not what it was")));
            }
            Ok(())
        })?;
        match expected.next() {
            Some(missing) => Err(BackupError::damaged(format!("{} is missing", missing.path))),
            None => Ok(()),
        }
    }
}

/// Whether a path leads to a file in one of the folders that an archive may fill.
fn is_safe(path: &str) -> bool {
    let plain = Path::new(path)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let canonical = !path.contains(['\\', '\0', '\n'])
        && !path.split('/').any(|part| part.is_empty() || part == ".");
    let known = FILES.contains(&path)
        || path
            .split_once('/')
            .is_some_and(|(first, _)| FOLDERS.contains(&first));
    plain && canonical && known
}

fn for_each_entry(
    file: &mut File,
    visit: &mut dyn FnMut(&str, &mut dyn Read) -> Result<(), BackupError>,
) -> Result<(), BackupError> {
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let mut archive = tar::Archive::new(BufReader::with_capacity(1 << 16, file));
    for entry in archive.entries().map_err(unreadable)? {
        let mut entry = entry.map_err(unreadable)?;
        let path = String::from_utf8(entry.path_bytes().into_owned())
            .map_err(|_| BackupError::damaged("a path in it is not text"))?;
        if entry.header().entry_type() != EntryType::Regular {
            return Err(BackupError::damaged(format!("{path:?} is not a file")));
        }
        visit(&path, &mut entry)?;
    }
    Ok(())
}

fn read_list(file: &mut File, name: &str) -> Result<Vec<u8>, BackupError> {
    let mut list = None;
    for_each_entry(file, &mut |path, read| {
        if path == name && list.is_none() {
            let mut bytes = Vec::new();
            let read = read.take(LIST_BYTES).read_to_end(&mut bytes);
            read.map_err(unreadable)?;
            list = Some(bytes);
        }
        Ok(())
    })?;
    list.ok_or_else(|| BackupError::damaged(format!("it has no {name}")))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "so that map_err takes it by name"
)]
fn unreadable(error: io::Error) -> BackupError {
    BackupError::damaged(error.to_string())
}

#[cfg(test)]
mod tests;
