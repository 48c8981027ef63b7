//! Whether files that a debug build reads from their folders were edited since, so that an edit
//! shows on the next page, and nothing is read anew until then.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use super::overrides::{STATIC, list};

/// How long a glance at the folders holds: shorter than anybody takes to turn to the browser.
const GLANCE: Duration = Duration::from_millis(200);

/// What edits show in: how many files there are, and when the last of them was written.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct State {
    files: usize,
    written: Option<SystemTime>,
}

/// Watches over the files below `static/` of folders.
pub struct Edits {
    folders: Vec<PathBuf>,
    seen: Mutex<(Instant, State)>,
}

impl Edits {
    /// Watches from now on.
    #[must_use]
    pub fn of(folders: Vec<PathBuf>) -> Self {
        let state = look(&folders);
        Self {
            folders,
            seen: Mutex::new((Instant::now(), state)),
        }
    }

    /// Whether there were any since the last time that this said so.
    #[must_use]
    pub fn are_new(&self) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.0.elapsed() < GLANCE {
            return false;
        }
        let state = look(&self.folders);
        let new = state != seen.1;
        *seen = (Instant::now(), state);
        new
    }
}

/// What cannot be looked at counts as nothing: whoever reads it says what is wrong.
fn look(folders: &[PathBuf]) -> State {
    let files = folders
        .iter()
        .flat_map(|folder| list(Some(folder), STATIC).unwrap_or_default());
    files.fold(State::default(), |state, (_, path)| {
        let written = std::fs::metadata(path).and_then(|found| found.modified());
        State {
            files: state.files + 1,
            written: state.written.max(written.ok()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_is_seen_once_and_a_lost_file_too() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join(STATIC).join("css/a.css");
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        std::fs::write(&file, "a").expect("written");
        let edits = Edits::of(vec![folder.path().to_owned()]);
        let glance = || {
            std::thread::sleep(GLANCE);
            edits.are_new()
        };
        assert!(!glance());
        std::fs::write(&file, "b").expect("written");
        assert!(!edits.are_new(), "it has just looked");
        assert!(glance());
        assert!(!glance());
        std::fs::remove_file(&file).expect("removed");
        assert!(glance());
    }
}
