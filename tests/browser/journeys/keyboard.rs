//! Everything without a mouse.

use guichet::accounts::Role;

use super::{request, sign_in};
use crate::harness::{Stage, Tab, css};

/// Tab reaches all there is on the pages that customers use most, visibly.
pub async fn reaches_everything(stage: &Stage) {
    let odette = stage
        .world
        .person("Odette Exemple", Role::Customer, stage.screen)
        .await;
    let path = request(stage, &odette, "Switchboard").await;
    let tab = stage.tab("customer").await;
    tab.open("/").await;
    walk(&tab).await;
    sign_in(&tab, &odette.email).await;
    tab.open(&path).await;
    walk(&tab).await;

    tab.open("/").await;
    tab.press("Tab").await;
    let skip = "document.activeElement.matches('.skip-link')
        && document.activeElement.getBoundingClientRect().top >= 0";
    tab.until("the skip link", skip).await;
    tab.press("Enter").await;
    tab.until("the content", "document.activeElement.id === 'main'")
        .await;
}

/// j, k, Enter and u lead through the desk.
pub async fn works_the_desk(stage: &Stage) {
    let screen = stage.screen;
    let odette = stage
        .world
        .person("Odette Exemple", Role::Customer, screen)
        .await;
    for subject in ["Printer", "Switchboard", "Fibre"] {
        request(stage, &odette, subject).await;
    }
    let agent = stage
        .world
        .person("Ambre Exemple", Role::Agent, screen)
        .await;
    let tab = stage.tab("agent").await;
    sign_in(&tab, &agent.email).await;
    tab.open("/desk/views/unassigned").await;
    let subjects: Vec<String> = tab
        .value("[...document.querySelectorAll('[data-row] a')].map((a) => a.textContent.trim())")
        .await;
    for (key, at) in [("j", 0), ("j", 1), ("j", 2), ("k", 1)] {
        tab.press(key).await;
        tab.see_in(".cursor", &subjects[at]).await;
    }
    tab.follow_key("Enter").await;
    assert_eq!(tab.text("h1").await, subjects[1]);
    walk(&tab).await;
    tab.run("document.activeElement.blur()").await;
    tab.follow_key("u").await;
    tab.at("/desk/views/unassigned").await;
    tab.press("?").await;
    tab.see(&css("dialog[open]")).await;
    tab.inspect().await;
    tab.press("Escape").await;
    tab.until(
        "the end of the help",
        "!document.querySelector('dialog[open]')",
    )
    .await;
}

async fn walk(tab: &Tab) {
    let found = tab.walk().await;
    assert!(
        found.is_empty(),
        "{}:\n{}",
        tab.path().await,
        found.join("\n")
    );
}
