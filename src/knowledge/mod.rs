//! Help articles.

pub mod search;
