//! Work that comes back at an interval: sweeping what expired, closing what was confirmed.

use std::time::Duration;

use super::db::{Database, StorageError};

/// A piece of periodic work. Running it twice must be harmless.
#[derive(Clone, Copy)]
pub struct Schedule {
    /// A name for the log.
    pub name: &'static str,
    /// How long to wait between two runs.
    pub every: Duration,
    /// The work itself, on a blocking thread.
    pub run: fn(&Database) -> Result<(), StorageError>,
}
