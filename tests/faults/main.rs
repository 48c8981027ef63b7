//! What must never happen, made to happen: the built program is killed, starved and lied to, and
//! everything that it acknowledged must still be there.
//!
//! `scripts/faults` runs it and keeps the table in `docs/faults.md`. Each fault is a process of its
//! own, in namespaces of its own where that is allowed: what it mounts and starts ends with it.

#[path = "../../benches/portal/client.rs"]
mod client;
mod cluster;
mod customer;
mod faults;
mod ledger;
mod load;
mod place;
mod report;
mod runner;
mod served;
mod sink;
mod tools;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [word, id, engine, root] if word == "one" => runner::run_one(id, engine, root.as_ref()),
        [word, ids @ ..] if word == "run" => runner::run_all(ids),
        // `cargo test` and the like only want to see that it builds.
        _ => ExitCode::SUCCESS,
    }
}
