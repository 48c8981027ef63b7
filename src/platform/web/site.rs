//! What every handler reaches: database, settings, templates, key, limiter, and the parts that
//! slices opened.

use std::sync::Arc;

use super::assets::Assets;
use super::following::Followed;
use super::guest_pages::GuestPages;
use super::kept::{Adopt, HoldFiles, TakeUp};
use super::limits::Limiter;
use super::parts::Parts;
use super::shell::{Affiliation, PromiseSource, RailSource, Readings};
use super::templates::Templates;
use crate::config::Settings;
use crate::platform::backup::ListContents;
use crate::platform::company::CompanyHandle;
use crate::platform::db::Database;
use crate::platform::mail::StillWanted;
use crate::platform::secret::SecretKey;
use crate::platform::vitals::{Examined, TellVitals};

/// The program's parts, managed by Rocket.
pub struct Site {
    /// The database.
    pub db: Database,
    /// Settings of this machine.
    pub settings: Arc<Settings>,
    /// What the portal is to its readers.
    pub company: CompanyHandle,
    /// Files that pages use.
    pub assets: Arc<Assets>,
    /// Templates.
    pub templates: Templates,
    /// Whether files that replace built-in ones were edited.
    pub followed: Followed,
    /// Signing key.
    pub key: SecretKey,
    /// Pages that all guests see alike.
    pub guest_pages: GuestPages,
    /// Counts tries.
    pub limiter: Limiter,
    /// What the slices add to the desk's rail, in floor order.
    pub rail: Vec<RailSource>,
    /// Whether a mail may still leave.
    pub still_wanted: Option<StillWanted>,
    /// Names the company of a person.
    pub affiliation: Option<Affiliation>,
    /// What somebody had read before they filed something.
    pub readings: Option<Readings>,
    /// What is promised about something that was filed.
    pub promises: Option<PromiseSource>,
    /// The contents of files that rows of the slices refer to, in floor order.
    pub contents: Vec<ListContents>,
    /// Takes up forms whose session had ended.
    pub take_up: Option<TakeUp>,
    /// Holds their files meanwhile.
    pub hold_files: Option<HoldFiles>,
    /// Gives people who sign in what their browser was used for before.
    pub adopt: Option<Adopt>,
    /// What the slices tell of themselves, in floor order.
    pub vitals: Vec<TellVitals>,
    /// What the last examination found.
    pub examined: Examined,
    /// What slices keep open while the program runs, such as a search index.
    pub parts: Parts,
}

impl Site {
    /// A part that a slice opened at start.
    ///
    /// # Panics
    /// When no slice of the manifest opens such a part: a defect that any test finds.
    #[must_use]
    pub fn part<T: Send + Sync + 'static>(&self) -> &T {
        self.parts
            .get()
            .expect("the slice that uses a part also opens it at start")
    }
}
