//! Quality and confidentiality of article search, on a small help centre.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{ArticleChange, ArticleDocument, ArticleSearch, Query, SearchResult};
use crate::platform::search::Language;
use crate::platform::search::snippet::SnippetPart;

const CANARY: &str = "quetzalcoatl";

fn article(lang: &str, slug: &str, title: &str, questions: &[&str], body: &str) -> ArticleDocument {
    ArticleDocument {
        lang: lang.into(),
        slug: slug.into(),
        section: "aide".into(),
        title: title.into(),
        questions: questions.iter().map(|&question| question.into()).collect(),
        body: body.into(),
        audiences: vec!["public".into()],
        ..ArticleDocument::default()
    }
}

fn change(id: i64, versions: Vec<ArticleDocument>) -> ArticleChange {
    let versions = versions
        .into_iter()
        .map(|version| ArticleDocument { id, ..version });
    ArticleChange {
        id,
        versions: versions.collect(),
    }
}

/// Eight French articles, one of them translated, one English only, one internal.
fn articles() -> Vec<ArticleChange> {
    let fr = |slug, title, questions: &[&str], body| article("fr", slug, title, questions, body);
    let en = |slug, title, questions: &[&str], body| article("en", slug, title, questions, body);
    let internal = ArticleDocument {
        audiences: vec!["internal".into()],
        ..fr(
            "escalade",
            "Procédure d'escalade",
            &["qui est d'astreinte ?"],
            "Le mot de la semaine est quetzalcoatl. Réservé aux agents, facture comprise.",
        )
    };
    vec![
        change(
            1,
            vec![
                fr(
                    "mot-de-passe",
                    "Retrouver l'accès à votre compte",
                    &["mot de passe oublié"],
                    "Demandez un lien de réinitialisation. Il est valable une heure et ne sert qu'une fois.",
                ),
                en(
                    "lost-password",
                    "Get back into your account",
                    &["I forgot my password"],
                    "Ask for a reset link. It is valid for one hour and works once.",
                ),
            ],
        ),
        change(
            2,
            vec![fr(
                "imprimante",
                "L'imprimante n'imprime plus",
                &["bourrage papier"],
                "Vérifiez le bac, puis redémarrez l'appareil. Les pilotes des imprimantes se mettent à jour seuls.",
            )],
        ),
        change(
            3,
            vec![fr(
                "facture",
                "Lire votre facture",
                &["pourquoi le montant a-t-il changé ?"],
                "La première page résume les sommes dues. Le détail suit, ligne par ligne.",
            )],
        ),
        change(
            4,
            vec![fr(
                "securite",
                "Sécurité de la messagerie",
                &[],
                "Un message affiché en rouge peut être frauduleux. N'ouvrez pas l'e-mail et signalez-le.",
            )],
        ),
        change(
            5,
            vec![fr(
                "resiliation",
                "Mettre fin à votre contrat",
                &["délai de préavis"],
                "La résiliation prend effet à la fin du mois. Écrivez-nous deux semaines avant.",
            )],
        ),
        change(
            6,
            vec![fr(
                "wifi",
                "Améliorer le Wi-Fi au bureau",
                &[],
                "Éloignez la box des murs. Au-delà de dix mètres, ajoutez une borne.",
            )],
        ),
        change(
            7,
            vec![fr(
                "langages",
                "Bibliothèques pour C++ et C#",
                &[],
                "Les bibliothèques de la plateforme existent pour C++ et C#, sous la référence LIB-2041.",
            )],
        ),
        change(8, vec![internal]),
        change(
            9,
            vec![en(
                "roaming",
                "Using your phone abroad",
                &["what does roaming cost?"],
                "Calls within the covered countries are included. Elsewhere each minute is charged.",
            )],
        ),
        change(
            10,
            vec![fr(
                "ecran",
                "Œuvrer avec deux écrans",
                &[],
                "Branchez le second écran avant de démarrer l’ordinateur. Le débit n'y est pour rien.",
            )],
        ),
    ]
}

static HELP_CENTRE: LazyLock<ArticleSearch> = LazyLock::new(|| {
    let search = ArticleSearch::in_memory().expect("the schema is sound");
    search.apply(&articles(), 1).expect("memory is writable");
    search
});

fn asked(text: &str, lang: &str, audiences: &[&str]) -> Query {
    Query {
        text: text.into(),
        lang: lang.into(),
        audiences: audiences.iter().map(|&audience| audience.into()).collect(),
        section: None,
        limit: 10,
        offset: 0,
        excerpts: true,
    }
}

fn search(text: &str, lang: &str) -> SearchResult {
    HELP_CENTRE
        .search(&asked(text, lang, &["public"]))
        .expect("the index is sound")
}

fn slugs(result: &SearchResult) -> Vec<&str> {
    result.hits.iter().map(|hit| hit.slug.as_str()).collect()
}

fn shown(parts: &[SnippetPart]) -> String {
    let marked = |part: &SnippetPart| {
        if part.marked {
            format!("[{}]", part.text)
        } else {
            part.text.clone()
        }
    };
    parts.iter().map(marked).collect()
}

#[test]
fn every_kind_of_query_finds_its_article_first() {
    let cases = [
        ("title words", "fr", "lire facture", "facture"),
        ("paraphrase", "fr", "arrêter mon abonnement", "resiliation"),
        ("synonym expression", "fr", "mdp", "mot-de-passe"),
        ("symptom", "fr", "le papier est coincé", "imprimante"),
        ("one mistake", "fr", "imprimente", "imprimante"),
        ("two mistakes", "fr", "resilaitoin", "resiliation"),
        ("swap", "fr", "factrue", "facture"),
        ("inflection", "fr", "imprimantes", "imprimante"),
        ("accents missing", "fr", "securite", "securite"),
        (
            "accents missing in an inflected word",
            "fr",
            "message affichee",
            "securite",
        ),
        ("accents too many", "fr", "écràn", "ecran"),
        (
            "decomposed accents",
            "fr",
            "se\u{301}curite\u{301}",
            "securite",
        ),
        ("ligature", "fr", "oeuvrer", "ecran"),
        ("elision", "fr", "l'ordinateur", "ecran"),
        ("curly elision", "fr", "l’imprimante", "imprimante"),
        ("prefix", "fr", "réinit", "mot-de-passe"),
        (
            "question",
            "fr",
            "Comment est-ce que je peux résilier, s'il vous plaît ?",
            "resiliation",
        ),
        ("one keyword", "fr", "préavis", "resiliation"),
        (
            "inverted pronoun",
            "fr",
            "le contrat finit-il ?",
            "resiliation",
        ),
        ("compound joined", "fr", "wifi", "wifi"),
        ("compound split", "fr", "wi fi", "wifi"),
        ("compound joined in the query", "fr", "email", "securite"),
        ("name with signs", "fr", "c++", "langages"),
        ("code", "fr", "LIB-2041", "langages"),
        ("code joined", "fr", "lib2041", "langages"),
        (
            "words of a translation",
            "fr",
            "forgotten password",
            "mot-de-passe",
        ),
        ("only in another language", "fr", "roaming", "roaming"),
        (
            "English inflection",
            "en",
            "resetting passwords",
            "lost-password",
        ),
        ("English mistake", "en", "pasword", "lost-password"),
        (
            "English question",
            "en",
            "How much do I pay for calls when I am abroad?",
            "roaming",
        ),
        ("French words in English", "en", "imprimante", "imprimante"),
    ];
    let missed: Vec<_> = cases
        .iter()
        .filter(|(_, lang, text, wanted)| slugs(&search(text, lang)).first() != Some(wanted))
        .map(|(kind, lang, text, _)| (kind, text, slugs(&search(text, lang)).join(" ")))
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn what_is_found_in_another_language_says_so() {
    let hit = &search("roaming", "fr").hits[0];
    assert!(hit.other_language && hit.lang == "en");
    let hits = search("password", "fr").hits;
    assert!(
        hits.iter().all(|hit| hit.id != 1 || hit.lang == "fr"),
        "one version of an article is enough"
    );
}

#[test]
fn equal_articles_come_in_the_viewers_language_first() {
    let index = ArticleSearch::in_memory().expect("the schema is sound");
    let changes = [
        change(
            1,
            vec![article("en", "en", "Modem Zephyr", &[], "The modem.")],
        ),
        change(
            2,
            vec![article("fr", "fr", "Modem Zephyr", &[], "Le modem.")],
        ),
    ];
    index.apply(&changes, 1).expect("memory is writable");
    for lang in ["fr", "en"] {
        let found = index
            .search(&asked("zephyr", lang, &["public"]))
            .expect("the index is sound");
        assert_eq!((found.hits[0].lang.as_str(), found.total), (lang, 2));
    }
}

#[test]
fn stop_words_alone_are_still_a_query() {
    assert_eq!(slugs(&search("ne sert qu", "fr"))[0], "mot-de-passe");
    assert_eq!(search("", "fr").total, 0);
    assert_eq!(search("?! …", "fr").total, 0);
}

#[test]
fn a_correction_is_announced_with_its_accents() {
    assert_eq!(
        search("resiliatoin contrat", "fr").corrected.as_deref(),
        Some("résiliation contrat")
    );
    assert_eq!(search("resiliation", "fr").corrected, None);
}

#[test]
fn words_found_nowhere_are_named() {
    let result = search("imprimante xyzzyplugh", "fr");
    assert_eq!(slugs(&result)[0], "imprimante");
    assert_eq!(
        result.widened.as_deref(),
        Some(&["xyzzyplugh".to_owned()][..])
    );
    assert_eq!(search("imprimante", "fr").widened, None);
}

#[test]
fn hits_are_marked_where_they_answer() {
    let hit = &search("imprimentes pilote", "fr").hits[0];
    assert_eq!(shown(&hit.title_parts), "L'[imprimante] n'[imprime] plus");
    assert!(
        shown(&hit.snippet_parts).contains("[pilotes] des [imprimantes]"),
        "{:?}",
        hit.snippet_parts
    );
}

#[test]
fn the_small_words_of_a_synonym_are_not_marked() {
    let index = ArticleSearch::in_memory().expect("the schema is sound");
    let body = "On se connecte en une minute ; il s'agit d'une session de 100 Mbit/s.";
    let fibre = article("fr", "fibre", "La fibre", &[], body);
    index
        .apply(&[change(1, vec![fibre])], 1)
        .expect("memory is writable");
    let found = index
        .search(&asked("fibre connexion", "fr", &["public"]))
        .expect("sound");
    assert_eq!(
        shown(&found.hits[0].snippet_parts),
        "On se [connecte] en une minute ; il s'agit d'une [session] de 100 Mbit/s."
    );
}

#[test]
fn sections_and_pages_limit_the_hits() {
    let all = search("facture contrat imprimante messagerie", "fr");
    let mut query = asked("facture contrat imprimante messagerie", "fr", &["public"]);
    (query.limit, query.offset) = (1, 1);
    let page = HELP_CENTRE.search(&query).expect("the index is sound");
    assert_eq!(
        (page.total, slugs(&page)),
        (all.total, vec![all.hits[1].slug.as_str()])
    );
    query.section = Some("ailleurs".into());
    assert_eq!(
        HELP_CENTRE
            .search(&query)
            .expect("the index is sound")
            .total,
        0
    );
}

#[test]
fn an_internal_article_leaves_no_trace_for_the_public() {
    // Typed whole, begun, mistyped, and among words that are found.
    for text in [
        CANARY,
        "quetzal",
        "quetzalcoalt",
        "escalade",
        "facture quetzalcoatl",
        "astreinte",
    ] {
        let result = search(text, "fr");
        assert!(!slugs(&result).contains(&"escalade"), "{text}");
        assert!(
            !result.corrected.unwrap_or_default().contains(CANARY),
            "{text}"
        );
        let suggested = HELP_CENTRE
            .suggest(text, "fr", &["public".into()], 10)
            .expect("sound");
        assert!(
            suggested.iter().all(|suggestion| suggestion.id != 8),
            "{text}"
        );
        let similar = HELP_CENTRE
            .similar(&asked(text, "fr", &["public"]))
            .expect("sound");
        assert!(!slugs(&similar).contains(&"escalade"), "{text}");
    }
    assert_eq!(search(CANARY, "fr").total, 0);
    assert_eq!(
        search("facture", "fr").total,
        1,
        "the count leaves it out too"
    );
    let agent = HELP_CENTRE
        .search(&asked(CANARY, "fr", &["public", "internal"]))
        .expect("sound");
    assert_eq!(slugs(&agent), ["escalade"]);
    assert_eq!(
        HELP_CENTRE
            .search(&asked("facture", "fr", &[]))
            .expect("sound")
            .total,
        0
    );
}

#[test]
fn an_internal_translation_neither_hides_nor_betrays_the_public_version() {
    let index = ArticleSearch::in_memory().expect("the schema is sound");
    let internal = ArticleDocument {
        audiences: vec!["internal".into()],
        ..article("fr", "interne", "Projet quetzalcoatl", &[], "Secret.")
    };
    let public = article("en", "open", "Project news", &[], "Everyone may read this.");
    index
        .apply(&[change(1, vec![internal, public])], 1)
        .expect("memory is writable");
    let found = index
        .search(&asked("project", "fr", &["public"]))
        .expect("sound");
    assert_eq!(slugs(&found), ["open"]);
    assert_eq!(
        index
            .search(&asked(CANARY, "fr", &["public"]))
            .expect("sound")
            .total,
        0
    );
    let agent = index
        .search(&asked("project projet", "fr", &["public", "internal"]))
        .expect("sound");
    assert_eq!(
        slugs(&agent),
        ["interne"],
        "who may read the French version needs no other"
    );
}

#[test]
fn changes_and_removals_are_visible_at_once() {
    let index = ArticleSearch::in_memory().expect("the schema is sound");
    index.apply(&articles(), 1).expect("memory is writable");
    let total = |text: &str| {
        index
            .search(&asked(text, "fr", &["public"]))
            .expect("sound")
            .total
    };
    let renamed = article(
        "fr",
        "facture",
        "Comprendre votre relevé",
        &[],
        "Tout est expliqué.",
    );
    index
        .apply(&[change(3, vec![renamed])], 2)
        .expect("memory is writable");
    assert_eq!((total("relevé"), total("facture")), (1, 0));
    index
        .apply(&[change(3, Vec::new()), change(1, Vec::new())], 3)
        .expect("memory is writable");
    assert_eq!(
        (total("relevé"), total("password")),
        (0, 0),
        "all versions of an article go"
    );
    assert_eq!(index.index().revision(), Some(3));
}

#[test]
fn titles_and_questions_are_suggested_while_typing() {
    let suggest = |text: &str, lang: &str| {
        let found = HELP_CENTRE
            .suggest(text, lang, &["public".into()], 5)
            .expect("sound");
        found
            .into_iter()
            .map(|suggestion| suggestion.slug)
            .collect::<Vec<_>>()
    };
    assert_eq!(suggest("fact", "fr"), ["facture"]);
    assert_eq!(suggest("comment ameliorer le wi", "fr"), ["wifi"]);
    assert_eq!(
        suggest("imq", "fr"),
        Vec::<String>::new(),
        "three letters and a mistake say too little"
    );
    assert_eq!(suggest("imprimnat", "fr"), ["imprimante"]);
    assert_eq!(suggest("mot de pa", "fr"), ["mot-de-passe"]);
    assert_eq!(suggest("forgot my pass", "en"), ["lost-password"]);
    assert_eq!(suggest("roam", "fr"), ["roaming"]);
    assert!(suggest("x", "fr").is_empty() && suggest("", "fr").is_empty());
    let found = HELP_CENTRE
        .suggest("mot de pa", "fr", &["public".into()], 5)
        .expect("sound");
    let question = found[0]
        .question_parts
        .as_deref()
        .expect("the title does not answer");
    assert_eq!(shown(question), "[mot] de [passe] oublié");
}

#[test]
fn synonyms_can_be_replaced_without_a_new_index() {
    let index = ArticleSearch::in_memory().expect("the schema is sound");
    index.apply(&articles(), 1).expect("memory is writable");
    let found = |text: &str| {
        index
            .search(&asked(text, "fr", &["public"]))
            .expect("sound")
            .total
    };
    assert_eq!(found("zigouigoui"), 0);
    index.set_synonyms(Language::Fr, "zigouigoui, bac à papier, borne");
    assert_eq!(found("zigouigoui"), 1);
}

#[test]
fn a_message_finds_articles_although_most_of_it_is_beside_the_point() {
    let text = "Bonjour, depuis hier soir et malgré plusieurs essais mon imprimante clignote, merci de me \
                rappeler car la réunion de vendredi approche et la direction s'impatiente beaucoup";
    let found = HELP_CENTRE
        .similar(&asked(text, "fr", &["public"]))
        .expect("sound");
    assert_eq!(slugs(&found)[0], "imprimante");
    assert_eq!((found.widened, found.corrected), (None, None));
}

#[test]
fn query_syntax_is_data() {
    for text in [
        "title:facture",
        "+facture -facture",
        "facture AND NOT",
        "\"facture",
        "((",
        "fact*",
        "fac?ure",
        "/fact.*/",
        "%",
        "_",
        "' OR 1=1 --",
        "facture~9",
        "[a TO z]",
        "facture^1000000",
        "\0facture\u{7}",
        "\u{202e}facture",
        "*",
        "id:>0",
        "\\",
        "c++++++",
        "#",
        "-----",
        "a.b.c.d.e.f.g.h",
        "1/0",
    ] {
        let result = search(text, "fr");
        assert!(result.total <= 9, "{text}");
        HELP_CENTRE
            .suggest(text, "fr", &["public".into()], 5)
            .expect("any text is a query");
    }
    assert_eq!(slugs(&search("\0facture\u{7}", "fr"))[0], "facture");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn any_text_is_a_query(text in any::<String>(), lang in "[a-z]{0,3}") {
        let result = HELP_CENTRE.search(&asked(&text, &lang, &["public"]));
        prop_assert!(result.is_ok_and(|result| result.hits.iter().all(|hit| hit.id != 8)));
        prop_assert!(HELP_CENTRE.suggest(&text, &lang, &["public".into()], 5).is_ok());
    }

    #[test]
    fn any_likely_text_is_a_query(text in "[a-zé '+*:()\"~^\\-./#@&0-9]{0,60}") {
        let result = HELP_CENTRE.search(&asked(&text, "fr", &["public"]));
        prop_assert!(result.is_ok_and(|result| result.hits.iter().all(|hit| hit.id != 8)));
        prop_assert!(HELP_CENTRE.suggest(&text, "fr", &["public".into()], 5).is_ok());
    }
}
