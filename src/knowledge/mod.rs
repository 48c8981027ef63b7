//! Help articles.

pub mod files;
pub mod model;
pub mod search;
pub mod sync;
