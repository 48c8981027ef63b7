//! `guichet doctor`: is everything in place, and if not, what to do.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use clap::Args;
use serde::Serialize;

use super::{CommandError, CommandResult, open_site, say};
use crate::app::{SLICES, all_samples};
use crate::knowledge::queries::count_faults;
use crate::outbox::queries::count_open;
use crate::platform::backup::find_damaged;
use crate::platform::blobs::Blobs;
use crate::platform::db::StorageError;
use crate::platform::mail::Transport;
use crate::platform::web::Site;

/// Check settings, data folder, database, mail and articles, and say what to do.
#[derive(Args)]
pub(super) struct Doctor {
    /// Print the findings as JSON.
    #[arg(long)]
    json: bool,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    Ok,
    Warning,
    Failure,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    /// What was looked at.
    check: &'static str,
    level: Level,
    /// What was found, and what to do about it.
    text: String,
}

impl Finding {
    fn new(check: &'static str, level: Level, text: impl Into<String>) -> Self {
        Self {
            check,
            level,
            text: text.into(),
        }
    }
}

/// Looks at everything; fails when something must be mended.
pub(super) fn run(options: &Doctor) -> CommandResult {
    // Settings, data folder, database and templates are checked by opening them: the error of
    // each already names cause and remedy.
    let site = open_site()?;
    let findings = examine(&site)?;
    if options.json {
        say!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        for finding in &findings {
            let mark = match finding.level {
                Level::Ok => "ok     ",
                Level::Warning => "warning",
                Level::Failure => "FAILURE",
            };
            say!("{mark}  {:<9} {}", finding.check, finding.text);
        }
    }
    if findings.iter().any(|f| f.level == Level::Failure) {
        return Err(CommandError::Failed("something must be mended".to_owned()));
    }
    Ok(())
}

fn examine(site: &Site) -> Result<Vec<Finding>, CommandError> {
    Ok(vec![
        Finding::new(
            "settings",
            Level::Ok,
            format!("people reach {}", site.settings.public_url),
        ),
        key(&site.settings.data_dir.join("secret.key"))?,
        database(site)?,
        mail(site)?,
        attachments(site)?,
        articles(site)?,
        pages(site),
        address(site),
    ])
}

/// The key signs forms and links: nobody but the program may read it.
fn key(path: &Path) -> Result<Finding, CommandError> {
    let mode = std::fs::metadata(path)?.permissions().mode() & 0o777;
    Ok(if mode.trailing_zeros() >= 6 {
        Finding::new("key", Level::Ok, "readable by its owner alone")
    } else {
        Finding::new(
            "key",
            Level::Failure,
            format!(
                "others can read {0} (mode {mode:o}): chmod 600 {0}",
                path.display()
            ),
        )
    })
}

fn database(site: &Site) -> Result<Finding, CommandError> {
    let trouble = site
        .db
        .read_blocking(|conn| conn.integrity_faults().map_err(StorageError::from))?;
    let url = &site.settings.database_url;
    Ok(if trouble.is_empty() {
        Finding::new(
            "database",
            Level::Ok,
            format!("{url}: sound and up to date"),
        )
    } else {
        Finding::new(
            "database",
            Level::Failure,
            format!("{url} is damaged: {}; restore a backup", trouble.join("; ")),
        )
    })
}

fn mail(site: &Site) -> Result<Finding, CommandError> {
    let [waiting, held, failed] = site
        .db
        .read_blocking(|conn| count_open(conn).map_err(StorageError::from))?;
    let mut counts = format!("{waiting} waiting, {failed} failed");
    if held > 0 {
        counts.push_str(&format!(", {held} held since a restore"));
    }
    let outbox = site.settings.data_dir.join("outbox");
    Ok(match Transport::from_settings(&site.settings) {
        Err(reason) => Finding::new("mail", Level::Failure, reason),
        Ok(_) if site.settings.smtp_url.is_none() => Finding::new(
            "mail",
            Level::Warning,
            format!(
                "no mail server: mails wait and can be read in {}; set smtp_url ({counts})",
                outbox.display()
            ),
        ),
        Ok(_) if failed + held > 0 => Finding::new(
            "mail",
            Level::Warning,
            format!("{counts}: see {}", site.settings.absolute("/manage/outbox")),
        ),
        Ok(_) => Finding::new("mail", Level::Ok, counts),
    })
}

/// Reads every attachment: a disk loses in silence.
fn attachments(site: &Site) -> Result<Finding, CommandError> {
    let sources: Vec<_> = SLICES.iter().filter_map(|slice| slice.contents).collect();
    let blobs = Blobs::new(&site.settings.data_dir);
    let (count, damaged) = site
        .db
        .read_blocking(|conn| find_damaged(conn, &blobs, &sources).map_err(StorageError::from))?;
    if damaged.is_empty() {
        let text = format!("{count} files, all as they were sent");
        return Ok(Finding::new("files", Level::Ok, text));
    }
    let names: Vec<String> = damaged.iter().map(ToString::to_string).collect();
    Ok(Finding::new(
        "files",
        Level::Failure,
        format!(
            "{} of {count} files are damaged: {}; a backup restored elsewhere may have them in \
             blobs/",
            damaged.len(),
            names.join("; ")
        ),
    ))
}

fn articles(site: &Site) -> Result<Finding, CommandError> {
    let folder = &site.settings.kb_dir;
    if !folder.is_dir() {
        return Ok(Finding::new(
            "articles",
            Level::Warning,
            format!("{} does not exist: make it or set kb_dir", folder.display()),
        ));
    }
    let faults = site
        .db
        .read_blocking(|conn| count_faults(conn).map_err(StorageError::from))?;
    Ok(if faults == 0 {
        Finding::new(
            "articles",
            Level::Ok,
            format!("read from {}", folder.display()),
        )
    } else {
        Finding::new(
            "articles",
            Level::Warning,
            format!("{faults} file(s) cannot be used: guichet kb check names them"),
        )
    })
}

/// Every page with sample values: a template of the override folder may name what no page has.
fn pages(site: &Site) -> Finding {
    let faults = site.templates.faults(&all_samples());
    let Some(folder) = &site.settings.override_dir else {
        return Finding::new("pages", Level::Ok, "all built in");
    };
    if faults.is_empty() {
        let text = format!("{} replaces some; all pages can be made", folder.display());
        return Finding::new("pages", Level::Ok, text);
    }
    let text = format!("mend these in {}: {}", folder.display(), faults.join("; "));
    Finding::new("pages", Level::Failure, text)
}

/// Rocket cuts off no slow client by itself: outside one machine something must stand in front.
fn address(site: &Site) -> Finding {
    if site.settings.is_https() {
        Finding::new("address", Level::Ok, "public address over TLS")
    } else {
        Finding::new(
            "address",
            Level::Warning,
            "public_url is http: before others use it, put a proxy with TLS and time-outs in \
             front and set public_url to its https address",
        )
    }
}
