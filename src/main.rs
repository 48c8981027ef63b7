//! Hands over to [`guichet::cli`].

use std::process::ExitCode;

/// The system's own keeps memory for each of many threads and hardly gives any back. How this one
/// does stands in `.cargo/config.toml`.
#[cfg(unix)]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    keep_private();
    guichet::cli::main()
}

/// Whatever the program writes, database, attachments, indexes, backups, is for its own user alone.
#[cfg(unix)]
fn keep_private() {
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

#[cfg(not(unix))]
const fn keep_private() {}
