//! The pages follow the folder, and the index follows both.

use chrono::Duration;
use guichet::accounts::Role;
use guichet::knowledge::check::check;
use guichet::knowledge::job;
use guichet::platform::events::list_events;
use guichet::platform::i18n::Lang;
use guichet::schema::articles;

use super::{Library, json, slugs};
use crate::support::Browser;

fn history(library: &Library, wanted: &str) -> Vec<String> {
    use diesel::prelude::*;
    let wanted = wanted.to_owned();
    library.app.read(move |conn| {
        let id: i64 = articles::table
            .filter(articles::slug.eq(&wanted))
            .select(articles::id)
            .first(conn)?;
        let events = list_events(conn, "article", id)?;
        Ok(events.into_iter().map(|event| event.kind).collect())
    })
}

/// What a program is told that its search has looked through.
fn coverage(browser: &Browser<'_>, words: &str) -> String {
    let page = browser.get(&format!("/api/v1/articles/search?lang=fr&q={words}"));
    let page = page.expect(200);
    page.header("Search-Coverage")
        .expect("it is said")
        .to_owned()
}

#[test]
fn a_saved_file_is_live_after_one_run() {
    let library = Library::furnished();
    let browser = library.app.browser();
    library.article(
        "fr/internet/debit",
        "Mesurer la vitesse",
        "translation: speed",
        "Ornithorynque.\n",
    );
    library.follow();
    browser
        .get("/fr/articles/debit")
        .expect(200)
        .has("Mesurer la vitesse");
    let found = json(&browser, "/api/v1/articles/search?lang=fr&q=ornithorynque");
    assert_eq!(slugs(&found), ["debit"]);
    assert_eq!(history(&library, "debit"), ["published", "changed"]);
    library.follow();
    assert_eq!(
        history(&library, "debit"),
        ["published", "changed"],
        "nothing changed since"
    );
}

#[test]
fn a_broken_file_keeps_its_last_good_version_and_is_named() {
    let library = Library::furnished();
    library.write(
        "fr/internet/debit.md",
        "---\ntitle: Cassé\naudience: everybody\n---\nCassé\n",
    );
    library.follow();
    library
        .app
        .browser()
        .get("/fr/articles/debit")
        .expect(200)
        .has("Tester son débit")
        .lacks("Cassé");
    let manager = library.signed_in(Role::Manager);
    let page = manager.get("/manage/articles").expect(200);
    let page = page
        .has("fr/internet/debit.md")
        .has("« everybody » ne fait pas partie des valeurs possibles.");
    assert_eq!(
        page.all("table td:nth-child(2)")
            .first()
            .map(String::as_str),
        Some("3")
    );
    library.article("fr/internet/debit", "Réparé", "", "Réparé.\n");
    library.follow();
    library
        .app
        .browser()
        .get("/fr/articles/debit")
        .expect(200)
        .has("Réparé");
    manager
        .get("/manage/articles")
        .expect(200)
        .has("Tous les fichiers sont lisibles.");
    library.app.browser().get("/manage/articles").at("/sign-in");
    library
        .signed_in(Role::Agent)
        .get("/manage/articles")
        .expect(404);
}

#[test]
fn what_anybody_may_read_without_its_file_saying_so_is_named() {
    let library = Library::furnished();
    for (name, audience) in [
        ("muet", ""),
        ("dit", "audience: public\n"),
        ("nous", "audience: internal\n"),
    ] {
        library.write(
            &format!("fr/internet/{name}.md"),
            &format!("---\ntitle: Article {name}\n{audience}---\nTexte.\n"),
        );
    }
    library.follow();
    let manager = library.signed_in(Role::Manager);
    let page = manager.get("/manage/articles").expect(200);
    let named = page.all("section[aria-labelledby=unsaid] td:nth-child(2)");
    let named = |path: &str| named.iter().any(|cell| cell == path);
    assert!(named("fr/internet/muet.md"));
    assert!(!named("fr/internet/dit.md") && !named("fr/internet/nous.md"));

    let root = &library.app.site.settings.kb_dir;
    let report = check(root).expect("the questions can be tried");
    let noted: Vec<&str> = (report.findings.iter())
        .filter(|finding| finding.fault.reason.key() == "kb-check-audience")
        .map(|finding| finding.fault.path.as_str())
        .collect();
    assert!(noted.contains(&"fr/internet/muet.md") && !noted.contains(&"fr/internet/dit.md"));
}

#[test]
fn a_removed_file_is_withdrawn_and_may_come_back() {
    let library = Library::furnished();
    let browser = library.app.browser();
    library.remove("fr/internet/coupures.md");
    library.follow();
    browser.get("/fr/articles/coupures").expect(404);
    browser
        .get("/fr/search?q=coupe")
        .expect(200)
        .lacks("La fibre se coupe");
    library.article(
        "fr/internet/coupures",
        "La fibre se coupe",
        "",
        "De retour.\n",
    );
    library.follow();
    browser
        .get("/fr/articles/coupures")
        .expect(200)
        .has("De retour");
    assert_eq!(
        history(&library, "coupures"),
        ["published", "withdrawn", "published"]
    );
}

#[test]
fn a_folder_that_is_gone_takes_nothing_down() {
    let library = Library::furnished();
    let elsewhere = library.root().with_extension("moved");
    std::fs::rename(library.root(), &elsewhere).unwrap();
    library.follow();
    library.app.browser().get("/fr/articles/debit").expect(200);
    std::fs::rename(&elsewhere, library.root()).unwrap();
    library.follow();
    assert_eq!(history(&library, "debit"), ["published"]);
}

#[test]
fn one_address_belongs_to_one_file() {
    let library = Library::furnished();
    library.article(
        "fr/a-premiere/autre",
        "Usurpateur",
        "slug: debit",
        "Texte.\n",
    );
    library.follow();
    library
        .app
        .browser()
        .get("/fr/articles/debit")
        .expect(200)
        .has("Tester son débit");
    let manager = library.signed_in(Role::Manager);
    let page = manager.get("/manage/articles").expect(200);
    page.has("fr/a-premiere/autre.md")
        .has("fr/internet/debit.md");
}

#[test]
fn versions_that_part_are_found_each_in_its_own_right() {
    let library = Library::furnished();
    let browser = library.app.browser();
    let found = |q: &str| json(&browser, &format!("/api/v1/articles/search?lang=fr&q={q}"));
    assert_eq!(
        slugs(&found("speed")),
        ["debit"],
        "found by the title of its translation"
    );
    library.article(
        "en/internet/speed",
        "Test your speed",
        "",
        "Measure the speed by cable.\n",
    );
    library.follow();
    assert_eq!(slugs(&found("speed")), ["speed"]);
}

#[test]
fn a_damaged_index_is_made_anew_while_pages_answer() {
    let library = Library::furnished();
    let browser = library.app.browser();
    std::fs::remove_dir_all(library.index_folder()).unwrap();
    browser.get("/fr/articles/debit").expect(200);
    browser
        .get("/fr/search?q=facture")
        .expect(200)
        .has("Lire sa facture");
    library.follow();
    browser
        .get("/fr/search?q=facture")
        .expect(200)
        .has("Lire sa facture")
        .lacks("se remet en état");
    assert!(library.index_folder().join("current").is_file());
}

#[test]
fn without_an_index_titles_are_compared_and_the_page_says_so() {
    let library = Library::furnished();
    // The folder's name is taken by a file: no index can be opened there.
    std::fs::remove_dir_all(library.index_folder()).unwrap();
    std::fs::write(library.index_folder(), "in the way").unwrap();
    assert!(library.index().check().is_err());
    let browser = library.app.browser();
    assert_eq!(coverage(&browser, "facture"), "without-index");
    assert_eq!(coverage(&browser, "zzyzx"), "without-index");
    let page = browser.get("/fr/search?q=facture").expect(200);
    page.has("Lire sa facture")
        .has("La recherche se remet en état")
        .lacks("Tester son débit");
    browser
        .get("/fr/search?q=zzyzx")
        .expect(200)
        .has("La recherche se remet en état");
    std::fs::remove_file(library.index_folder()).unwrap();
    library.follow();
    browser
        .get("/fr/search?q=facture")
        .expect(200)
        .has("Lire sa facture")
        .lacks("se remet en état");
    assert_eq!(coverage(&browser, "facture"), "whole");
}

#[test]
fn a_search_says_that_the_index_is_behind_until_it_has_caught_up() {
    const FRENCH: &str = "La recherche peut être incomplète : l’index se met à jour.";
    let library = Library::furnished();
    let (french, english) = (library.app.browser(), library.app.browser_in(Lang::En));
    library.app.advance(Duration::minutes(1));
    french.get("/fr/search?q=facture").expect(200).lacks(FRENCH);
    assert_eq!(coverage(&french, "facture"), "whole");
    library.article(
        "fr/factures/payer",
        "Payer sa facture",
        "",
        "Par virement.\n",
    );
    job::follow_folder(&library.app.site).expect("the folder is followed");
    // What takes a moment is nothing to speak of.
    french.get("/fr/search?q=facture").expect(200).lacks(FRENCH);
    library.app.advance(Duration::seconds(6));
    french
        .get("/fr/search?q=facture")
        .expect(200)
        .has("Lire sa facture")
        .has(FRENCH);
    french.get("/fr/search?q=zzyzx").expect(200).has(FRENCH);
    assert_eq!(coverage(&french, "facture"), "behind");
    english
        .get("/en/search?q=speed")
        .expect(200)
        .has("Search may be incomplete: the index is catching up.");
    library.follow();
    french
        .get("/fr/search?q=facture")
        .expect(200)
        .has("Payer sa facture")
        .lacks(FRENCH);
    assert_eq!(coverage(&french, "facture"), "whole");
}
