//! Help articles.

pub mod pages;
pub mod files;
pub mod model;
pub mod search;
pub mod sync;
