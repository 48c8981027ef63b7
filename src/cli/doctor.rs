//! `guichet doctor`: is everything in place, and if not, what to do.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::search::{compare_indexes, told};
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
        privacy(&site.settings.data_dir)?,
        database(site)?,
        mail(site)?,
        attachments(site)?,
        articles(site)?,
        found(site)?,
        pages(site),
        address(site),
    ])
}

/// The key signs forms and links: nobody but the program may read it.
fn key(path: &Path) -> Result<Finding, CommandError> {
    let mode = mode_of(path)?;
    Ok(if mode & SHOWN == 0 {
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

/// The database, the attachments and the indexes hold what customers wrote.
fn privacy(folder: &Path) -> Result<Finding, CommandError> {
    let shut = mode_of(folder)? & SHOWN == 0;
    let shown = if shut { None } else { first_shown(folder)? };
    Ok(match shown {
        None => Finding::new("privacy", Level::Ok, "no other user can read the data"),
        Some(path) => Finding::new(
            "privacy",
            Level::Failure,
            format!(
                "other users can read {}: chmod -R go= {}",
                path.display(),
                folder.display()
            ),
        ),
    })
}

/// What a mode gives to the group and to everybody.
const SHOWN: u32 = 0o077;

fn mode_of(path: &Path) -> std::io::Result<u32> {
    Ok(std::fs::symlink_metadata(path)?.permissions().mode() & 0o777)
}

/// The first file below a folder that others have any right to, and can reach.
fn first_shown(folder: &Path) -> std::io::Result<Option<PathBuf>> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let meta = match std::fs::symlink_metadata(&path) {
            // A server is at work meanwhile.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            meta => meta?,
        };
        let open = meta.permissions().mode() & SHOWN != 0;
        let shown = match (open, meta.is_dir()) {
            (true, true) => first_shown(&path)?,
            (true, false) if meta.is_file() => Some(path),
            _ => None,
        };
        if shown.is_some() {
            return Ok(shown);
        }
    }
    Ok(None)
}

/// Compares both indexes with the database: what is not in them is not found.
fn found(site: &Site) -> Result<Finding, CommandError> {
    let [articles, tickets] = compare_indexes(site)?;
    let text = format!(
        "articles: {}; requests: {}",
        told(&articles),
        told(&tickets)
    );
    Ok(if articles.holds() && tickets.holds() {
        Finding::new("search", Level::Ok, text)
    } else {
        Finding::new(
            "search",
            Level::Warning,
            format!(
                "{text}; a running server follows within seconds; if this stays, stop it and remove {}",
                site.settings.data_dir.join("index").display()
            ),
        )
    })
}

fn database(site: &Site) -> Result<Finding, CommandError> {
    let (trouble, syncs) = site
        .db
        .read_blocking(|conn| Ok::<_, StorageError>((conn.integrity_faults()?, conn.syncs()?)))?;
    let url = &site.settings.database_url;
    let (level, text) = if !trouble.is_empty() {
        let trouble = trouble.join("; ");
        (
            Level::Failure,
            format!("{url} is damaged: {trouble}; restore a backup"),
        )
    } else if syncs {
        (Level::Ok, format!("{url}: sound and up to date"))
    } else {
        let text = format!(
            "{url}: the server does not wait for its disk, so a power cut costs what customers were \
             told is stored: set fsync = on in postgresql.conf"
        );
        (Level::Warning, text)
    };
    Ok(Finding::new("database", level, text))
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

/// The front cuts off slow and greedy clients, but speaks HTTP only: TLS is for a proxy.
fn address(site: &Site) -> Finding {
    if site.settings.is_https() {
        Finding::new("address", Level::Ok, "public address over TLS")
    } else {
        Finding::new(
            "address",
            Level::Warning,
            "public_url is http: before others use it, put a proxy with TLS in front and set \
             public_url to its https address",
        )
    }
}
