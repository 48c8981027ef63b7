//! Somebody without an account looks for an answer.

use crate::harness::{Screen, Stage, Tab, css, label};

/// Searches with suggestions, by keyboard alone; then reads the results, and the other language.
pub async fn finds_an_article(stage: &Stage) {
    let tab = stage.tab("visitor").await;
    let screen = stage.screen;
    tab.open("/").await;
    tab.inspect().await;

    tab.press("/").await;
    tab.type_text(words(screen)).await;
    tab.see(&css("[role=option]")).await;
    tab.inspect().await;
    tab.press("ArrowDown").await;
    tab.press("ArrowDown").await;
    tab.press("ArrowUp").await;
    let chosen = tab
        .text("[role=option][aria-selected=true] .suggestion-title")
        .await;
    tab.follow_key("Enter").await;
    assert_eq!(tab.text("article h1").await, chosen);
    tab.inspect().await;
    tab.back().await;

    results_and_language(&tab).await;
    tab.inspect().await;
}

/// The same ways through plain forms and links.
pub async fn needs_no_scripts(stage: &Stage) {
    let tab = stage.tab("visitor").await;
    tab.without_scripts().await;
    tab.open("/").await;
    results_and_language(&tab).await;
}

/// From the search field to the results, an article, its translation, and back.
async fn results_and_language(tab: &Tab) {
    let screen = tab.screen;
    tab.fill("q", words(screen)).await;
    tab.follow_key("Enter").await;
    tab.at(&format!("/{}/search", screen.lang)).await;
    let found = tab.text(".hit h2").await;
    tab.follow(&css(".hit h2 a")).await;
    assert_eq!(tab.text("article h1").await, found);

    let other = if screen.lang.as_str() == "fr" {
        "en"
    } else {
        "fr"
    };
    tab.follow(&css(&format!(".languages a[hreflang={other}]")))
        .await;
    assert_eq!(
        tab.value::<String>("document.documentElement.lang").await,
        other
    );
    let translated = tab.text("article h1").await;
    assert_ne!(translated, found);
    assert!(tab.path().await.starts_with(&format!("/{other}/articles/")));
    tab.back().await;
    assert_eq!(tab.text("article h1").await, found);
    tab.follow(&label(&screen.t("knowledge-file"))).await;
    tab.at("/requests/new").await;
}

fn words(screen: Screen) -> &'static str {
    screen.say("débit", "speed")
}
