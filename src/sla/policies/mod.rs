//! The company's policies: kept in versions, changed by managers.

pub mod commands;
mod edit;
mod entered;
mod manage;
pub mod model;
mod names;
pub mod pages;
mod present;
pub mod queries;
mod samples;
mod versions;

pub use commands::{PolicyError, PolicyInput};
pub use manage::{rail, routes};
pub use model::{PolicyRow, PolicyVersion};
pub use pages::samples;
