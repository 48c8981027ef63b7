//! Entries on their way into an archive, whose sizes have to be known first.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::BackupError;
use super::manifest::Entry;
use crate::platform::digest::Digesting;

/// One unnamed file that holds all of them, one after the other.
pub(super) struct Staging {
    file: BufWriter<File>,
    entries: Vec<Entry>,
}

impl Staging {
    /// In a folder; nothing is left there whatever happens.
    pub(super) fn in_folder(folder: &Path) -> Result<Self, BackupError> {
        let file = tempfile::tempfile_in(folder).map_err(BackupError::at(folder))?;
        Ok(Self {
            file: BufWriter::new(file),
            entries: Vec::new(),
        })
    }

    /// Takes what `write` writes.
    pub(super) fn add(
        &mut self,
        path: &str,
        write: impl FnOnce(&mut dyn Write) -> Result<(), BackupError>,
    ) -> Result<(), BackupError> {
        let mut staged = Digesting::new(&mut self.file);
        write(&mut staged)?;
        self.entries.push(Entry {
            path: path.to_owned(),
            size: staged.size(),
            sha256: staged.sha256(),
        });
        Ok(())
    }

    /// Takes a copy of a file.
    pub(super) fn add_file(&mut self, path: &str, source: &Path) -> Result<(), BackupError> {
        let mut file = File::open(source).map_err(BackupError::at(source))?;
        self.add(path, |staged| {
            io::copy(&mut file, staged)
                .map(drop)
                .map_err(BackupError::at(source))
        })
    }

    /// What was taken, in order.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Hands every entry to `take`, which reads it to its end.
    pub(super) fn replay(
        self,
        mut take: impl FnMut(&Entry, &mut dyn Read) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut file = self
            .file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        let mut file = BufReader::new(file);
        for entry in &self.entries {
            take(entry, &mut (&mut file).take(entry.size))?;
        }
        Ok(())
    }
}
