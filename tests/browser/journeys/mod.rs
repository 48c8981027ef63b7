//! What people come for, from the first page to the last.

mod visitor;

use libtest_mimic::Trial;
use rocket::futures::future::BoxFuture;

use crate::harness::{Screen, Stage, run};

type Journey = for<'s> fn(&'s Stage) -> BoxFuture<'s, ()>;

const JOURNEYS: &[(&str, Journey)] = &[
    ("a_visitor_finds_an_article", |s| {
        Box::pin(visitor::finds_an_article(s))
    }),
    ("a_visitor_needs_no_scripts", |s| {
        Box::pin(visitor::needs_no_scripts(s))
    }),
];

/// Every journey on every screen.
pub fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for &(name, journey) in JOURNEYS {
        for screen in Screen::ALL {
            let play = move || run(name, screen, journey);
            trials.push(Trial::test(format!("{name}::{screen}"), play));
        }
    }
    trials
}
