//! What HTML costs to sanitise, told in one linear pass.
//!
//! The pass reads the strict form that this module writes (`name="value"`, `<` always escaped, no
//! comments, no raw text). Whatever deviates is refused, not guessed at: two readers that disagree
//! about where a tag ends would let deep nesting hide from the count.

use super::budget::{ATTRIBUTES, NESTING, TextError};

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
    let length = run(value, |b| b != b'"' && b != b'<');
    (value.get(length) == Some(&b'"')).then_some(name + 2 + length + 1)
}

/// Number of bytes at the start of `bytes` that are of a kind.
fn run(bytes: &[u8], kind: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|&&b| kind(b)).count()
}

#[cfg(test)]
mod tests {
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
        let wide = format!("\n<a{}>", " x=\"> y\"".repeat(ATTRIBUTES + 1));
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
}
