//! Help articles: from files to pages, search and suggestions.
//!
//! Invariants:
//! * the files are the truth: everything about articles in the database and in the index can be
//!   deleted and is made again from the folder;
//! * a file that cannot be used leaves its last good version up, and is named to managers;
//! * who may read an article is a filter of every query that shows one, in the database and in
//!   the index; an article that one may not read does not exist;
//! * pages answer while the index is missing or damaged.
//!
//! It deliberately does not know tickets, and it does not edit articles: that is done in the
//! folder, with whatever editor and version control people prefer.

pub mod api;
pub mod check;
pub mod deflections;
pub mod files;
pub mod finding;
mod forms;
pub mod import;
pub mod index;
pub mod job;
mod manage;
pub mod manual;
pub mod model;
pub mod pages;
mod portal;
pub mod queries;
pub mod results;
pub mod search;
pub mod sync;

use rocket::Route;

use crate::platform::slice::Slice;
use crate::platform::web::view::Sample;

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice {
        routes,
        samples,
        rail: Some(manage::rail),
        readings: Some(deflections::list_read_before),
        reactions: &[deflections::react],
        schedules: &[job::ARTICLES],
        open: Some(job::open),
        vitals: Some(job::tell_vitals),
        ..Slice::named("knowledge")
    }
}

fn routes() -> Vec<Route> {
    [
        portal::routes(),
        results::routes(),
        api::routes(),
        forms::routes(),
        manage::routes(),
    ]
    .concat()
}

fn samples() -> Vec<Sample> {
    let mut samples = pages::samples();
    samples.extend(manage::all_samples());
    samples
}
