//! What goes wrong, and what is said about it.

use guichet::accounts::Role;

use super::{request, sign_in};
use crate::harness::{PASSWORD, Stage, css, label};

/// An incomplete form comes back with everything that was written, and says what is missing.
pub async fn leave_the_text(stage: &Stage) {
    let screen = stage.screen;
    let tab = stage.tab("guest").await;
    let body = screen.say(
        "Le voyant est rouge.\nEt il clignote.",
        "The light is red.\nAnd it blinks.",
    );
    tab.open("/requests/new").await;
    tab.fill("body", body).await;
    tab.expect_status(422);
    tab.follow(&label(&screen.t("new-send"))).await;
    assert_eq!(tab.value_of("body").await, body);
    let announced = "document.activeElement.matches('[data-error-summary][role=alert]')";
    tab.until("the focus on the summary", announced).await;
    tab.see_in(".error-summary", &screen.t("field-subject"))
        .await;
    let invalid = "document.getElementById('subject').getAttribute('aria-invalid')";
    assert_eq!(tab.value::<String>(invalid).await, "true");
    tab.inspect().await;
    tab.click(&css(".error-summary a[href='#subject']")).await;
    tab.until(
        "the focus on the field",
        "document.activeElement.id === 'subject'",
    )
    .await;
}

/// A session that ends while somebody writes costs a sign-in and nothing else.
pub async fn outlive_a_session(stage: &Stage) {
    let screen = stage.screen;
    let odette = stage
        .world
        .person("Odette Exemple", Role::Customer, screen)
        .await;
    let path = request(stage, &odette, "Switchboard").await;
    let tab = stage.tab("customer").await;
    sign_in(&tab, &odette.email).await;
    tab.open(&path).await;
    let reply = screen.say("Toujours en panne ce matin.", "Still down this morning.");
    tab.fill("body", reply).await;
    tab.forget_cookie("guichet_session").await;
    tab.expect_status(401);
    tab.follow(&label(&screen.t("ticket-send"))).await;
    assert_eq!(tab.text("h1").await, screen.t("session-title"));
    tab.see_in(".kept-text", reply).await;
    tab.inspect().await;
    tab.fill("email", &odette.email).await;
    tab.fill("password", PASSWORD).await;
    tab.follow(&label(&screen.t("session-button"))).await;
    tab.at(&path).await;
    assert_eq!(tab.value_of("body").await, reply);
    tab.inspect().await;
    tab.follow(&label(&screen.t("ticket-send"))).await;
    tab.see_in(".thread", reply).await;
}

/// An address that leads nowhere shows ways on.
pub async fn lead_on(stage: &Stage) {
    let screen = stage.screen;
    let tab = stage.tab("visitor").await;
    tab.expect_status(404);
    tab.open(&format!("/{}/articles/nothing-here", screen.lang))
        .await;
    assert_eq!(tab.text("h1").await, screen.t("error-404-title"));
    tab.inspect().await;
    assert_eq!(tab.value_of("q").await, "nothing here");
    tab.fill("q", screen.say("débit", "speed")).await;
    tab.follow_key("Enter").await;
    tab.at(&format!("/{}/search", screen.lang)).await;
    tab.see(&css(".hit h2 a")).await;
    tab.back().await;
    tab.follow(&label(&screen.t("error-articles"))).await;
    tab.at(&format!("/{}/articles", screen.lang)).await;
    tab.inspect().await;
}
