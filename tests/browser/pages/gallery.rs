//! Every sample of every page: barriers in six looks, the keyboard, motion, and the window's width.

use guichet::platform::i18n::Lang;

use super::look;
use super::samples::{self, SAMPLES, address};
use crate::harness::{Rules, Screen, Tab, World, css};

/// What a page of the gallery is looked at with: see [`looks`].
type Looks = [(u32, bool); 3];

/// Width and darkness of what axe-core looks at. Between them, the two languages show each page in
/// all six ways.
const fn looks(lang: Lang) -> Looks {
    match lang {
        Lang::Fr => [(1440, false), (768, true), (390, false)],
        Lang::En => [(1440, true), (768, false), (390, true)],
    }
}

/// Looks at every sample; tells what is wrong with which.
pub async fn every_sample(lang: Lang) -> Vec<String> {
    let world = World::with_routes(samples::routes()).await;
    let screen = Screen::new(lang, true, false);
    let tab = Tab::open_for("gallery", screen, &world.address).await;
    let mut found = samples::without_sample();
    let mut quiet = 0;
    for (index, sample) in SAMPLES.iter().enumerate() {
        // Each is seen by a stranger in one language, and by somebody in the other.
        let person = of_the_desk(sample.template) || (index % 2 == 0) == (lang == Lang::Fr);
        let address = address(index, lang, person, false);
        let mut wrong = examine(&tab, looks(lang), &address).await;
        if index + 1 == SAMPLES.len() || SAMPLES[index + 1].template != sample.template {
            wrong.extend(walk(&tab, lang, &address).await);
        }
        let faults = tab.faults().await;
        wrong.extend(faults[quiet..].iter().map(|fault| format!("  {fault}")));
        quiet = faults.len();
        if !wrong.is_empty() {
            found.push(format!("{}, {address}:", sample.template));
            found.extend(wrong);
        }
    }
    for address in samples::addresses_of_the_front() {
        // These have the browser's own colours, of whose dark ground axe-core knows nothing.
        let bright = looks(lang).map(|(width, _)| (width, false));
        let mut wrong = examine(&tab, bright, &address).await;
        wrong.extend(walk(&tab, lang, &address).await);
        let faults = tab.faults().await;
        wrong.extend(faults[quiet..].iter().map(|fault| format!("  {fault}")));
        quiet = faults.len();
        if !wrong.is_empty() {
            found.push(format!("{address}:"));
            found.extend(wrong);
        }
    }
    tab.close().await;
    world.close().await;
    found
}

/// Whether a page stands on the desk, which has no strangers.
pub fn of_the_desk(template: &str) -> bool {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let source = std::fs::read_to_string(path.join(template)).expect("the sample has a template");
    ["desk", "manage"]
        .iter()
        .any(|layout| source.starts_with(&format!("{{% extends \"layouts/{layout}.html\"")))
}

async fn examine(tab: &Tab, looks: Looks, address: &str) -> Vec<String> {
    look::widen(tab, looks[0].0).await;
    tab.dye(looks[0].1).await;
    tab.open(address).await;
    tab.until("the first picture", look::PAINTED).await;
    let mut found = tab.moves().await;
    found.extend(look::restless(tab).await);
    found.extend(look::unmarked(tab).await);
    for (nth, (width, dark)) in looks.into_iter().enumerate() {
        look::widen(tab, width).await;
        tab.dye(dark).await;
        let rules = if nth == 0 {
            Rules::All
        } else {
            Rules::OfTheScreen
        };
        let barriers = tab.barriers("document", rules).await;
        let at = |it: String| format!("  at {width}, dark {dark}:{it}");
        found.extend(barriers.into_iter().map(at));
    }
    found.extend(in_menus(tab).await);
    for width in look::WIDTHS {
        look::widen(tab, width).await;
        let spills = look::spills(tab).await;
        found.extend(spills.into_iter().map(|it| format!("  at {width}:{it}")));
    }
    found
}

/// What is only there once it was unfolded.
async fn in_menus(tab: &Tab) -> Vec<String> {
    if !tab.sees(&css("details")).await {
        return Vec::new();
    }
    look::unfold(tab).await;
    let barriers = tab
        .barriers("{ include: [['details[open]']] }", Rules::All)
        .await;
    tab.run("for (const d of document.querySelectorAll('details')) d.open = false")
        .await;
    let unfolded = |it: String| format!("  unfolded:{it}");
    barriers.into_iter().map(unfolded).collect()
}

/// With the keyboard, on a wide window in one language, on a phone and zoomed in the other: what
/// stays in sight takes most of a low window.
async fn walk(tab: &Tab, lang: Lang, address: &str) -> Vec<String> {
    let widths: &[u32] = match lang {
        Lang::Fr => &[1440],
        Lang::En => &[390, look::ZOOMED],
    };
    let mut found = Vec::new();
    for &width in widths {
        look::widen(tab, width).await;
        tab.open(address).await;
        let wrong = tab.walk().await;
        found.extend(wrong.into_iter().map(|it| format!("  at {width}:{it}")));
    }
    found
}
