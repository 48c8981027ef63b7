//! The program as its operator meets it: the real binary in folders of its own.

mod alone;
mod backup;
mod commands;
mod durability;
mod failing_disk;
mod faults;
mod front;
mod greedy;
mod http;
#[cfg(target_os = "linux")]
mod memory;
mod overrides;
mod program;
mod serving;
mod shelf;
mod users;
mod watching;
mod wire;

pub use backup::backup_rows;
pub use program::Place;
