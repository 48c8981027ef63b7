//! All that a customer does, without any script.

use guichet::accounts::Role;

use super::{open_account_menu, sign_in};
use crate::harness::{Stage, Tab, css, label};

const NOTE: &str = "Code 31 on the display.\n";

/// From the first page to signing out.
pub async fn needs_no_scripts(stage: &Stage) {
    let screen = stage.screen;
    let odette = stage
        .world
        .person("Odette Exemple", Role::Customer, screen)
        .await;
    let tab = stage.tab("customer").await;
    tab.without_scripts().await;
    sign_in(&tab, &odette.email).await;
    let ticket = search_and_file(&tab).await;
    reply(&tab).await;
    find_again(&tab, &ticket).await;

    stage
        .world
        .person("Ambre Exemple", Role::Agent, screen)
        .await;
    let agent = stage.tab("agent").await;
    agent.without_scripts().await;
    sign_in(&agent, "ambre@tilleuls.example").await;
    let desk = ticket.replace("/requests/", "/desk/tickets/");
    for answer in ["Is it better now?", "And now?"] {
        resolve(&agent, &desk, answer).await;
        tab.open(&ticket).await;
        tab.see_in(".thread", answer).await;
        if answer == "And now?" {
            break;
        }
        tab.follow(&label(&screen.t("ticket-reopen"))).await;
        tab.see_in("[role=status]", &screen.t("ticket-reopened"))
            .await;
    }
    tab.follow(&label(&screen.t("ticket-confirm"))).await;
    tab.see_in("[role=status]", &screen.t("ticket-confirmed"))
        .await;
    profile(stage, &tab, &odette.email).await;
}

/// Looks for an answer, and asks a question instead.
async fn search_and_file(tab: &Tab) -> String {
    let screen = tab.screen;
    tab.open("/").await;
    tab.fill("q", screen.say("débit", "speed")).await;
    tab.follow_key("Enter").await;
    tab.follow(&css(".hit h2 a")).await;
    tab.follow(&label(&screen.t("knowledge-file"))).await;
    // What scripts would do stays out of sight: nothing promises what does not come.
    assert!(
        !tab.sees(&css("[data-draft-choice], [data-related-settled]"))
            .await
    );
    tab.click(&css(".radio-tile")).await;
    let subject = screen.say("Le fax du quai est muet", "The fax on the dock is mute");
    tab.fill("subject", subject).await;
    tab.fill("body", "Since Monday.").await;
    let file = note();
    tab.attach("files", file.path()).await;
    tab.follow(&label(&screen.t("new-send"))).await;
    tab.see_in("[role=status]", &screen.t("ticket-filed")).await;
    assert_eq!(tab.text("h1").await, subject);
    tab.see(&css(".thread a.file")).await;
    tab.inspect_unscripted().await;
    tab.path().await
}

async fn reply(tab: &Tab) {
    let file = note();
    tab.fill("body", &"It still does not answer.\n".repeat(200))
        .await;
    tab.attach("files", file.path()).await;
    tab.follow(&label(&tab.screen.t("ticket-send"))).await;
    let files = "document.querySelectorAll('.thread a.file').length === 2";
    tab.until("both files", files).await;
    // The long text is folded, and unfolds.
    let height = "document.querySelector('.message-tall').clientHeight";
    let folded: f64 = tab.value(height).await;
    tab.click(&label(&tab.screen.t("message-whole"))).await;
    assert!(tab.value::<f64>(height).await > 3.0 * folded);
    tab.click(&label(&tab.screen.t("message-fold"))).await;
    assert!((tab.value::<f64>(height).await - folded).abs() < 1.0);
}

/// By the list, its search and its filters.
async fn find_again(tab: &Tab, ticket: &str) {
    let path = ticket.split('?').next().unwrap_or(ticket);
    tab.open("/requests").await;
    tab.inspect_unscripted().await;
    tab.follow(&css(".chips .chip:nth-of-type(2)")).await;
    tab.follow(&css(".ticket-list .stub")).await;
    tab.at(path).await;
}

async fn resolve(agent: &Tab, path: &str, answer: &str) {
    agent.open(path).await;
    agent.inspect_unscripted().await;
    agent.fill("body", answer).await;
    agent.click(&css(".composer-send summary")).await;
    agent
        .follow(&css(".composer-send [name=status][value=resolved]"))
        .await;
    agent.see_in(".thread", answer).await;
}

/// Changes the name, ends the session of another browser, and leaves.
async fn profile(stage: &Stage, tab: &Tab, email: &str) {
    let screen = tab.screen;
    let other = stage.tab("the same elsewhere").await;
    other.without_scripts().await;
    sign_in(&other, email).await;

    open_account_menu(tab).await;
    tab.follow(&css(".menu-list a[href='/profile']")).await;
    tab.fill("name", "Odette Nouvelle").await;
    tab.follow(&label(&screen.t("profile-save"))).await;
    tab.see_in("[role=status]", &screen.t("profile-saved"))
        .await;
    assert_eq!(tab.value_of("name").await, "Odette Nouvelle");
    tab.inspect_unscripted().await;
    let end = screen.t("profile-end-session");
    tab.follow(&label(&end).inside("form")).await;
    other.open("/requests").await;
    other.at("/sign-in").await;

    open_account_menu(tab).await;
    tab.follow(&label(&screen.t("shell-sign-out"))).await;
    tab.open("/requests").await;
    tab.at("/sign-in").await;
}

fn note() -> tempfile::NamedTempFile {
    use std::io::Write;
    let file = tempfile::Builder::new()
        .prefix("fax-")
        .suffix(".txt")
        .tempfile();
    let mut file = file.expect("a temporary file");
    file.write_all(NOTE.as_bytes()).expect("it can be written");
    file
}
