//! What one may not read does not exist: on no page, in no search, at no address.

use guichet::accounts::Role;

use super::Library;
use crate::support::Browser;

const CANARY: &str = "Zanzibar";

/// Every way in which an article could show.
const WAYS: [&str; 9] = [
    "/fr/articles",
    "/fr/sections/internet",
    "/fr/sections/coulisses",
    "/fr/articles/debit",
    "/fr/search?q=zanzibar",
    "/en/search?q=zanzibar",
    "/fr/search?q=zanzibr+debit",
    "/api/v1/articles/search?lang=fr&q=zanzibar",
    "/api/v1/suggestions?lang=fr&q=zanz",
];

fn library(audience: &str) -> Library {
    let library = Library::furnished();
    let more = format!("audience: {audience}\ntags: [fibre]\ntranslation: hidden");
    library.article("fr/coulisses/cache", CANARY, &more, "![Vu](vu.svg)\n");
    library.article("en/coulisses/hidden", CANARY, &more, "Text.\n");
    library.section("fr/coulisses", &format!("Coulisses {CANARY}"));
    library.write("fr/coulisses/vu.svg", "<svg/>");
    library.follow();
    library
}

fn ways_that_show(browser: &Browser<'_>) -> Vec<&'static str> {
    let shows = |way: &&&str| {
        let html = browser.get(way).html();
        // The page repeats what was typed, in lower case.
        html.contains(CANARY)
    };
    WAYS.iter().filter(shows).copied().collect()
}

#[test]
fn internal_articles_exist_for_agents_alone() {
    let library = library("internal");
    for browser in [library.app.browser(), library.signed_in(Role::Customer)] {
        assert_eq!(ways_that_show(&browser), [""; 0]);
        let hidden = browser.get("/fr/articles/cache").expect(404);
        let absent = browser.get("/fr/articles/jamais").expect(404);
        assert_eq!(hidden.text().len(), absent.text().len());
        browser.get("/en/articles/cache").expect(404);
        browser
            .get("/fr/articles/cache/files/fr/coulisses/vu.svg")
            .expect(404);
    }
    let agent = library.signed_in(Role::Agent);
    assert_eq!(ways_that_show(&agent), WAYS);
    agent
        .get("/fr/articles/cache")
        .expect(200)
        .has("Réservé à l’équipe");
    agent
        .get("/fr/articles/cache/files/fr/coulisses/vu.svg")
        .expect(200);
}

#[test]
fn articles_for_customers_exist_for_whoever_is_signed_in() {
    let library = library("customers");
    assert_eq!(ways_that_show(&library.app.browser()), [""; 0]);
    let customer = library.signed_in(Role::Customer);
    assert_eq!(ways_that_show(&customer), WAYS);
    let page = customer.get("/fr/articles/cache").expect(200);
    assert_eq!(
        page.header("ETag"),
        None,
        "what only some may read is not kept"
    );
}

#[test]
fn an_article_made_internal_is_gone_before_the_index_knows() {
    let library = Library::furnished();
    let browser = library.app.browser();
    browser.get("/fr/search?q=facture").has("Lire sa facture");
    library.app.write(|tx| {
        use diesel::prelude::*;
        use guichet::schema::articles;
        diesel::update(articles::table.filter(articles::slug.eq("lire-sa-facture")))
            .set(articles::audience.eq("internal"))
            .execute(tx.conn)
            .map_err(guichet::platform::db::StorageError::from)
    });
    browser.get("/fr/search?q=facture").lacks("Lire sa facture");
}
