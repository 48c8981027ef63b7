//! The agents' side, through its pages.

mod files;
mod filing;
mod fixture;
mod messages;
mod properties;
mod queue;

pub use fixture::Desk;
