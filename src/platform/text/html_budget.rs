//! What HTML costs to sanitise, told in one linear pass.
//!
//! The pass reads the strict form that this module writes (`name="value"`, `<` and `>` escaped, no
//! comments, no raw text). Whatever deviates is refused, not guessed at: two readers that disagree
//! about where a tag ends would let deep nesting hide from the count.

use std::borrow::Cow;

use super::budget::{ATTRIBUTES, NESTING, TextError};

/// Longest run of text, in bytes, that is serialised in one piece.
const PIECE: usize = 1024;
/// Longest character reference, in bytes.
const REFERENCE: usize = 40;
/// What parts two pieces; the sanitiser drops it.
const JOINT: &str = "<!---->";

/// Elements without content.
const VOID: [&[u8]; 3] = [b"br", b"hr", b"img"];
/// Elements whose content is not read as HTML.
const RAW: [&[u8]; 10] = [
    b"iframe",
    b"noembed",
    b"noframes",
    b"noscript",
    b"plaintext",
    b"script",
    b"style",
    b"textarea",
    b"title",
    b"xmp",
];

/// Checks HTML of at most `max` bytes that is about to be sanitised.
///
/// # Errors
/// HTML too long, tags nested too deep, too many attributes on one tag, or a tag in a form that
/// this module does not write.
pub(super) fn check_html(html: &str, max: usize) -> Result<(), TextError> {
    if html.len() > max {
        return Err(TextError::OutputTooLong { max });
    }
    let bytes = html.as_bytes();
    let mut open: Vec<&[u8]> = Vec::new();
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|&b| b == b'<') {
        let start = at + found;
        let line = || 1 + bytes[..start].iter().filter(|&&b| b == b'\n').count();
        let tag =
            Tag::read(&bytes[start..]).ok_or_else(|| TextError::TagMalformed { line: line() })?;
        if tag.attributes > ATTRIBUTES {
            return Err(TextError::TooManyAttributes {
                line: line(),
                max: ATTRIBUTES,
            });
        }
        follow(&mut open, &tag);
        if open.len() > NESTING {
            return Err(TextError::NestedTooDeep {
                line: line(),
                max: NESTING,
            });
        }
        at = start + tag.length;
    }
    Ok(())
}

/// Parts long runs of text by comments, which the sanitiser drops again.
///
/// The serialiser looks for the next `<` from every `&` and every byte 0xC2, so that 64 KiB of `&`
/// in one run cost seconds. The sanitised HTML is the same with and without the comments.
pub(super) fn in_pieces(html: &str) -> Cow<'_, str> {
    if html.len() <= PIECE {
        return Cow::Borrowed(html);
    }
    let mut parted = String::with_capacity(html.len() + html.len() / PIECE * JOINT.len());
    // Where the run of text and the character reference that are being read began.
    let (mut run_start, mut reference) = (0, None);
    let (mut in_tag, mut copied) = (false, 0);
    for (at, c) in html.char_indices() {
        match c {
            '<' => in_tag = true,
            // A bare `>` in text also ends what the serialiser searches.
            '>' => (in_tag, run_start) = (false, at + 1),
            '&' if reference.is_none() && at - run_start < PIECE => reference = Some(at),
            ';' => {
                reference = None;
                continue;
            }
            _ => {}
        }
        if reference.is_some_and(|start| at - start > REFERENCE) {
            reference = None;
        }
        if !in_tag && reference.is_none() && at > run_start && at - run_start >= PIECE {
            parted.push_str(&html[copied..at]);
            parted.push_str(JOINT);
            (copied, run_start) = (at, at);
            reference = (c == '&').then_some(at);
        }
    }
    parted.push_str(&html[copied..]);
    Cow::Owned(parted)
}

/// Opens or closes an element. An end tag only takes off its own element: open formatting inside
/// is opened again by the parser, so it keeps counting.
fn follow<'h>(open: &mut Vec<&'h [u8]>, tag: &Tag<'h>) {
    if tag.closes {
        if let Some(at) = open.iter().rposition(|name| *name == tag.name) {
            open.remove(at);
        }
    } else if !VOID.contains(&tag.name) {
        open.push(tag.name);
    }
}

/// One tag in strict form.
struct Tag<'h> {
    name: &'h [u8],
    closes: bool,
    attributes: usize,
    /// Bytes from `<` to `>`, both included.
    length: usize,
}

impl<'h> Tag<'h> {
    /// Reads the tag that `html` begins with; `None` when it is not in strict form.
    fn read(html: &'h [u8]) -> Option<Self> {
        let closes = html.get(1) == Some(&b'/');
        let from = 1 + usize::from(closes);
        let mut at = from
            + run(&html[from..], |b| {
                b.is_ascii_lowercase() || b.is_ascii_digit()
            });
        let name = &html[from..at];
        if !name.first()?.is_ascii_lowercase() || RAW.contains(&name) {
            return None;
        }
        let mut attributes = 0;
        loop {
            let spaces = run(&html[at..], |b| b == b' ');
            at += spaces;
            match html.get(at)? {
                b'>' => {
                    return Some(Self {
                        name,
                        closes,
                        attributes,
                        length: at + 1,
                    });
                }
                b if b.is_ascii_lowercase() && spaces > 0 && !closes => {
                    at += attribute(&html[at..])?;
                    attributes += 1;
                }
                _ => return None,
            }
        }
    }
}

/// Length of the attribute `name="value"` that `html` begins with.
fn attribute(html: &[u8]) -> Option<usize> {
    let name = run(html, |b| b.is_ascii_lowercase() || b == b'-');
    let value = html[name..].strip_prefix(b"=\"")?;
    let length = run(value, |b| !matches!(b, b'"' | b'<' | b'>'));
    (value.get(length) == Some(&b'"')).then_some(name + 2 + length + 1)
}

/// Number of bytes at the start of `bytes` that are of a kind.
fn run(bytes: &[u8], kind: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|&&b| kind(b)).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MAX: usize = 1 << 20;

    fn too_deep(html: &str) -> bool {
        matches!(
            check_html(html, MAX),
            Err(TextError::NestedTooDeep { max: NESTING, .. })
        )
    }

    #[test]
    fn depth_and_attributes_are_limited() {
        assert_eq!(
            check_html(&"<ul><li>a</li><li>b<br></li></ul>".repeat(500), MAX),
            Ok(())
        );
        assert_eq!(check_html(&"<div>".repeat(NESTING), MAX), Ok(()));
        assert!(too_deep(&"<div>".repeat(NESTING + 1)));
        assert!(too_deep(&"<table><tr>x".repeat(60_000)));
        assert!(too_deep(&"<div><b id=\"a\"></div>".repeat(200)));
        let wide = format!("\n<a{}>", " x=\"&gt; y\"".repeat(ATTRIBUTES + 1));
        assert_eq!(
            check_html(&wide, MAX),
            Err(TextError::TooManyAttributes {
                line: 2,
                max: ATTRIBUTES
            })
        );
        assert_eq!(
            check_html("<p>abc", 5),
            Err(TextError::OutputTooLong { max: 5 })
        );
    }

    #[test]
    fn what_two_parsers_could_read_in_two_ways_is_refused() {
        for html in [
            "<!-- <a x=\" --> <div>",
            "a < b",
            "<a x=1>",
            "<a x='1'>",
            "<a x=\"<b>\">",
            "<a x=\">\">",
            "<div></div<x>",
            "<script>",
            "<style>",
            "<a =\">",
            "<DIV>",
            "<?x>",
            "</>",
            "<a",
            "<a x",
            "<a x=\"",
            "<a\tx=\"\">",
            "<br/>",
            "</a x=\"\">",
        ] {
            assert_eq!(
                check_html(html, MAX),
                Err(TextError::TagMalformed { line: 1 }),
                "{html}"
            );
        }
    }

    #[test]
    fn long_runs_of_text_are_parted_between_references() {
        let run = format!(
            "<p title=\"{0}\">{0}{1}</p>",
            "&amp;".repeat(1_000),
            "é ".repeat(1_000)
        );
        let parted = in_pieces(&run);
        assert_eq!(parted.replace(JOINT, ""), run);
        let text = parted.split_once('>').expect("a tag").1;
        assert!(
            text.split(JOINT)
                .all(|piece| piece.len() <= PIECE + REFERENCE)
        );
        assert!(
            text.split(JOINT)
                .all(|piece| piece.matches('&').count() == piece.matches(';').count())
        );
        assert!(matches!(in_pieces("<p>a</p>"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn parting_only_adds_joints(text in "([a&;<>é \u{A0}\"]|&amp;|<p>){0,80}") {
            let long = text.repeat(40);
            prop_assert_eq!(in_pieces(&long).replace(JOINT, ""), long);
        }
    }
}
