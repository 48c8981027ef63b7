//! Attachments' contents, kept by what they contain.
//!
//! A file lies at `blobs/ab/cdef…`, named by its SHA-256: the same content is kept once, a
//! name never comes from outside, and damage can be told. A file is synced before the
//! transaction that refers to it begins, so that no row ever points at nothing.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use tempfile::{NamedTempFile, TempPath};

use super::digest::Digesting;
use super::web::Upload;

/// The folder of contents.
#[derive(Clone, Debug)]
pub struct Blobs {
    folder: PathBuf,
}

/// A content that is safely kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// SHA-256 of the content, hexadecimal.
    pub sha256: String,
    /// Length in bytes.
    pub size: i64,
    /// What the content is, told from the content and never from its name.
    pub media_type: &'static str,
}

/// Whether a content is still what its name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It is.
    Sound,
    /// There is no such file.
    Missing,
    /// It is shorter, longer or another.
    Altered,
    /// The disk does not give it.
    Unreadable,
}

impl Condition {
    /// As a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Missing => "missing",
            Self::Altered => "altered",
            Self::Unreadable => "unreadable",
        }
    }
}

impl Blobs {
    /// The contents under a data folder.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self {
            folder: data_dir.join("blobs"),
        }
    }

    /// Keeps an uploaded file. Blocking.
    ///
    /// # Errors
    /// When the file was not received whole or the disk refuses.
    pub fn keep(&self, upload: Upload) -> io::Result<Kept> {
        let path = upload
            .path
            .ok_or_else(|| io::Error::other("the upload was over a limit and not received"))?;
        let size = i64::try_from(upload.size).map_err(io::Error::other)?;
        let target = self.path(&upload.sha256);
        let parent = target.parent().unwrap_or(&self.folder);
        // An altered one is replaced: what was just received is right. One that was about to be
        // deleted stays, or is kept anew when that has happened already.
        let sound = self.condition(&upload.sha256, upload.size) == Condition::Sound;
        if sound && touch(&target, &path).is_ok() {
            path.close()?;
        } else {
            std::fs::create_dir_all(parent)?;
            put(path, &target, parent)?;
        }
        // Also for one that was there: whoever put it may have failed at this very step.
        File::open(parent)?.sync_all()?;
        File::open(&self.folder)?.sync_all()?;
        Ok(Kept {
            sha256: upload.sha256,
            size,
            media_type: media_type(&upload.head),
        })
    }

    /// Keeps bytes made by the program itself. Blocking.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn keep_bytes(&self, bytes: &[u8]) -> io::Result<Kept> {
        std::fs::create_dir_all(&self.folder)?;
        let mut file = NamedTempFile::new_in(&self.folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        self.keep(Upload {
            field: String::new(),
            name: String::new(),
            size: bytes.len() as u64,
            sha256: HEXLOWER.encode(&Sha256::digest(bytes)),
            head: bytes[..bytes.len().min(512)].to_vec(),
            path: Some(file.into_temp_path()),
        })
    }

    /// Reads a content and compares it with its name and size. Blocking.
    #[must_use]
    pub fn condition(&self, sha256: &str, size: u64) -> Condition {
        condition(&self.path(sha256), sha256, size)
    }

    /// Takes an altered content out of the way: it is not handed out any more, and the right one
    /// can take its place. Blocking.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn set_aside(&self, sha256: &str, size: u64) -> io::Result<()> {
        let (path, aside) = (self.path(sha256), self.path(&format!("{sha256}.altered")));
        std::fs::rename(&path, &aside)?;
        // Somebody may have sent the right one in this very moment.
        if condition(&aside, sha256, size) == Condition::Sound {
            std::fs::rename(&aside, &path)?;
        }
        Ok(())
    }

    /// The contents that were last received longer ago than `age`. Blocking.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn list_older(&self, age: Duration) -> io::Result<Vec<String>> {
        let now = tempfile::tempfile_in(&self.folder)?
            .metadata()?
            .modified()?;
        let limit = now.checked_sub(age).unwrap_or(SystemTime::UNIX_EPOCH);
        let mut found = Vec::new();
        for folder in std::fs::read_dir(&self.folder)? {
            let folder = folder?;
            if !folder.file_type()?.is_dir() {
                continue;
            }
            for file in std::fs::read_dir(folder.path())? {
                let file = file?;
                let sha256 = format!(
                    "{}{}",
                    folder.file_name().to_string_lossy(),
                    file.file_name().to_string_lossy()
                );
                // Altered ones that were set aside stay for somebody to look at.
                if is_sha256(&sha256) && file.metadata()?.modified()? < limit {
                    found.push(sha256);
                }
            }
        }
        Ok(found)
    }

    /// Deletes a content that no row refers to, unless it was kept again within the hour: then a
    /// row that refers to it may be on its way. Answers whether it is gone. Blocking.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn remove_idle(&self, sha256: &str) -> io::Result<bool> {
        let (path, leaving) = (self.path(sha256), self.path(&format!("{sha256}.leaving")));
        let aside = self.path(&format!("{sha256}.altered"));
        if aside.exists() {
            std::fs::remove_file(aside)?;
        }
        if !path.exists() {
            return Ok(true);
        }
        // The clock that the disk itself goes by.
        let now = NamedTempFile::new_in(&self.folder)?;
        let now = now.as_file().metadata()?.modified()?;
        if !is_idle(&path, now)? {
            return Ok(false);
        }
        std::fs::rename(&path, &leaving)?;
        // Somebody may have kept it in this very moment.
        if is_idle(&leaving, now)? {
            std::fs::remove_file(&leaving)?;
            return Ok(true);
        }
        std::fs::rename(&leaving, &path)?;
        Ok(false)
    }

    /// Where a content lies.
    #[must_use]
    pub fn path(&self, sha256: &str) -> PathBuf {
        let (first, rest) = sha256.split_at(2.min(sha256.len()));
        self.folder.join(first).join(rest)
    }
}

/// Moves a synced file to its place; the contents may lie on another disk than the uploads.
fn put(path: TempPath, target: &Path, parent: &Path) -> io::Result<()> {
    match path.persist(target) {
        Err(refused) if refused.error.kind() == io::ErrorKind::CrossesDevices => {
            let mut copy = NamedTempFile::new_in(parent)?;
            io::copy(&mut File::open(&refused.path)?, copy.as_file_mut())?;
            copy.as_file().sync_all()?;
            copy.persist(target)?;
            Ok(())
        }
        outcome => Ok(outcome?),
    }
}

/// How long a content stays after it was kept, whether a row refers to it or not.
const IDLE: Duration = Duration::from_secs(3600);

fn is_idle(path: &Path, now: SystemTime) -> io::Result<bool> {
    let modified = std::fs::metadata(path)?.modified()?;
    Ok(now.duration_since(modified).is_ok_and(|age| age > IDLE))
}

/// Gives a content the time of a file that was written just now.
fn touch(content: &Path, written: &Path) -> io::Result<()> {
    let now = std::fs::metadata(written)?.modified()?;
    File::options()
        .append(true)
        .open(content)?
        .set_modified(now)
}

fn condition(path: &Path, sha256: &str, size: u64) -> Condition {
    match File::open(path).and_then(Digesting::of) {
        Ok(found) if found.size() == size && found.sha256() == sha256 => Condition::Sound,
        Ok(_) => Condition::Altered,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Condition::Missing,
        Err(_) => Condition::Unreadable,
    }
}

fn is_sha256(name: &str) -> bool {
    name.len() == 64
        && name
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// The type of a content by its first bytes. What is not a well-known, harmless type is a
/// stream of bytes, whatever its name says.
fn media_type(head: &[u8]) -> &'static str {
    let Some(kind) = infer::get(head) else {
        let text = !head.is_empty() && !head.contains(&0) && std::str::from_utf8(head).is_ok();
        return if text { "text/plain" } else { OCTETS };
    };
    known_type(kind.mime_type())
}

/// A type of content by its name: one of those that are told apart, or a stream of bytes.
#[must_use]
pub fn known_type(name: &str) -> &'static str {
    const KNOWN: [&str; 10] = [
        "text/plain",
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "application/pdf",
        "application/zip",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "video/mp4",
    ];
    KNOWN
        .into_iter()
        .find(|known| *known == name)
        .unwrap_or(OCTETS)
}

const OCTETS: &str = "application/octet-stream";

/// Whether browsers may show a content in place: pictures that carry no script.
#[must_use]
pub fn is_picture(media_type: &str) -> bool {
    matches!(
        media_type,
        "image/png" | "image/jpeg" | "image/gif" | "image/webp"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_tells_the_type() {
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n0000"), "image/png");
        assert_eq!(media_type(b"hello"), "text/plain");
        assert_eq!(media_type(b"<svg onload=alert(1)>"), "text/plain");
        assert_eq!(media_type(b"<html><script>"), OCTETS);
        assert_eq!(media_type(&[0, 1, 2]), OCTETS);
    }

    #[test]
    fn damage_can_be_told_and_mended() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::new(folder.path());
        let Kept { sha256, .. } = blobs.keep_bytes(b"a report").unwrap();
        let path = blobs.path(&sha256);
        assert_eq!(blobs.condition(&sha256, 8), Condition::Sound);
        assert_eq!(blobs.condition(&sha256, 9), Condition::Altered);
        for damage in ["a repor", "a report.", "b report"] {
            std::fs::write(&path, damage).unwrap();
            assert_eq!(blobs.condition(&sha256, 8), Condition::Altered);
        }
        blobs.set_aside(&sha256, 8).unwrap();
        assert_eq!(blobs.condition(&sha256, 8), Condition::Missing);
        blobs.keep_bytes(b"a report").unwrap();
        assert_eq!(blobs.condition(&sha256, 8), Condition::Sound);
    }

    #[test]
    fn contents_may_lie_on_another_disk_than_uploads() {
        let (folder, memory) = (tempfile::tempdir().unwrap(), Path::new("/dev/shm"));
        if !memory.is_dir() {
            return;
        }
        let mut received = NamedTempFile::new_in(memory).unwrap();
        received.write_all(b"a report").unwrap();
        let target = folder.path().join("content");
        put(received.into_temp_path(), &target, folder.path()).unwrap();
        assert_eq!(std::fs::read(target).unwrap(), b"a report");
    }

    #[test]
    fn only_what_has_lain_idle_is_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::new(folder.path());
        let Kept { sha256, .. } = blobs.keep_bytes(b"a report").unwrap();
        assert!(!blobs.remove_idle(&sha256).unwrap());
        let age = || {
            let file = File::options()
                .append(true)
                .open(blobs.path(&sha256))
                .unwrap();
            let long_ago = file.metadata().unwrap().modified().unwrap() - 2 * IDLE;
            file.set_modified(long_ago).unwrap();
        };
        age();
        let old = blobs.list_older(IDLE).unwrap();
        assert_eq!(old, std::slice::from_ref(&sha256));
        // Kept once more: somebody is about to refer to it.
        blobs.keep_bytes(b"a report").unwrap();
        assert!(blobs.list_older(IDLE).unwrap().is_empty());
        assert!(!blobs.remove_idle(&sha256).unwrap());
        assert_eq!(blobs.condition(&sha256, 8), Condition::Sound);
        age();
        assert!(blobs.remove_idle(&sha256).unwrap());
        assert_eq!(blobs.condition(&sha256, 8), Condition::Missing);
        assert!(blobs.remove_idle(&sha256).unwrap());
    }

    #[test]
    fn the_same_content_is_kept_once() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::new(folder.path());
        let first = blobs.keep_bytes(b"a report").unwrap();
        let second = blobs.keep_bytes(b"a report").unwrap();
        assert_eq!(first, second);
        assert_eq!(
            std::fs::read(blobs.path(&first.sha256)).unwrap(),
            b"a report"
        );
    }
}
