//! A customer's requests: filing, following, answering, confirming.

mod files;
mod list;
mod new;
mod present;
mod reply;
mod show;
mod track;

pub use present::request_stub;
pub use track::{TRACK_DAYS, track_path};

use rocket::{Route, routes};

/// The routes for customers and guests.
#[must_use]
pub fn routes() -> Vec<Route> {
    routes![
        files::own,
        files::tracked,
        list::index,
        new::form,
        new::create,
        new::filed,
        show::page,
        reply::write,
        show::confirm,
        show::reopen,
        track::page,
    ]
}
