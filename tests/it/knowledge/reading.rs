//! Browsing and searching, as strangers do.

use guichet::accounts::Role;
use guichet::platform::i18n::Lang;
use rocket::http::Header;

use super::{Library, json, slugs};

#[test]
fn articles_are_browsed_in_both_languages() {
    let library = Library::furnished();
    let browser = library.app.browser();
    let index = browser.get("/articles").expect(200).at("/fr/articles");
    let section = index
        .click("Internet et fibre 2")
        .at("/fr/sections/internet");
    let article = section
        .click("Tester son débit")
        .expect(200)
        .at("/fr/articles/debit");
    let article = article
        .has("Avant de mesurer")
        .has("min de lecture")
        .has("La fibre se coupe");
    let invoice = article
        .click("la facture")
        .expect(200)
        .at("/fr/articles/lire-sa-facture");
    invoice.has("Chaque ligne expliquée");
    let english = article
        .click("Read in English")
        .expect(200)
        .at("/en/articles/speed");
    english.has("Measure the speed").lacks("Mesurez");
    let english = library.app.browser_in(Lang::En);
    english
        .get("/articles")
        .at("/en/articles")
        .has("Internet and fibre")
        .lacks("Factures");
}

#[test]
fn an_article_of_the_other_language_is_shown_with_a_word_about_it() {
    let library = Library::furnished();
    let browser = library.app.browser_in(Lang::En);
    let page = browser.get("/en/articles/lire-sa-facture").expect(200);
    page.has("only in French").has("Chaque ligne expliquée");
    // One that has a version in the reader's language is not.
    browser
        .get("/en/articles/debit")
        .expect(200)
        .at("/en/articles/speed");
    browser.get("/de/articles/debit").expect(404);
    browser.get("/fr/articles/none").expect(404);
    browser.get("/fr/sections/none").expect(404);
}

#[test]
fn words_are_found_without_accents_with_mistakes_and_by_their_questions() {
    let library = Library::furnished();
    let browser = library.app.browser();
    for (words, slug) in [
        ("debit", "debit"),
        ("D%C3%89BITS", "debit"),
        ("facure", "lire-sa-facture"),
        ("internet saute", "coupures"),
    ] {
        let found = json(
            &browser,
            &format!(
                "/api/v1/articles/search?lang=fr&q={}",
                words.replace(' ', "+")
            ),
        );
        assert_eq!(slugs(&found).first(), Some(&slug), "{words}");
    }
    let page = browser.get("/fr/search?q=facure").expect(200);
    let page = page
        .has("Lire sa facture")
        .has("Résultats pour « facture »");
    assert!(page.all("mark").contains(&"facture".to_owned()));
}

#[test]
fn a_search_without_answer_leads_on() {
    let library = Library::furnished();
    let browser = library.app.browser();
    let page = browser.get("/fr/search?q=zzyzx+%3Cb%3E").expect(200);
    let page = page.has("Rien pour « zzyzx <b> »").has("Internet et fibre");
    let ways = page.attributes("main a[href^='/requests/new']", "href");
    assert_eq!(ways, ["/requests/new?subject=zzyzx%20%3Cb%3E"]);
    library
        .app
        .browser()
        .get("/fr/search")
        .expect(200)
        .lacks("Rien pour");
    let english = library.app.browser_in(Lang::En);
    let other = english.get("/en/search?q=facture").expect(200);
    other.has("Lire sa facture").has("Français");
}

#[test]
fn the_api_names_what_it_cannot_use() {
    let library = Library::furnished();
    let browser = library.app.browser();
    for (query, parameter) in [
        ("lang=fr&q=debit&limit=0", "limit"),
        ("lang=fr&q=debit&limit=51", "limit"),
        ("lang=fr&q=debit&limit=many", "limit"),
        ("lang=de&q=debit", "lang"),
        ("lang=fr", "q"),
    ] {
        let page = browser
            .get(&format!("/api/v1/articles/search?{query}"))
            .expect(400);
        let answer: serde_json::Value = serde_json::from_slice(page.bytes()).unwrap();
        assert_eq!(answer["parameter"], parameter, "{query}");
    }
    let one = json(&browser, "/api/v1/articles/search?lang=fr&q=fibre&limit=1");
    assert_eq!(one.as_array().unwrap().len(), 1);
    let article = &one[0];
    assert_eq!(article["lang"], "fr");
    assert_eq!(
        article["url"],
        format!("/fr/articles/{}", article["slug"].as_str().unwrap())
    );
    assert!(article["title"].is_string());
    // As counted, a score would tell how often the word stands in articles that are hidden.
    let all = json(&browser, "/api/v1/articles/search?lang=fr&q=fibre&limit=50");
    let scores: Vec<f64> = (all.as_array().unwrap().iter())
        .map(|article| article["score"].as_f64().unwrap())
        .collect();
    assert!((scores[0] - 1.0).abs() < 1e-6, "{scores:?}");
    for score in &scores {
        let hundredths = score * 100.0;
        assert!((0.0..=1.0).contains(score) && (hundredths - hundredths.round()).abs() < 1e-4);
    }
    assert_eq!(
        json(&browser, "/api/v1/articles/search?q=%20%20"),
        serde_json::json!([])
    );
}

#[test]
fn suggestions_begin_like_what_is_typed() {
    let library = Library::furnished();
    let answer = json(&library.app.browser(), "/api/v1/suggestions?lang=fr&q=fact");
    let first = &answer["items"][0];
    assert_eq!(
        (first["kind"].as_str(), first["url"].as_str()),
        (Some("article"), Some("/fr/articles/lire-sa-facture"))
    );
    assert_eq!(first["context"], "Factures et paiements");
    let marked = first["title_parts"]
        .as_array()
        .unwrap()
        .iter()
        .find(|part| part["marked"] == true);
    assert!(marked.is_some_and(|part| part["text"].as_str().unwrap().starts_with("fact")));
    assert_eq!(answer["file_url"], "/requests/new?subject=fact");
}

#[test]
fn pictures_are_served_with_their_article_and_nothing_else_is() {
    let library = Library::furnished();
    library.write("fr/internet/secret.svg", "<svg>secret</svg>");
    std::fs::write(
        library.root().parent().unwrap().join("outside.svg"),
        "beyond",
    )
    .unwrap();
    library.follow();
    let browser = library.app.browser();
    let article = browser.get("/fr/articles/coupures").expect(200);
    let sources = article.attributes(".prose img", "src");
    assert_eq!(
        sources,
        ["/fr/articles/coupures/files/fr/internet/voyant.svg"]
    );
    let picture = browser.get(&sources[0]).expect(200);
    assert_eq!(picture.header("Content-Type"), Some("image/svg+xml"));
    assert!(
        picture
            .header("Content-Security-Policy")
            .unwrap()
            .contains("sandbox")
    );
    for path in [
        "fr/internet/secret.svg",
        "fr/internet/coupures.md",
        "../outside.svg",
        "%2e%2e/outside.svg",
        "..%2foutside.svg",
        "fr/../../outside.svg",
        "/etc/hostname",
        "%2fetc%2fhostname",
        "fr/internet/voyant.svg%00",
    ] {
        let page = browser.get(&format!("/fr/articles/coupures/files/{path}"));
        assert!(
            matches!(page.status, 400 | 404 | 422),
            "{path}: {}",
            page.status
        );
        assert!(!page.html().contains("beyond"), "{path}");
    }
    browser
        .get("/fr/articles/debit/files/fr/internet/voyant.svg")
        .expect(404);
}

#[test]
fn strangers_may_keep_a_page_until_it_changes() {
    let library = Library::furnished();
    let browser = library.app.browser();
    let tag = |path: &str| browser.get(path).header("ETag").map(str::to_owned);
    let before = tag("/fr/articles/debit").expect("a page that may be kept");
    assert_eq!(tag("/fr/articles/debit").as_ref(), Some(&before));
    library.article(
        "fr/internet/debit",
        "Mesurer son débit",
        "translation: speed",
        "Autrement.\n",
    );
    library.follow();
    assert_ne!(tag("/fr/articles/debit"), Some(before));
}

#[test]
fn guests_share_a_page_and_see_at_once_what_changed() {
    let library = Library::furnished();
    let (one, two) = (library.app.browser(), library.app.browser());
    let first = one.get("/fr/articles/debit").expect(200);
    let tag = first.header("ETag").expect("it can be kept").to_owned();
    let again = two.get("/fr/articles/debit").expect(200);
    assert_eq!(again.header("ETag"), Some(tag.as_str()));
    let small = Header::new("Accept-Encoding", "br");
    let small = two.get_with("/fr/articles/debit", small).expect(200);
    assert_eq!(small.header("Content-Encoding"), Some("br"));
    assert_eq!(small.header("ETag"), Some(format!("W/{tag}").as_str()));
    for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}")] {
        let known = Header::new("If-None-Match", known);
        let same = two.get_with("/fr/articles/debit", known).expect(304);
        assert!(same.bytes().is_empty());
    }
    // Another theme, another language, somebody signed in: not the same page.
    two.set_cookie("guichet_theme", "dark");
    assert!(
        two.get("/fr/articles/debit")
            .html()
            .contains("data-theme=\"dark\"")
    );
    let customer = library.signed_in(Role::Customer);
    assert_eq!(customer.get("/fr/articles/debit").header("ETag"), None);

    let changed = "Une phrase toute nouvelle.\n";
    library.article(
        "fr/internet/debit",
        "Tester son débit",
        "translation: speed",
        changed,
    );
    library.follow();
    let fresh = one.get("/fr/articles/debit").expect(200);
    assert_ne!(fresh.header("ETag"), Some(tag.as_str()));
    drop(fresh.has("Une phrase toute nouvelle."));
}
