//! The Markdown parser's events, and what the writer must know before it writes a block.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, TextMergeWithOffset};

use super::budget::{Deadline, TextError};
use super::typography::is_no_break;

/// An event and the bytes of the source it stands for.
pub(super) type Spanned<'s> = (Event<'s>, Range<usize>);

/// Parses a source, runs of text joined. The caller has checked the source's budget.
///
/// # Errors
/// When the time is over.
pub(super) fn parse(
    source: &str,
    options: Options,
    deadline: Deadline,
) -> Result<Vec<Spanned<'_>>, TextError> {
    let events = Parser::new_ext(source, options).into_offset_iter();
    TextMergeWithOffset::new(events)
        .map(|event| deadline.check().map(|()| event))
        .collect()
}

/// Index of the event that ends the element begun at `start`.
pub(super) fn end_of(events: &[Spanned<'_>], start: usize) -> usize {
    let mut depth = 0_usize;
    for (index, (event, _)) in events.iter().enumerate().skip(start) {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return index;
        }
    }
    // The parser's events are balanced.
    events.len().saturating_sub(1)
}

/// The words of some events, as one line.
pub(super) fn words(events: &[Spanned<'_>]) -> String {
    words_as(events, |text| Cow::Borrowed(text))
}

/// The words of some events, as one line, prose as `set` prints it.
pub(super) fn words_as(
    events: &[Spanned<'_>],
    set: impl for<'t> Fn(&'t str) -> Cow<'t, str>,
) -> String {
    let mut text = String::new();
    for (event, _) in events {
        match event {
            Event::Text(part) => text.push_str(&set(part)),
            Event::Code(part) | Event::InlineHtml(part) => text.push_str(part),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::TableCell) => text.push(' '),
            _ => {}
        }
    }
    text.split(|c: char| c.is_whitespace() && !is_no_break(c))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether the text at `at` begins with a line that is bold as a whole; gives the index of the
/// event after the bold part.
pub(super) fn bold_line(events: &[Spanned<'_>], at: usize) -> Option<usize> {
    if !matches!(events.get(at)?.0, Event::Start(Tag::Strong)) {
        return None;
    }
    let next = end_of(events, at) + 1;
    let line_ends = match &events.get(next)?.0 {
        Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Item) => true,
        Event::Start(tag) => !is_inline(tag),
        _ => false,
    };
    line_ends.then_some(next)
}

/// Whether every item of the list begun at `start` begins with a bold line.
pub(super) fn are_steps(events: &[Spanned<'_>], start: usize) -> bool {
    let mut at = start + 1;
    while matches!(events.get(at), Some((Event::Start(Tag::Item), _))) {
        let loose = matches!(events.get(at + 1), Some((Event::Start(Tag::Paragraph), _)));
        if bold_line(events, at + 1 + usize::from(loose)).is_none() {
            return false;
        }
        at = end_of(events, at) + 1;
    }
    at > start + 1
}

/// Whether a tag stands inside a line of text.
pub(super) fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
    )
}

/// Tells on which line of a source a byte stands.
pub(super) struct LineIndex {
    /// Where each line but the first begins.
    starts: Vec<usize>,
}

impl LineIndex {
    pub(super) fn new(source: &str) -> Self {
        Self {
            starts: source.match_indices('\n').map(|(at, _)| at + 1).collect(),
        }
    }

    /// The line of the byte at `offset`, counted from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        1 + self.starts.partition_point(|&start| start <= offset)
    }
}
