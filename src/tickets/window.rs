//! The part of a thread that one page shows.

use std::ops::RangeInclusive;

/// Entries of a page. A thread has no end, what a page may cost has.
const ENTRIES: usize = 100;

/// Some entries of a thread in a row, by the numbers of their events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// From the first to the last that is shown.
    pub shown: RangeInclusive<i64>,
    /// How many come before it, up to a page.
    pub earlier: usize,
    /// Whether nothing comes after it.
    pub is_latest: bool,
}

impl Window {
    /// The latest entries before the one numbered `before`, or of all. `entries` are in order. Where
    /// nothing is before it, the latest of all are shown.
    #[must_use]
    pub fn of(entries: &[i64], before: Option<i64>) -> Self {
        let end = before
            .map(|before| entries.partition_point(|seq| *seq < before))
            .filter(|end| *end > 0)
            .unwrap_or(entries.len());
        let begin = end.saturating_sub(ENTRIES);
        let shown = match &entries[begin..end] {
            [first, .., last] => *first..=*last,
            [only] => *only..=*only,
            // Events are numbered from one.
            [] => 0..=0,
        };
        Self {
            shown,
            earlier: begin.min(ENTRIES),
            is_latest: end == entries.len(),
        }
    }

    /// Whether an entry is shown.
    #[must_use]
    pub fn shows(&self, seq: i64) -> bool {
        self.shown.contains(&seq)
    }

    /// What the address of the page before this one asks for, if there is one.
    #[must_use]
    pub fn before(&self) -> Option<i64> {
        (self.earlier > 0).then_some(*self.shown.start())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn short_threads_are_shown_whole() {
        let window = Window::of(&[1, 4, 9], None);
        assert_eq!((window.shown.clone(), window.earlier), (1..=9, 0));
        assert_eq!((window.before(), window.is_latest), (None, true));
        assert!(!Window::of(&[], None).shows(1));
        assert_eq!(Window::of(&[1, 4, 9], Some(0)), window);
    }

    proptest! {
        /// Going back from the latest page shows every entry once, none of the pages too many.
        #[test]
        fn every_entry_is_on_one_page(gaps in proptest::collection::vec(1_i64..4, 0..450)) {
            let entries: Vec<i64> = gaps
                .iter()
                .scan(0, |at, gap| { *at += gap; Some(*at) })
                .collect();
            let (mut seen, mut before) = (Vec::new(), None);
            loop {
                let window = Window::of(&entries, before);
                prop_assert_eq!(window.is_latest, before.is_none());
                let page: Vec<i64> =
                    entries.iter().copied().filter(|seq| window.shows(*seq)).collect();
                prop_assert!(page.len() <= ENTRIES);
                seen.splice(0..0, page);
                before = window.before();
                if before.is_none() {
                    break;
                }
            }
            prop_assert_eq!(seen, entries);
        }
    }
}
