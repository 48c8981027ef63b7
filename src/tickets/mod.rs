//! Requests and their history.

pub mod search;
