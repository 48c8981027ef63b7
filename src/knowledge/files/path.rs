//! Paths that arrive in addresses.

use std::path::{Path, PathBuf};

use rocket::http::uri::Segments;
use rocket::http::uri::error::PathError;
use rocket::http::uri::fmt::Path as UriPath;
use rocket::request::FromSegments;

use super::folder::inside;

/// Largest picture that is served, in bytes.
const IMAGE_BYTES: u64 = 20_000_000;

/// A path below the folder of the articles, as an address names it: no `..`, no hidden name, no
/// separator within a name, however they are encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderPath(String);

impl<'r> FromSegments<'r> for FolderPath {
    type Error = PathError;

    fn from_segments(segments: Segments<'r, UriPath>) -> Result<Self, PathError> {
        let path: PathBuf = segments.to_path_buf(false)?;
        // The rule holds only for names that are text on every system.
        path.to_str()
            .map(|path| Self(path.to_owned()))
            .ok_or(PathError::BadChar('\u{FFFD}'))
    }
}

impl FolderPath {
    /// The path, parts joined by `/`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the last dot.
    #[must_use]
    pub fn ending(&self) -> Option<&str> {
        self.0.rsplit_once('.').map(|(_, ending)| ending)
    }

    /// The file's content, if it lies in the folder, links followed.
    #[must_use]
    pub fn read(&self, root: &Path) -> Option<Vec<u8>> {
        let file = inside(root, &root.join(&self.0))?;
        let found = std::fs::metadata(&file).ok()?;
        if !found.is_file() || found.len() > IMAGE_BYTES {
            return None;
        }
        std::fs::read(file).ok()
    }
}
