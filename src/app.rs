//! The program, put together: settings, database, slices, Rocket.

use std::path::Path;
use std::sync::Arc;

use rocket::figment::Figment;
use rocket::{Build, Rocket};

use crate::config::{self, Settings};
use crate::platform::clock::Clock;
use crate::platform::db::{Database, OpenError};
use crate::platform::schedule::Schedule;
use crate::platform::secret::SecretKey;
use crate::platform::slice::Slice;
use crate::platform::web::headers::SecurityHeaders;
use crate::platform::web::limits::Limiter;
use crate::platform::web::site::Parts;
use crate::platform::web::templates::Templates;
use crate::platform::web::{Site, assets, errors};
use crate::{
    accounts, forms, knowledge, notifications, organisations, outbox, portal, teams, tickets,
};

/// Every feature, in floor order: the only list in the program that is kept by hand.
pub const SLICES: &[Slice] = &[
    accounts::slice(),
    organisations::slice(),
    teams::slice(),
    forms::slice(),
    tickets::slice(),
    knowledge::slice(),
    notifications::slice(),
    outbox::slice(),
    portal::slice(),
];

/// Why the program cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The settings.
    #[error(transparent)]
    Settings(#[from] config::Faults),
    /// The data folder.
    #[error(
        "cannot write to the data folder {folder}: {reason}; create it, make it writable for \
         this user, or set GUICHET_DATA_DIR to another folder"
    )]
    DataFolder {
        /// The folder.
        folder: String,
        /// The system's reason.
        reason: String,
    },
    /// The database.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// A part of a slice, such as its index.
    #[error("{0}")]
    Part(String),
    /// A template.
    #[error("a template cannot be used: {0}")]
    Templates(Box<tera::Error>),
}

/// Opens everything that does not need Rocket: folders, key, database, templates.
///
/// # Errors
/// See [`StartError`].
pub fn open(settings: Settings, clock: Clock) -> Result<Arc<Site>, StartError> {
    prepare_data_folder(&settings.data_dir)?;
    let key = SecretKey::load_or_create(&settings.data_dir.join("secret.key"))
        .map_err(|error| unwritable(&settings.data_dir, &error))?;
    let reactions = SLICES.iter().flat_map(|s| s.reactions).copied().collect();
    let db = Database::open(&settings.database_url, clock, reactions)?;
    let mut parts = Parts::default();
    for open in SLICES.iter().filter_map(|slice| slice.open) {
        open(&settings, &db, &mut parts).map_err(StartError::Part)?;
    }
    let templates = Templates::load(assets::url, settings.template_dir.clone())
        .map_err(|error| StartError::Templates(Box::new(error)))?;
    Ok(Arc::new(Site {
        db,
        templates,
        key,
        limiter: Limiter::new(),
        rail: SLICES.iter().filter_map(|s| s.rail).collect(),
        affiliation: SLICES.iter().find_map(|s| s.affiliation),
        parts,
        settings: Arc::new(settings),
    }))
}

/// The web program on top of an opened site.
#[must_use]
pub fn build(site: Arc<Site>, figment: Figment) -> Rocket<Build> {
    let figment = figment.merge(("temp_dir", site.settings.data_dir.join("tmp")));
    let mut rocket = rocket::custom(figment)
        .manage(site)
        .attach(SecurityHeaders)
        .mount("/", assets::routes())
        .register("/", errors::catchers());
    for slice in SLICES {
        rocket = rocket.mount("/", (slice.routes)());
        let catchers = (slice.catchers)();
        if !catchers.is_empty() {
            rocket = rocket.register("/", catchers);
        }
    }
    rocket
}

/// Everything that the slices repeat in the background.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    SLICES
        .iter()
        .flat_map(|slice| slice.schedules)
        .copied()
        .collect()
}

fn prepare_data_folder(folder: &Path) -> Result<(), StartError> {
    for part in ["", "tmp", "blobs", "outbox", "index"] {
        std::fs::create_dir_all(folder.join(part)).map_err(|e| unwritable(folder, &e))?;
    }
    // What a crash left half received is of no use to anyone.
    let left = std::fs::read_dir(folder.join("tmp")).map_err(|e| unwritable(folder, &e))?;
    for entry in left.flatten() {
        if let Err(error) = std::fs::remove_file(entry.path()) {
            tracing::warn!(%error, path = %entry.path().display(), "could not be swept");
        }
    }
    Ok(())
}

fn unwritable(folder: &Path, error: &std::io::Error) -> StartError {
    StartError::DataFolder {
        folder: folder.display().to_string(),
        reason: error.to_string(),
    }
}
