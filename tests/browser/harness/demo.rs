//! The demonstration's world, served.

use std::path::Path;
use std::sync::Arc;

use guichet::app;
use guichet::config::Settings;
use guichet::demo::{self, Home, Plan, SignIns};
use guichet::platform::clock::Clock;
use guichet::platform::web::Site;

use super::World;
use crate::support;

impl World {
    /// The demonstration with some requests, and how its people sign in. `furnish` brings what it
    /// has not into its folder of articles.
    pub async fn demonstration(tickets: usize, furnish: impl FnOnce(&Path)) -> (Self, SignIns) {
        let sign_ins = SignIns::draw();
        let known = sign_ins.clone();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let world = Self::serve(folder, |folder, address| {
            // Filling is long work on this thread, which others must not wait for.
            tokio::task::block_in_place(|| open(folder, address, tickets, furnish, &known))
        })
        .await;
        (world, sign_ins)
    }
}

fn open(
    folder: &Path,
    address: &str,
    tickets: usize,
    furnish: impl FnOnce(&Path),
    sign_ins: &SignIns,
) -> Arc<Site> {
    let home = Home::new(folder);
    home.begin().expect("the temporary folder can be written");
    let settings = Settings {
        public_url: address.to_owned(),
        ..support::settings(folder)
    };
    let settings = home.furnish(settings, true);
    furnish(&settings.kb_dir);
    let site = app::open(settings, Clock::System).expect("the program opens");
    let plan = Plan {
        tickets,
        seed: 1,
        now: site.db.now(),
    };
    demo::fill(&site, &plan, sign_ins).expect("the demonstration is made");
    site
}
