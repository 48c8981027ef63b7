//! Requests and their history.

pub mod pages;
pub mod search;
