//! `guichet restore`: a data folder out of a backup.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{CommandError, CommandResult, say};
use crate::app::{self, SLICES};
use crate::audit::commands::record_restore;
use crate::config;
use crate::platform::backup::{self, Amends, Archive, Target};
use crate::platform::blobs::Blobs;
use crate::platform::company::Key;
use crate::platform::db::{Engine, StorageError, Tx};
use crate::platform::i18n::Lang;
use crate::platform::secret::SecretKey;
use crate::privacy::erasure::{Erasing, list, replay};

/// Put a backup into a new data folder, and into the empty PostgreSQL database that database_url
/// names, if it names one.
#[derive(Args)]
pub(super) struct Restore {
    /// The backup.
    file: PathBuf,
    /// The folder: new, or empty.
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
    /// The list of those who were erased since; without it, the one of the portal that is configured
    /// here (`erasures.jsonl` in its data folder).
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,
}

pub(super) fn run(options: &Restore) -> CommandResult {
    let folder = options.into.display();
    let erased = erasures(options)?;
    let figment = config::figment().merge(("guichet.data_dir", folder.to_string()));
    let settings = config::load(&figment).map_err(CommandError::Configuration)?;
    eprintln!("checking {}", options.file.display());
    let lang = settings.company.or_built_in(Key::DefaultLanguage);
    let lang = lang.parse().unwrap_or(Lang::En);
    let mut archive = open(&options.file)?;
    let target = Target {
        folder: &options.into,
        url: &settings.database_url,
    };
    let after: Vec<_> = SLICES
        .iter()
        .filter_map(|slice| slice.after_restore)
        .collect();
    eprintln!("restoring into {folder} and {}", settings.database_url);
    let taken_at = archive.manifest().taken_at.clone();
    let amends = Amends {
        after: &after,
        amend: &|tx| {
            let note = forget_again(tx, &erased, &options.into, lang)?;
            record_restore(tx, &taken_at)?;
            Ok(note)
        },
        history: &app::history(),
    };
    let mut notes = backup::restore(&mut archive, &target, &amends)?;
    if erased.is_empty() {
        notes.push(
            "no list of erasures was found: if people were erased since this backup, restore it \
             again with --erasures FILE before you serve it"
                .to_owned(),
        );
    }

    let manifest = archive.manifest();
    say!(
        "restored as of {}: {} rows, {} attachments",
        manifest.taken_at,
        manifest.rows(),
        manifest.contents.len() - archive.damaged().len()
    );
    for note in notes {
        say!("{note}");
    }
    for content in archive.damaged() {
        eprintln!("damaged before the backup was made, so not restored: {content}");
    }
    if options.into.join("config/Rocket.toml").is_file() {
        say!("the configuration of then is in {folder}/config/Rocket.toml, for you to compare");
    }
    let kb = match options.into.join("kb").is_dir() {
        true => format!(" GUICHET_KB_DIR={folder}/kb"),
        false => String::new(),
    };
    let with = match settings.database_url.engine() {
        Engine::Sqlite => "",
        Engine::Postgres => ", with the same database_url",
    };
    say!("serve it{with}: GUICHET_DATA_DIR={folder}{kb} guichet serve");
    Ok(())
}

/// Who was erased since: from the file that was named, or from the portal that is configured here.
fn erasures(options: &Restore) -> Result<Vec<list::Entry>, CommandError> {
    let path = match &options.erasures {
        Some(path) if !path.is_file() => {
            let path = path.display();
            return Err(CommandError::NotFound(format!("there is no file {path}")));
        }
        Some(path) => path.clone(),
        None => {
            let settings = config::load(&config::figment());
            settings.map_err(CommandError::Configuration)?.erasure_list
        }
    };
    Ok(list::read(&path)?)
}

/// Forgets them in what was restored.
fn forget_again(
    tx: &mut Tx<'_>,
    erased: &[list::Entry],
    folder: &Path,
    lang: Lang,
) -> Result<Option<String>, StorageError> {
    if erased.is_empty() {
        return Ok(None);
    }
    let key = SecretKey::load_or_create(&folder.join("secret.key"))
        .map_err(|error| StorageError::Other(format!("secret.key: {error}")))?;
    let how = Erasing {
        key,
        lang,
        keep_texts: false,
    };
    let contents: Vec<_> = SLICES.iter().filter_map(|slice| slice.contents).collect();
    let replayed = replay(tx, erased, &how, &Blobs::new(folder), &contents)?;
    Ok(Some(format!(
        "{} erased again, who had been erased since; {} on the list were not there",
        replayed.erased, replayed.settled
    )))
}

/// Opens a backup that must be there.
pub(super) fn open(file: &Path) -> Result<Archive, CommandError> {
    if !file.exists() {
        let file = file.display();
        return Err(CommandError::NotFound(format!("there is no file {file}")));
    }
    Ok(Archive::open(file)?)
}
