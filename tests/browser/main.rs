//! Journeys in a real browser: Chromium uses the real program over HTTP, as people do.
//!
//! One process of Chromium serves all of them (`TEST_CHROMIUM` names another than
//! `/usr/bin/chromium`); each journey has a program, a database and a browser profile of its own.
//! It fails on anything that a person would not see but that is wrong all the same: an error in
//! the console, a refused or failed request, a request to another host, a barrier that axe-core
//! finds, a page that is wider than its window or that moves while it loads. What there is besides
//! the pages of the journeys is looked at by `pages`.

mod harness;
mod journeys;
mod pages;
mod pictures;
#[path = "../it/support/mod.rs"]
mod support;

use std::process::ExitCode;

use libtest_mimic::Arguments;

/// A journey waits more than it computes, but Chromium and the program compute beside it.
const AT_ONCE: usize = 2;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(AT_ONCE);
    let mut trials = journeys::trials();
    trials.extend(pages::trials());
    trials.push(pictures::trial());
    let conclusion = libtest_mimic::run(&arguments, trials);
    harness::close_chromium();
    conclusion.exit_code()
}
