//! Paragraphs, quotes, code, lists and tables.

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, Tag};

use super::super::events::{are_steps, bold_line, end_of, words, words_as};
use super::super::plain::excerpt;
use super::super::safe_html::is_language;
use super::{Kind, Writer};

/// Longest name of a table for those who do not see it, in characters.
const TABLE_NAME_MAX: usize = 120;

impl Writer<'_> {
    pub(super) fn paragraph(&mut self, at: usize) {
        let opens_with_image = matches!(
            self.events.get(at + 1),
            Some((Event::Start(Tag::Image { .. }), _))
        );
        let open = if std::mem::take(&mut self.in_callout_title) {
            "<p class=\"callout-title\">"
        } else if self.before_lead && !opens_with_image {
            let opening = &self.events[at..end_of(self.events, at)];
            self.page.lead = Some(words_as(opening, |text| self.set(text)));
            "<p class=\"lead\">"
        } else {
            "<p>"
        };
        self.block(open, "</p>\n");
    }

    pub(super) fn quote(&mut self, at: usize, kind: Option<BlockQuoteKind>) {
        let open = match kind {
            None => return self.block("<blockquote>\n", "</blockquote>\n"),
            Some(BlockQuoteKind::Note) => "<div class=\"callout callout-info\" role=\"note\">\n",
            Some(BlockQuoteKind::Tip) => "<div class=\"callout callout-tip\" role=\"note\">\n",
            Some(BlockQuoteKind::Important | BlockQuoteKind::Warning) => {
                "<div class=\"callout callout-warning\" role=\"note\">\n"
            }
            Some(BlockQuoteKind::Caution) => {
                "<div class=\"callout callout-danger\" role=\"note\">\n"
            }
        };
        if matches!(
            self.events.get(at + 1),
            Some((Event::Start(Tag::Paragraph), _))
        ) {
            self.title_break = bold_line(self.events, at + 2);
            self.in_callout_title = self.title_break.is_some();
        }
        self.block(open, "</div>\n");
    }

    pub(super) fn code_block(&mut self, kind: &CodeBlockKind<'_>) {
        self.in_code = true;
        let language = match kind {
            CodeBlockKind::Fenced(info) => info
                .split_whitespace()
                .next()
                .filter(|name| is_language(name)),
            CodeBlockKind::Indented => None,
        };
        self.page.html.push_str("<pre><code");
        if let Some(language) = language {
            self.attribute("class", &format!("language-{language}"));
        }
        self.block(">", "</code></pre>\n");
    }

    pub(super) fn list(&mut self, at: usize, first: Option<u64>) {
        let Some(first) = first else {
            return self.block("<ul>\n", "</ul>\n");
        };
        self.page.html.push_str("<ol");
        if first != 1 {
            self.attribute("start", &first.to_string());
        }
        if self.kind != Kind::Message && are_steps(self.events, at) {
            self.attribute("class", "steps");
        }
        self.block(">\n", "</ol>\n");
    }

    pub(super) fn start_table(&mut self, at: usize, alignments: &[Alignment]) {
        self.table.alignments = alignments.to_vec();
        if self.kind == Kind::Message {
            return self.block("<table>", "</tbody></table>\n");
        }
        // A wide table scrolls by itself; the keyboard reaches it, so it needs a name.
        let name = excerpt(
            &words(&self.events[at + 1..=end_of(self.events, at + 1)]),
            TABLE_NAME_MAX,
        );
        self.page
            .html
            .push_str("<div class=\"table-scroll\" tabindex=\"0\"");
        if !name.is_empty() {
            self.attribute("role", "region");
            self.attribute("aria-label", &name);
        }
        self.block("><table>", "</tbody></table></div>\n");
    }

    pub(super) fn cell(&mut self) {
        let (open, close) = if self.table.in_head {
            ("<th", "</th>")
        } else {
            ("<td", "</td>")
        };
        self.page.html.push_str(open);
        if self.table.in_head && self.kind != Kind::Message {
            self.attribute("scope", "col");
        }
        match self.table.alignments.get(self.table.column) {
            Some(Alignment::Center) => self.attribute("class", "align-center"),
            Some(Alignment::Right) => self.attribute("class", "align-right"),
            _ => {}
        }
        self.table.column += 1;
        self.block(">", close);
    }
}
