//! `guichet user export` and `guichet user erase`: what is held about somebody.

use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde_json::json;

use super::user::{explain, find};
use super::{CommandError, CommandResult, open_site, say};
use crate::accounts::AccountError;
use crate::accounts::commands::may_be_erased;
use crate::accounts::events::{DATA_EXPORTED, note};
use crate::app;
use crate::platform::db::{Actor, StorageError};
use crate::platform::events::Cause;
use crate::platform::web::Site;
use crate::privacy::erasure::{clear, erase as forget};
use crate::privacy::{erasing, export, inventory};

pub(super) fn export(email: &str, path: &Path) -> CommandResult {
    let site = open_site()?;
    let person = find(&site, email)?;
    let (mut made, length) = export::make(&site, &person)?;
    let mut options = std::fs::File::options();
    // What is in it is nobody else's: readable by its owner alone, and nothing is overwritten.
    let file = options.write(true).create_new(true).mode(0o600).open(path);
    let mut file = file.map_err(|error| at(path, &error))?;
    let written = io::copy(&mut made, &mut file).and_then(|_| file.sync_all());
    written.map_err(|error| at(path, &error))?;
    site.db.write_blocking(Actor::System, move |tx| {
        tx.set_origin(Cause::COMMAND);
        let data = json!({ "by": "machine", "size": length });
        note(tx, person.id, DATA_EXPORTED, data)?;
        Ok::<_, StorageError>(())
    })?;
    say!("{}: {length} bytes", path.display());
    Ok(())
}

fn at(path: &Path, error: &io::Error) -> CommandError {
    CommandError::Failed(format!("{}: {error}", path.display()))
}

pub(super) fn erase(email: &str, keep_texts: bool, confirm: Option<&str>) -> CommandResult {
    let site = open_site()?;
    let person = find(&site, email)?;
    let Some(confirm) = confirm else {
        let held = site
            .db
            .read_blocking(|conn| inventory::count(conn, &person).map_err(StorageError::from))?;
        say!("{}", serde_json::to_string_pretty(&held)?);
        say!("to erase it for good, add --confirm {}", person.email);
        return Ok(());
    };
    if confirm.to_lowercase() != person.email {
        let email = &person.email;
        return Err(CommandError::Failed(format!(
            "nothing was erased: --confirm says {confirm:?}, the address is {email}"
        )));
    }
    let how = erasing(&site, &site.company.get(), keep_texts);
    let erased = site
        .db
        .write_blocking(Actor::System, move |tx| {
            tx.set_origin(Cause::COMMAND);
            may_be_erased(tx, &person)?;
            Ok::<_, AccountError>(forget(tx, person.id, &how)?)
        })
        .map_err(|error| explain(email, error))?;
    say!(
        "erased: {} requests, {} texts, {} files, {} mails",
        erased.requests,
        erased.texts,
        erased.files,
        erased.mails
    );
    clear_up(&site)
}

/// The files follow: by a server that is running, which keeps the index, or else here.
fn clear_up(site: &Site) -> CommandResult {
    if let Ok(occupied) = app::occupy_data_folder(&site.settings)
        && occupied.is_some()
    {
        clear(site)?;
        say!("index, files and database are clear of it");
    } else {
        say!("the running server clears index, files and database within minutes");
    }
    Ok(())
}
