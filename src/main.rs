//! Hands over to [`guichet::cli`].

use std::process::ExitCode;

/// The system's own keeps memory for each of many threads and hardly gives any back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    guichet::cli::main()
}
