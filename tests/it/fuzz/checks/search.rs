//! Any text is a query: it runs, gives the same twice, shows nothing that is hidden, and explains
//! what it found in the article's own words.

use std::sync::LazyLock;

use guichet::knowledge::search::{
    ArticleChange, ArticleDocument, ArticleSearch, Hit, Query, SearchResult,
};
use guichet::platform::db::Timestamp;
use guichet::platform::search::snippet::SnippetPart;
use guichet::platform::search::words::fold;
use guichet::platform::text::SafeHtml;
use guichet::tickets::search::{TicketDocument, TicketScope, TicketSearch};

use super::reader::{Allowed, assert_fine};

const MOST: usize = 4 * 1024;
/// A word of the internal article and of an internal note alone.
const CANARY: &str = "quetzalcoatl";

/// The first byte says who asks in which language and for which page, the rest is what they type.
pub fn check(data: &[u8]) {
    let (how, typed) = data.split_first().unwrap_or((&0, &[]));
    let typed = super::text(typed, MOST);
    let lang = ["fr", "en", "de", ""][usize::from(how & 3)];
    let audiences: &[&str] = match how >> 2 & 3 {
        0 => &["public"],
        1 => &["public", "internal"],
        2 => &["internal"],
        _ => &[],
    };
    let query = Query {
        text: typed.clone(),
        lang: lang.to_owned(),
        audiences: audiences.iter().map(|&name| name.to_owned()).collect(),
        section: (how & 0x10 != 0).then(|| "aide".to_owned()),
        limit: usize::from(how >> 5),
        offset: usize::from(how >> 7) * 2,
        excerpts: true,
    };
    let found = CENTRE.search(&query).expect("any text is a query");
    check_result(&query, &found);
    let again = CENTRE.search(&query).expect("any text is a query");
    assert_eq!(format!("{again:?}"), format!("{found:?}"), "{query:?}");
    check_result(
        &query,
        &CENTRE.similar(&query).expect("any text is a query"),
    );
    check_suggestions(&query);
    check_requests(&query);
}

fn check_result(query: &Query, found: &SearchResult) {
    assert!(
        found.hits.len() <= query.limit && found.hits.len() <= found.total,
        "{query:?}"
    );
    let mut ids: Vec<(i64, &str)> = found.hits.iter().map(|hit| (hit.id, &*hit.lang)).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(
        ids.len(),
        found.hits.len(),
        "an article is found once: {query:?}"
    );
    for hit in &found.hits {
        check_hit(query, hit);
    }
    let internal = query.audiences.iter().any(|name| name == "internal");
    if let Some(corrected) = &found.corrected {
        let hidden = fold(corrected).contains(CANARY) && !fold(&query.text).contains(CANARY);
        assert!(internal || !hidden, "{query:?}");
    }
    for word in found.widened.iter().flatten() {
        assert!(query.text.contains(word), "{word:?} in {query:?}");
    }
    if query.audiences.is_empty() {
        assert_eq!(found.total, 0);
    }
}

fn check_hit(query: &Query, hit: &Hit) {
    let article = ARTICLES.iter().flat_map(|change| &change.versions);
    let mut article = article.filter(|version| version.slug == hit.slug);
    let article = article.next().expect("what is found was indexed");
    let seen = article
        .audiences
        .iter()
        .any(|name| query.audiences.contains(name));
    assert!(seen, "{hit:?} for {query:?}");
    assert_eq!((&hit.title, hit.id), (&article.title, article.id));
    assert!(hit.score.is_finite(), "{hit:?}");
    assert_eq!(bare(&hit.title_parts), squeezed(&article.title));
    assert_passage(&hit.snippet_parts, &[&article.body, &article.summary]);
}

fn check_suggestions(query: &Query) {
    let suggest = || CENTRE.suggest(&query.text, &query.lang, &query.audiences, query.limit);
    let found = suggest().expect("any text is a beginning");
    assert!(found.len() <= query.limit);
    let again = suggest().expect("any text is a beginning");
    assert_eq!(format!("{again:?}"), format!("{found:?}"), "{query:?}");
    for suggestion in found {
        let mut versions = ARTICLES.iter().flat_map(|change| &change.versions);
        let article = versions.find(|version| version.slug == suggestion.slug);
        let article = article.expect("what is suggested was indexed");
        let seen = article
            .audiences
            .iter()
            .any(|name| query.audiences.contains(name));
        assert!(seen, "{suggestion:?} for {query:?}");
        assert_eq!(bare(&suggestion.title_parts), squeezed(&article.title));
        if let Some(parts) = &suggestion.question_parts {
            let asked = bare(parts);
            assert!(
                article
                    .questions
                    .iter()
                    .any(|question| squeezed(question) == asked)
            );
        }
    }
}

/// A requester finds their own requests by what they may read of them.
fn check_requests(query: &Query) {
    let now = Timestamp::from_micros(1_700_000_100_000_000);
    for scope in [TicketScope::Requester(7), TicketScope::Agent] {
        let ask = || REQUESTS.search(&query.text, scope, query.limit, query.offset, now);
        let found = ask().expect("any text is a query");
        assert_eq!(ask().expect("any text is a query"), found);
        assert!(found.hits.len() <= found.total);
        for hit in found.hits {
            assert!(hit.score.is_finite());
            assert!(
                scope == TicketScope::Agent || hit.id == 1,
                "{query:?} found {hit:?}"
            );
        }
    }
    let note = REQUESTS.search(CANARY, TicketScope::Requester(7), 10, 0, now);
    assert_eq!(note.expect("a word is a query").total, 0);
}

/// What is shown is plain text that any page can escape, out of one of `texts`.
pub fn assert_passage(parts: &[SnippetPart], texts: &[&str]) {
    let shown: String = parts.iter().map(|part| part.text.as_str()).collect();
    let html = SafeHtml::escape(&shown);
    assert_eq!(assert_fine(html.as_str(), Allowed::Plain).text, shown);
    let inner = shown.strip_prefix("… ").unwrap_or(&shown);
    let cut = inner.strip_suffix(" …").unwrap_or(inner);
    let found = |text: &&str| {
        let text = squeezed(text);
        text.contains(&squeezed(cut))
            || text.contains(&squeezed(inner))
            || text.contains(&squeezed(&shown))
    };
    assert!(texts.iter().any(found), "{parts:?} of {texts:?}");
    assert!(parts.iter().all(|part| !part.text.is_empty()), "{parts:?}");
}

/// The text of parts, without what only parts words.
pub fn bare(parts: &[SnippetPart]) -> String {
    let shown: String = parts.iter().map(|part| part.text.as_str()).collect();
    squeezed(&shown)
}

/// A text without white space and controls.
pub fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .collect()
}

static CENTRE: LazyLock<ArticleSearch> = LazyLock::new(|| {
    let search = ArticleSearch::in_memory().expect("the schema is sound");
    search.apply(&ARTICLES, 1).expect("memory is writable");
    search
});

static ARTICLES: LazyLock<Vec<ArticleChange>> = LazyLock::new(|| {
    let fr = |slug, title, question, body| version("fr", slug, title, question, body);
    let en = |slug, title, question, body| version("en", slug, title, question, body);
    let internal = ArticleDocument {
        audiences: vec!["internal".into()],
        ..fr(
            "escalade",
            "Procédure d'escalade",
            "qui est d'astreinte ?",
            "Le mot est quetzalcoatl. Facture comprise.",
        )
    };
    [
        vec![
            fr("mot-de-passe", "Retrouver l'accès à votre compte", "mot de passe oublié", "Demandez un lien de réinitialisation. Il est valable une heure."),
            en("lost-password", "Get back into your account", "I forgot my password", "Ask for a reset link. It is valid for one hour."),
        ],
        vec![fr("imprimante", "L'imprimante n'imprime plus", "bourrage papier", "Vérifiez le bac, puis redémarrez. Les pilotes des imprimantes se mettent à jour seuls.")],
        vec![fr("facture", "Lire votre facture", "pourquoi le montant a-t-il changé ?", "La première page résume les sommes dues. Le détail suit.")],
        vec![fr("securite", "Sécurité de la messagerie", "", "Un message en rouge peut être frauduleux. N'ouvrez pas l'e-mail.")],
        vec![fr("wifi", "Améliorer le Wi-Fi au bureau", "", "Éloignez la box des murs\u{a0}: au-delà de dix mètres, ajoutez une borne.")],
        vec![fr("langages", "Bibliothèques pour C++ et C#", "", "Pour C++ et C#, sous la référence LIB-2041 <b>gras</b> & co.")],
        vec![internal],
        vec![en("roaming", "Using your phone abroad", "what does roaming cost?", "Calls within the covered countries are included. <script>x</script>")],
        vec![fr("ecran", "Œuvrer avec deux écrans", "", "Branchez le second écran avant de démarrer l’ordinateur.\n\nΕλλάδα İstanbul 日本語")],
    ]
    .into_iter()
    .zip(1..)
    .map(|(versions, id)| ArticleChange {
        id,
        versions: versions.into_iter().map(|version| ArticleDocument { id, ..version }).collect(),
    })
    .collect()
});

fn version(lang: &str, slug: &str, title: &str, question: &str, body: &str) -> ArticleDocument {
    ArticleDocument {
        lang: lang.into(),
        slug: slug.into(),
        section: if slug == "wifi" { "reseau" } else { "aide" }.into(),
        title: title.into(),
        questions: vec![question.into()],
        body: body.into(),
        audiences: vec!["public".into()],
        ..ArticleDocument::default()
    }
}

static REQUESTS: LazyLock<TicketSearch> = LazyLock::new(|| {
    let search = TicketSearch::in_memory().expect("the schema is sound");
    let request = |id: i64, requester_id: i64| TicketDocument {
        id,
        reference: format!("GU-{}", 1040 + id),
        subject: "Le Wi-Fi ne marche plus".into(),
        public_text: "Bonjour, l'imprimante et le C++ non plus. Merci d'avance !".into(),
        internal_text: CANARY.into(),
        requester_id,
        requester_name: "Claire Fontaine".into(),
        requester_email: "claire@tilleuls.example".into(),
        organisation: "Les Tilleuls".into(),
        tags: vec!["fibre".into()],
        open: id == 1,
        updated_at: 1_700_000_000 + id,
    };
    let requests = [request(1, 7), request(2, 8)];
    search.apply(&requests, &[], 1).expect("memory is writable");
    search
});
