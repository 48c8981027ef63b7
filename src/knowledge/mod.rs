//! Help articles.

pub mod files;
pub mod model;
pub mod pages;
pub mod search;
pub mod sync;
