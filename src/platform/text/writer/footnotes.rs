//! Footnotes: numbered by their first mention, set at the end of the article.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::Writer;

/// Stands in the list of open elements for a footnote, whose text goes elsewhere.
pub(super) const CLOSE: &str = "\0footnote";

/// What is known of the footnotes so far.
#[derive(Default)]
pub(super) struct Footnotes<'e> {
    numbers: HashMap<&'e str, usize>,
    /// The page that was being written when each open footnote began.
    interrupted: Vec<(&'e str, String)>,
    /// Names and HTML, in the order of the source.
    written: Vec<(&'e str, String)>,
    bytes: usize,
}

impl<'e> Footnotes<'e> {
    /// Length of what is set aside, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The number of a footnote, and whether this is its first mention.
    fn number(&mut self, name: &'e str) -> (usize, bool) {
        let next = self.numbers.len() + 1;
        let number = *self.numbers.entry(name).or_insert(next);
        (number, number == next)
    }
}

impl<'e> Writer<'e> {
    pub(super) fn footnote_reference(&mut self, name: &'e str) {
        let (number, first) = self.footnotes.number(name);
        let html = &mut self.page.html;
        // Writing to a string does not fail.
        let _ = match (self.in_link, first) {
            (true, _) => write!(html, "<sup>{number}</sup>"),
            (false, true) => write!(
                html,
                "<sup><a href=\"#fn:{number}\" id=\"fnref:{number}\">{number}</a></sup>"
            ),
            (false, false) => write!(html, "<sup><a href=\"#fn:{number}\">{number}</a></sup>"),
        };
    }

    pub(super) fn start_footnote(&mut self, name: &'e str) {
        let page = std::mem::take(&mut self.page.html);
        self.footnotes.bytes += page.len();
        self.footnotes.interrupted.push((name, page));
        self.block("", CLOSE);
    }

    pub(super) fn end_footnote(&mut self) {
        // Opened by `start_footnote`, so one is open.
        let Some((name, page)) = self.footnotes.interrupted.pop() else {
            return;
        };
        self.footnotes.bytes -= page.len();
        let note = std::mem::replace(&mut self.page.html, page);
        self.footnotes.bytes += note.len();
        self.footnotes.written.push((name, note));
    }

    pub(super) fn write_footnotes(&mut self) {
        let written = std::mem::take(&mut self.footnotes.written);
        if written.is_empty() {
            return;
        }
        let mut notes: Vec<(usize, String)> = written
            .into_iter()
            .map(|(name, html)| (self.footnotes.number(name).0, html))
            .collect();
        notes.sort_by_key(|(number, _)| *number);
        notes.dedup_by_key(|(number, _)| *number);
        let html = &mut self.page.html;
        html.push_str("<section class=\"footnotes\" role=\"doc-endnotes\">\n<ol>\n");
        for (number, note) in notes {
            let _ = writeln!(
                html,
                "<li id=\"fn:{number}\">{note}<a href=\"#fnref:{number}\" aria-label=\"{number}\">↩</a></li>"
            );
        }
        html.push_str("</ol>\n</section>\n");
    }
}
