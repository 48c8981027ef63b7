//! Who reaches what: every route of the program, for everybody.

mod canaries;
mod door;
mod headers;
mod limits;
mod plans;
mod quiet;
mod rows;
mod stage;
mod table;

pub use quiet::dump;
