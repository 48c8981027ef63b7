//! `guichet migrate`.

use super::{CommandError, CommandResult, say};
use crate::app;
use crate::config;
use crate::platform::db::Database;

/// Brings the tables up to date without serving, and names what changed.
pub(super) fn run() -> CommandResult {
    let settings = config::from_environment().map_err(CommandError::Configuration)?;
    app::prepare_data_folder(&settings.data_dir)?;
    let applied = Database::migrate(&settings.database_url)
        .map_err(|error| CommandError::Failed(error.to_string()))?;
    if applied.is_empty() {
        say!("{}: nothing to do", settings.database_url);
    }
    for change in applied {
        say!("{}: applied {change}", settings.database_url);
    }
    Ok(())
}
