//! The company's calendars: kept in versions, changed by managers.

pub mod commands;
mod edit;
mod entered;
mod hours;
mod import;
mod manage;
pub mod model;
pub mod pages;
pub mod present;
pub mod queries;
mod samples;

pub use commands::{CalendarError, CalendarInput};
pub use manage::{rail, routes};
pub use model::{CalendarId, CalendarRow, CalendarVersion};
pub use pages::samples;
