//! Hands over to [`guichet::cli`].

use std::process::ExitCode;

/// The system's own keeps memory for each of many threads and hardly gives any back. Without huge
/// pages, of which a thread's first allocation would make two megabytes resident.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
