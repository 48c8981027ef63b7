//! From stored values to printed ones.

use super::{ArticleRow, Part, Subject};
use crate::knowledge::model::{ArticleSummary, section_path};
use crate::knowledge::queries::SectionContents;
use crate::platform::i18n::{Calendar, Lang, Message};
use crate::platform::search::snippet::SnippetPart;
use crate::platform::text::reading_minutes;
use crate::platform::web::widgets::{PageLinks, TextLink};

/// Articles shown under each subject of an overview.
const FIRST_ARTICLES: usize = 5;

impl Subject {
    /// A section with its first articles.
    #[must_use]
    pub fn new(contents: &SectionContents) -> Self {
        let section = &contents.section;
        let first = contents.articles.iter().take(FIRST_ARTICLES);
        Self {
            title: section.title.clone(),
            icon: section.icon.clone(),
            href: section_path(section.language, &section.key),
            count: printed(contents.articles.len()),
            articles: first.map(|a| TextLink::new(&a.title, a.href())).collect(),
        }
    }
}

impl ArticleRow {
    /// An article in a list.
    #[must_use]
    pub fn new(article: &ArticleSummary, lang: Lang, calendar: &Calendar) -> Self {
        Self {
            href: article.href(),
            title: article.title.clone(),
            summary: article.summary.clone(),
            meta: meta(article, lang, calendar),
        }
    }
}

/// When an article changed and how long it takes to read, on one line.
pub(in crate::knowledge) fn meta(
    article: &ArticleSummary,
    lang: Lang,
    calendar: &Calendar,
) -> String {
    let date = calendar.full_date(calendar.date_of(article.updated_at));
    Message::new("knowledge-meta")
        .text("date", date)
        .number("minutes", minutes(article.words))
        .render(lang)
}

/// Minutes that a text of some words takes.
pub(in crate::knowledge) fn minutes(words: i32) -> i64 {
    i64::from(reading_minutes(u32::try_from(words).unwrap_or(0)))
}

/// A count as pages print it.
pub(in crate::knowledge) fn printed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Marked text.
pub(in crate::knowledge) fn parts(found: Vec<SnippetPart>) -> Vec<Part> {
    found
        .into_iter()
        .map(|part| Part {
            text: part.text,
            marked: part.marked,
        })
        .collect()
}

/// The neighbours of the `page`th of the pages of `size` that `total` rows make: for lists by
/// rank or by folded title, which have no key to be cut by. `href` gives the address of a page.
pub(in crate::knowledge) fn numbered(
    lang: Lang,
    (page, size, total): (usize, usize, usize),
    href: impl Fn(usize) -> String,
) -> PageLinks {
    let last = total.div_ceil(size).max(1);
    let note = Message::new("knowledge-page")
        .number("page", printed(page))
        .number("last", printed(last));
    PageLinks {
        previous: (page > 1).then(|| href((page - 1).min(last))),
        next: (page < last).then(|| href(page + 1)),
        note: (last > 1).then(|| note.render(lang)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_know_their_neighbours() {
        let at = |page, total| numbered(Lang::En, (page, 10, total), |n| n.to_string());
        let neighbours = |pages: PageLinks| (pages.previous, pages.next);
        assert_eq!(neighbours(at(1, 0)), (None, None));
        assert_eq!(neighbours(at(1, 10)), (None, None));
        assert_eq!(neighbours(at(1, 11)), (None, Some("2".into())));
        assert_eq!(neighbours(at(2, 11)), (Some("1".into()), None));
        assert_eq!(neighbours(at(9, 11)), (Some("2".into()), None));
    }
}
