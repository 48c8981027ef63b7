//! Samples of the pages: usual, empty, extreme.

use super::{
    ArticlePage, ArticleRow, Entry, FilterGroup, Hit, Index, NoResults, Part, Results, Section,
    Subject, Translation,
};
use crate::platform::i18n::Lang;
use crate::platform::text::{NoLinks, SafeHtml, render_article};
use crate::platform::web::view::View;
use crate::platform::web::widgets::{Choice, PageLinks, TextLink};

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
                .map(|title| TextLink::new(title, "/articles/connexion-par-moments"))
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
                TextLink::new("Accueil", "/"),
                TextLink::new("Articles", "/articles"),
                TextLink::new("Internet et fibre", ""),
            ],
            title: "Internet et fibre".to_owned(),
            summary: "Coupures, débit, Wi-Fi et secours 4G.".to_owned(),
            articles: vec![row; 3],
            pages: PageLinks::default(),
            other_sections: vec![TextLink::new(
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

/// An article with everything that Markdown offers.
const SAMPLE: &str = include_str!("sample.md");

impl View for ArticlePage {
    const TEMPLATE: &'static str = "knowledge/article.html";

    fn samples() -> Vec<Self> {
        let (html, contents) = match render_article(SAMPLE, Lang::Fr, &NoLinks) {
            Ok(article) => {
                let contents = article.headings.iter().map(Entry::from).collect();
                (article.html, contents)
            }
            Err(error) => (SafeHtml::escape(&error.to_string()), Vec::new()),
        };
        let full = Self {
            crumbs: vec![
                TextLink::new("Accueil", "/"),
                TextLink::new("Internet et fibre", "/articles/sections/internet"),
                TextLink::new("La connexion se coupe par moments", ""),
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
                TextLink::new("Comprendre les voyants de la box", "/articles/voyants"),
                TextLink::new(
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
            notices: vec!["Résultats pour « connexion fibre ».".to_owned()],
            hits: vec![article.clone(), article, request],
            pages: PageLinks {
                next: Some("/articles/search?q=fibre&page=2".to_owned()),
                ..PageLinks::default()
            },
            file_href: "/requests/new?subject=perte%20connexion%20fibre".to_owned(),
        };
        let single = Self {
            count_text: "1 résultat".to_owned(),
            filters: Vec::new(),
            notices: Vec::new(),
            hits: full.hits[..1].to_vec(),
            pages: PageLinks::default(),
            ..full.clone()
        };
        vec![full, single]
    }
}

impl View for NoResults {
    const TEMPLATE: &'static str = "knowledge/no_results.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            query: "boitier <blanc>".to_owned(),
            notices: vec!["Seuls les titres sont comparés.".to_owned()],
            suggestions: vec![TextLink::new("voyant", "/articles/search?q=voyant")],
            sections: vec![TextLink::new(
                "Internet et fibre",
                "/articles/sections/internet",
            )],
            file_href: "/requests/new?subject=boitier".to_owned(),
        };
        let unasked = Self {
            query: String::new(),
            notices: Vec::new(),
            suggestions: Vec::new(),
            ..full.clone()
        };
        vec![full, unasked]
    }
}
