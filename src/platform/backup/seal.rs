//! The end of an archive: a digest of every byte before it.
//!
//! A sealed file ends in exactly the bytes that its beginning calls for, so that what was cut off,
//! added or altered anywhere shows, whichever program did it. By hand:
//! `head -c -2048 FILE | sha256sum` gives what `tar -xOf FILE SHA256` prints.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use tar::{Builder, Header};

use super::BackupError;
use crate::platform::digest::Digesting;

/// Name of the last entry.
pub(super) const SEAL: &str = "SHA256";

/// A header and a block of the last entry, and the two blocks that end a tar archive.
const LENGTH: u64 = 4 * 512;

/// Ends an archive.
pub(super) fn close<W: Write>(mut builder: Builder<Digesting<W>>) -> io::Result<W> {
    let digest = builder.get_ref().sha256();
    append(&mut builder, &digest)?;
    builder.into_inner().map(Digesting::into_inner)
}

/// Reads a file to its end and compares its seal.
pub(super) fn check(file: &mut File) -> Result<(), BackupError> {
    let unreadable = |error: io::Error| BackupError::damaged(error.to_string());
    let length = file.metadata().map_err(unreadable)?.len();
    let Some(sealed) = length.checked_sub(LENGTH) else {
        return Err(BackupError::damaged("it is too short"));
    };
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let before = Digesting::of((&mut *file).take(sealed)).map_err(unreadable)?;
    let mut found = Vec::new();
    file.read_to_end(&mut found).map_err(unreadable)?;
    let mut expected = Builder::new(Vec::new());
    append(&mut expected, &before.sha256()).map_err(unreadable)?;
    if before.size() != sealed || found != expected.into_inner().map_err(unreadable)? {
        return Err(BackupError::damaged(
            "its seal does not fit what it holds: it was cut off or altered, or is something else",
        ));
    }
    Ok(())
}

/// The last entry. Its bytes depend on nothing but the digest.
fn append<W: Write>(builder: &mut Builder<W>, digest: &str) -> io::Result<()> {
    let text = format!("{digest}\n");
    builder.append_data(&mut header(text.len() as u64, 0), SEAL, text.as_bytes())
}

/// The header of an entry: readable by its owner alone, as the archive is.
pub(super) fn header(size: u64, seconds: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o600);
    header.set_mtime(seconds);
    header
}
