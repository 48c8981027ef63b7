//! Headings and their anchors.

use std::collections::{HashMap, HashSet};

use super::super::events::{end_of, words, words_as};
use super::super::markdown::Heading;
use super::super::plain::{excerpt, slug};
use super::super::safe_html::escape_into;
use super::{ATTRIBUTE_MAX, Kind, Writer};

/// The identifier of a heading without a Latin letter or digit.
const UNNAMED: &str = "section";

/// Identifiers given so far; each is given once.
#[derive(Default)]
pub(super) struct Ids {
    given: HashSet<String>,
    /// The last number tried for a name, so that a thousand equal headings cost a thousand steps.
    numbers: HashMap<String, u32>,
}

impl Ids {
    /// A new identifier made of the words of a heading: `etape`, then `etape-2`.
    fn give(&mut self, text: &str) -> String {
        let mut name = slug(text);
        if name.is_empty() {
            name.push_str(UNNAMED);
        }
        if self.given.insert(name.clone()) {
            return name;
        }
        let number = self.numbers.entry(name.clone()).or_insert(1);
        loop {
            *number += 1;
            let id = format!("{name}-{number}");
            if self.given.insert(id.clone()) {
                return id;
            }
        }
    }
}

impl Writer<'_> {
    /// Opens the heading at `at`, of `level` 1 to 6 in the source.
    pub(super) fn heading(&mut self, at: usize, level: u8) {
        if self.kind == Kind::Message {
            return self.block("<p><strong>", "</strong></p>\n");
        }
        // A title of the file itself may stand above the lead, a section may not.
        self.before_lead &= level == 1;
        let events = &self.events[at..end_of(self.events, at)];
        let id = self.ids.give(&words(events));
        let text = words_as(events, |text| self.set(text));
        let level = level.max(2);
        self.page.html.push_str(&format!("<h{level} id=\"{id}\">"));
        let mut close = format!("<a class=\"anchor\" href=\"#{id}\" aria-label=\"");
        escape_into(&mut close, &excerpt(&text, ATTRIBUTE_MAX));
        close.push_str(&format!("\"></a></h{level}>\n"));
        self.page.headings.push(Heading { level, id, text });
        self.block("", close);
    }
}
