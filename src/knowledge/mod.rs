//! Help articles.

pub mod pages;
pub mod search;
