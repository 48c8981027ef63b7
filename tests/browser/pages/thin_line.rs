//! Every sample over a thin line: what has been painted of a page stays where it is while the rest
//! arrives.

use guichet::platform::i18n::Lang;

use super::gallery::of_the_desk;
use super::look;
use super::samples::{self, SAMPLES, address};
use crate::harness::{Screen, Tab, World};

/// A page takes about half a second.
const BYTES_PER_SECOND: u32 = 12_000;

/// Looks whether anything moves; tells where.
pub async fn every_sample() -> Vec<String> {
    let world = World::with_routes(samples::routes()).await;
    let tab = Tab::open_for(
        "thin_line",
        Screen::new(Lang::Fr, true, false),
        &world.address,
    )
    .await;
    // Style, scripts and font are there from an earlier visit: it is the page that comes in pieces.
    tab.open(&address(0, Lang::Fr, false, false)).await;
    tab.open(&address(0, Lang::Fr, true, false)).await;
    tab.over_a_thin_line(BYTES_PER_SECOND).await;
    let mut found = Vec::new();
    for (index, sample) in SAMPLES.iter().enumerate() {
        let person = of_the_desk(sample.template) || index % 2 == 0;
        let address = address(index, Lang::Fr, person, false);
        for width in [1440, 390] {
            look::widen(&tab, width).await;
            tab.open(&address).await;
            tab.until("the first picture", look::PAINTED).await;
            let moves = tab.moves().await;
            if !moves.is_empty() {
                found.push(format!("{}, {address}, at {width}:", sample.template));
                found.extend(moves);
            }
        }
    }
    found.extend(tab.faults().await);
    tab.close().await;
    world.close().await;
    found
}
