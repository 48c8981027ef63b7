//! A request from the first word to the answer, without a single click.

use guichet::accounts::Role;

use crate::harness::{PASSWORD, Stage, Tab, css, label};

const REPLY: &str = "It is plugged in again.";
const NOTE: &str = "They unplug it every week.";

/// Somebody files a request, somebody else answers and leaves a note.
pub async fn do_the_work(stage: &Stage) {
    let screen = stage.screen;
    let odette = stage
        .world
        .person("Odette Exemple", Role::Customer, screen)
        .await;
    let ambre = stage
        .world
        .person("Ambre Exemple", Role::Agent, screen)
        .await;
    let subject = screen.say("Le fax du quai est muet", "The fax on the dock is mute");
    let customer = stage.tab("customer").await;
    sign_in(&customer, &odette.email).await;
    let ticket = file(&customer, subject).await;

    let agent = stage.tab("agent").await;
    sign_in(&agent, &ambre.email).await;
    move_about(&agent).await;
    agent.press("j").await;
    agent.see_in(".cursor", subject).await;
    agent.follow_key("Enter").await;
    assert_eq!(agent.text("h1").await, subject);
    write(&agent, "c", "reply", REPLY).await;
    agent.see_in(".message-public", REPLY).await;
    write(&agent, "n", "note", NOTE).await;
    agent.see_in(".message-note", NOTE).await;
    let told = "[...document.querySelectorAll('.message-public')].map((m) => m.textContent).join()";
    let told: String = agent.value(told).await;
    assert!(!told.contains(NOTE), "the note went as a reply");

    customer.open(&ticket).await;
    customer.see_in(".thread", REPLY).await;
    let read = customer.text("body").await;
    assert!(!read.contains(NOTE), "the customer reads the note: {read}");
}

async fn sign_in(tab: &Tab, email: &str) {
    tab.open("/sign-in").await;
    tab.tab_to(&css("[name=email]")).await;
    tab.type_text(email).await;
    tab.tab_to(&css("[name=password]")).await;
    tab.type_text(PASSWORD).await;
    tab.follow_key("Enter").await;
}

/// Says where the request is.
async fn file(tab: &Tab, subject: &str) -> String {
    let screen = tab.screen;
    tab.open("/").await;
    tab.tab_to(&label(&screen.t("shell-new-request"))).await;
    tab.follow_key("Enter").await;
    tab.at("/requests/new").await;
    tab.tab_to(&css("[name=request_type]")).await;
    tab.press(" ").await;
    tab.press("ArrowDown").await;
    let second = "document.querySelectorAll('[name=request_type]')[1].checked";
    tab.until("the second kind", second).await;
    tab.tab_to(&css("[name=subject]")).await;
    tab.type_text(subject).await;
    tab.tab_to(&css("[name=body]")).await;
    tab.type_text("Since Monday.").await;
    tab.tab_to(&label(&screen.t("new-send"))).await;
    tab.follow_key("Enter").await;
    tab.see_in("[role=status]", &screen.t("ticket-filed")).await;
    assert_eq!(tab.text("h1").await, subject);
    tab.path().await
}

/// By the keys that lead to places, to the filters and to the search, and back from there by Escape;
/// ends at the list of what is nobody's.
async fn move_about(tab: &Tab) {
    tab.open("/desk").await;
    go(tab, "m", "/desk/views/mine").await;
    go(tab, "u", "/desk/views/unassigned").await;

    tab.press("f").await;
    let open = "document.activeElement.matches('details[data-key=filter][open] select')";
    tab.until("the filters", open).await;
    tab.press("Escape").await;
    let closed = "document.activeElement.matches('details[data-key=filter]:not([open]) > summary')";
    tab.until("the end of the filters", closed).await;

    tab.press("/").await;
    let search = "document.activeElement.matches('[data-search]')";
    tab.until("the search", search).await;
    assert_eq!(
        tab.value::<String>("document.activeElement.value").await,
        ""
    );
    tab.press("Escape").await;
    let left = "document.activeElement === document.body";
    tab.until("the focus to leave the search", left).await;
    tab.press("/").await;
    tab.type_text("fax").await;
    tab.follow_key("Enter").await;
    tab.at("/desk/search").await;
    go(tab, "u", "/desk/views/unassigned").await;
}

async fn go(tab: &Tab, key: &str, path: &str) {
    tab.press("g").await;
    tab.follow_key(key).await;
    tab.at(path).await;
}

/// Writes into what a key opens, and sends it.
async fn write(tab: &Tab, key: &str, kind: &str, text: &str) {
    tab.press(key).await;
    let ready = format!(
        "document.activeElement.matches('[name=body]')
         && document.querySelector('[name=kind][value={kind}]').checked"
    );
    tab.until(kind, &ready).await;
    tab.type_text(text).await;
    tab.follow_key_with_ctrl("Enter").await;
}
