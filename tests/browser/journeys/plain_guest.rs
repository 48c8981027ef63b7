//! All that somebody without an account does, without any script.

use super::plain_account::names_the_field;
use crate::harness::{Stage, Tab, css, label};

const EMAIL: &str = "solene@sapin.example";

/// Looks for an answer, is refused, thinks again, files a request and follows it.
pub async fn needs_no_scripts(stage: &Stage) {
    let screen = stage.screen;
    let tab = stage.tab("guest").await;
    tab.without_scripts().await;
    find_an_article(&tab).await;
    tab.follow(&label(&screen.t("knowledge-file"))).await;
    tab.at("/requests/new").await;
    tab.inspect_unscripted().await;
    discard_a_draft(&tab).await;

    let subject = screen.say("Le fax du quai est muet", "The fax on the dock is mute");
    tab.click(&css(".radio-tile")).await;
    tab.fill("subject", subject).await;
    tab.fill("body", "Since Monday.").await;
    tab.fill("name", "Solène Exemple").await;
    tab.fill("email", EMAIL).await;
    tab.follow(&label(&screen.t("new-send"))).await;
    tab.at("/requests/filed").await;
    tab.inspect_unscripted().await;

    let elsewhere = stage.tab("guest elsewhere").await;
    elsewhere.without_scripts().await;
    elsewhere.open(&stage.world.mailed_link(EMAIL).await).await;
    assert_eq!(elsewhere.text("h1").await, subject);
    elsewhere.see_in(".message-body", "Since Monday.").await;
    elsewhere.inspect_unscripted().await;
}

/// By the form, not by suggestions.
async fn find_an_article(tab: &Tab) {
    let screen = tab.screen;
    tab.open(&format!("/{}/articles", screen.lang)).await;
    tab.fill("q", screen.say("débit", "speed")).await;
    tab.follow(&css(".hero-search button")).await;
    tab.at(&format!("/{}/search", screen.lang)).await;
    tab.inspect_unscripted().await;
    let found = tab.text(".hit h2").await;
    tab.follow(&css(".hit h2 a")).await;
    assert_eq!(tab.text("article h1").await, found);
    tab.inspect_unscripted().await;
}

/// A form that was refused keeps its file in a draft, which then can be thrown away.
async fn discard_a_draft(tab: &Tab) {
    let screen = tab.screen;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("light.txt");
    std::fs::write(&file, "orange").expect("written");
    let body = screen.say("Le voyant clignote.", "The light is blinking.");
    tab.fill("body", body).await;
    tab.attach("files", &file).await;
    tab.expect_status(422);
    tab.follow(&label(&screen.t("new-send"))).await;
    names_the_field(tab, "subject").await;
    assert_eq!(tab.value_of("body").await, body);
    tab.see_in("[data-draft-files]", "light.txt").await;
    tab.inspect_unscripted().await;

    tab.follow(&css("[name=draft_remove]")).await;
    assert_eq!(tab.value_of("body").await, body);
    assert!(!tab.sees(&css("[name=draft_remove]")).await);
    tab.inspect_unscripted().await;
    tab.follow(&css("[data-draft-discard]")).await;
    tab.see_in("[role=status]", &screen.t("draft-discarded"))
        .await;
    assert_eq!(tab.value_of("body").await, "");
}
