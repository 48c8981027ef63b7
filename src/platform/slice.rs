//! The manifest: what a slice brings to the program.
//!
//! [`crate::app::SLICES`] lists the slices in floor order; nothing else in the program is
//! listed by hand.

use rocket::{Catcher, Route};

use super::backup::{AfterRestore, ListContents};
use super::events::{Audited, Reaction};
use super::mail::StillWanted;
use super::schedule::Schedule;
use super::vitals::TellVitals;
use super::web::kept::{Adopt, HoldFiles, TakeUp};
use super::web::parts::OpenParts;
use super::web::shell::{Affiliation, PromiseSource, RailSource, Readings};
use super::web::view::Sample;

/// One feature of the product, as the rest of the program sees it.
#[derive(Clone, Copy)]
pub struct Slice {
    /// Folder name under `src/`, `templates/` and `tests/it/`.
    pub name: &'static str,
    /// The routes it serves.
    pub routes: fn() -> Vec<Route>,
    /// Its own pages for requests that no route answers.
    pub catchers: fn() -> Vec<Catcher>,
    /// What it does, in the same transaction, when something is recorded.
    pub reactions: &'static [Reaction],
    /// What of its history belongs to the audit.
    pub audited: &'static [Audited],
    /// Work it repeats in the background.
    pub schedules: &'static [Schedule],
    /// Opens what it keeps open while the program runs.
    pub open: Option<OpenParts>,
    /// What it adds to the desk's navigation.
    pub rail: Option<RailSource>,
    /// Names a person's company in the header: one slice at most.
    pub affiliation: Option<Affiliation>,
    /// What people had read before they filed something: one slice at most.
    pub readings: Option<Readings>,
    /// What is promised about something that was filed: one slice at most.
    pub promises: Option<PromiseSource>,
    /// Whether a mail may still leave, asked when its turn comes: one slice at most.
    pub still_wanted: Option<StillWanted>,
    /// The contents of files that its rows refer to.
    pub contents: Option<ListContents>,
    /// Keeps a form whose session had ended for who has signed in again: one slice at most.
    pub take_up: Option<TakeUp>,
    /// Gives somebody who signs in what their browser holds of theirs: one slice at most.
    pub adopt: Option<Adopt>,
    /// Holds the files of a form whose session had ended: one slice at most.
    pub hold_files: Option<HoldFiles>,
    /// What it puts right after a backup was restored.
    pub after_restore: Option<AfterRestore>,
    /// Tells how it is, and whether that keeps the program from serving.
    pub vitals: Option<TellVitals>,
    /// Its pages with sample values: rendered in every language by a test.
    pub samples: fn() -> Vec<Sample>,
}

impl Slice {
    /// A slice that brings nothing yet; the fields that apply are then set.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self {
            name,
            routes: Vec::new,
            catchers: Vec::new,
            reactions: &[],
            audited: &[],
            schedules: &[],
            open: None,
            rail: None,
            affiliation: None,
            readings: None,
            promises: None,
            still_wanted: None,
            contents: None,
            take_up: None,
            adopt: None,
            hold_files: None,
            after_restore: None,
            vitals: None,
            samples: Vec::new,
        }
    }
}
