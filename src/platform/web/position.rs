//! Where a page lies in its list: "51 to 100 of 20,000".
//!
//! A page begins after a row, so the rows before it would have to be counted, which costs the more
//! the deeper it lies. The links between pages carry that number instead. It is a word to the
//! reader and decides nothing; one that cannot be true is not repeated.

use crate::platform::db::{KeysetPage, PageRequest};
use crate::platform::i18n::{Lang, Message, integer};

/// Name of the parameter that says how many rows come before a page.
pub const PASSED: &str = "passed";

/// Where a page lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Rows before it, as far as that is known.
    passed: Option<i64>,
    /// Rows on it.
    shown: i64,
    /// Rows on a full page.
    size: i64,
}

impl Position {
    /// The place of a page, whose address told what comes before it, or did not.
    #[must_use]
    pub fn of<T>(request: &PageRequest, page: &KeysetPage<T>, told: Option<&str>) -> Self {
        let told = told.and_then(|text| text.parse().ok());
        Self {
            // Where nothing precedes, nothing was passed, whatever an old link says.
            passed: page.previous.map_or(Some(0), |_| told),
            shown: i64::try_from(page.rows.len()).unwrap_or(i64::MAX),
            size: request.size,
        }
    }

    /// What the link to the next page tells, as the end of a query.
    #[must_use]
    pub fn told_to_next(&self) -> String {
        self.told(|passed| passed.saturating_add(self.shown))
    }

    /// What the link to the page before tells, as the end of a query.
    #[must_use]
    pub fn told_to_previous(&self) -> String {
        self.told(|passed| passed.saturating_sub(self.size).max(0))
    }

    fn told(&self, of: impl Fn(i64) -> i64) -> String {
        let told = self
            .passed
            .map(|passed| format!("&{PASSED}={}", of(passed)));
        told.unwrap_or_default()
    }

    /// What the page says about it, in a list of `count` rows; nothing when it shows all of them.
    #[must_use]
    pub fn note(&self, lang: Lang, count: i64) -> Option<String> {
        self.note_among(lang, Some(count), integer(lang, count))
    }

    /// As [`Self::note`], where `count` says how many rows there are, `10,000` or `more than 10,000`,
    /// and `most` is their number as far as it is known.
    #[must_use]
    pub fn note_among(&self, lang: Lang, most: Option<i64>, count: String) -> Option<String> {
        let most = most.unwrap_or(i64::MAX);
        if self.shown == 0 || self.shown >= most {
            return None;
        }
        let last = |passed: &i64| passed.saturating_add(self.shown);
        let message = match self
            .passed
            .filter(|passed| *passed >= 0 && last(passed) <= most)
        {
            Some(passed) => Message::new("nav-range")
                .number("from", passed.saturating_add(1))
                .number("to", last(&passed)),
            None => Message::new("nav-shown").number("shown", self.shown),
        };
        Some(message.text("count", count).render(lang))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::Cursor;

    fn page(rows: usize, previous: bool) -> KeysetPage<usize> {
        let cursor = Cursor { sort: 1, id: 1 };
        KeysetPage {
            rows: (0..rows).collect(),
            previous: previous.then_some(cursor),
            next: Some(cursor),
        }
    }

    fn at(rows: usize, previous: bool, told: Option<&str>) -> Position {
        let request = PageRequest::parse(50, None, None);
        Position::of(&request, &page(rows, previous), told)
    }

    #[test]
    fn a_page_says_where_it_lies() {
        let first = at(50, false, Some("900"));
        assert_eq!(
            first.note(Lang::En, 20_000).as_deref(),
            Some("1 to 50 of 20,000")
        );
        assert_eq!(first.told_to_next(), "&passed=50");
        let deep = at(50, true, Some("19950"));
        assert_eq!(
            deep.note(Lang::Fr, 20_000).as_deref(),
            Some("19\u{202f}951 à 20\u{202f}000 sur 20\u{202f}000")
        );
        assert_eq!(deep.told_to_previous(), "&passed=19900");
        assert_eq!(at(9, true, Some("20")).told_to_previous(), "&passed=0");
    }

    #[test]
    fn what_cannot_be_true_is_not_repeated() {
        for told in [
            None,
            Some("-3"),
            Some("19951"),
            Some("9223372036854775807"),
            Some("x"),
        ] {
            let note = at(50, true, told).note(Lang::En, 20_000);
            assert_eq!(note.as_deref(), Some("50 of 20,000"), "{told:?}");
        }
        assert_eq!(at(12, false, None).note(Lang::En, 12), None);
        assert_eq!(at(0, true, Some("40")).note(Lang::En, 12), None);
    }
}
