//! The agents' side, through its pages.

mod files;
mod filing;
mod fixture;
mod index;
mod messages;
mod properties;
mod queue;
mod statements;

pub use fixture::Desk;
