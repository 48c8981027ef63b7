//! Machinery that does not know what a ticket is.
//!
//! Nothing here imports a slice. Slices build on it; it never calls up, except through the
//! functions that the manifest ([`slice::Slice`]) hands it at start.

pub mod backup;
pub mod blobs;
pub mod clock;
pub mod company;
pub mod data_folder;
pub mod db;
pub mod digest;
pub mod events;
pub mod failpoint;
pub mod front;
pub mod host;
pub mod i18n;
pub mod log;
pub mod mail;
pub mod metrics;
pub mod random;
pub mod schedule;
pub mod search;
pub mod secret;
pub mod slice;
pub mod subscriber;
pub mod text;
pub mod vitals;
pub mod web;
