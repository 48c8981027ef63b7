//! Pictures of every page on every screen, to be looked at: `target/browser/album`.
//!
//! Not a test: nobody can say in advance what looks right. It runs only when it is asked for.

use std::path::{Path, PathBuf};

use diesel::prelude::*;
use guichet::platform::db::StorageError;
use guichet::platform::i18n::Lang;
use guichet::schema::people;

use super::gallery::of_the_desk;
use super::look;
use super::samples::{self, SAMPLES, address};
use super::visits::{TICKETS, Town};
use crate::harness::{Screen, Tab, World};

const LOOKS: [(u32, bool); 6] = [
    (1440, false),
    (1440, true),
    (768, false),
    (768, true),
    (390, false),
    (390, true),
];

/// Takes them all.
pub async fn take() {
    for &lang in Lang::ALL {
        samples_in(lang).await;
    }
    let town = Town::build(TICKETS).await;
    for &lang in Lang::ALL {
        town.world
            .write(move |tx| {
                diesel::update(people::table)
                    .set(people::language.eq(lang.as_str()))
                    .execute(tx.conn)
                    .map_err(StorageError::from)
            })
            .await;
        routes_in(lang, &town).await;
    }
    town.world.close().await;
}

async fn samples_in(lang: Lang) {
    let world = World::with_routes(samples::routes()).await;
    let tab = Tab::open_for("album", Screen::new(lang, true, false), &world.address).await;
    for (index, sample) in SAMPLES.iter().enumerate() {
        let person = of_the_desk(sample.template) || index % 2 == 0;
        tab.open(&address(index, lang, person, false)).await;
        let name = sample.template.replace('/', "-").replace(".html", "");
        picture(&tab, lang, &format!("sample-{index:03}-{name}")).await;
    }
    tab.close().await;
    world.close().await;
}

async fn routes_in(lang: Lang, town: &Town) {
    for stay in town.stays() {
        let tab = town.enter(stay.who, lang).await;
        for path in &stay.paths {
            if town.is_page(&tab, path).await {
                tab.open(path).await;
                let name = path.replace(['/', '?', '='], "-");
                let name: String = name.chars().take(50).collect();
                picture(&tab, lang, &format!("route-{}{name}", stay.who)).await;
            }
        }
        tab.close().await;
    }
}

async fn picture(tab: &Tab, lang: Lang, name: &str) {
    for (width, dark) in LOOKS {
        look::widen(tab, width).await;
        tab.dye(dark).await;
        let scheme = if dark { "dark" } else { "light" };
        let path = folder().join(format!("{name}-{lang}-{width}-{scheme}.png"));
        assert!(
            tab.save_whole_picture(&path).await,
            "{name} could not be taken"
        );
    }
}

fn folder() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    let folder = target
        .expect("a folder of the target folder")
        .join("browser/album");
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}
