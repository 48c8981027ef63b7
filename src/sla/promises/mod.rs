//! Promises: what customers are told, kept as a ledger.
//!
//! Invariants:
//! * an open promise is one line; it is settled once, as kept, moved or broken, and the line never
//!   changes afterwards;
//! * a promise follows the clock it was made from, in the transaction of the event that moves that
//!   clock; the one exception is a promise that will not be kept: it is moved before its hour, once,
//!   and the customer is told ([`watch`]);
//! * no promise passes its hour without the customer having been told before.

mod ledger;
mod manage;
pub mod model;
pub mod pages;
pub(in crate::sla) mod present;
pub mod queries;
mod shown;
pub mod watch;

pub use ledger::{Standing, settle};
pub use manage::{rail, routes};
pub use model::{Promise, PromiseId, PromiseReason, PromiseState};
pub use pages::samples;
pub use shown::{first_promise, shown};
