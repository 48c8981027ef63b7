//! Values that show the pages at their usual, emptiest and fullest.

pub mod conflict;
pub mod history;
pub mod new;
pub mod queue;
pub mod search;
pub mod ticket;
