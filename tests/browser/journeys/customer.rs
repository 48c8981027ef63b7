//! From the first account to the confirmed solution, on both sides of the counter.

use guichet::accounts::Role;
use rocket::futures::FutureExt;

use super::{open_drawer, sign_in};
use crate::harness::{PASSWORD, Screen, Stage, Tab, css, label};

const EMAIL: &str = "odette@sapin.example";

/// Signs up, asks, is answered and confirms; never sees what the agents tell one another.
pub async fn is_helped(stage: &Stage) {
    let screen = stage.screen;
    let customer = stage.tab("customer").await;
    sign_up(stage, &customer).await;
    let subject = screen.say(
        "débit trop lent à l’atelier",
        "speed too low in the workshop",
    );
    let ticket = ask(&customer, subject).await;

    stage
        .world
        .person("Ambre Exemple", Role::Agent, screen)
        .await;
    let agent = stage.tab("agent").await;
    sign_in(&agent, "ambre@tilleuls.example").await;
    let note = screen.say("Client pressé, à ménager.", "In a hurry: tread softly.");
    let answer = screen.say("Le débit est rétabli.", "The speed is back.");
    take(&agent, subject).await;
    write_note(&agent, note).await;
    resolve(&agent, answer).await;

    customer.open(&ticket).await;
    customer.see_in(".thread", answer).await;
    let text = customer.text("body").boxed().await;
    assert!(!text.contains(note), "the customer reads the note: {text}");
    customer.inspect().await;
    customer.follow(&label(&screen.t("ticket-confirm"))).await;
    customer
        .see_in("[role=status]", &screen.t("ticket-confirmed"))
        .await;
    let step =
        customer.value::<String>("document.querySelector('[aria-current=step]').textContent");
    assert!(step.await.contains(&screen.t("ticket-stage-confirmed")));
    customer.inspect().await;
}

async fn sign_up(stage: &Stage, tab: &Tab) {
    let screen = stage.screen;
    tab.open("/sign-up").await;
    tab.inspect().await;
    tab.fill("name", "Odette Exemple").await;
    tab.fill("email", EMAIL).await;
    tab.follow(&label(&screen.t("sign-up-button"))).await;
    assert_eq!(tab.text("h1").await, screen.t("sign-up-sent-title"));
    tab.open(&stage.world.mailed_link(EMAIL).await).await;
    tab.inspect().await;
    tab.fill("password", PASSWORD).await;
    tab.follow(&label(&screen.t("set-password-button"))).await;
    tab.see_in("[role=status]", &screen.t("password-saved"))
        .await;
    tab.inspect().await;
}

/// Files a request past the articles that might have answered it; says where it is.
async fn ask(tab: &Tab, subject: &str) -> String {
    let screen = tab.screen;
    tab.open("/requests/new").await;
    tab.click(&css(".radio-tile")).await;
    tab.fill("subject", subject).await;
    tab.see(&css(".related-item a")).await;
    tab.inspect().await;
    tab.fill(
        "body",
        screen.say("Mesuré trois fois.", "Measured three times."),
    )
    .await;
    tab.follow(&label(&screen.t("new-send"))).await;
    tab.see_in("[role=status]", &screen.t("ticket-filed")).await;
    assert_eq!(tab.text("h1").await, subject);
    tab.inspect().await;
    tab.path().await
}

async fn take(tab: &Tab, subject: &str) {
    tab.open("/desk/views/unassigned").await;
    tab.inspect().await;
    tab.follow(&label(subject).inside("[data-row]")).await;
    tab.inspect().await;
    open_drawer(tab, "properties").await;
    tab.choose("assignee", &me(tab.screen)).await;
    tab.follow(&css("[data-save]")).await;
    tab.see_in("[role=status]", &tab.screen.t("desk-saved"))
        .await;
}

fn me(screen: Screen) -> String {
    let mut args = guichet::platform::i18n::Args::new();
    args.set("name", "Ambre Exemple");
    screen.t_with("label-me", &args)
}

async fn write_note(tab: &Tab, note: &str) {
    tab.click(&css("label:has([name=kind][value=note])")).await;
    tab.fill("body", note).await;
    tab.follow(&css("[data-send-note]")).await;
    tab.see_in(".message-note", note).await;
    let colours = "['note', 'customer'].map((kind) =>
        getComputedStyle(document.querySelector(`.message-${kind} .message-card`)).backgroundColor)";
    let [note, customer] = tab.value::<[String; 2]>(colours).await;
    assert_ne!(note, customer, "a note looks like any other message");
}

async fn resolve(tab: &Tab, answer: &str) {
    tab.click(&css("label:has([name=kind][value=reply])")).await;
    tab.fill("body", answer).await;
    tab.click(&css(".composer-send summary")).await;
    tab.follow(&css(".composer-send [name=status][value=resolved]"))
        .await;
    tab.see_in(".message-public", answer).await;
    tab.see_in(".desk-facts", &tab.screen.t("label-stage-resolved"))
        .await;
    tab.inspect().await;
}
