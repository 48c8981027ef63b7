//! `guichet retention`: remove what is not kept any longer.

use clap::Args;

use super::{CommandResult, open_site, say};
use crate::config;
use crate::platform::db::StorageError;
use crate::privacy::{self, Due};

/// Remove what is not kept any longer, as the server does every day.
#[derive(Args)]
pub(super) struct Retention {
    /// Only say what would be removed.
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(options: &Retention) -> CommandResult {
    let site = open_site()?;
    let kept = site.settings.retention;
    let due = if options.dry_run {
        site.db.read_blocking(|conn| {
            privacy::count_due(conn, &kept, site.db.now()).map_err(StorageError::from)
        })?
    } else {
        privacy::remove(&site)?
    };
    let verb = match options.dry_run {
        true => "would go",
        false => "removed",
    };
    for (what, days, count) in rows(&kept, &due) {
        match days {
            Some(days) => say!("{count:>7}  {what}, after {days} days: {verb}"),
            None => say!("      -  {what}: kept for ever"),
        }
    }
    Ok(())
}

/// What is kept, for how many days, and how much of it is due.
fn rows(kept: &config::Retention, due: &Due) -> [(&'static str, Option<i64>, usize); 8] {
    [
        ("texts of sent emails", Some(kept.mails), due.mails),
        (
            "keys of sent forms",
            Some(kept.submissions),
            due.submissions,
        ),
        (
            "articles opened before nothing was filed",
            Some(kept.deflections),
            due.deflections,
        ),
        (
            "people who proved nothing and filed nothing",
            Some(kept.people),
            due.people,
        ),
        (
            "devices and networks of signing in",
            Some(kept.sign_ins),
            due.sign_ins,
        ),
        (
            "files of closed requests",
            kept.closed_files,
            due.closed_files,
        ),
        (
            "texts of closed requests",
            kept.closed_texts,
            due.closed_texts,
        ),
        (
            "customers who were not seen since",
            kept.idle_people,
            due.idle_people,
        ),
    ]
}
