//! Attachments' contents, kept by what they contain.
//!
//! A file lies at `blobs/ab/cdef…`, named by its SHA-256: the same content is kept once, a
//! name never comes from outside, and damage can be told. A file is synced before the
//! transaction that refers to it begins, so that no row ever points at nothing.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

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
        if target.exists() {
            path.close()?;
        } else {
            std::fs::create_dir_all(parent)?;
            path.persist(&target)?;
            File::open(parent)?.sync_all()?;
            File::open(&self.folder)?.sync_all()?;
        }
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
        use io::Write;
        use sha2::Digest;
        std::fs::create_dir_all(&self.folder)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        self.keep(Upload {
            field: String::new(),
            name: String::new(),
            size: bytes.len() as u64,
            sha256: data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(bytes)),
            head: bytes[..bytes.len().min(512)].to_vec(),
            path: Some(file.into_temp_path()),
        })
    }

    /// Where a content lies.
    #[must_use]
    pub fn path(&self, sha256: &str) -> PathBuf {
        let (first, rest) = sha256.split_at(2.min(sha256.len()));
        self.folder.join(first).join(rest)
    }
}

/// The type of a content by its first bytes. What is not a well-known, harmless type is a
/// stream of bytes, whatever its name says.
fn media_type(head: &[u8]) -> &'static str {
    let Some(kind) = infer::get(head) else {
        let text = !head.is_empty() && !head.contains(&0) && std::str::from_utf8(head).is_ok();
        return if text { "text/plain" } else { OCTETS };
    };
    const KNOWN: [&str; 9] = [
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
        .find(|known| *known == kind.mime_type())
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
