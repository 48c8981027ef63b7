//! Machinery that does not know what a ticket is.

pub mod search;
