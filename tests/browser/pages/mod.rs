//! Every page there is, looked at on every screen.
//!
//! The gallery shows what the templates can print, from the samples of every slice; the visits go
//! where the routes lead; over a thin line, pages come in pieces. None has a list of pages: what is
//! added is looked at.

mod album;
mod gallery;
mod look;
#[path = "../../it/access/rows.rs"]
mod rows;
mod samples;
mod stress;
mod thin_line;
mod visits;

use guichet::platform::i18n::Lang;
use libtest_mimic::{Failed, Trial};

use crate::harness::block_on;

/// The looks at all pages, each in both languages, and the album, which `scripts/album` takes.
pub fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for &lang in Lang::ALL {
        let gallery = move || judge(&block_on(gallery::every_sample(lang)));
        trials.push(Trial::test(format!("pages::gallery::{lang}"), gallery));
    }
    let visits = || judge(&block_on(visits::every_route()));
    trials.push(Trial::test("pages::visits", visits));
    let stress = || judge(&block_on(stress::every_sample()));
    trials.push(Trial::test("pages::stress", stress));
    let thin_line = || judge(&block_on(thin_line::every_sample()));
    trials.push(Trial::test("pages::thin_line", thin_line));
    let album = || {
        block_on(album::take());
        Ok(())
    };
    trials.push(Trial::test("album", album).with_ignored_flag(true));
    trials
}

fn judge(found: &[String]) -> Result<(), Failed> {
    if found.is_empty() {
        Ok(())
    } else {
        Err(found.join("\n").into())
    }
}
