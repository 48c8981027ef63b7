//! The files of the override folder, read anew when they are edited.
//!
//! All of them or none take the place of what was: an edit that cannot be used is told, and changes
//! nothing.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::assets::Table;
use super::edits::Edits;
use super::overrides::{OverrideFaults, STATIC, TEMPLATES, both};
use super::site::Site;
use super::templates::Templates;
use crate::platform::db::StorageError;
use crate::platform::schedule::Schedule;

/// Looks at the folder often enough for a saved file to show within two seconds.
pub const OVERRIDES: Schedule = Schedule {
    name: "overrides",
    every: Duration::from_secs(1),
    run,
    at_end: false,
};

/// The override folder, if there is one, as it was last read.
pub struct Followed {
    edits: Option<Edits>,
    /// What was wrong with it the last time.
    faults: Mutex<Option<OverrideFaults>>,
    edition: AtomicU64,
}

impl Followed {
    /// Watches over a folder from now on: what is edited while it is first read is read again.
    #[must_use]
    pub fn of(folder: Option<&Path>) -> Self {
        let parts = |folder: &Path| [TEMPLATES, STATIC].map(|part| (folder.to_owned(), part));
        Self {
            edits: folder.map(|folder| Edits::of(parts(folder).into())),
            faults: Mutex::default(),
            edition: AtomicU64::new(0),
        }
    }

    /// Grows whenever the files were read anew. What was made in an earlier edition may show what
    /// they were.
    #[must_use]
    pub fn edition(&self) -> u64 {
        self.edition.load(Ordering::Acquire)
    }
}

fn run(site: &Site) -> Result<(), StorageError> {
    let followed = &site.followed;
    let Some(edits) = &followed.edits else {
        return Ok(());
    };
    let edited = edits.are_new();
    let known = followed.faults.lock();
    let mut known = known.unwrap_or_else(PoisonError::into_inner);
    // What could not be used is tried again: not all that mends a file shows in it.
    if !edited && known.is_none() {
        return Ok(());
    }
    match read_anew(site) {
        Ok(()) => {
            *known = None;
            // Last: a page that is made of both belongs to the earlier edition.
            followed.edition.fetch_add(1, Ordering::AcqRel);
            tracing::info!("the files that replace built-in ones were read anew");
        }
        Err(faults) => {
            if known.as_ref() != Some(&faults) {
                tell(&faults);
            }
            *known = Some(faults);
        }
    }
    Ok(())
}

fn tell(OverrideFaults(faults): &OverrideFaults) {
    for fault in faults {
        tracing::error!(%fault, "what was edited cannot be used: what was before stays");
    }
}

fn read_anew(site: &Site) -> Result<(), OverrideFaults> {
    let folder = site.settings.override_dir.as_deref();
    let (files, templates) = both(Table::read(folder), Templates::read(&site.assets, folder))?;
    site.assets.take_on(files);
    site.templates.take_on(templates);
    Ok(())
}
