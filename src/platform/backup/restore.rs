//! Putting everything back where nothing is.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::load::{self, Unbound};
use super::read::{Archive, Found};
use super::{BackupError, catalogue};
use crate::platform::clock::Clock;
use crate::platform::db::{Actor, Conn, DatabaseUrl, StorageError, Tx, migrations};
use crate::platform::events::History;

/// Where a backup is restored to.
pub struct Target<'a> {
    /// The data folder: empty, or not there yet.
    pub folder: &'a Path,
    /// The database: a file that is not there yet, or a database without tables.
    pub url: &'a DatabaseUrl,
}

/// What a slice puts right after its rows were brought back from another time. The answer is what
/// an operator has to know.
pub type AfterRestore = fn(&mut Conn) -> QueryResult<Option<String>>;

/// Does to the restored rows what has to be done before anybody is served, besides what the slices do
/// of themselves. The answer is what an operator has to know, if anything was changed.
pub type Amend<'a> = &'a dyn Fn(&mut Tx<'_>) -> Result<Option<String>, StorageError>;

/// What is put right in the restored rows.
pub struct Amends<'a> {
    /// By the slices, of themselves.
    pub after: &'a [AfterRestore],
    /// By whoever restores.
    pub amend: Amend<'a>,
    /// What happens when either records something.
    pub history: &'a History,
}

/// Restores an archive; answers what the slices, and `amend`, have to say.
///
/// The database comes last, and gets its name or is committed when everything else is in place:
/// what was interrupted is no site that could be served half.
///
/// # Errors
/// See [`BackupError`]; what was written is taken away again.
pub fn restore(
    archive: &mut Archive,
    target: &Target<'_>,
    amends: &Amends<'_>,
) -> Result<Vec<String>, BackupError> {
    refuse_occupied(target)?;
    let is_new = !target.folder.exists();
    std::fs::create_dir_all(target.folder).map_err(BackupError::at(target.folder))?;
    let restored =
        unpack(archive, target.folder).and_then(|()| restore_database(archive, target, amends));
    if restored.is_err() {
        clear(target.folder, is_new);
    }
    restored
}

fn refuse_occupied(target: &Target<'_>) -> Result<(), BackupError> {
    let folder = target.folder;
    match std::fs::read_dir(folder) {
        Ok(mut entries) => {
            if entries.next().is_some() {
                return Err(BackupError::Occupied(format!(
                    "{} is not empty: name a new folder",
                    folder.display()
                )));
            }
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(BackupError::at(folder)(error));
        }
        Err(_) => {}
    }
    if let DatabaseUrl::Sqlite(path) = target.url {
        if path.exists() {
            return Err(BackupError::Occupied(format!(
                "database_url names {}, which exists: unset it for the restore",
                path.display()
            )));
        }
        return Ok(());
    }
    let tables = catalogue::tables(&mut connect(target.url)?)?;
    match tables.first() {
        Some(table) => Err(BackupError::Occupied(format!(
            "the database {} is not empty (it has a table {}): make an empty one with createdb, or \
             unset database_url to restore into the folder",
            target.url, table.name
        ))),
        None => Ok(()),
    }
}

fn connect(url: &DatabaseUrl) -> Result<Conn, BackupError> {
    url.connect()
        .map_err(|error| BackupError::Unusable(format!("cannot open {url}: {error}")))
}

/// Writes the files, each synced, readable by their owner alone.
fn unpack(archive: &mut Archive, folder: &Path) -> Result<(), BackupError> {
    let mut folders = BTreeSet::from([folder.to_owned()]);
    archive.walk(&mut |found, read| {
        let Found::File(path) = found else {
            return Ok(());
        };
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(BackupError::at(parent))?;
            folders.insert(parent.to_owned());
        }
        write_file(&path, read).map_err(BackupError::at(&path))
    })?;
    for folder in folders {
        let synced = File::open(&folder).and_then(|folder| folder.sync_all());
        synced.map_err(BackupError::at(&folder))?;
    }
    Ok(())
}

fn write_file(path: &Path, read: &mut dyn Read) -> io::Result<()> {
    let mut options = File::options();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    io::copy(read, &mut file)?;
    file.sync_all()
}

fn restore_database(
    archive: &mut Archive,
    target: &Target<'_>,
    amends: &Amends<'_>,
) -> Result<Vec<String>, BackupError> {
    let DatabaseUrl::Sqlite(path) = target.url else {
        return fill(archive, target.url, amends);
    };
    let mut draft = path.clone().into_os_string();
    draft.push(".restoring");
    let draft = PathBuf::from(draft);
    let filled = fill(archive, &DatabaseUrl::Sqlite(draft.clone()), amends);
    // The last connection has folded its log in and taken it away.
    let named = filled.and_then(|notes| {
        std::fs::rename(&draft, path).map_err(BackupError::at(path))?;
        Ok(notes)
    });
    if named.is_err() && draft.exists() {
        remove(std::fs::remove_file(&draft), &draft);
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(BackupError::at(folder))?;
    named
}

/// Makes the tables as they were, fills them, and brings them up to date. On PostgreSQL a failure
/// leaves no table behind.
fn fill(
    archive: &mut Archive,
    url: &DatabaseUrl,
    amends: &Amends<'_>,
) -> Result<Vec<String>, BackupError> {
    let mut conn = connect(url)?;
    let (mut notes, amended) = conn.transaction(|conn| {
        migrations::run_only(conn, &archive.manifest().migrations)?;
        load::compare_tables(conn, archive.manifest())?;
        let unbound = Unbound::begin(conn)?;
        archive.walk(&mut |found, read| match found {
            Found::Rows(table) => load::fill(conn, table, read),
            Found::File(_) => Ok(()),
        })?;
        unbound.end(conn)?;
        migrations::run_pending(conn)?;
        let notes = amends
            .after
            .iter()
            .filter_map(|put_right| put_right(conn).transpose());
        let notes = notes.collect::<QueryResult<Vec<String>>>()?;
        let mut tx = Tx::new(conn, Clock::System.now(), Actor::System, amends.history);
        tx.set_origin("restore");
        let amended =
            (amends.amend)(&mut tx).map_err(|error| BackupError::Unusable(error.to_string()))?;
        Ok::<_, BackupError>((notes, amended))
    })?;
    if let Some(note) = amended {
        // What was taken out is not to be read in the file either.
        if let Conn::Sqlite(sqlite) = &mut conn {
            sqlite.batch_execute("PRAGMA temp_store = FILE; VACUUM")?;
        }
        notes.push(note);
    }
    Ok(notes)
}

/// The folder was empty or absent before, so all that is in it is ours.
fn clear(folder: &Path, is_new: bool) {
    if is_new {
        return remove(std::fs::remove_dir_all(folder), folder);
    }
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let removed = match path.is_dir() {
            true => std::fs::remove_dir_all(&path),
            false => std::fs::remove_file(&path),
        };
        remove(removed, &path);
    }
}

fn remove(outcome: io::Result<()>, path: &Path) {
    if let Err(error) = outcome {
        tracing::warn!(%error, path = %path.display(), "could not be taken away");
    }
}
