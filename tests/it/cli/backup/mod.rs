//! Backups as an operator takes, tries and restores them.

mod archive;
mod damage;
mod load;
mod proof;
mod rot;
mod round_trip;
mod rules;

use std::path::Path;

pub use archive::rows as backup_rows;

use super::program::{Place, Said};

/// A backup of a place, made by its program.
fn take(place: &Place, name: &str) -> std::path::PathBuf {
    let said = place.run(&["backup", name]);
    assert_eq!(said.code, Some(0), "{said:?}");
    place.path().join(name)
}

/// Restores a backup into the empty data folder of another place.
fn restore(place: &Place, backup: &Path) -> Said {
    let backup = backup.display().to_string();
    place.run(&["restore", &backup, "--into", "data"])
}

#[track_caller]
fn verified(place: &Place, backup: &Path) {
    let said = place.run(&["backup", "verify", &backup.display().to_string()]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(!said.out.contains("FAILURE"), "{said:?}");
}
