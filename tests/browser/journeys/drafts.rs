//! What is typed outlives whatever happens to the page, the server and the session.

use guichet::accounts::Role;

use super::{request, sign_in};
use crate::harness::{PASSWORD, Stage, Tab, css, label};

const LINE: &str = "[data-draft-line]";

async fn saved(tab: &Tab) {
    let said = tab.screen.say("Brouillon enregistré", "Draft saved");
    tab.see_in(LINE, said).await;
}

async fn restored(tab: &Tab) {
    let said = tab.screen.say("Brouillon restauré", "restored");
    tab.see_in(LINE, said).await;
}

/// A page that is loaded again, or opened elsewhere, has the text, until it is sent or discarded.
pub async fn outlive_their_page(stage: &Stage) {
    let screen = stage.screen;
    let odette = stage
        .world
        .person("Odette Exemple", Role::Customer, screen)
        .await;
    let tab = stage.tab("customer").await;
    sign_in(&tab, &odette.email).await;
    tab.open("/requests/new").await;
    let body = screen.say("Le voyant clignote.", "The light is blinking.");
    tab.fill("subject", "Wi-Fi").await;
    tab.fill("body", body).await;
    saved(&tab).await;
    tab.inspect().await;
    tab.open("/requests/new").await;
    assert_eq!(tab.value_of("body").await, body);
    assert_eq!(tab.value_of("subject").await, "Wi-Fi");
    restored(&tab).await;
    tab.inspect().await;

    // A file goes along by itself, and can be taken away again.
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("light.txt");
    std::fs::write(&file, "orange").expect("written");
    tab.attach("files", &file).await;
    tab.see_in("[data-draft-files]", "light.txt").await;
    tab.open("/requests/new").await;
    tab.see_in("[data-draft-files]", "light.txt").await;
    tab.inspect().await;
    tab.click(&css("[name=draft_remove]")).await;
    let none = "document.querySelector('[data-draft-files]').children.length === 0";
    tab.until("the file to go", none).await;

    tab.follow(&css("[data-draft-discard]")).await;
    tab.see_in("[role=status]", &screen.t("draft-discarded"))
        .await;
    assert_eq!(tab.value_of("body").await, "");

    // Who types without a rest is saved, too.
    let type_on = "const body = document.querySelector('[name=body]'); \
         window.typing = setInterval(() => { body.value += '.'; \
         body.dispatchEvent(new Event('input', { bubbles: true })); }, 200)";
    tab.run(type_on).await;
    saved(&tab).await;
    tab.run("clearInterval(window.typing)").await;
}

/// Who goes back to a page that was sent, and writes on, writes another message; it is kept as any.
pub async fn begin_anew_after_sending(stage: &Stage) {
    let screen = stage.screen;
    let odette = stage
        .world
        .person("Odette Exemple", Role::Customer, screen)
        .await;
    let path = request(stage, &odette, "Switchboard").await;
    let tab = stage.tab("customer").await;
    sign_in(&tab, &odette.email).await;
    tab.open(&path).await;
    tab.fill("body", "One.").await;
    saved(&tab).await;
    let own_key = "document.querySelector('[data-draft]').closest('form').elements.key.value";
    let key: String = tab.value(own_key).await;
    tab.follow(&label(&screen.t("ticket-send"))).await;
    tab.see_in(".thread", "One.").await;
    // As a page that the browser kept as it was.
    tab.run(&format!("{own_key} = '{key}'")).await;
    tab.fill("body", "One, and two.").await;
    saved(&tab).await;
    assert_ne!(tab.value::<String>(own_key).await, key);
    tab.open(&path).await;
    assert_eq!(tab.value_of("body").await, "One, and two.");
    tab.follow(&label(&screen.t("ticket-send"))).await;
    tab.see_in(".thread", "One, and two.").await;
}

/// A note stays a note.
pub async fn stay_notes(stage: &Stage) {
    let screen = stage.screen;
    let odette = stage
        .world
        .person("Odette Exemple", Role::Customer, screen)
        .await;
    let ambre = stage
        .world
        .person("Ambre Exemple", Role::Agent, screen)
        .await;
    let path = request(stage, &odette, "Switchboard").await;
    let path = path.replace("/requests/", "/desk/tickets/");
    let tab = stage.tab("agent").await;
    sign_in(&tab, &ambre.email).await;
    tab.open(&path).await;
    tab.press("n").await;
    tab.type_text("A note.").await;
    saved(&tab).await;
    tab.inspect().await;
    tab.open(&path).await;
    assert_eq!(tab.value_of("body").await, "A note.");
    let note = "document.querySelector('[name=kind][value=note]').checked";
    assert!(tab.value::<bool>(note).await, "it would go as a reply");
    restored(&tab).await;
    tab.inspect().await;
    tab.follow(&label(&screen.t("desk-note-add"))).await;
    tab.see_in("[data-thread]", "A note.").await;
    assert_eq!(tab.value_of("body").await, "");
}

/// While the server is away the browser keeps the text, and hands it over afterwards.
pub async fn outlive_the_server(stage: &Stage) {
    let screen = stage.screen;
    let odette = stage
        .world
        .person("Odette Exemple", Role::Customer, screen)
        .await;
    let path = request(stage, &odette, "Switchboard").await;
    let tab = stage.tab("customer").await;
    sign_in(&tab, &odette.email).await;
    tab.open(&path).await;
    tab.fill("body", "Before.").await;
    saved(&tab).await;
    tab.expect_outage();
    stage.world.stop().await;
    tab.fill("body", "Meanwhile.").await;
    tab.see_in(LINE, &screen.t("draft-device")).await;
    stage.world.start().await;
    tab.run("dispatchEvent(new Event('online'))").await;
    saved(&tab).await;
    let copies =
        "Object.keys(localStorage).filter((key) => key.startsWith('guichet-draft:')).length === 0";
    tab.until("the copy to go", copies).await;
    tab.open(&path).await;
    assert_eq!(tab.value_of("body").await, "Meanwhile.");

    // Away at the very moment of sending: the page is lost, the text is not.
    stage.world.stop().await;
    tab.fill("body", "At last.").await;
    tab.see_in(LINE, &screen.t("draft-device")).await;
    stage.world.start().await;
    tab.open(&path).await;
    let back = "document.querySelector('[name=body]').value === 'At last.'";
    tab.until("the text of this browser", back).await;
    tab.see_in(LINE, &screen.t("draft-device-restored")).await;
    tab.follow(&label(&screen.t("ticket-send"))).await;
    tab.see_in(".thread", "At last.").await;
    assert_eq!(tab.value_of("body").await, "");
}

/// What a guest types is in their browser again after a reload and a crash of its tab, and theirs once
/// they have signed in.
pub async fn of_guests(stage: &Stage) {
    let screen = stage.screen;
    let odette = stage
        .world
        .person("Odette Exemple", Role::Customer, screen)
        .await;
    let body = screen.say("Le voyant clignote.", "The light is blinking.");
    let tab = stage.tab("guest").await;
    tab.open("/requests/new").await;
    tab.fill("subject", "Wi-Fi").await;
    tab.fill("body", body).await;
    tab.fill("name", "Solène Exemple").await;
    saved(&tab).await;
    tab.inspect().await;
    // A tab that crashed has forgotten everything; the server has not.
    tab.run("sessionStorage.clear()").await;
    tab.open("/requests/new").await;
    restored(&tab).await;
    assert_eq!(tab.value_of("subject").await, "Wi-Fi");
    assert_eq!(tab.value_of("body").await, body);
    assert_eq!(tab.value_of("name").await, "Solène Exemple");
    tab.inspect().await;

    sign_in(&tab, &odette.email).await;
    tab.open("/requests/new").await;
    assert_eq!(tab.value_of("body").await, body);
    tab.follow(&css("[data-draft-discard]")).await;
    assert_eq!(tab.value_of("body").await, "");
    let copies = "sessionStorage.length + localStorage.length === 0";
    tab.until("every copy to go", copies).await;
}

/// A session that was ended elsewhere costs a sign-in and nothing else.
pub async fn outlive_their_session(stage: &Stage) {
    let screen = stage.screen;
    let odette = stage
        .world
        .person("Odette Exemple", Role::Customer, screen)
        .await;
    let path = request(stage, &odette, "Switchboard").await;
    let tab = stage.tab("customer").await;
    sign_in(&tab, &odette.email).await;
    tab.open(&path).await;
    tab.fill("body", "Before.").await;
    saved(&tab).await;
    tab.expect_status(401);
    tab.forget_cookie("guichet_session").await;
    tab.fill("body", "Meanwhile.").await;
    tab.see_in(LINE, &screen.t("draft-session")).await;
    tab.open(&path).await;
    tab.fill("email", &odette.email).await;
    tab.fill("password", PASSWORD).await;
    tab.follow(&label(&screen.t("sign-in-button"))).await;
    tab.at(&path).await;
    let back = "document.querySelector('[name=body]').value === 'Meanwhile.'";
    tab.until("the text", back).await;
    tab.see_in(LINE, &screen.t("draft-device-restored")).await;
    tab.open(&path).await;
    assert_eq!(tab.value_of("body").await, "Meanwhile.");
    // Whoever signs out leaves nothing behind.
    tab.run("localStorage.setItem('guichet-draft:x:request', '{}')")
        .await;
    tab.click(&css(".account > summary")).await;
    tab.follow(&label(&screen.t("shell-sign-out"))).await;
    assert_eq!(tab.value::<usize>("localStorage.length").await, 0);
}
