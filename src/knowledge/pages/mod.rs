//! The pages of the articles, as values ready to print.

mod results;

use serde::Serialize;

pub use results::{
    FilterGroup, FilterOption, HitRow, MarkedPart, NoResultsPage, ResultsPage, marked,
};

use super::model::{ArticleSummary, section_path};
use super::queries::SectionContents;
use crate::platform::i18n::{Calendar, Lang, Message};
use crate::platform::text::reading_minutes;
use crate::platform::web::view::{Sample, View, samples};

/// Articles shown under each section of an overview.
const FIRST_ARTICLES: usize = 5;

/// A text that leads somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinkItem {
    /// The text.
    pub label: String,
    /// Where it leads; nowhere for the page itself.
    pub href: Option<String>,
}

impl LinkItem {
    /// A link.
    #[must_use]
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: Some(href.into()),
        }
    }

    /// The page itself, at the end of a breadcrumb.
    #[must_use]
    pub fn here(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: None,
        }
    }
}

/// A section with its first articles.
#[derive(Clone, Debug, Serialize)]
pub struct SubjectIndex {
    /// Title.
    pub title: String,
    /// Name of the icon.
    pub icon: String,
    /// The section's page.
    pub href: String,
    /// Articles in it.
    pub count: usize,
    /// The first ones.
    pub articles: Vec<LinkItem>,
}

impl SubjectIndex {
    /// From what a reader finds in a section.
    #[must_use]
    pub fn new(contents: &SectionContents) -> Self {
        let section = &contents.section;
        Self {
            title: section.title.clone(),
            icon: section.icon.clone(),
            href: section_path(section.language, &section.key),
            count: contents.articles.len(),
            articles: contents
                .articles
                .iter()
                .take(FIRST_ARTICLES)
                .map(|article| LinkItem::new(&article.title, article.href()))
                .collect(),
        }
    }

    fn sample() -> Self {
        Self {
            title: "Internet".to_owned(),
            icon: "wifi".to_owned(),
            href: "/fr/sections/internet".to_owned(),
            count: 7,
            articles: vec![LinkItem::new("Tester son débit", "/fr/articles/debit")],
        }
    }
}

/// Links to the neighbouring pages of a list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Pages {
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// Where this one stands.
    pub note: Option<String>,
}

impl Pages {
    /// For the `page`th of the pages of `size` that `total` rows make. `href` gives the address
    /// of a page by its number.
    #[must_use]
    pub fn new(
        lang: Lang,
        page: usize,
        size: usize,
        total: usize,
        href: impl Fn(usize) -> String,
    ) -> Self {
        let last = total.div_ceil(size).max(1);
        let note = Message::new("knowledge-page")
            .number("page", number(page))
            .number("last", number(last));
        Self {
            previous: (page > 1).then(|| href((page - 1).min(last))),
            next: (page < last).then(|| href(page + 1)),
            note: (last > 1).then(|| note.render(lang)),
        }
    }
}

/// A count for a text.
#[must_use]
pub fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The overview of all sections.
#[derive(Clone, Debug, Serialize)]
pub struct IndexPage {
    /// Articles in all.
    pub article_count: usize,
    /// The sections.
    pub sections: Vec<SubjectIndex>,
    /// Form of a new request.
    pub new_request_href: String,
}

impl View for IndexPage {
    const TEMPLATE: &'static str = "knowledge/index.html";

    fn samples() -> Vec<Self> {
        let page = |sections: Vec<SubjectIndex>| Self {
            article_count: sections.iter().map(|section| section.count).sum(),
            sections,
            new_request_href: "/requests/new".to_owned(),
        };
        vec![page(vec![SubjectIndex::sample()]), page(Vec::new())]
    }
}

/// An article in a list.
#[derive(Clone, Debug, Serialize)]
pub struct ArticleRow {
    /// Its page.
    pub href: String,
    /// Title.
    pub title: String,
    /// A sentence or two.
    pub summary: String,
    /// When it changed and how long it takes to read.
    pub meta: String,
}

impl ArticleRow {
    /// From an article.
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
#[must_use]
pub fn meta(article: &ArticleSummary, lang: Lang, calendar: &Calendar) -> String {
    let date = calendar.full_date(calendar.date_of(article.updated_at));
    Message::new("knowledge-meta")
        .text("date", date)
        .number("minutes", minutes(article.words))
        .render(lang)
}

/// Minutes that a text of some words takes.
#[must_use]
pub fn minutes(words: i32) -> i64 {
    i64::from(reading_minutes(u32::try_from(words).unwrap_or(0)))
}

/// A section.
#[derive(Clone, Debug, Serialize)]
pub struct SectionPage {
    /// Title.
    pub title: String,
    /// A sentence.
    pub summary: String,
    /// The way here.
    pub crumbs: Vec<LinkItem>,
    /// Its articles, a page of them.
    pub articles: Vec<ArticleRow>,
    /// The other pages.
    pub pages: Pages,
    /// The other sections.
    pub other_sections: Vec<LinkItem>,
}

impl View for SectionPage {
    const TEMPLATE: &'static str = "knowledge/section.html";

    fn samples() -> Vec<Self> {
        let row = ArticleRow {
            href: "/fr/articles/debit".to_owned(),
            title: "Tester son débit".to_owned(),
            summary: "Mesurer, puis comparer.".to_owned(),
            meta: "3 min".to_owned(),
        };
        let page = |articles: Vec<ArticleRow>| Self {
            title: "Internet".to_owned(),
            summary: "Coupures et débit.".to_owned(),
            crumbs: vec![
                LinkItem::new("Articles", "/fr/articles"),
                LinkItem::here("Internet"),
            ],
            pages: Pages::new(Lang::Fr, 2, 1, articles.len() * 3, |n| format!("?page={n}")),
            articles,
            other_sections: vec![LinkItem::new("Factures", "/fr/sections/factures")],
        };
        vec![page(vec![row]), page(Vec::new())]
    }
}

/// An entry of an article's contents.
#[derive(Clone, Debug, Serialize)]
pub struct ContentsEntry {
    /// 2 or 3.
    pub level: u8,
    /// Anchor.
    pub id: String,
    /// Words of the heading.
    pub title: String,
}

/// The same article in another language.
#[derive(Clone, Debug, Serialize)]
pub struct TranslationLink {
    /// That language.
    pub lang: Lang,
    /// Its page.
    pub href: String,
    /// Says so in that language.
    pub label: String,
}

/// An article.
#[derive(Clone, Debug, Serialize)]
pub struct ArticlePage {
    /// Title.
    pub title: String,
    /// For search engines.
    pub summary: String,
    /// Its own language, which may not be the page's.
    pub article_lang: Lang,
    /// The way here.
    pub crumbs: Vec<LinkItem>,
    /// What it contains.
    pub contents: Vec<ContentsEntry>,
    /// When it changed, how long it takes, for whom it is.
    pub facts: Vec<String>,
    /// Its text, sanitised.
    pub html: String,
    /// Articles near it.
    pub related: Vec<LinkItem>,
    /// The same in another language.
    pub translation: Option<TranslationLink>,
    /// Form of a new request that knows this article was read.
    pub file_href: String,
}

impl View for ArticlePage {
    const TEMPLATE: &'static str = "knowledge/article.html";

    fn samples() -> Vec<Self> {
        let plain = Self {
            title: "Tester son débit".to_owned(),
            summary: "Mesurer, puis comparer.".to_owned(),
            article_lang: Lang::Fr,
            crumbs: vec![
                LinkItem::new("Articles", "/fr/articles"),
                LinkItem::here("Tester son débit"),
            ],
            contents: Vec::new(),
            facts: vec!["3 min".to_owned()],
            html: "<p>Texte</p>".to_owned(),
            related: Vec::new(),
            translation: None,
            file_href: "/requests/new".to_owned(),
        };
        let entry = |level, id: &str| ContentsEntry {
            level,
            id: id.to_owned(),
            title: id.to_owned(),
        };
        let full = Self {
            contents: vec![entry(2, "mesurer"), entry(3, "comparer")],
            related: vec![LinkItem::new("Lire sa facture", "/fr/articles/facture")],
            translation: Some(TranslationLink {
                lang: Lang::En,
                href: "/en/articles/speed".to_owned(),
                label: "Read in English".to_owned(),
            }),
            ..plain.clone()
        };
        vec![plain, full]
    }
}

/// All samples of the readers' pages.
pub(super) fn all_samples() -> Vec<Sample> {
    [
        samples::<IndexPage>(),
        samples::<SectionPage>(),
        samples::<ArticlePage>(),
        samples::<ResultsPage>(),
        samples::<NoResultsPage>(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
