//! Having an account, without any script.

use super::{open_account_menu, sign_in_with};
use crate::harness::{PASSWORD, Stage, Tab, css, label};

const EMAIL: &str = "odette@sapin.example";
const SECOND: &str = "deux cerises en juin";
const THIRD: &str = "trois figues en septembre";

/// From signing up to a copy of one's data, with three passwords.
pub async fn needs_no_scripts(stage: &Stage) {
    let tab = stage.tab("customer").await;
    tab.without_scripts().await;
    sign_up(stage, &tab).await;
    sign_out(&tab).await;
    reset_password(stage, &tab).await;
    change_password(&tab).await;
    copy_data(&tab).await;
    switch_theme(&tab).await;
    switch_language(&tab).await;
    sign_out(&tab).await;
    sign_in_with(&tab, EMAIL, THIRD).await;
    tab.open("/requests").await;
    tab.at("/requests").await;
}

async fn sign_up(stage: &Stage, tab: &Tab) {
    let screen = stage.screen;
    tab.open("/sign-up").await;
    tab.fill("name", "Odette Exemple").await;
    tab.expect_status(422);
    tab.follow(&label(&screen.t("sign-up-button"))).await;
    names_the_field(tab, "email").await;
    assert_eq!(tab.value_of("name").await, "Odette Exemple");
    tab.inspect_unscripted().await;

    tab.fill("email", EMAIL).await;
    tab.follow(&label(&screen.t("sign-up-button"))).await;
    assert_eq!(tab.text("h1").await, screen.t("sign-up-sent-title"));
    tab.inspect_unscripted().await;
    choose_password(stage, tab, PASSWORD).await;
}

/// By the link of the next mail.
async fn choose_password(stage: &Stage, tab: &Tab, password: &str) {
    let screen = stage.screen;
    tab.open(&stage.world.mailed_link(EMAIL).await).await;
    tab.inspect_unscripted().await;
    tab.fill("password", password).await;
    tab.follow(&label(&screen.t("set-password-button"))).await;
    tab.see_in("[role=status]", &screen.t("password-saved"))
        .await;
    tab.inspect_unscripted().await;
}

async fn reset_password(stage: &Stage, tab: &Tab) {
    let screen = stage.screen;
    tab.open("/sign-in").await;
    tab.follow(&label(&screen.t("sign-forgot"))).await;
    tab.inspect_unscripted().await;
    tab.fill("email", EMAIL).await;
    tab.follow(&label(&screen.t("forgot-button"))).await;
    assert_eq!(tab.text("h1").await, screen.t("forgot-sent-title"));
    choose_password(stage, tab, SECOND).await;
}

async fn change_password(tab: &Tab) {
    let screen = tab.screen;
    tab.open("/profile").await;
    let change = label(&screen.t("profile-change-password"));
    tab.fill("current_password", PASSWORD).await;
    tab.fill("password", THIRD).await;
    tab.follow(&change).await;
    says_at_the_field(tab, "current_password", "profile-password-wrong").await;
    tab.inspect_unscripted().await;
    tab.fill("current_password", SECOND).await;
    tab.fill("password", THIRD).await;
    tab.follow(&change).await;
    tab.see_in("[role=status]", &screen.t("profile-password-changed"))
        .await;
}

async fn copy_data(tab: &Tab) {
    let screen = tab.screen;
    tab.open("/profile").await;
    tab.follow(&label(&screen.t("data-profile-link"))).await;
    tab.inspect_unscripted().await;
    tab.fill("current_password", THIRD).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let button = label(&screen.t("data-copy-button"));
    let copy = tab.download(&button, folder.path(), "zip").await;
    let copy = std::fs::read(&copy).expect("the copy can be read");
    assert!(copy.starts_with(b"PK"), "the copy is no zip file");
}

/// To the colours that the system does not ask for.
async fn switch_theme(tab: &Tab) {
    let colour = "getComputedStyle(document.body).backgroundColor";
    tab.open("/requests").await;
    let before: String = tab.value(colour).await;
    let theme = if tab.screen.dark { "light" } else { "dark" };
    open_account_menu(tab).await;
    tab.follow(&css(&format!("[name=theme][value={theme}]")))
        .await;
    tab.at("/requests").await;
    let now: String = tab.value("document.documentElement.dataset.theme").await;
    assert_eq!(now, theme);
    assert_ne!(tab.value::<String>(colour).await, before);
    tab.inspect_unscripted().await;
}

async fn switch_language(tab: &Tab) {
    let own = tab.screen.lang.as_str();
    let other = tab.screen.say("en", "fr");
    for lang in [other, own] {
        tab.follow(&css(&format!(".languages a[hreflang={lang}]")))
            .await;
        tab.at("/requests").await;
        let now: String = tab.value("document.documentElement.lang").await;
        assert_eq!(now, lang);
    }
}

async fn sign_out(tab: &Tab) {
    open_account_menu(tab).await;
    tab.follow(&label(&tab.screen.t("shell-sign-out"))).await;
    tab.open("/requests").await;
    tab.at("/sign-in").await;
}

/// The page says which field was refused, above the form and beside the field.
pub(super) async fn names_the_field(tab: &Tab, field: &str) {
    says_at_the_field(tab, field, &format!("field-{field}")).await;
}

/// The summary leads to a field with this text, and something is said beside the field, too.
async fn says_at_the_field(tab: &Tab, field: &str, text: &str) {
    let said = tab.screen.t(text);
    tab.see_in(&format!(".error-summary a[href='#{field}']"), &said)
        .await;
    let said: String = tab
        .value(format!(
            "(() => {{ const field = document.getElementById('{field}');
               if (field.getAttribute('aria-invalid') !== 'true') return '';
               const told = field.getAttribute('aria-describedby').split(' ')[0];
               return document.getElementById(told).textContent.trim(); }})()"
        ))
        .await;
    assert!(!said.is_empty(), "nothing is said beside {field}");
}
