//! Writes parser events as HTML, and notes on the way what the caller wants to know.
//!
//! Every tag and attribute name here is a literal and every value is escaped; nothing of the
//! source reaches the page in another way.

mod blocks;
mod footnotes;
mod headings;
mod links;

use std::borrow::Cow;
use std::fmt::Write as _;

use pulldown_cmark::{Alignment, Event, Tag};

use super::budget::{Deadline, TextError};
use super::events::{LineIndex, Spanned, is_inline};
use super::href::LinkResolver;
use super::markdown::{Heading, Image, Link};
use super::safe_html::escape_into;
use super::typography::french;
use crate::platform::i18n::Lang;
use footnotes::Footnotes;
use headings::Ids;

/// Most blocks open at once. With the tags of a table and the inline ones on top this stays below
/// the depth at which the sanitiser is refused its input.
const BLOCKS_OPEN: usize = 60;
/// Most inline tags open at once; deeper emphasis is written as plain text.
const INLINE_OPEN: usize = 16;
/// Longest text in an attribute, in characters. Long attributes are costly to sanitise.
const ATTRIBUTE_MAX: usize = 1_000;

/// What is being written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// By an editor, with headings, images and callouts, in a language.
    Article(Lang),
    /// By anybody.
    Message,
}

/// What was written.
pub(super) struct Page {
    pub(super) html: String,
    pub(super) lead: Option<String>,
    pub(super) headings: Vec<Heading>,
    pub(super) plain: String,
    pub(super) links: Vec<Link>,
    pub(super) images: Vec<Image>,
}

/// Writes one text.
pub(super) struct Writer<'e> {
    kind: Kind,
    events: &'e [Spanned<'e>],
    lines: LineIndex,
    resolver: &'e dyn LinkResolver,
    max: usize,
    page: Page,
    /// What closes each open element, innermost last; empty for one that was not written.
    open: Vec<Open>,
    blocks: usize,
    inlines: usize,
    in_code: bool,
    in_link: bool,
    before_lead: bool,
    /// Index of the line break that parts a callout's title from its text.
    title_break: Option<usize>,
    in_callout_title: bool,
    table: Table,
    ids: Ids,
    footnotes: Footnotes<'e>,
}

/// An element that is open.
struct Open {
    close: Cow<'static, str>,
    inline: bool,
}

/// The table being written; tables do not nest.
#[derive(Default)]
struct Table {
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
}

impl<'e> Writer<'e> {
    pub(super) fn new(
        kind: Kind,
        source: &str,
        events: &'e [Spanned<'e>],
        resolver: &'e dyn LinkResolver,
        max: usize,
    ) -> Self {
        let page = Page {
            html: String::with_capacity(source.len() * 3 / 2),
            lead: None,
            headings: Vec::new(),
            plain: String::with_capacity(source.len()),
            links: Vec::new(),
            images: Vec::new(),
        };
        Self {
            kind,
            events,
            lines: LineIndex::new(source),
            resolver,
            max,
            page,
            open: Vec::new(),
            blocks: 0,
            inlines: 0,
            in_code: false,
            in_link: false,
            before_lead: kind != Kind::Message,
            title_break: None,
            in_callout_title: false,
            table: Table::default(),
            ids: Ids::default(),
            footnotes: Footnotes::default(),
        }
    }

    /// Writes everything.
    ///
    /// # Errors
    /// HTML too long, blocks nested too deep, or the time over.
    pub(super) fn write(mut self, deadline: Deadline) -> Result<Page, TextError> {
        let mut at = 0;
        while at < self.events.len() {
            deadline.check()?;
            at = self.event(at)?;
            if self.page.html.len() + self.footnotes.bytes() > self.max {
                return Err(TextError::OutputTooLong { max: self.max });
            }
        }
        self.write_footnotes();
        self.page.plain.truncate(self.page.plain.trim_end().len());
        Ok(self.page)
    }

    /// Writes the event at `at`; gives the index of the next one to write.
    fn event(&mut self, at: usize) -> Result<usize, TextError> {
        match &self.events[at].0 {
            Event::Start(tag) => return self.start(at, tag),
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(text),
            // HTML of the source is text to us, a display that a customer can quote.
            Event::Html(text) | Event::InlineHtml(text) => self.raw_html(text),
            Event::Code(code) => {
                self.page.html.push_str("<code>");
                escape_into(&mut self.page.html, code);
                self.page.html.push_str("</code>");
                self.page.plain.push_str(code);
            }
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(text),
            Event::FootnoteReference(name) => self.footnote_reference(name),
            Event::SoftBreak | Event::HardBreak => self.line_break(at),
            Event::Rule => self.page.html.push_str("<hr>\n"),
            Event::TaskListMarker(done) => {
                let mark = if *done { '☑' } else { '☐' };
                // Writing to a string does not fail.
                let _ = write!(self.page.html, "<span class=\"task\">{mark}</span> ");
            }
        }
        Ok(at + 1)
    }

    fn start(&mut self, at: usize, tag: &'e Tag<'e>) -> Result<usize, TextError> {
        if is_inline(tag) {
            return Ok(self.start_inline(at, tag));
        }
        self.blocks += 1;
        if self.blocks > BLOCKS_OPEN {
            let line = self.lines.line(self.events[at].1.start);
            return Err(TextError::NestedTooDeep {
                line,
                max: BLOCKS_OPEN,
            });
        }
        self.end_plain_line();
        match tag {
            Tag::Paragraph => self.paragraph(at),
            Tag::Heading { level, .. } => self.heading(at, *level as u8),
            Tag::BlockQuote(kind) => self.quote(at, *kind),
            Tag::CodeBlock(kind) => self.code_block(kind),
            Tag::List(first) => self.list(at, *first),
            Tag::Item => self.block("<li>", "</li>\n"),
            Tag::FootnoteDefinition(name) => self.start_footnote(name),
            Tag::Table(alignments) => self.start_table(at, alignments),
            Tag::TableHead => {
                self.table.in_head = true;
                self.table.column = 0;
                self.block("<thead><tr>", "</tr></thead><tbody>\n");
            }
            Tag::TableRow => {
                self.table.in_head = false;
                self.table.column = 0;
                self.block("<tr>", "</tr>\n");
            }
            Tag::TableCell => self.cell(),
            Tag::HtmlBlock => self.block("<p>", "</p>\n"),
            // Not enabled in the parser's options, or inline and handled above.
            _ => self.block("", ""),
        }
        if !matches!(tag, Tag::Heading { .. }) {
            self.before_lead = false;
        }
        Ok(at + 1)
    }

    fn block(&mut self, open: &str, close: impl Into<Cow<'static, str>>) {
        self.page.html.push_str(open);
        self.open.push(Open {
            close: close.into(),
            inline: false,
        });
    }

    fn end(&mut self) {
        // The parser's events are balanced, so something is open.
        let Some(open) = self.open.pop() else { return };
        if open.inline {
            self.inlines -= 1;
            self.in_link &= open.close != "</a>";
            self.page.html.push_str(&open.close);
            return;
        }
        self.blocks -= 1;
        self.in_code = false;
        self.end_plain_line();
        if open.close == footnotes::CLOSE {
            self.end_footnote();
        } else {
            self.page.html.push_str(&open.close);
        }
    }

    fn start_inline(&mut self, at: usize, tag: &'e Tag<'e>) -> usize {
        if let Tag::Image {
            dest_url, title, ..
        } = tag
        {
            return self.image(at, dest_url, title);
        }
        self.inlines += 1;
        let written = self.inlines <= INLINE_OPEN;
        let (open, close) = match tag {
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } => {
                let close = self.start_link(at, *link_type, dest_url, title);
                ("", close)
            }
            _ if !written => ("", ""),
            Tag::Emphasis => ("<em>", "</em>"),
            Tag::Strikethrough => ("<del>", "</del>"),
            _ => ("<strong>", "</strong>"),
        };
        self.page.html.push_str(open);
        self.open.push(Open {
            close: close.into(),
            inline: true,
        });
        at + 1
    }

    fn text(&mut self, text: &str) {
        self.page.plain.push_str(text);
        if self.kind == Kind::Message && !self.in_code && !self.in_link {
            self.text_with_addresses(text);
        } else {
            let text = self.set(text);
            escape_into(&mut self.page.html, &text);
        }
    }

    /// Prose as the language of an article prints it.
    fn set<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.kind == Kind::Article(Lang::Fr) && !self.in_code {
            french(text)
        } else {
            Cow::Borrowed(text)
        }
    }

    fn raw_html(&mut self, text: &str) {
        let line = text.strip_suffix('\n');
        let shown = line.unwrap_or(text);
        if self.kind == Kind::Message {
            self.text(shown);
        } else {
            self.page.plain.push_str(shown);
            escape_into(&mut self.page.html, shown);
        }
        if line.is_some() {
            self.page.plain.push('\n');
            self.page.html.push_str(if self.kind == Kind::Message {
                "<br>\n"
            } else {
                "\n"
            });
        }
    }

    fn line_break(&mut self, at: usize) {
        self.page.plain.push('\n');
        let hard = self.kind == Kind::Message || matches!(self.events[at].0, Event::HardBreak);
        self.page
            .html
            .push_str(match (self.title_break == Some(at), hard) {
                (true, _) => "</p>\n<p>",
                (false, true) => "<br>\n",
                (false, false) => "\n",
            });
    }

    /// Parts what is written next from the words before it.
    fn end_plain_line(&mut self) {
        if !self.page.plain.is_empty() && !self.page.plain.ends_with('\n') {
            self.page.plain.push('\n');
        }
    }

    /// Writes ` name="value"`, the value escaped. Words are bounded by the caller.
    fn attribute(&mut self, name: &str, value: &str) {
        self.page.html.push(' ');
        self.page.html.push_str(name);
        self.page.html.push_str("=\"");
        escape_into(&mut self.page.html, value);
        self.page.html.push('"');
    }
}
