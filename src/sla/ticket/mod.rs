//! The clocks of one ticket: which policy they go by, and what follows from that.

pub mod books;
pub mod choice;
mod desk;
pub mod events;
pub mod pages;
mod present;
pub mod recount;
pub mod refresh;
mod samples;

pub use books::Books;
pub use choice::{Choice, TicketPolicy};
pub use desk::routes;
pub use pages::samples;
