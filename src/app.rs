//! The program, put together: settings, database, slices, Rocket.

use std::path::Path;
use std::sync::Arc;

use rocket::figment::Figment;
use rocket::shield::Shield;
use rocket::{Build, Rocket};

use crate::config::{self, Settings};
use crate::platform::clock::Clock;
use crate::platform::company::CompanyHandle;
use crate::platform::data_folder::{self, Occupied};
use crate::platform::db::{Database, Engine, OpenError};
use crate::platform::events::History;
use crate::platform::front::Present;
use crate::platform::schedule::Schedule;
use crate::platform::secret::SecretKey;
use crate::platform::slice::Slice;
use crate::platform::vitals::Examined;
use crate::platform::web::assets::Assets;
use crate::platform::web::chunks::FewChunks;
use crate::platform::web::compression::Compression;
use crate::platform::web::following::Followed;
use crate::platform::web::guest_pages::{GuestPages, Made};
use crate::platform::web::headers::SecurityHeaders;
use crate::platform::web::limits::Limiter;
use crate::platform::web::nul::NoNul;
use crate::platform::web::overrides::{OverrideFaults, both};
use crate::platform::web::parts::Parts;
use crate::platform::web::templates::Templates;
use crate::platform::web::view::Sample;
use crate::platform::web::witness::Witness;
use crate::platform::web::{Site, assets, errors, health};
use crate::{
    accounts, audit, drafts, forms, knowledge, notifications, organisations, outbox, portal,
    privacy, settings, sla, teams, tickets,
};

/// Every feature, in floor order: the only list in the program that is kept by hand.
pub const SLICES: &[Slice] = &[
    accounts::slice(),
    drafts::slice(),
    organisations::slice(),
    teams::slice(),
    forms::slice(),
    tickets::slice(),
    knowledge::slice(),
    sla::slice(),
    notifications::slice(),
    outbox::slice(),
    privacy::slice(),
    settings::slice(),
    audit::slice(),
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
    /// Another process serves from the data folder.
    #[error(
        "another Guichet already serves from the data folder {0}: stop it first, or set \
         GUICHET_DATA_DIR to another folder"
    )]
    Occupied(String),
    /// The signing key.
    #[error(
        "the signing key cannot be used: {0}; restore the file from a backup, or remove it to \
         have a new one made (pages that are open must then be loaded again, and second factors \
         be reset and added again)"
    )]
    Key(String),
    /// The database.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// A part of a slice, such as its index.
    #[error("{0}")]
    Part(String),
    /// Templates and files that replace built-in ones.
    #[error(transparent)]
    Overrides(#[from] OverrideFaults),
}

/// Opens everything that does not need Rocket: folders, key, database, templates.
///
/// # Errors
/// See [`StartError`].
pub fn open(settings: Settings, clock: Clock) -> Result<Arc<Site>, StartError> {
    prepare_data_folder(&settings.data_dir)?;
    let key = SecretKey::load_or_create(&settings.data_dir.join("secret.key"))
        .map_err(|error| StartError::Key(error.to_string()))?;
    let db = Database::open(&settings.database_url, clock, history())?;
    let mut parts = Parts::default();
    for open in SLICES.iter().filter_map(|slice| slice.open) {
        open(&settings, &db, &mut parts).map_err(StartError::Part)?;
    }
    let company = CompanyHandle::open(settings.company.clone(), &db)
        .map_err(|error| StartError::Part(error.to_string()))?;
    let overrides = settings.override_dir.as_deref();
    let followed = Followed::of(overrides);
    let (assets, templates) = pages_and_files(overrides)?;
    Ok(Arc::new(Site {
        db,
        company,
        assets,
        templates,
        followed,
        key,
        guest_pages: GuestPages::default(),
        limiter: Limiter::new(),
        rail: SLICES.iter().filter_map(|s| s.rail).collect(),
        still_wanted: SLICES.iter().find_map(|s| s.still_wanted),
        affiliation: SLICES.iter().find_map(|s| s.affiliation),
        readings: SLICES.iter().find_map(|s| s.readings),
        promises: SLICES.iter().find_map(|s| s.promises),
        contents: SLICES.iter().filter_map(|s| s.contents).collect(),
        take_up: SLICES.iter().find_map(|s| s.take_up),
        adopt: SLICES.iter().find_map(|s| s.adopt),
        hold_files: SLICES.iter().find_map(|s| s.hold_files),
        vitals: SLICES.iter().filter_map(|s| s.vitals).collect(),
        examined: Examined::default(),
        parts,
        settings: Arc::new(settings),
    }))
}

/// The files and templates, or what is wrong with any of both.
fn pages_and_files(overrides: Option<&Path>) -> Result<(Arc<Assets>, Templates), OverrideFaults> {
    let assets = match Assets::load(overrides) {
        Ok(assets) => Arc::new(assets),
        Err(faults) => {
            // The templates are looked at none the less, beside the files that are built in.
            let built_in = Arc::new(Assets::load(None)?);
            let templates = Templates::load(&built_in, overrides);
            return both(Err(faults), templates);
        }
    };
    let templates = Templates::load(&assets, overrides)?;
    Ok((assets, templates))
}

/// The web program on top of an opened site.
#[must_use]
pub fn build(site: Arc<Site>, figment: Figment) -> Rocket<Build> {
    let figment = figment
        .merge(("temp_dir", site.settings.data_dir.join("tmp")))
        // What serves is nobody's business.
        .merge(("ident", false));
    let mut rocket = rocket::custom(figment)
        .manage(site)
        .attach(NoNul)
        // Rocket's own headers are weaker than ours and would come first.
        .attach(Shield::new())
        .attach(SecurityHeaders)
        .attach(Compression)
        .attach(FewChunks)
        // Last: an answer took as long as everything that was done to it.
        .attach(Witness)
        .mount("/", assets::routes())
        .mount("/", health::routes())
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

/// What the pages for all guests are made from at any time.
#[must_use]
pub fn present(site: &Arc<Site>) -> Present {
    let site = Arc::clone(site);
    Arc::new(move || Made {
        edition: site.part::<knowledge::job::Edition>().number(),
        company: site.company.get().revision(),
        overrides: site.followed.edition(),
    })
}

/// What happens when something is recorded, and what of it is audited.
#[must_use]
pub fn history() -> History {
    History {
        reactions: SLICES.iter().flat_map(|s| s.reactions).copied().collect(),
        audited: SLICES.iter().flat_map(|s| s.audited).copied().collect(),
    }
}

/// Every page of every slice with its sample values.
#[must_use]
pub fn all_samples() -> Vec<Sample> {
    let slices = SLICES.iter().flat_map(|slice| (slice.samples)());
    slices.chain(errors::samples()).collect()
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

/// Makes the data folder with its parts where they are missing.
///
/// # Errors
/// [`StartError::DataFolder`].
pub fn prepare_data_folder(folder: &Path) -> Result<(), StartError> {
    data_folder::prepare(folder).map_err(|error| unwritable(folder, &error))
}

/// The right to serve from the site's data folder: to be held while serving. Several nodes on one
/// PostgreSQL may share a folder; the embedded database has one server.
///
/// # Errors
/// [`StartError::Occupied`] when another process has it.
pub fn occupy_data_folder(settings: &Settings) -> Result<Option<Occupied>, StartError> {
    let folder = &settings.data_dir;
    let occupied = Occupied::take(folder).map_err(|error| unwritable(folder, &error))?;
    if occupied.is_none() && settings.database_url.engine() == Engine::Sqlite {
        return Err(StartError::Occupied(folder.display().to_string()));
    }
    Ok(occupied)
}

fn unwritable(folder: &Path, error: &std::io::Error) -> StartError {
    StartError::DataFolder {
        folder: folder.display().to_string(),
        reason: error.to_string(),
    }
}
