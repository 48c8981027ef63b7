//! Making a backup.

use std::fs::File;
use std::io::{self, BufWriter, Read};
use std::path::{Path, PathBuf};

use tar::Builder;
use tempfile::{NamedTempFile, TempPath};

use super::contents::{self, Contents, ListContents};
use super::manifest::{CLOSING, Closing, Content, Damaged, MANIFEST, Manifest};
use super::seal;
use super::staging::Staging;
use super::{BackupError, catalogue, dump};
use crate::platform::blobs::{Blobs, Condition};
use crate::platform::db::{DatabaseUrl, Timestamp};
use crate::platform::digest::Digesting;

/// What a backup is taken of.
pub struct Source<'a> {
    /// Where the rows are.
    pub url: &'a DatabaseUrl,
    /// Folder of the contents and the key.
    pub data_dir: &'a Path,
    /// Files and folders besides, each with the path that it gets in the archive. What does not
    /// exist is left out; hidden files are.
    pub besides: Vec<(&'static str, PathBuf)>,
    /// Who knows the contents that rows refer to.
    pub contents: Vec<ListContents>,
    /// Now.
    pub taken_at: Timestamp,
}

/// What became of a backup.
#[derive(Debug)]
pub struct Outcome {
    /// What it says about itself.
    pub manifest: Manifest,
    /// Contents that could not be taken. Everything else was.
    pub damaged: Vec<Damaged>,
    /// Bytes of the file.
    pub size: u64,
}

/// Folders below folders, at most: more is a loop.
const DEPTH: usize = 16;
/// Attachments after which it is said how many are done.
const STEP: usize = 500;

/// Writes a backup beside `file` and gives it that name when it is whole and on the disk.
/// `report` is told what is being done. Only `replace` lets it take the place of another file.
///
/// # Errors
/// See [`BackupError`]; nothing is then left behind.
pub fn write(
    source: &Source<'_>,
    file: &Path,
    replace: bool,
    report: &mut dyn FnMut(&str),
) -> Result<Outcome, BackupError> {
    let folder = match file.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    if !replace && file.symlink_metadata().is_ok() {
        return Err(occupied(file));
    }
    // Readable by its owner alone from the beginning: it holds the key.
    let draft = tempfile::Builder::new()
        .prefix(".guichet-backup-")
        .tempfile_in(folder)
        .map_err(BackupError::at(folder))?;
    let (draft, path) = NamedTempFile::into_parts(draft);
    let (manifest, damaged) = fill(source, draft, folder, report)?;
    name(path, file, replace)?;
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(BackupError::at(folder))?;
    let size = file.metadata().map_err(BackupError::at(file))?.len();
    Ok(Outcome {
        manifest,
        damaged,
        size,
    })
}

fn name(draft: TempPath, file: &Path, replace: bool) -> Result<(), BackupError> {
    let named = if replace {
        draft.persist(file)
    } else {
        draft.persist_noclobber(file)
    };
    named.map_err(|failed| match failed.error.kind() {
        io::ErrorKind::AlreadyExists => occupied(file),
        _ => BackupError::at(file)(failed.error),
    })
}

fn occupied(file: &Path) -> BackupError {
    BackupError::Occupied(format!(
        "{} is there already: name another file, or replace it with --force",
        file.display()
    ))
}

fn fill(
    source: &Source<'_>,
    draft: File,
    folder: &Path,
    report: &mut dyn FnMut(&str),
) -> Result<(Manifest, Vec<Damaged>), BackupError> {
    let mut staging = Staging::in_folder(folder)?;
    let (mut manifest, contents) = dump::at_one_moment(source.url, |conn| {
        let mut manifest = Manifest::new(
            source.taken_at,
            conn.engine().as_str(),
            catalogue::applied_migrations(conn)?,
        );
        manifest.tables = dump::stage_tables(conn, &mut staging)?;
        let contents = contents::gather(conn, &source.contents)?;
        Ok((manifest, contents))
    })?;
    let (rows, tables) = (manifest.rows(), manifest.tables.len());
    report(&format!("database: {rows} rows of {tables} tables"));
    staging.add_file("secret.key", &source.data_dir.join("secret.key"))?;
    for (path, file) in &source.besides {
        stage_tree(&mut staging, path, file, 0)?;
    }
    manifest.entries = staging.entries().to_vec();
    manifest.contents = contents.keys().cloned().collect();
    report(&format!("files: {}", manifest.entries.len() - tables));
    let packed = Packing::begin(draft, source.taken_at)
        .write(
            &manifest,
            staging,
            contents,
            &Blobs::new(source.data_dir),
            report,
        )
        .map_err(BackupError::at(folder))?;
    Ok((manifest, packed))
}

/// Copies a file, or all files of a folder, with their paths in order.
fn stage_tree(
    staging: &mut Staging,
    path: &str,
    source: &Path,
    depth: usize,
) -> Result<(), BackupError> {
    let Ok(found) = source.metadata() else {
        return Ok(());
    };
    if found.is_file() {
        return staging.add_file(path, source);
    }
    if !found.is_dir() || depth > DEPTH {
        return Ok(());
    }
    let entries = std::fs::read_dir(source)
        .and_then(Iterator::collect::<io::Result<Vec<_>>>)
        .map_err(BackupError::at(source))?;
    let mut names: Vec<_> = entries.iter().map(std::fs::DirEntry::file_name).collect();
    names.sort();
    for name in names {
        let Some(text) = name.to_str() else {
            let path = source.join(&name);
            return Err(BackupError::at(&path)(io::Error::other(
                "its name is not valid UTF-8",
            )));
        };
        if !text.starts_with('.') {
            stage_tree(
                staging,
                &format!("{path}/{text}"),
                &source.join(text),
                depth + 1,
            )?;
        }
    }
    Ok(())
}

/// An archive that is being written.
struct Packing {
    archive: Builder<Digesting<BufWriter<File>>>,
    /// Time of all its entries, in seconds since the Unix epoch.
    seconds: u64,
}

impl Packing {
    fn begin(draft: File, taken_at: Timestamp) -> Self {
        Self {
            archive: Builder::new(Digesting::new(BufWriter::new(draft))),
            seconds: u64::try_from(taken_at.seconds()).unwrap_or_default(),
        }
    }

    /// Writes everything in order, to the disk; answers the contents that could not be.
    fn write(
        mut self,
        manifest: &Manifest,
        staging: Staging,
        contents: Contents,
        blobs: &Blobs,
        report: &mut dyn FnMut(&str),
    ) -> io::Result<Vec<Damaged>> {
        self.append_json(MANIFEST, manifest)?;
        staging.replay(|entry, read| self.append(&entry.path, entry.size, read))?;
        let mut closing = Closing::default();
        let mut bytes = 0;
        for (done, (content, holders)) in contents.into_iter().enumerate() {
            bytes += content.size;
            if let Some(fault) = self.append_content(blobs, &content)? {
                closing.damaged.push(Damaged {
                    sha256: content.sha256,
                    fault: fault.as_str().to_owned(),
                    holders,
                });
            }
            let done = done + 1;
            if done % STEP == 0 {
                report(&format!("attachments: {done} ({} MB)", bytes / 1_000_000));
            }
        }
        self.append_json(CLOSING, &closing)?;
        let file = seal::close(self.archive)?;
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(closing.damaged)
    }

    /// Adds a content if it is what its name says; what is wrong with it otherwise.
    fn append_content(
        &mut self,
        blobs: &Blobs,
        content: &Content,
    ) -> io::Result<Option<Condition>> {
        let condition = blobs.condition(&content.sha256, content.size);
        if condition != Condition::Sound {
            return Ok(Some(condition));
        }
        let mut file = File::open(blobs.path(&content.sha256))?;
        self.append(&content.entry().path, content.size, &mut file)?;
        Ok(None)
    }

    fn append_json(&mut self, path: &str, value: &impl serde::Serialize) -> io::Result<()> {
        let mut json = serde_json::to_vec_pretty(value)?;
        json.push(b'\n');
        self.append(path, json.len() as u64, &mut json.as_slice())
    }

    fn append(&mut self, path: &str, size: u64, read: &mut dyn Read) -> io::Result<()> {
        let mut read = read.take(size);
        let mut header = seal::header(size, self.seconds);
        self.archive.append_data(&mut header, path, &mut read)?;
        match read.limit() {
            0 => Ok(()),
            _ => Err(io::Error::other(format!("{path} became shorter meanwhile"))),
        }
    }
}
