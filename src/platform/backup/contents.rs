//! Which contents the rows refer to. Slices know; the backup, the doctor and the scrub ask.

use std::collections::BTreeMap;

use diesel::QueryResult;

use super::manifest::{Content, Damaged};
use crate::platform::blobs::{Blobs, Condition};
use crate::platform::db::Conn;

/// A content that some row refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referenced {
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
    /// What it belongs to, as an operator finds it: a reference and a name.
    pub holder: String,
}

/// Lists the contents that a slice's rows refer to.
pub type ListContents = fn(&mut Conn) -> QueryResult<Vec<Referenced>>;

/// Contents, each with everything that it belongs to.
pub(super) type Contents = BTreeMap<Content, Vec<String>>;

/// Each content once, with everything that it belongs to.
pub(super) fn gather(conn: &mut Conn, sources: &[ListContents]) -> QueryResult<Contents> {
    let mut found = Contents::new();
    for list in sources {
        for Referenced {
            sha256,
            size,
            holder,
        } in list(conn)?
        {
            let size = u64::try_from(size).unwrap_or_default();
            found
                .entry(Content { sha256, size })
                .or_default()
                .push(holder);
        }
    }
    Ok(found)
}

/// Reads every content that the rows refer to and compares it with its hash. Answers how many there
/// are, and those that are not what they should be. Blocking, and as long as the disk takes.
///
/// # Errors
/// When the database refuses.
pub fn find_damaged(
    conn: &mut Conn,
    blobs: &Blobs,
    sources: &[ListContents],
) -> QueryResult<(usize, Vec<Damaged>)> {
    let contents = gather(conn, sources)?;
    let count = contents.len();
    let mut damaged = Vec::new();
    for (Content { sha256, size }, holders) in contents {
        let condition = blobs.condition(&sha256, size);
        if condition != Condition::Sound {
            damaged.push(Damaged {
                sha256,
                fault: condition.as_str().to_owned(),
                holders,
            });
        }
    }
    Ok((count, damaged))
}
