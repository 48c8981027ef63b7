//! Somebody without an account asks for help once.

use std::io::Write;

use crate::harness::{Stage, css, label};

/// Files a request with a file and follows it by the link in the acknowledgement, from elsewhere.
pub async fn files_a_request(stage: &Stage) {
    let screen = stage.screen;
    let tab = stage.tab("guest").await;
    let subject = screen.say(
        "Le fax du quai ne répond plus",
        "The fax on the dock is dead",
    );
    let body = screen.say(
        "Depuis lundi, plus rien ne part.",
        "Since Monday nothing leaves.",
    );

    tab.open("/requests/new").await;
    tab.inspect().await;
    tab.click(&css(".radio-tile")).await;
    tab.fill("subject", subject).await;
    tab.fill("body", body).await;
    tab.fill("name", "Solène Exemple").await;
    tab.fill("email", "solene@sapin.example").await;
    let file = note();
    tab.attach("files", file.path()).await;
    tab.see(&css("[data-dropzone-list] .file-name")).await;
    tab.follow(&label(&screen.t("new-send"))).await;
    tab.at("/requests/filed").await;
    assert_eq!(tab.text("h1").await, screen.t("filed-title"));
    tab.inspect().await;

    let link = stage.world.mailed_link("solene@sapin.example").await;
    let elsewhere = stage.tab("guest elsewhere").await;
    elsewhere.open(&link).await;
    assert_eq!(elsewhere.text("h1").await, subject);
    elsewhere.see_in(".message-body", body).await;
    let answer = "fetch(document.querySelector('a.file').href).then((r) => r.text())";
    assert_eq!(elsewhere.value::<String>(answer).await, NOTE);
    assert!(
        !elsewhere.sees(&css("main form")).await,
        "the link only reads"
    );
    elsewhere.inspect().await;
    elsewhere.open("/requests").await;
    elsewhere.at("/sign-in").await;
}

const NOTE: &str = "Code 31 on the display.\n";

fn note() -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new()
        .prefix("fax-")
        .suffix(".txt")
        .tempfile();
    let mut file = file.expect("a temporary file");
    file.write_all(NOTE.as_bytes()).expect("it can be written");
    file
}
