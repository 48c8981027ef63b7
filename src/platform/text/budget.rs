//! Limits on what the parsers are given, checked in one linear pass before they run.
//!
//! Sanitising is quadratic in the nesting of tags and in the attributes of one tag, and a table or
//! a row of `>` can blow a small source up a hundredfold. The passes here over-estimate: a text
//! they accept is cheap, a text they refuse is not something a person wrote. What they might
//! overlook is bounded by time.

use std::time::{Duration, Instant};

/// Longest source of an article, in bytes.
pub const ARTICLE_BYTES: usize = 256 * 1024;
/// Longest source of a message, in bytes.
pub const MESSAGE_BYTES: usize = 64 * 1024;
/// Longest HTML, in bytes, that an article may become.
pub const ARTICLE_HTML_BYTES: usize = 2 * 1024 * 1024;
/// Longest HTML, in bytes, that a message may become; also the longest that is sanitised as one.
pub const MESSAGE_HTML_BYTES: usize = 512 * 1024;
/// Deepest nesting of quotes and lists in Markdown, or of tags in HTML.
pub const NESTING: usize = 100;
/// Most attributes of one HTML tag.
pub const ATTRIBUTES: usize = 64;
/// Most cells of all tables of one text.
pub const TABLE_CELLS: usize = 10_000;
/// Longest that a text may take to become HTML: many times what the costliest of those within the
/// other limits takes on a busy machine, so that it stops only what they overlook.
pub const TIME: Duration = Duration::from_secs(10);

/// The instant by which a text has to be HTML.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    /// So long from now.
    pub fn after(budget: Duration) -> Self {
        Self(Instant::now() + budget)
    }

    /// # Errors
    /// When it has passed.
    pub fn check(self) -> Result<(), TextError> {
        if Instant::now() < self.0 {
            Ok(())
        } else {
            Err(TextError::TookTooLong)
        }
    }
}

/// Why a text was refused. `Display` is for logs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// The source is longer than its kind allows.
    #[error("the text has {bytes} bytes, {max} at most are allowed")]
    SourceTooLong {
        /// Length of the source in bytes.
        bytes: usize,
        /// The limit in bytes.
        max: usize,
    },
    /// The HTML made of the source is longer than its kind allows.
    #[error("the rendered text exceeds {max} bytes")]
    OutputTooLong {
        /// The limit in bytes.
        max: usize,
    },
    /// Quotes, lists or tags lie too deep in one another.
    #[error("line {line} nests deeper than {max} levels")]
    NestedTooDeep {
        /// Line of the source, counted from 1.
        line: usize,
        /// The limit in levels.
        max: usize,
    },
    /// One HTML tag has too many attributes.
    #[error("the tag on line {line} has more than {max} attributes")]
    TooManyAttributes {
        /// Line of the source, counted from 1.
        line: usize,
        /// The limit.
        max: usize,
    },
    /// The tables have too many cells.
    #[error("the tables have more than {max} cells, at line {line}")]
    TableTooLarge {
        /// Line of the source, counted from 1, where the limit was passed.
        line: usize,
        /// The limit.
        max: usize,
    },
    /// It takes longer than a text may.
    #[error("the text takes too long to be rendered")]
    TookTooLong,
    /// The HTML is not written the way this module writes it, so its cost cannot be told.
    #[error("the tag on line {line} is not well formed")]
    TagMalformed {
        /// Line of the source, counted from 1.
        line: usize,
    },
    /// The front matter begins with `---` but no line closes it.
    #[error("the front matter is not closed by a line of three hyphens")]
    FrontMatterUnclosed,
    /// The front matter cannot be read.
    #[error("front matter, line {line}: {fault}")]
    FrontMatter {
        /// Line of the file, counted from 1.
        line: usize,
        /// What is wrong there.
        fault: super::front_matter::Fault,
    },
}

/// Checks a Markdown source of at most `max` bytes.
///
/// # Errors
/// Source too long, quotes and lists nested too deep, or tables too large.
pub fn check_markdown(source: &str, max: usize) -> Result<(), TextError> {
    check_length(source, max)?;
    let mut columns = 0;
    let mut cells = 0;
    for (index, line) in source.lines().enumerate() {
        let line_number = index + 1;
        if containers(line) > NESTING {
            return Err(TextError::NestedTooDeep {
                line: line_number,
                max: NESTING,
            });
        }
        match delimiter_columns(line) {
            _ if line.trim_matches(is_quote_or_space).is_empty() => columns = 0,
            Some(count) => {
                // The header above has as many cells as the row of dashes.
                columns = count;
                cells += columns;
            }
            None => cells += columns,
        }
        if cells > TABLE_CELLS {
            return Err(TextError::TableTooLarge {
                line: line_number,
                max: TABLE_CELLS,
            });
        }
    }
    Ok(())
}

/// Refuses a text longer than `max` bytes.
pub(super) fn check_length(source: &str, max: usize) -> Result<(), TextError> {
    if source.len() > max {
        return Err(TextError::SourceTooLong {
            bytes: source.len(),
            max,
        });
    }
    Ok(())
}

fn is_quote_or_space(c: char) -> bool {
    c == '>' || c.is_whitespace()
}

/// The most quotes and lists that a line can lie in: its markers, plus one for every two columns
/// of indentation, since a list item takes at least two.
fn containers(line: &str) -> usize {
    let bytes = line.as_bytes();
    let (mut at, mut markers, mut columns) = (0, 0, 0);
    while let Some(&byte) = bytes.get(at) {
        let width = match byte {
            b' ' => {
                columns += 1;
                1
            }
            b'\t' => {
                columns += 4;
                1
            }
            b'>' => {
                markers += 1;
                1
            }
            _ => match list_marker(&bytes[at..]) {
                Some(length) => {
                    markers += 1;
                    length
                }
                None => break,
            },
        };
        at += width;
    }
    markers + columns / 2
}

/// Length of the list marker that `rest` begins with, if any. A number has at most nine digits.
fn list_marker(rest: &[u8]) -> Option<usize> {
    let digits = rest
        .iter()
        .take(10)
        .take_while(|b| b.is_ascii_digit())
        .count();
    let length = match (digits, rest.get(digits)?) {
        (0, b'-' | b'+' | b'*') => 1,
        (1..=9, b'.' | b')') => digits + 1,
        _ => return None,
    };
    matches!(rest.get(length), None | Some(b' ' | b'\t')).then_some(length)
}

/// Number of columns when the line can be the row of dashes under a table's header.
fn delimiter_columns(line: &str) -> Option<usize> {
    let row = line.trim_matches(is_quote_or_space);
    let mut pipes = 0_usize;
    for byte in row.bytes() {
        match byte {
            b'|' => pipes += 1,
            b'-' | b':' | b'>' | b' ' | b'\t' => {}
            _ => return None,
        }
    }
    let outer = usize::from(row.starts_with('|')) + usize::from(row.ends_with('|'));
    (pipes > 0 && row.contains('-')).then(|| (pipes + 1).saturating_sub(outer).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sources_are_limited_in_bytes() {
        assert_eq!(
            check_markdown("ab", 1),
            Err(TextError::SourceTooLong { bytes: 2, max: 1 })
        );
        assert_eq!(check_markdown("ab", 2), Ok(()));
    }

    #[test]
    fn markers_are_counted_per_line() {
        assert_eq!(containers("> > - 1. text"), 4 + 3 / 2 + 1);
        assert_eq!(containers("----------"), 0);
        assert_eq!(containers("-5 degrés"), 0);
        assert_eq!(containers("2026. fin"), 1);
        let deep = format!("ok\n{}", ">".repeat(NESTING + 1));
        assert_eq!(
            check_markdown(&deep, 1000),
            Err(TextError::NestedTooDeep {
                line: 2,
                max: NESTING
            })
        );
        assert_eq!(check_markdown(&">".repeat(NESTING), 1000), Ok(()));
    }

    #[test]
    fn table_cells_are_counted_up_to_the_blank_line() {
        let table = |rows: usize| format!("|a|b|\n|-|-|\n{}", "x\n".repeat(rows));
        assert_eq!(check_markdown(&table(4_900), ARTICLE_BYTES), Ok(()));
        assert!(matches!(
            check_markdown(&table(5_000), ARTICLE_BYTES),
            Err(TextError::TableTooLarge { .. })
        ));
        let after = format!("{}\n{}", table(4_900), "x\n".repeat(9_000));
        assert_eq!(check_markdown(&after, ARTICLE_BYTES), Ok(()));
        let wide = format!("{}\n{}\n", "|a".repeat(12_000), "|-".repeat(12_000));
        assert_eq!(
            check_markdown(&wide, ARTICLE_BYTES),
            Err(TextError::TableTooLarge {
                line: 2,
                max: TABLE_CELLS
            })
        );
    }

    proptest! {
        #[test]
        fn the_passes_end_on_any_text(text in r#"[<>/a-z"'= |:\-\n]{0,200}"#) {
            let _ = check_markdown(&text, MESSAGE_BYTES);
        }
    }
}
