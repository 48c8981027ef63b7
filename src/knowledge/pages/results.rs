//! The pages of a search.

use serde::Serialize;

use super::{LinkItem, Pages};
use crate::platform::i18n::Lang;
use crate::platform::search::snippet::SnippetPart;
use crate::platform::web::view::View;

/// A run of text, marked when it was looked for.
#[derive(Clone, Debug, Serialize)]
pub struct MarkedPart {
    /// The text.
    pub text: String,
    /// Whether it was looked for.
    pub marked: bool,
}

/// Marked text for a page or for a program.
#[must_use]
pub fn marked(parts: Vec<SnippetPart>) -> Vec<MarkedPart> {
    parts
        .into_iter()
        .map(|part| MarkedPart {
            text: part.text,
            marked: part.marked,
        })
        .collect()
}

/// Something that was found.
#[derive(Clone, Debug, Serialize)]
pub struct HitRow {
    /// What it is; always `article` here.
    pub kind: &'static str,
    /// Its section.
    pub context: String,
    /// Name of its language, when that is not the page's.
    pub other_lang: Option<String>,
    /// Its page.
    pub href: String,
    /// Title.
    pub title_parts: Vec<MarkedPart>,
    /// The passage that answers best.
    pub excerpt_parts: Vec<MarkedPart>,
    /// Stage of a request; an article has none.
    pub stage: Option<String>,
    /// When it changed and how long it takes to read.
    pub meta: String,
}

/// A choice among filters.
#[derive(Clone, Debug, Serialize)]
pub struct FilterOption {
    /// The words.
    pub label: String,
    /// The list with this choice.
    pub href: String,
    /// Whether it is the present one.
    pub current: bool,
    /// How many there are, where that is known.
    pub count: Option<usize>,
}

/// Choices of one kind.
#[derive(Clone, Debug, Serialize)]
pub struct FilterGroup {
    /// What they choose.
    pub title: String,
    /// The choices.
    pub options: Vec<FilterOption>,
}

/// What a search found.
#[derive(Clone, Debug, Serialize)]
pub struct ResultsPage {
    /// As typed.
    pub query: String,
    /// How many were found, in words.
    pub count_text: String,
    /// How the question was understood, where it had to be.
    pub notices: Vec<String>,
    /// Ways to narrow the list.
    pub filters: Vec<FilterGroup>,
    /// A page of what was found.
    pub hits: Vec<HitRow>,
    /// The other pages.
    pub pages: Pages,
    /// Form of a new request with these words.
    pub file_href: String,
}

impl View for ResultsPage {
    const TEMPLATE: &'static str = "knowledge/results.html";

    fn samples() -> Vec<Self> {
        let part = |text: &str, marked| MarkedPart {
            text: text.to_owned(),
            marked,
        };
        let hit = |other_lang: Option<&str>| HitRow {
            kind: "article",
            context: "Internet".to_owned(),
            other_lang: other_lang.map(str::to_owned),
            href: "/fr/articles/debit".to_owned(),
            title_parts: vec![part("Tester son ", false), part("débit", true)],
            excerpt_parts: vec![part("Le ", false), part("débit", true)],
            stage: None,
            meta: "3 min".to_owned(),
        };
        let plain = Self {
            query: "débit".to_owned(),
            count_text: "1 article".to_owned(),
            notices: Vec::new(),
            filters: Vec::new(),
            hits: vec![hit(None)],
            pages: Pages::default(),
            file_href: "/requests/new?subject=d%C3%A9bit".to_owned(),
        };
        let full = Self {
            notices: vec!["Résultats pour « débit ».".to_owned()],
            filters: vec![FilterGroup {
                title: "Sujet".to_owned(),
                options: vec![FilterOption {
                    label: "Internet".to_owned(),
                    href: "/fr/search?q=d%C3%A9bit&section=internet".to_owned(),
                    current: true,
                    count: None,
                }],
            }],
            hits: vec![hit(None), hit(Some("English"))],
            pages: Pages::new(Lang::Fr, 2, 10, 35, |page| format!("?page={page}")),
            ..plain.clone()
        };
        vec![plain, full]
    }
}

/// A search that found nothing, or that was not begun.
#[derive(Clone, Debug, Serialize)]
pub struct NoResultsPage {
    /// As typed; empty before a search.
    pub query: String,
    /// Why there may be nothing.
    pub notices: Vec<String>,
    /// Ways to find more.
    pub suggestions: Vec<LinkItem>,
    /// The sections.
    pub sections: Vec<LinkItem>,
    /// Form of a new request with these words.
    pub file_href: String,
}

impl View for NoResultsPage {
    const TEMPLATE: &'static str = "knowledge/no_results.html";

    fn samples() -> Vec<Self> {
        let page = |query: &str| Self {
            query: query.to_owned(),
            notices: Vec::new(),
            suggestions: Vec::new(),
            sections: vec![LinkItem::new("Internet", "/fr/sections/internet")],
            file_href: "/requests/new".to_owned(),
        };
        let narrowed = Self {
            notices: vec!["…".to_owned()],
            suggestions: vec![LinkItem::new("Tous les sujets", "/fr/search?q=xyz")],
            ..page("xyz")
        };
        vec![page(""), page("xyz"), narrowed]
    }
}
