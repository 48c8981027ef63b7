//! Who reaches what: every route of the program, for everybody.

mod canaries;
mod headers;
mod plans;
mod quiet;
mod rows;
mod stage;
mod table;

pub use quiet::dump;
