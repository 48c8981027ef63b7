//! A portal gets the look of its company.

use guichet::accounts::Role;

use super::sign_in;
use crate::harness::{Stage, Tab, css, label};

const GREEN: &str = "#0e673d";

/// Changes name, colour and logo; the portal wears them at once.
pub async fn is_worn(stage: &Stage) {
    let screen = stage.screen;
    let manager = stage
        .world
        .person("Mahaut Exemple", Role::Manager, screen)
        .await;
    let visitor = stage.tab("visitor").await;
    visitor.open("/").await;
    let tab = stage.tab("manager").await;
    sign_in(&tab, &manager.email).await;
    tab.open("/manage/settings").await;
    tab.inspect().await;
    tab.open("/manage/settings/identity").await;
    tab.inspect().await;
    try_a_pale_colour(&tab).await;
    tab.fill("company_name", "Marronniers").await;
    tab.fill("accent_light", GREEN).await;
    let folder = tempfile::tempdir().expect("a folder");
    let logo = folder.path().join("logo.png");
    std::fs::write(&logo, picture()).expect("a picture");
    tab.attach("logo_file", &logo).await;
    tab.follow(&label(&screen.t("profile-save"))).await;
    tab.see_in("[role=status]", &screen.t("settings-saved"))
        .await;
    tab.inspect().await;

    visitor.open("/").await;
    visitor.see(&css("img.brand-logo")).await;
    visitor.see_in(".brand-name", "Marronniers").await;
    visitor.inspect().await;
    for group in ["languages", "contact", "mail", "limits"] {
        tab.open(&format!("/manage/settings/{group}")).await;
        tab.inspect().await;
    }
}

/// What is said of a colour while it is typed.
async fn try_a_pale_colour(tab: &Tab) {
    tab.fill("accent_light", "#ffcc00").await;
    let verdict = tab.screen.say("il faut 4,50:1", "4.50:1 is needed");
    tab.see_in("[data-verdict=light]", verdict).await;
}

/// A small green square.
fn picture() -> &'static [u8] {
    include_bytes!("../square.png")
}
