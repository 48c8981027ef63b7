//! Who reaches what: every route of the program, for everybody.

mod belonging;
mod canaries;
mod costs;
mod door;
mod drafted;
mod extras;
mod headers;
mod hostile;
mod limits;
mod odd;
mod places;
mod plans;
mod quiet;
mod rows;
mod stage;
mod table;
mod twice;

pub use plans::plan;
pub use quiet::dump;
pub use stage::{Stage, attach, company};
