//! The command line.
//!
//! Exit codes: 0 done; 1 it could not be done; 2 the command is not understood; 3 what was
//! asked for does not exist; 78 the configuration has faults (`EX_CONFIG` of sysexits).

mod backup;
mod demo;
mod doctor;
mod kb;
mod migrate;
mod personal_data;
mod restore;
mod retention;
mod search;
mod serve;
mod ticket;
mod user;

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};

use crate::app::{self, StartError};
use crate::config;
use crate::platform::clock::Clock;
use crate::platform::log;
use crate::platform::web::Site;

/// Customer self-service portal with ticketing and a knowledge base.
#[derive(Parser)]
#[command(version, about, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the portal (what happens when no command is given).
    Serve,
    /// Bring the database's tables up to date and stop.
    Migrate,
    /// Check settings, data folder, database, mail and articles, and say what to do.
    Doctor(doctor::Doctor),
    /// Proof-read, take over and index articles.
    #[command(subcommand)]
    Kb(kb::Kb),
    /// Put everything into one file, while the portal serves; or prove such a file.
    Backup(backup::Backup),
    /// Put a backup into a new data folder.
    Restore(restore::Restore),
    /// Remove what is not kept any longer, or say what would be.
    Retention(retention::Retention),
    /// Serve a made-up company, filled with customers, agents, articles and requests.
    Demo(demo::Demo),
    /// Look for articles as a reader would.
    Search(search::Search),
    /// Print a request, or prove that it is its history.
    #[command(subcommand)]
    Ticket(ticket::TicketCommand),
    /// Add, list, shut out and readmit people.
    #[command(subcommand)]
    User(user::User),
}

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(crate) enum CommandError {
    /// The configuration has faults.
    Configuration(config::Faults),
    /// There is no such thing.
    NotFound(String),
    /// Anything else, in words that name cause and remedy.
    Failed(String),
}

impl CommandError {
    fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Failed(_) => 1,
            Self::NotFound(_) => 3,
            Self::Configuration(_) => 78,
        })
    }
}

impl std::fmt::Display for CommandError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Configuration(faults) => faults.fmt(f),
            Self::NotFound(text) | Self::Failed(text) => f.write_str(text),
        }
    }
}

impl From<StartError> for CommandError {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Settings(faults) => Self::Configuration(faults),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl<E: std::error::Error> From<E> for CommandError
where
    E: IsFailure,
{
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Errors that have nothing more to say than their own words.
pub(crate) trait IsFailure {}
impl IsFailure for crate::platform::db::StorageError {}
impl IsFailure for std::io::Error {}
impl IsFailure for serde_json::Error {}
impl IsFailure for crate::platform::search::SearchError {}
impl IsFailure for crate::privacy::export::ExportError {}
impl IsFailure for crate::knowledge::index::FollowError {}

/// Prints a line of a command's answer.
macro_rules! say {
    ($($part:tt)*) => { $crate::cli::print_line(format_args!($($part)*)) };
}
pub(crate) use say;

/// A reader that has gone away, as `head` does, wants no more: the program then ends quietly, as
/// others do.
fn print_line(line: std::fmt::Arguments<'_>) {
    if let Err(error) = writeln!(std::io::stdout().lock(), "{line}") {
        let gone = error.kind() == std::io::ErrorKind::BrokenPipe;
        std::process::exit(i32::from(!gone));
    }
}

/// What a command returns.
pub(crate) type CommandResult = Result<(), CommandError>;

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    log::start(config::log_format());
    let outcome = match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(),
        Command::Demo(demo) => demo::run(&demo),
        Command::Backup(options) => backup::run(&options),
        Command::Restore(options) => restore::run(&options),
        Command::Retention(options) => retention::run(&options),
        Command::Migrate => migrate::run(),
        Command::Doctor(options) => doctor::run(&options),
        Command::Kb(command) => kb::run(command),
        Command::Search(search) => search::run(&search),
        Command::Ticket(command) => ticket::run(command),
        Command::User(command) => user::run(command),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("guichet: {error}");
            error.exit_code()
        }
    }
}

/// Opens database, index and templates with the settings of this folder and environment.
pub(crate) fn open_site() -> Result<Arc<Site>, CommandError> {
    let settings = config::from_environment().map_err(CommandError::Configuration)?;
    Ok(app::open(settings, Clock::System)?)
}
