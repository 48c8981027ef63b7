//! The manifest: what a slice brings to the program.
//!
//! [`crate::app::SLICES`] lists the slices in floor order; nothing else in the program is
//! listed by hand.

use rocket::Route;

use super::events::Reaction;
use super::schedule::Schedule;
use super::web::view::Sample;

/// One feature of the product, as the rest of the program sees it.
#[derive(Clone, Copy)]
pub struct Slice {
    /// Folder name under `src/`, `templates/` and `tests/it/`.
    pub name: &'static str,
    /// The routes it serves.
    pub routes: fn() -> Vec<Route>,
    /// What it does, in the same transaction, when something is recorded.
    pub reactions: &'static [Reaction],
    /// Work it repeats in the background.
    pub schedules: &'static [Schedule],
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
            reactions: &[],
            schedules: &[],
            samples: Vec::new,
        }
    }
}
