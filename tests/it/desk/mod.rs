//! The agents' side, through its pages.

mod files;
mod filing;
mod fixture;
mod index;
mod messages;
mod parity;
mod properties;
mod queue;
mod statements;

pub use fixture::Desk;
