//! Who was erased, in marks that name nobody.
//!
//! The list is a table, and so in every later backup, and a file beside the data, for backups from
//! before. A mark is a digest: of the account's number and its first moment, which only this portal
//! has, and of the address under the portal's key.

use std::io::{self, Write};
use std::path::Path;

use data_encoding::HEXLOWER;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::accounts::PersonId;
use crate::platform::db::{Conn, Timestamp};
use crate::platform::secret::SecretKey;
use crate::schema::erasures;

/// One erasure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Mark of the account.
    pub person_mark: String,
    /// Mark of the address.
    pub address_mark: String,
    /// When.
    pub erased_at: Timestamp,
    /// Whether the texts of their requests stayed.
    pub keep_texts: bool,
    /// Whether the files beside the list were cleared as well.
    #[serde(default)]
    pub cleared: bool,
}

/// The mark of an account.
#[must_use]
pub fn person_mark(id: PersonId, created_at: Timestamp) -> String {
    let text = format!("guichet person {id} {}", created_at.micros());
    HEXLOWER.encode(&Sha256::digest(text))
}

/// The mark of an address, under the portal's key: nobody else can try addresses on it.
#[must_use]
pub fn address_mark(key: &SecretKey, address: &str) -> String {
    key.sign("erased address", &[address])
}

/// The erasures in the database, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn stored(conn: &mut Conn) -> QueryResult<Vec<Entry>> {
    erasures::table
        .order(erasures::id.asc())
        .select((
            erasures::person_mark,
            erasures::address_mark,
            erasures::erased_at,
            erasures::keep_texts,
        ))
        .load::<(String, String, Timestamp, bool)>(conn)
        .map(|rows| rows.into_iter().map(Entry::from).collect())
}

/// Key of the last erasure; 0 before the first.
pub(super) fn last(conn: &mut Conn) -> QueryResult<i64> {
    let last: Option<i64> = erasures::table
        .select(diesel::dsl::max(erasures::id))
        .first(conn)?;
    Ok(last.unwrap_or(0))
}

impl From<(String, String, Timestamp, bool)> for Entry {
    fn from(row: (String, String, Timestamp, bool)) -> Self {
        let (person_mark, address_mark, erased_at, keep_texts) = row;
        Self {
            person_mark,
            address_mark,
            erased_at,
            keep_texts,
            cleared: false,
        }
    }
}

/// Reads a file of the list; one that is not there is empty.
///
/// # Errors
/// When the disk refuses, or a line of it is not an entry.
pub fn read(path: &Path) -> io::Result<Vec<Entry>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    text.lines()
        .enumerate()
        .map(|(index, line)| {
            serde_json::from_str(line).map_err(|error| {
                let (path, number) = (path.display(), index + 1);
                let reason = format!("{path}, line {number}: not an erasure ({error})");
                io::Error::new(io::ErrorKind::InvalidData, reason)
            })
        })
        .collect()
}

/// Writes the file: the old one is there until the new one is whole and synced.
pub(super) fn write(path: &Path, entries: &[Entry]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    for entry in entries {
        serde_json::to_writer(&mut file, entry)?;
        file.write_all(b"\n")?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    std::fs::File::open(folder)?.sync_all()
}

/// What is known of both: an entry that the file has keeps what it says of the clearing.
pub(super) fn merge(file: Vec<Entry>, stored: Vec<Entry>) -> Vec<Entry> {
    let mut merged = file;
    for entry in stored {
        if merged
            .iter()
            .all(|known| known.person_mark != entry.person_mark)
        {
            merged.push(entry);
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(mark: &str, cleared: bool) -> Entry {
        Entry {
            person_mark: mark.to_owned(),
            address_mark: "b".to_owned(),
            erased_at: Timestamp::from_micros(1_700_000_000_123_456),
            keep_texts: false,
            cleared,
        }
    }

    #[test]
    fn a_list_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/erasures.jsonl");
        assert_eq!(read(&path).unwrap(), []);
        let entries = [entry("one", true), entry("two", false)];
        write(&path, &entries).unwrap();
        assert_eq!(read(&path).unwrap(), entries);
        std::fs::write(&path, "{\"person_mark\":1}\n").unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("line 1"));
    }

    #[test]
    fn the_table_adds_what_the_file_lacks() {
        let merged = merge(
            vec![entry("one", true)],
            vec![entry("one", false), entry("two", false)],
        );
        assert_eq!(merged, [entry("one", true), entry("two", false)]);
    }

    #[test]
    fn marks_tell_accounts_apart_and_name_nobody() {
        let at = Timestamp::from_micros(7);
        assert_ne!(person_mark(PersonId(1), at), person_mark(PersonId(2), at));
        let (one, other) = (SecretKey::ephemeral(), SecretKey::ephemeral());
        assert_ne!(
            address_mark(&one, "a@b.example"),
            address_mark(&other, "a@b.example")
        );
    }
}
