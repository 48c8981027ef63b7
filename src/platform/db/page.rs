//! Keyset pages: a page begins after a row, not at a count, so that the hundredth costs what
//! the first one does and nothing is shown twice when rows arrive meanwhile.

use std::fmt;
use std::str::FromStr;

use super::Timestamp;

/// Which way to read from a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Rows that follow the cursor.
    After,
    /// Rows that precede it.
    Before,
}

/// A place in a list: the sort value and the key of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The value of the sort column: an instant in microseconds or a rank.
    pub sort: i64,
    /// The row's key, which breaks ties.
    pub id: i64,
}

impl Cursor {
    /// The cursor of a row sorted by an instant.
    #[must_use]
    pub fn at(at: Timestamp, id: i64) -> Self {
        Self {
            sort: at.micros(),
            id,
        }
    }

    /// The sort value as an instant.
    #[must_use]
    pub fn instant(self) -> Timestamp {
        Timestamp::from_micros(self.sort)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.sort, self.id)
    }
}

impl FromStr for Cursor {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (sort, id) = text.split_once('.').unwrap_or((text, ""));
        Ok(Self {
            sort: sort.parse()?,
            id: id.parse()?,
        })
    }
}

/// Which page of a list is wanted.
#[derive(Clone, Copy, Debug)]
pub struct PageRequest {
    /// Rows on a page.
    pub size: i64,
    /// Where to start; none is the beginning.
    pub from: Option<(Direction, Cursor)>,
}

impl PageRequest {
    /// Reads the `after` and `before` parameters of an address. A damaged cursor shows the
    /// first page: it is a bookmark gone stale, not an error worth stopping for.
    #[must_use]
    pub fn parse(size: i64, after: Option<&str>, before: Option<&str>) -> Self {
        let after = after.and_then(|text| text.parse().ok());
        let before = before.and_then(|text| text.parse().ok());
        Self {
            size,
            from: after
                .map(|cursor| (Direction::After, cursor))
                .or_else(|| before.map(|cursor| (Direction::Before, cursor))),
        }
    }

    /// Rows to ask the database for: one more than shown, to know whether there is a next page.
    #[must_use]
    pub fn limit(&self) -> i64 {
        self.size + 1
    }

    /// Whether the query must run against the list's order.
    #[must_use]
    pub fn backwards(&self) -> bool {
        matches!(self.from, Some((Direction::Before, _)))
    }
}

/// One page of rows, in the list's order.
#[derive(Clone, Debug)]
pub struct KeysetPage<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Cursor of the first row, when there are rows before it.
    pub previous: Option<Cursor>,
    /// Cursor of the last row, when there are rows after it.
    pub next: Option<Cursor>,
}

impl<T> KeysetPage<T> {
    /// Builds the page from rows fetched with [`PageRequest::limit`] in query order.
    #[must_use]
    pub fn build(request: &PageRequest, mut rows: Vec<T>, cursor: impl Fn(&T) -> Cursor) -> Self {
        let size = usize::try_from(request.size).unwrap_or(0);
        let more = rows.len() > size;
        rows.truncate(size);
        if request.backwards() {
            rows.reverse();
        }
        let (has_previous, has_next) = match request.from {
            None => (false, more),
            Some((Direction::After, _)) => (true, more),
            Some((Direction::Before, _)) => (more, true),
        };
        Self {
            previous: rows.first().filter(|_| has_previous).map(&cursor),
            next: rows.last().filter(|_| has_next).map(&cursor),
            rows,
        }
    }

    /// The same page with its rows turned into something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> KeysetPage<U> {
        KeysetPage {
            rows: self.rows.into_iter().map(f).collect(),
            previous: self.previous,
            next: self.next,
        }
    }
}
