//! Hands over to [`guichet::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    guichet::cli::main()
}
