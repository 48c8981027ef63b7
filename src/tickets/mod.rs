//! Requests and their history.

pub mod desk_pages;
pub mod search;
