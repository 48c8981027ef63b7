//! Whether files were edited since somebody last asked, so that an edit shows and nothing is read anew
//! until then.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use super::overrides::list;

/// How long a glance at the folders holds: shorter than anybody takes to turn to the browser.
const GLANCE: Duration = Duration::from_millis(200);

/// A file as an edit changes it: its path, its length, when it was written.
type Seen = (PathBuf, Option<(u64, SystemTime)>);

/// Watches over the files below parts of folders, such as `static/`.
pub struct Edits {
    parts: Vec<(PathBuf, &'static str)>,
    seen: Mutex<(Instant, Vec<Seen>)>,
}

impl Edits {
    /// Watches from now on.
    #[must_use]
    pub fn of(parts: Vec<(PathBuf, &'static str)>) -> Self {
        let seen = look(&parts);
        Self {
            parts,
            seen: Mutex::new((Instant::now(), seen)),
        }
    }

    /// Whether there were any since the last time that this said so.
    #[must_use]
    pub fn are_new(&self) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.0.elapsed() < GLANCE {
            return false;
        }
        let found = look(&self.parts);
        let new = found != seen.1;
        *seen = (Instant::now(), found);
        new
    }
}

/// What cannot be looked at counts as nothing: whoever reads it says what is wrong.
fn look(parts: &[(PathBuf, &'static str)]) -> Vec<Seen> {
    let files = parts
        .iter()
        .flat_map(|(folder, part)| list(Some(folder), part).unwrap_or_default());
    files
        .map(|(_, path)| {
            let found = std::fs::metadata(&path).ok();
            let found = found.and_then(|found| Some((found.len(), found.modified().ok()?)));
            (path, found)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::overrides::STATIC;
    use super::*;

    #[test]
    fn an_edit_is_seen_once_and_a_lost_file_too() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join(STATIC).join("css/a.css");
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        std::fs::write(&file, "a").expect("written");
        let edits = Edits::of(vec![(folder.path().to_owned(), STATIC)]);
        let glance = || {
            std::thread::sleep(GLANCE);
            edits.are_new()
        };
        assert!(!glance());
        std::fs::write(&file, "b").expect("written");
        assert!(!edits.are_new(), "it has just looked");
        assert!(glance());
        assert!(!glance());
        // As a tool does that keeps the times of what it copies.
        let old = std::fs::File::options().append(true).open(&file);
        let old = old.expect("it is there");
        old.set_modified(SystemTime::UNIX_EPOCH).expect("ours");
        assert!(glance());
        std::fs::remove_file(&file).expect("removed");
        assert!(glance());
    }
}
