//! Samples of the search.

use super::super::{DeskSearchPage, MarkedPart, PageLinks, SearchHit};
use super::{INCOMPLETE, LONG_NAME, LONG_WORD, person};

pub fn pages() -> Vec<DeskSearchPage> {
    let mut long = page(
        LONG_WORD,
        (0..50).map(|_| hit(LONG_WORD, LONG_NAME, true)).collect(),
    );
    long.pages.next = Some("/desk/search?q=x&after=50".to_owned());
    let mut before = page("", Vec::new());
    before.count = String::new();
    vec![
        page(
            "voyant pon",
            vec![
                hit(
                    "Perte de connexion fibre toutes les 20 minutes",
                    "Claire Fontanel",
                    false,
                ),
                hit("Box Pro : le voyant reste orange", "Hugo Lemaire", true),
            ],
        ),
        before,
        page("boitier blanc", Vec::new()),
        long,
    ]
}

fn page(query: &str, hits: Vec<SearchHit>) -> DeskSearchPage {
    DeskSearchPage {
        query: query.to_owned(),
        count: hits.len().to_string(),
        notice: (hits.len() == 2).then(|| INCOMPLETE.to_owned()),
        hits,
        pages: PageLinks::default(),
        new_href: "/desk/new".to_owned(),
    }
}

fn part(text: &str, marked: bool) -> MarkedPart {
    MarkedPart {
        text: text.to_owned(),
        marked,
    }
}

fn hit(subject: &str, requester: &str, internal: bool) -> SearchHit {
    SearchHit {
        reference: "OR-48213".to_owned(),
        href: "/desk/tickets/OR-48213#message-4".to_owned(),
        subject: vec![part(subject, false)],
        passage: vec![
            part("De quelle couleur est le ", false),
            part("voyant", true),
            part(" « ", false),
            part("PON", true),
            part(" », et le boîtier est-il accessible sans outil ?", false),
        ],
        internal,
        stage: "progress".to_owned(),
        stage_label: "En cours".to_owned(),
        requester: requester.to_owned(),
        organisation: (!internal).then(|| "Clinique des Tilleuls".to_owned()),
        assignee: internal.then(|| person("Théo Marchand")),
        activity: "3 nov.".to_owned(),
        activity_at: "2026-11-03T10:00:00Z".to_owned(),
    }
}
