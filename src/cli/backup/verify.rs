//! `guichet backup verify`: a backup is good when a portal comes out of it.

use std::collections::BTreeMap;
use std::path::Path;

use rocket::figment::Figment;
use rocket::figment::providers::Serialized;

use super::{megabytes, start};
use crate::app::{self, SLICES};
use crate::cli::{CommandError, CommandResult, say, ticket};
use crate::config::{self, Settings};
use crate::platform::backup::{
    Amends, Archive, Manifest, Target, count_rows, find_damaged, restore,
};
use crate::platform::blobs::Blobs;
use crate::platform::clock::Clock;
use crate::platform::db::{DatabaseUrl, StorageError};
use crate::platform::events::History;
use crate::platform::web::Site;

/// Tickets whose history is replayed, at most.
const SAMPLE: usize = 1000;

/// What was looked at, and whether it was right.
#[derive(Default)]
struct Findings {
    faults: usize,
}

impl Findings {
    fn tell(&mut self, check: &str, outcome: Result<String, Vec<String>>) {
        match outcome {
            Ok(text) => say!("ok       {check:<12} {text}"),
            Err(faults) => {
                self.faults += faults.len();
                for fault in faults {
                    say!("FAILURE  {check:<12} {fault}");
                }
            }
        }
    }
}

/// Restores into a folder that is taken away again, whatever engine the rows came from.
pub(super) fn run(file: &Path) -> CommandResult {
    let mut archive = super::super::restore::open(file)?;
    let mut findings = Findings::default();
    let manifest = archive.manifest().clone();
    findings.tell("archive", Ok(describe(&manifest)));
    findings.tell("attachments", attachments_taken(&archive));

    let scratch = tempfile::tempdir()?;
    let settings = scratch_settings(scratch.path())?;
    let target = Target {
        folder: &settings.data_dir,
        url: &settings.database_url,
    };
    let as_it_is = Amends {
        after: &[],
        amend: &|_| Ok(None),
        history: &History::default(),
    };
    restore(&mut archive, &target, &as_it_is)?;
    findings.tell("restored", counts(&settings.database_url, &manifest)?);

    let site = app::open(settings, Clock::System)?;
    findings.tell("database", soundness(&site)?);
    findings.tell("histories", histories(&site)?);
    findings.tell("files", files(&site, &archive)?);
    drop(site);
    findings.tell("started", start::serve_once(scratch.path())?);
    if findings.faults > 0 {
        return Err(CommandError::Failed(format!(
            "{} has {} fault(s)",
            file.display(),
            findings.faults
        )));
    }
    Ok(())
}

/// A portal that has nothing to do with the settings of this place.
fn scratch_settings(folder: &Path) -> Result<Settings, CommandError> {
    let data = folder.join("data");
    let set = |key: &str, path: &Path| {
        Serialized::default(&format!("guichet.{key}"), path.display().to_string())
    };
    let figment = Figment::new()
        .merge(set("data_dir", &data))
        .merge(set("kb_dir", &data.join("kb")));
    config::load(&figment).map_err(CommandError::Configuration)
}

fn describe(manifest: &Manifest) -> String {
    format!(
        "whole and unaltered; made by Guichet {} on {} from {}",
        manifest.program, manifest.taken_at, manifest.engine
    )
}

/// A faithful backup of a portal that had lost something is still no backup of all of it.
fn attachments_taken(archive: &Archive) -> Result<String, Vec<String>> {
    let manifest = archive.manifest();
    let damaged: Vec<String> = archive
        .damaged()
        .iter()
        .map(|content| format!("damaged before the backup: {content}"))
        .collect();
    if damaged.is_empty() {
        let count = manifest.contents.len();
        Ok(format!("{count}, {}", megabytes(manifest.content_bytes())))
    } else {
        Err(damaged)
    }
}

type Finding = Result<String, Vec<String>>;

fn counts(url: &DatabaseUrl, manifest: &Manifest) -> Result<Finding, CommandError> {
    let mut conn = url
        .connect()
        .map_err(|error| CommandError::Failed(error.to_string()))?;
    let found: BTreeMap<String, u64> = count_rows(&mut conn)?.into_iter().collect();
    let mut faults = Vec::new();
    for table in &manifest.tables {
        let rows = found.get(&table.name).copied().unwrap_or_default();
        if rows != table.rows {
            faults.push(format!("{}: {rows} rows, not {}", table.name, table.rows));
        }
    }
    let count = |table| manifest.rows_of(table).unwrap_or_default();
    let (rows, tables) = (manifest.rows(), manifest.tables.len());
    let text = format!(
        "{rows} rows of {tables} tables, among them {} tickets, {} messages, {} people, {} articles",
        count("tickets"),
        count("messages"),
        count("people"),
        count("articles"),
    );
    Ok(if faults.is_empty() {
        Ok(text)
    } else {
        Err(faults)
    })
}

fn soundness(site: &Site) -> Result<Finding, CommandError> {
    let faults = site
        .db
        .read_blocking(|conn| conn.integrity_faults().map_err(StorageError::from))?;
    Ok(if faults.is_empty() {
        Ok("opened, brought up to date, sound".to_owned())
    } else {
        Err(faults)
    })
}

fn histories(site: &Site) -> Result<Finding, CommandError> {
    let (count, differences) = site
        .db
        .read_blocking(|conn| ticket::compare_sample(conn, SAMPLE).map_err(StorageError::from))?;
    Ok(if differences.is_empty() {
        Ok(format!("{count} tickets replayed, all as stored"))
    } else {
        Err(differences)
    })
}

/// Reads what was restored from the disk, for what the restored rows refer to.
fn files(site: &Site, archive: &Archive) -> Result<Finding, CommandError> {
    let sources: Vec<_> = SLICES.iter().filter_map(|slice| slice.contents).collect();
    let blobs = Blobs::new(&site.settings.data_dir);
    let (count, damaged) = site
        .db
        .read_blocking(|conn| find_damaged(conn, &blobs, &sources).map_err(StorageError::from))?;
    let faults: Vec<String> = damaged
        .iter()
        .filter(|content| archive.damaged().iter().all(|d| d.sha256 != content.sha256))
        .map(|content| format!("not restored: {content}"))
        .collect();
    let key = site.settings.data_dir.join("secret.key");
    Ok(match (faults.is_empty(), key.is_file()) {
        (true, true) => Ok(format!("key and {} attachments", count - damaged.len())),
        (true, false) => Err(vec!["there is no key".to_owned()]),
        _ => Err(faults),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_table_with_other_rows_than_were_taken_is_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings = scratch_settings(folder.path()).expect("settings");
        let url = settings.database_url.clone();
        std::fs::create_dir_all(&settings.data_dir).expect("a data folder");
        drop(app::open(settings, Clock::System).expect("it opens"));
        let taken = |teams: u64| {
            let table = |name: &str, rows: u64| json!({ "name": name, "columns": [], "rows": rows, "last_id": null });
            let manifest = json!({
                "format": 1,
                "program": "",
                "taken_at": "",
                "engine": "sqlite",
                "migrations": [],
                "tables": [table("teams", teams), table("people", 0)],
                "entries": [],
                "contents": [],
            });
            serde_json::from_value(manifest).expect("a manifest")
        };
        let found = counts(&url, &taken(1)).expect("it is looked at");
        assert_eq!(found, Err(vec!["teams: 0 rows, not 1".to_owned()]));
        assert!(counts(&url, &taken(0)).expect("it is looked at").is_ok());
    }
}
