//! What the program counts of itself, for whoever watches over it (Prometheus text format).
//!
//! Invariants:
//! * a label has few values, and all of them are words of ours: a route as it was declared, a
//!   class of statuses, the name of a schedule. No path, address or person is ever one;
//! * counting asks no database; what has to be asked for is asked when somebody reads
//!   ([`super::vitals`]).
//!
//! The numbers are the process's, like its memory: there is one set of them.

mod gauges;
mod instruments;
mod listener;
mod process;

use std::time::Duration;

pub use gauges::Gauges;
pub use instruments::{Instruments, metrics};
pub use listener::Listener;

use super::vitals;
use super::web::Site;

/// Everything, as it is read. Blocking.
#[must_use]
pub fn expose(site: &Site) -> String {
    let mut examined = vitals::examine(site);
    vitals::tell_database(site, &mut examined.gauges);
    process::tell(&mut examined.gauges);
    metrics().expose() + &examined.gauges.expose()
}

/// A length of time as the number that histograms take.
#[must_use]
pub fn seconds(length: Duration) -> f64 {
    length.as_secs_f64()
}
