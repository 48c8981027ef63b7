//! `guichet retention`: remove what is not kept any longer.

use clap::Args;

use super::{CommandResult, open_site, say};
use crate::platform::db::StorageError;
use crate::privacy::{self, PERIODS};

/// Remove what is not kept any longer, as the server does every hour.
#[derive(Args)]
pub(super) struct Retention {
    /// Only say what would be removed.
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(options: &Retention) -> CommandResult {
    let site = open_site()?;
    let due = if options.dry_run {
        site.db.read_blocking(|conn| {
            privacy::count_due(conn, site.db.now()).map_err(StorageError::from)
        })?
    } else {
        privacy::remove(&site)?
    };
    for (what, days, count) in [
        ("texts of sent emails", PERIODS.mails, due.mails),
        ("keys of sent forms", PERIODS.submissions, due.submissions),
        (
            "articles opened before nothing was filed",
            PERIODS.deflections,
            due.deflections,
        ),
        (
            "people who proved nothing and filed nothing",
            PERIODS.people,
            due.people,
        ),
    ] {
        let verb = if options.dry_run {
            "would go"
        } else {
            "removed"
        };
        say!("{count:>7}  {what}, after {days} days: {verb}");
    }
    Ok(())
}
