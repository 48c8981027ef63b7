//! Two steps to sign in, and the places where one is signed in.

use guichet::accounts::Role;
use guichet::accounts::factor::TotpKey;

use super::sign_in;
use crate::harness::{PASSWORD, Stage, Tab, css, label};

/// Seconds for which a code holds.
const STEP: u64 = 30;

/// Adds a second factor, signs out and in again with a code, and ends another session.
pub async fn guards_an_account(stage: &Stage) {
    let screen = stage.screen;
    let person = stage.world.person("Basile Exemple", Role::Agent, screen);
    let email = person.await.email;
    let tab = stage.tab("agent").await;
    sign_in(&tab, &email).await;
    let (key, used) = enrol(stage, &tab).await;

    sign_out(&tab).await;
    let phone = stage.tab("phone").await;
    // The code that it was added with is used up.
    phone.expect_status(422);
    give_code(stage, &phone, &email, &key.code_at(used)).await;
    phone.see(&css(".error-summary")).await;
    phone.inspect().await;
    let unused = now(stage).max(used + STEP);
    give_code(stage, &tab, &email, &key.code_at(unused)).await;
    assert!(tab.path().await.starts_with("/desk"));
    finish_with_recovery(stage, &tab, &phone).await;
}

async fn give_code(stage: &Stage, tab: &Tab, email: &str, code: &str) {
    sign_in(tab, email).await;
    tab.at("/sign-in/code").await;
    tab.inspect().await;
    tab.fill("code", code).await;
    tab.follow(&label(&stage.screen.t("sign-in-button"))).await;
}

/// Adds a second factor; answers its key and the second whose code was given.
async fn enrol(stage: &Stage, tab: &Tab) -> (TotpKey, u64) {
    let screen = stage.screen;
    tab.open("/profile").await;
    tab.inspect().await;
    tab.follow(&css("a[href='/profile/factor']")).await;
    tab.inspect().await;
    let drawn = "document.querySelector('.sign-qr').naturalWidth > 0";
    assert!(tab.value::<bool>(drawn).await, "the QR code is not drawn");
    let key = TotpKey::parse(&tab.text(".sign-key").await).expect("the page shows a key");
    let used = now(stage);
    tab.fill("code", &key.code_at(used)).await;
    tab.fill("current_password", PASSWORD).await;
    tab.follow(&label(&screen.t("factor-add"))).await;
    tab.see(&css(".sign-codes")).await;
    tab.inspect().await;
    (key, used)
}

/// Seconds since 1970, by which codes are made.
fn now(stage: &Stage) -> u64 {
    u64::try_from(stage.world.site.db.now().seconds()).expect("after 1970")
}

async fn sign_out(tab: &Tab) {
    tab.open("/profile").await;
    tab.click(&css("details:has([action='/sign-out']) > summary"))
        .await;
    tab.follow(&css("[action='/sign-out'] button")).await;
    tab.at("/").await;
}

/// The phone comes in with a recovery code; the other browser sees it and ends it.
async fn finish_with_recovery(stage: &Stage, tab: &Tab, phone: &Tab) {
    let screen = stage.screen;
    let list = "section[aria-labelledby=sessions]";
    tab.open("/profile/factor").await;
    tab.inspect().await;
    tab.open("/profile").await;
    let alone = format!("document.querySelectorAll('{list} li').length");
    assert_eq!(tab.value::<u32>(alone.as_str()).await, 1);

    let codes = stage.world.new_recovery_codes("basile@tilleuls.example");
    let recovery = codes.await.remove(0);
    phone.click(&css(".sign-other > summary")).await;
    phone.fill("recovery_code", &recovery).await;
    phone.follow(&label(&screen.t("sign-in-button"))).await;
    assert!(phone.path().await.starts_with("/desk"));

    tab.open("/profile").await;
    assert_eq!(tab.value::<u32>(alone.as_str()).await, 2);
    tab.inspect().await;
    tab.follow(&css(&format!("{list} li form button"))).await;
    tab.see_in("[role=status]", &screen.t("profile-session-ended"))
        .await;
    phone.open("/profile").await;
    phone.at("/sign-in").await;
}
