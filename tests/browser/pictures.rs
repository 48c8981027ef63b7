//! The pictures of the README, of the demonstration's world; `scripts/screenshots` takes them.

use std::path::{Path, PathBuf};

use guichet::demo::{SignIn, SignIns};
use guichet::platform::i18n::Lang;
use libtest_mimic::Trial;

use crate::harness::{Screen, Tab, World, block_on, css, label};

const WIDE: Screen = Screen::new(Lang::Fr, true, false);
const DARK: Screen = Screen::new(Lang::Fr, true, true);
const PHONE: Screen = Screen::new(Lang::Fr, false, false);
const ENGLISH: Screen = Screen::new(Lang::En, true, false);

/// Requests of the demonstration that are told word for word.
const AT_HOME: &str = "Ajout de deux postes au standard du bloc B";
const AT_THE_DESK: &str = "Perte de connexion fibre toutes les 20 minutes";

/// Not a test: it runs only when it is asked for.
pub fn trial() -> Trial {
    let take = || {
        block_on(take());
        Ok(())
    };
    Trial::test("screenshots", take).with_ignored_flag(true)
}

async fn take() {
    let (world, sign_ins) = World::demonstration(400, |_| {}).await;
    let studio = Studio { world, sign_ins };
    studio.visitor().await;
    studio.customer(WIDE, "home", "request").await;
    studio.customer(PHONE, "home-phone", "request-phone").await;
    studio.agent(WIDE, "queue", "ticket").await;
    studio.agent(DARK, "queue-dark", "ticket-dark").await;
    studio.world.close().await;
}

struct Studio {
    world: World,
    sign_ins: SignIns,
}

impl Studio {
    async fn visitor(&self) {
        let tab = self.tab("visitor", ENGLISH).await;
        tab.open("/en/search?q=fibre+drops").await;
        tab.follow(&css(".hit h2 a")).await;
        save(&tab, "article").await;
        tab.open("/requests/new").await;
        tab.click(&css(".radio-tile")).await;
        tab.fill("subject", "The fibre connection drops every hour")
            .await;
        tab.see(&css(".related-item a")).await;
        save(&tab, "new-request").await;
        tab.close().await;
    }

    async fn customer(&self, screen: Screen, home: &str, request: &str) {
        let tab = self.signed_in(&self.sign_ins.customer, screen).await;
        tab.open("/").await;
        save(&tab, home).await;
        tab.open("/requests").await;
        follow_to(&tab, ".stub", AT_HOME).await;
        save(&tab, request).await;
        tab.close().await;
    }

    async fn agent(&self, screen: Screen, queue: &str, ticket: &str) {
        let tab = self.signed_in(&self.sign_ins.agent, screen).await;
        tab.open("/desk/views/open").await;
        save(&tab, queue).await;
        tab.open("/desk/views/mine").await;
        follow_to(&tab, "[data-row] a", AT_THE_DESK).await;
        save(&tab, ticket).await;
        tab.close().await;
    }

    async fn signed_in(&self, who: &SignIn, screen: Screen) -> Tab {
        let tab = self.tab("somebody", screen).await;
        tab.open("/sign-in").await;
        tab.fill("email", &who.email).await;
        tab.fill("password", &who.password).await;
        tab.follow(&label(&screen.t("sign-in-button"))).await;
        tab
    }

    async fn tab(&self, who: &'static str, screen: Screen) -> Tab {
        Tab::open_for(who, screen, &self.world.address).await
    }
}

/// Opens the first link of a kind whose text begins so.
async fn follow_to(tab: &Tab, links: &str, text: &str) {
    let address: Option<String> = tab
        .value(format!(
            "[...document.querySelectorAll({links:?})].find((a) => a.textContent.trim().startsWith({text:?}))?.href"
        ))
        .await;
    let address = address.unwrap_or_else(|| panic!("nothing here is called {text}"));
    tab.open(&address).await;
}

async fn save(tab: &Tab, name: &str) {
    // Somebody who looks at a picture has no caret in it.
    tab.run("document.activeElement?.blur()").await;
    let path = folder().join(format!("{name}.png"));
    assert!(tab.save_picture(&path).await, "{name} could not be taken");
}

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/screenshots");
    std::fs::create_dir_all(&folder).expect("the repository can be written");
    folder
}
