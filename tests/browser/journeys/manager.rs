//! A manager sets the portal up.

use guichet::accounts::Role;

use super::sign_in;
use crate::harness::{PASSWORD, Stage, Tab, css, label};

const INVITED: &str = "basile@tilleuls.example";
const TEAM: &str = "Sites";

/// Invites an agent, makes a team and a kind of request; each is of use at once.
pub async fn sets_up(stage: &Stage) {
    let screen = stage.screen;
    let manager = stage
        .world
        .person("Mahaut Exemple", Role::Manager, screen)
        .await;
    let tab = stage.tab("manager").await;
    sign_in(&tab, &manager.email).await;
    invite(&tab).await;
    accept(stage).await;
    make_team(&tab).await;
    make_kind(&tab).await;
    read_audit(&tab).await;

    let visitor = stage.tab("visitor").await;
    visitor.open("/requests/new").await;
    let kind = screen.say("Un déménagement", "A move of premises");
    visitor.see_in(".radio-tiles", kind).await;
}

async fn invite(tab: &Tab) {
    let screen = tab.screen;
    tab.open("/manage/people").await;
    tab.inspect().await;
    tab.follow(&label(&screen.t("people-invite"))).await;
    tab.inspect().await;
    tab.fill("name", "Basile Exemple").await;
    tab.fill("email", INVITED).await;
    tab.choose("role", &screen.t("role-agent")).await;
    tab.choose("language", screen.lang.endonym()).await;
    tab.follow(&label(&screen.t("people-invite-button"))).await;
    tab.see_in("[role=status]", INVITED).await;
    tab.inspect().await;
}

async fn accept(stage: &Stage) {
    let agent = stage.tab("invited").await;
    agent.open(&stage.world.mailed_link(INVITED).await).await;
    agent.fill("password", PASSWORD).await;
    agent
        .follow(&label(&stage.screen.t("set-password-button")))
        .await;
    assert!(agent.path().await.starts_with("/desk"));
    agent.see(&css("[data-row], .empty")).await;
    agent.inspect().await;
}

async fn make_team(tab: &Tab) {
    let screen = tab.screen;
    tab.open("/manage/teams").await;
    tab.inspect().await;
    tab.fill("name", TEAM).await;
    tab.follow(&label(&screen.t("teams-create"))).await;
    tab.see_in("[role=status]", &screen.t("teams-created"))
        .await;
    tab.inspect().await;
    tab.click(&label("Basile Exemple")).await;
    tab.follow(&label(&screen.t("teams-save-members"))).await;
    let chosen = "document.querySelector('[name=members]:checked') !== null";
    assert!(tab.value::<bool>(chosen).await, "the member is not kept");
}

/// Finds in the audit what was just done.
async fn read_audit(tab: &Tab) {
    let screen = tab.screen;
    tab.open("/manage/audit").await;
    tab.see_in("tbody", "Mahaut Exemple").await;
    tab.inspect().await;
    tab.choose("area", &screen.t("audit-area-rights")).await;
    tab.fill("about", INVITED).await;
    tab.follow(&label(&screen.t("audit-show"))).await;
    tab.see_in("tbody", "Basile Exemple").await;
    tab.inspect().await;
    tab.expect_status(422);
    tab.fill("about", "basile").await;
    tab.follow(&label(&screen.t("audit-show"))).await;
    tab.see(&css("[data-error-summary]")).await;
    tab.inspect().await;
}

async fn make_kind(tab: &Tab) {
    let screen = tab.screen;
    tab.open("/manage/request-types").await;
    tab.inspect().await;
    tab.follow(&label(&screen.t("forms-new"))).await;
    tab.inspect().await;
    tab.fill("name_fr", "Un déménagement").await;
    tab.fill("name_en", "A move of premises").await;
    tab.click(&css("label:has([name=icon])")).await;
    tab.fill("slug", "move").await;
    tab.choose("team", TEAM).await;
    tab.follow(&label(&screen.t("forms-save"))).await;
    tab.see(&css("[role=status]")).await;
    tab.inspect().await;
}
