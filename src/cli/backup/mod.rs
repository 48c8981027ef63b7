//! `guichet backup`: everything in one file, while the portal serves.

mod start;
mod verify;

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, Subcommand};

use super::{CommandError, CommandResult, IsFailure, say};
use crate::app::{self, SLICES};
use crate::audit::commands::record_backup;
use crate::config::{self, Settings};
use crate::platform::backup::{self, BackupError, Manifest, Outcome, Source};
use crate::platform::clock::Clock;
use crate::platform::db::{Actor, Database, StorageError};

/// Put database, files, key, configuration and articles into one file, or prove such a file.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Backup {
    #[command(subcommand)]
    command: Option<BackupCommand>,
    /// The file to make; it holds the signing key and is readable by its owner alone.
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// Replace a file of that name.
    #[arg(long)]
    force: bool,
}

#[derive(Subcommand)]
enum BackupCommand {
    /// Restore a backup into a temporary folder, check everything and start the portal there.
    Verify {
        /// The backup.
        file: PathBuf,
    },
}

impl IsFailure for BackupError {}

pub(super) fn run(options: &Backup) -> CommandResult {
    match (&options.command, &options.file) {
        (Some(BackupCommand::Verify { file }), _) => verify::run(file),
        (None, Some(file)) => make(file, options.force),
        (None, None) => Err(CommandError::Failed("name a file".to_owned())),
    }
}

fn make(file: &Path, replace: bool) -> CommandResult {
    let settings = config::from_environment().map_err(CommandError::Configuration)?;
    let begun = Instant::now();
    let source = Source {
        url: &settings.database_url,
        data_dir: &settings.data_dir,
        besides: besides(&settings),
        contents: SLICES.iter().filter_map(|slice| slice.contents).collect(),
        taken_at: Clock::System.now(),
    };
    let outcome = backup::write(&source, file, replace, &mut |step| eprintln!("{step}"))?;
    let Outcome {
        manifest,
        damaged,
        size,
    } = outcome;
    say!(
        "{}: {} rows, {} attachments, {} in {:.1} s",
        file.display(),
        manifest.rows(),
        manifest.contents.len() - damaged.len(),
        megabytes(size),
        begun.elapsed().as_secs_f64()
    );
    record(&settings, &manifest);
    if damaged.is_empty() {
        return Ok(());
    }
    for content in &damaged {
        eprintln!("damaged: {content}");
    }
    Err(CommandError::Failed(format!(
        "{} attachment(s) are damaged and not in the backup; everything else is. An earlier backup \
         may have them",
        damaged.len()
    )))
}

/// Has the audit say that everything was taken along. The backup is good without it, and an older
/// database is not changed for it.
fn record(settings: &Settings, manifest: &Manifest) {
    let (rows, files) = (manifest.rows(), manifest.contents.len());
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    let recorded = Database::is_current(&settings.database_url).and_then(|current| {
        if !current {
            return Err("its tables are those of an older version".to_owned());
        }
        let url = &settings.database_url;
        let db = Database::open(url, Clock::System, app::history());
        let db = db.map_err(|error| error.to_string())?;
        db.write_blocking(Actor::System, move |tx| {
            record_backup(tx, rows, files).map_err(StorageError::from)
        })
        .map_err(|error| error.to_string())
    });
    if let Err(reason) = recorded {
        eprintln!("the audit does not say that this backup was made: {reason}");
    }
}

/// What is not in the data folder.
fn besides(settings: &Settings) -> Vec<(&'static str, PathBuf)> {
    let mut besides = Vec::new();
    if let Some(file) = config::file() {
        besides.push(("config/Rocket.toml", file));
    }
    if let Some(folder) = &settings.override_dir {
        besides.push(("overrides", folder.clone()));
    }
    besides.push(("kb", settings.kb_dir.clone()));
    besides
}

/// A size for people.
pub(super) fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
}
