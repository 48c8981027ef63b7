//! What lies in the folder, by names, sizes and times.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rocket::http::ContentType;

use super::FileFault;
use crate::platform::i18n::Message;

/// Endings of pictures and what they are served as.
const IMAGE_TYPES: [(&str, ContentType); 6] = [
    ("png", ContentType::PNG),
    ("jpg", ContentType::JPEG),
    ("jpeg", ContentType::JPEG),
    ("gif", ContentType::GIF),
    ("webp", ContentType::WEBP),
    ("svg", ContentType::SVG),
];

/// Folders below folders, at most: more is a loop or a mistake.
const DEPTH: usize = 8;

/// What a file is to us, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An article.
    Article,
    /// Title and summary of a section.
    Section,
    /// A picture.
    Image,
}

/// A file of the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Path below the folder, parts joined by `/`.
    pub path: String,
    /// What it is to us.
    pub kind: Kind,
    /// Bytes.
    pub size: u64,
    /// When it was last written, where the file system knows.
    pub modified: Option<SystemTime>,
}

/// The folder at one moment. Two equal ones hold the same files, unwritten in between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    /// Files in order of their paths.
    pub entries: Vec<Entry>,
    /// Folders and files that could not be looked at; `.` when it is the whole folder.
    pub faults: Vec<FileFault>,
}

impl Folder {
    /// Lists the folder. What cannot be read becomes a fault.
    #[must_use]
    pub fn list(root: &Path) -> Self {
        let mut folder = Self::default();
        folder.visit(root, "", 0);
        folder.entries.sort_by(|a, b| a.path.cmp(&b.path));
        folder
    }

    fn visit(&mut self, root: &Path, prefix: &str, depth: usize) {
        let listed =
            fs::read_dir(root.join(prefix)).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let entries = match listed {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(prefix, &error),
        };
        for entry in entries {
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                let shown = entry.file_name().to_string_lossy().into_owned();
                let reason = Message::new("kb-fault-name");
                self.faults
                    .push(FileFault::whole(&join(prefix, &shown), reason));
                continue;
            };
            // Editors and version control keep their own files under such names.
            if name.starts_with('.') {
                continue;
            }
            let path = join(prefix, &name);
            match resolve(root, &entry.path()) {
                Ok(Some(found)) if found.is_dir() => {
                    if depth < DEPTH && !entry.path().is_symlink() {
                        self.visit(root, &path, depth + 1);
                    }
                }
                Ok(Some(found)) => self.add(path, &name, &found),
                Ok(None) => {}
                Err(error) => self.unreadable(&path, &error),
            }
        }
    }

    fn add(&mut self, path: String, name: &str, found: &fs::Metadata) {
        let Some(kind) = kind_of(name) else {
            return;
        };
        self.entries.push(Entry {
            path,
            kind,
            size: found.len(),
            modified: found.modified().ok(),
        });
    }

    fn unreadable(&mut self, path: &str, error: &io::Error) {
        let path = if path.is_empty() { "." } else { path };
        let reason = Message::new("kb-fault-unreadable").text("what", error.to_string());
        self.faults.push(FileFault::whole(path, reason));
    }
}

/// Type and size of what a path leads to; none for a link that leads out of the folder or
/// nowhere.
fn resolve(root: &Path, path: &Path) -> io::Result<Option<fs::Metadata>> {
    let direct = fs::symlink_metadata(path)?;
    if !direct.is_symlink() {
        return Ok(Some(direct));
    }
    Ok(inside(root, path).and_then(|target| fs::metadata(target).ok()))
}

/// The true path of a file, if it lies in the folder.
#[must_use]
pub fn inside(root: &Path, path: &Path) -> Option<PathBuf> {
    let target = fs::canonicalize(path).ok()?;
    let root = fs::canonicalize(root).ok()?;
    target.starts_with(root).then_some(target)
}

fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() {
        name.to_owned()
    } else {
        format!("{prefix}/{name}")
    }
}

fn kind_of(name: &str) -> Option<Kind> {
    let (stem, ending) = name.rsplit_once('.')?;
    let ending = ending.to_ascii_lowercase();
    if ending == "md" {
        return match stem {
            "_section" => Some(Kind::Section),
            // Notes for the people who keep the folder.
            "README" => None,
            _ if stem.starts_with('_') => None,
            _ => Some(Kind::Article),
        };
    }
    image_type(&ending).map(|_| Kind::Image)
}

/// What a picture with this ending is served as; none for anything else.
#[must_use]
pub fn image_type(ending: &str) -> Option<ContentType> {
    IMAGE_TYPES
        .into_iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(ending))
        .map(|(_, content_type)| content_type)
}
