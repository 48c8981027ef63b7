//! What customers see of the articles: values ready to print.

use serde::Serialize;

use crate::platform::i18n::Lang;
use crate::platform::text::{Heading, NoLinks, SafeHtml, render_article};
use crate::platform::web::link::{Choice, Link, Pages};
use crate::platform::web::view::View;

/// A subject with its first articles.
#[derive(Clone, Debug, Serialize)]
pub struct Subject {
    /// Name.
    pub title: String,
    /// Icon of the sprite.
    pub icon: String,
    /// Its page.
    pub href: String,
    /// How many articles it holds.
    pub count: i64,
    /// A few of them.
    pub articles: Vec<Link>,
}

impl Subject {
    /// Three subjects.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let subject = |title: &str, icon: &str, count: i64, articles: [&str; 3]| Self {
            title: title.to_owned(),
            icon: icon.to_owned(),
            href: "/articles/sections/internet".to_owned(),
            count,
            articles: articles
                .map(|title| Link::new(title, "/articles/connexion-par-moments"))
                .to_vec(),
        };
        vec![
            subject(
                "Internet et fibre",
                "wifi",
                34,
                [
                    "La connexion se coupe par moments",
                    "Comprendre les voyants de la box",
                    "Tester son débit et lire le résultat",
                ],
            ),
            subject(
                "Téléphonie et standard",
                "phone",
                28,
                [
                    "Renvoyer les appels vers un mobile",
                    "Modifier le message d’accueil",
                    "Ajouter un poste au standard",
                ],
            ),
            subject(
                "Factures et paiements",
                "receipt",
                19,
                [
                    "Obtenir le duplicata d’une facture",
                    "Changer de compte bancaire",
                    "Lire sa facture ligne par ligne",
                ],
            ),
        ]
    }
}

/// All subjects.
#[derive(Clone, Debug, Serialize)]
pub struct Index {
    /// How many articles there are.
    pub article_count: i64,
    /// Subjects in order.
    pub sections: Vec<Subject>,
    /// The form of a new request.
    pub new_request_href: String,
}

impl View for Index {
    const TEMPLATE: &'static str = "knowledge/index.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            article_count: 149,
            sections: Subject::samples(),
            new_request_href: "/requests/new".to_owned(),
        };
        let empty = Self {
            article_count: 0,
            sections: Vec::new(),
            ..full.clone()
        };
        vec![full, empty]
    }
}

/// An article in a list.
#[derive(Clone, Debug, Serialize)]
pub struct ArticleRow {
    /// Title.
    pub title: String,
    /// Its page.
    pub href: String,
    /// What it settles.
    pub summary: String,
    /// When it was checked, how long it takes.
    pub meta: String,
}

/// The articles of a subject.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    /// Where one is.
    pub crumbs: Vec<Link>,
    /// Name.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// Articles by title.
    pub articles: Vec<ArticleRow>,
    /// Neighbours in a long list.
    pub pages: Pages,
    /// The other subjects.
    pub other_sections: Vec<Link>,
}

impl View for Section {
    const TEMPLATE: &'static str = "knowledge/section.html";

    fn samples() -> Vec<Self> {
        let row = ArticleRow {
            title: "La connexion fibre se coupe par moments : que vérifier ?".to_owned(),
            href: "/articles/connexion-par-moments".to_owned(),
            summary: "Cinq minutes suffisent pour savoir si un connecteur est mal enfoncé."
                .to_owned(),
            meta: "Vérifié le 3 novembre 2026 · 4 min".to_owned(),
        };
        let full = Self {
            crumbs: vec![
                Link::new("Accueil", "/"),
                Link::new("Articles", "/articles"),
                Link::new("Internet et fibre", ""),
            ],
            title: "Internet et fibre".to_owned(),
            summary: "Coupures, débit, Wi-Fi et secours 4G.".to_owned(),
            articles: vec![row; 3],
            pages: Pages::default(),
            other_sections: vec![Link::new(
                "Factures et paiements",
                "/articles/sections/factures",
            )],
        };
        let empty = Self {
            articles: Vec::new(),
            other_sections: Vec::new(),
            ..full.clone()
        };
        vec![full, empty]
    }
}

/// A heading in the contents of an article.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Anchor.
    pub id: String,
    /// Text.
    pub title: String,
    /// 2 or 3.
    pub level: u8,
}

impl From<&Heading> for Entry {
    fn from(heading: &Heading) -> Self {
        Self {
            id: heading.id.clone(),
            title: heading.text.clone(),
            level: heading.level,
        }
    }
}

/// The same article in another language.
#[derive(Clone, Debug, Serialize)]
pub struct Translation {
    /// Its language.
    pub lang: Lang,
    /// "Read in English", in that language.
    pub label: String,
    /// Its page.
    pub href: String,
}

/// An article.
#[derive(Clone, Debug, Serialize)]
pub struct ArticlePage {
    /// Where one is.
    pub crumbs: Vec<Link>,
    /// Title.
    pub title: String,
    /// For search engines.
    pub summary: String,
    /// The language it is written in, which may not be the page's.
    pub article_lang: Lang,
    /// When it was checked, how long it takes.
    pub facts: Vec<String>,
    /// Headings.
    pub contents: Vec<Entry>,
    /// The text.
    pub html: SafeHtml,
    /// The same in another language.
    pub translation: Option<Translation>,
    /// The form of a new request, with this article noted as read.
    pub file_href: String,
    /// Other articles.
    pub related: Vec<Link>,
}

/// An article with everything that Markdown offers.
const SAMPLE: &str = include_str!("pages_sample.md");

impl View for ArticlePage {
    const TEMPLATE: &'static str = "knowledge/article.html";

    fn samples() -> Vec<Self> {
        let (html, contents) = match render_article(SAMPLE, &NoLinks) {
            Ok(article) => {
                let contents = article.headings.iter().map(Entry::from).collect();
                (article.html, contents)
            }
            Err(error) => (SafeHtml::escape(&error.to_string()), Vec::new()),
        };
        let full = Self {
            crumbs: vec![
                Link::new("Accueil", "/"),
                Link::new("Internet et fibre", "/articles/sections/internet"),
                Link::new("La connexion se coupe par moments", ""),
            ],
            title: "La connexion fibre se coupe par moments : que vérifier ?".to_owned(),
            summary: "Que vérifier quand la fibre se coupe.".to_owned(),
            article_lang: Lang::Fr,
            facts: vec![
                "Vérifié le 3 novembre 2026".to_owned(),
                "4 min de lecture".to_owned(),
            ],
            contents,
            html,
            translation: Some(Translation {
                lang: Lang::En,
                label: "Read in English".to_owned(),
                href: "/articles/connection-drops".to_owned(),
            }),
            file_href: "/requests/new?article=connexion-par-moments".to_owned(),
            related: vec![
                Link::new("Comprendre les voyants de la box", "/articles/voyants"),
                Link::new(
                    "Passer sur le secours 4G pendant une coupure",
                    "/articles/secours",
                ),
            ],
        };
        let bare = Self {
            contents: Vec::new(),
            html: SafeHtml::plain_text("Une ligne."),
            translation: None,
            related: Vec::new(),
            ..full.clone()
        };
        vec![full, bare]
    }
}

/// A piece of text, marked where it matches what was searched for.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// Text.
    pub text: String,
    /// Whether it matches.
    pub marked: bool,
}

/// Something found.
#[derive(Clone, Debug, Serialize)]
pub struct Hit {
    /// `article` or `request`.
    pub kind: String,
    /// Subject, or "Votre demande GU-1042".
    pub context: String,
    /// Name of its language when that is not the page's.
    pub other_lang: Option<String>,
    /// Title.
    pub title_parts: Vec<Part>,
    /// Its page.
    pub href: String,
    /// The passage that matches.
    pub excerpt_parts: Vec<Part>,
    /// When it was checked, how long it takes.
    pub meta: String,
    /// Stage of a request.
    pub stage: Option<String>,
    /// The same in words.
    pub stage_label: Option<String>,
}

/// Filters of one kind.
#[derive(Clone, Debug, Serialize)]
pub struct FilterGroup {
    /// What they choose.
    pub title: String,
    /// The choices.
    pub options: Vec<Choice>,
}

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct Results {
    /// What was searched for.
    pub query: String,
    /// "23 résultats".
    pub count_text: String,
    /// Filters.
    pub filters: Vec<FilterGroup>,
    /// Words that were searched for as well.
    pub widened: Option<Vec<String>>,
    /// The same search without them.
    pub exact_href: String,
    /// What was found, best first.
    pub hits: Vec<Hit>,
    /// Neighbours.
    pub pages: Pages,
    /// The form of a new request with these words.
    pub file_href: String,
}

fn parts(text: &[(&str, bool)]) -> Vec<Part> {
    text.iter()
        .map(|(text, marked)| Part {
            text: (*text).to_owned(),
            marked: *marked,
        })
        .collect()
}

impl View for Results {
    const TEMPLATE: &'static str = "knowledge/results.html";

    fn samples() -> Vec<Self> {
        let article = Hit {
            kind: "article".to_owned(),
            context: "Internet et fibre".to_owned(),
            other_lang: None,
            title_parts: parts(&[
                ("La ", false),
                ("connexion fibre", true),
                (" se coupe", false),
            ]),
            href: "/articles/connexion-par-moments".to_owned(),
            excerpt_parts: parts(&[
                ("Si la ", false),
                ("perte de connexion", true),
                (
                    " revient trois fois en une heure, notez les horaires <b>.",
                    false,
                ),
            ]),
            meta: "Vérifié le 3 novembre 2026 · 4 min".to_owned(),
            stage: None,
            stage_label: None,
        };
        let request = Hit {
            kind: "request".to_owned(),
            context: "Votre demande GU-1042".to_owned(),
            other_lang: Some("English".to_owned()),
            stage: Some("progress".to_owned()),
            stage_label: Some("En cours".to_owned()),
            ..article.clone()
        };
        let choice = |label: &str, current: bool, count: i64| Choice {
            label: label.to_owned(),
            href: "/articles/search?q=fibre&kind=article".to_owned(),
            current,
            count: Some(count),
        };
        let full = Self {
            query: "perte connexion fibre".to_owned(),
            count_text: "23 résultats".to_owned(),
            filters: vec![FilterGroup {
                title: "Où chercher".to_owned(),
                options: vec![
                    choice("Articles", true, 19),
                    choice("Mes demandes", false, 2),
                ],
            }],
            widened: Some(vec!["coupure".to_owned(), "déconnexion".to_owned()]),
            exact_href: "/articles/search?q=fibre&exact=1".to_owned(),
            hits: vec![article.clone(), article, request],
            pages: Pages {
                next: Some("/articles/search?q=fibre&page=2".to_owned()),
                ..Pages::default()
            },
            file_href: "/requests/new?subject=perte%20connexion%20fibre".to_owned(),
        };
        let single = Self {
            count_text: "1 résultat".to_owned(),
            filters: Vec::new(),
            widened: None,
            hits: full.hits[..1].to_vec(),
            pages: Pages::default(),
            ..full.clone()
        };
        vec![full, single]
    }
}

/// Nothing was found, or nothing was asked.
#[derive(Clone, Debug, Serialize)]
pub struct NoResults {
    /// What was searched for.
    pub query: String,
    /// Other words to try.
    pub suggestions: Vec<Link>,
    /// Subjects.
    pub sections: Vec<Link>,
    /// The form of a new request with these words.
    pub file_href: String,
}

impl View for NoResults {
    const TEMPLATE: &'static str = "knowledge/no_results.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            query: "boitier <blanc>".to_owned(),
            suggestions: vec![Link::new("voyant", "/articles/search?q=voyant")],
            sections: vec![Link::new(
                "Internet et fibre",
                "/articles/sections/internet",
            )],
            file_href: "/requests/new?subject=boitier".to_owned(),
        };
        let unasked = Self {
            query: String::new(),
            suggestions: Vec::new(),
            ..full.clone()
        };
        vec![full, unasked]
    }
}
