//! Forgetting again, in what was brought back from before.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::list::{Entry, address_mark, person_mark, stored};
use super::{Erasing, erase};
use crate::accounts::PersonId;
use crate::platform::backup::ListContents;
use crate::platform::blobs::Blobs;
use crate::platform::db::{StorageError, Timestamp, Tx};
use crate::schema::{draft_files, erasures, people};

/// What came of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// People who were there again and are forgotten again.
    pub erased: usize,
    /// Entries that were carried out in the backup already, or whose people it does not know.
    pub settled: usize,
}

/// Forgets everybody on a list who is there again; the list is kept. The contents of their files are
/// deleted at once, so nobody may be served meanwhile.
///
/// # Errors
/// When the database or the disk refuses.
pub fn replay(
    tx: &mut Tx<'_>,
    entries: &[Entry],
    how: &Erasing,
    blobs: &Blobs,
    contents: &[ListContents],
) -> Result<Replayed, StorageError> {
    let done: HashSet<String> = stored(tx.conn)?
        .into_iter()
        .map(|e| e.person_mark)
        .collect();
    let open: Vec<&Entry> = entries
        .iter()
        .filter(|entry| !done.contains(&entry.person_mark))
        .collect();
    let by_person: HashMap<&str, &Entry> =
        open.iter().map(|e| (e.person_mark.as_str(), *e)).collect();
    let by_address: HashMap<&str, &Entry> =
        open.iter().map(|e| (e.address_mark.as_str(), *e)).collect();
    let everybody: Vec<(PersonId, String, Timestamp)> = people::table
        .select((people::id, people::email, people::created_at))
        .load(tx.conn)?;
    let mut replayed = Replayed::default();
    for (id, address, created_at) in everybody {
        let mark = person_mark(id, created_at);
        let entry = by_person.get(mark.as_str()).or_else(|| {
            // Somebody who came back later under the same address is somebody new.
            by_address
                .get(address_mark(&how.key, &address).as_str())
                .filter(|entry| created_at < entry.erased_at)
        });
        let Some(entry) = entry else { continue };
        let how = Erasing {
            keep_texts: entry.keep_texts,
            ..how.clone()
        };
        erase(tx, id, &how)?;
        replayed.erased += 1;
    }
    replayed.settled = entries.len().saturating_sub(replayed.erased);
    let known: HashSet<String> = stored(tx.conn)?
        .into_iter()
        .map(|e| e.person_mark)
        .collect();
    for entry in open.iter().filter(|e| !known.contains(&e.person_mark)) {
        diesel::insert_into(erasures::table)
            .values((
                erasures::person_mark.eq(&entry.person_mark),
                erasures::address_mark.eq(&entry.address_mark),
                erasures::erased_at.eq(entry.erased_at),
                erasures::keep_texts.eq(entry.keep_texts),
            ))
            .execute(tx.conn)?;
    }
    remove_contents(tx, blobs, contents)?;
    Ok(replayed)
}

/// Deletes what no row refers to any more.
fn remove_contents(
    tx: &mut Tx<'_>,
    blobs: &Blobs,
    contents: &[ListContents],
) -> Result<(), StorageError> {
    let mut needed = HashSet::new();
    for list in contents {
        needed.extend(list(tx.conn)?.into_iter().map(|content| content.sha256));
    }
    let forsaken: Vec<String> = draft_files::table
        .filter(draft_files::draft_id.is_null())
        .select(draft_files::sha256)
        .load(tx.conn)?;
    for sha256 in forsaken.iter().filter(|sha256| !needed.contains(*sha256)) {
        match std::fs::remove_file(blobs.path(sha256)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StorageError::Other(format!("content {sha256}: {error}")));
            }
            _ => {}
        }
    }
    diesel::delete(draft_files::table.filter(draft_files::draft_id.is_null())).execute(tx.conn)?;
    Ok(())
}
