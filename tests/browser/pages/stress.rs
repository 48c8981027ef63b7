//! Every sample with what nobody expects: each text of a person ends in a word of eighty letters,
//! and messages have two hundred lines of them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use guichet::platform::i18n::{Catalog, Lang, catalog};
use guichet::platform::web::shell::Shell;
use guichet::platform::web::view::Sample;
use serde_json::Value;

use super::gallery::of_the_desk;
use super::look;
use super::samples::{self, SAMPLES, address};
use crate::harness::{Screen, Tab, World};

const WORD: &str =
    "Rhabarberbarbarabarbarbarenbartbarbierbierbarbaerbelbarbarenrhabarberbarbaratdef";

/// Values that are not read, or of a form that the program gives them.
const NOT_WRITTEN: [&str; 28] = [
    "action",
    "accept",
    "activity",
    "as_of",
    "datetime",
    "deadline",
    "filed",
    "glyph",
    "hours",
    "href",
    "icon",
    "id",
    "initials",
    "key",
    "kind",
    "lang",
    "name_attribute",
    "phone",
    "priority_label",
    "qr",
    "reference",
    "request_id",
    "role_label",
    "size",
    "slug",
    "stage_label",
    "time",
    "when",
];

/// What the program itself says; nobody makes it longer.
static OURS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let texts = |lang: &Lang| {
        let lang = *lang;
        let keys = Catalog::keys(lang).into_iter();
        keys.map(move |key| catalog().text(lang, &key, None))
    };
    Lang::ALL.iter().flat_map(texts).collect()
});

/// Looks whether anything leaves its place; tells where.
pub async fn every_sample() -> Vec<String> {
    let world = World::with_routes(samples::routes()).await;
    let french = Screen::new(Lang::Fr, true, false);
    let mut found = on(&world, french, &look::WIDTHS).await;
    // Widths differ more than languages do: of the other one the tightest usual window is enough.
    let english = Screen::new(Lang::En, true, true);
    found.extend(on(&world, english, &[390]).await);
    world.close().await;
    found
}

/// Looks at every sample in windows of some widths.
async fn on(world: &World, screen: Screen, widths: &[u32]) -> Vec<String> {
    let lang = screen.lang;
    let tab = Tab::open_for("stress", screen, &world.address).await;
    let mut found = Vec::new();
    for (index, sample) in SAMPLES.iter().enumerate() {
        // Each is seen by somebody in one language, and by a stranger in the other.
        let person = of_the_desk(sample.template) || (index % 2 == 0) == (lang == Lang::Fr);
        let address = address(index, lang, person, true);
        look::widen(&tab, widths[0]).await;
        tab.open(&address).await;
        let mut wrong = Vec::new();
        for &width in widths {
            look::widen(&tab, width).await;
            let spills = look::spills(&tab).await;
            wrong.extend(spills.into_iter().map(|it| format!("  at {width}:{it}")));
        }
        if !wrong.is_empty() {
            found.push(format!("{}, {address}:", sample.template));
            found.extend(wrong);
        }
    }
    found.extend(tab.faults().await);
    tab.close().await;
    found
}

/// A sample whose texts are too long.
pub fn stretched(sample: &Sample) -> Sample {
    let values = sample.values.as_ref().expect("a sample can be printed");
    let mut values = values.clone();
    stretch("", &mut values);
    Sample {
        template: sample.template,
        values: Ok(values),
    }
}

/// The names around a page, too long.
pub fn stretch_shell(shell: &mut Shell) {
    if let Some(person) = &mut shell.person {
        person.name = format!("{} {WORD}", person.name);
        person.email = format!("{}@exemple.example", &WORD[..64]);
        person.organisation = Some(format!("Clinique {WORD}"));
    }
    if let Some(rail) = &mut shell.rail {
        for link in rail.views.iter_mut().chain(&mut rail.teams) {
            link.label = format!("{} {WORD}", link.label);
            link.count = Some(1_234_567);
        }
    }
}

fn stretch(name: &str, value: &mut Value) {
    match value {
        Value::Object(map) => map
            .iter_mut()
            .for_each(|(name, value)| stretch(name, value)),
        Value::Array(values) => values.iter_mut().for_each(|value| stretch(name, value)),
        Value::String(text) if is_html(text) => {
            *text = format!("<p>{}</p>\n{text}", format!("{WORD}<br>\n").repeat(200));
        }
        Value::String(text) if is_address(text) => {
            *text = format!("{}@exemple.example", &WORD[..64]);
        }
        Value::String(text) if is_written(name, text) => text.extend([" ", WORD]),
        _ => {}
    }
}

fn is_html(text: &str) -> bool {
    text.starts_with("<p>") || text.starts_with("<h2")
}

fn is_address(text: &str) -> bool {
    text.contains('@') && !text.contains(char::is_whitespace)
}

/// Whether somebody wrote it: neither a word of the program nor a value for machines.
fn is_written(name: &str, text: &str) -> bool {
    let spoken = text
        .chars()
        .any(|c| c.is_uppercase() || c.is_whitespace() || !c.is_ascii());
    let counted = text.len() < 24 && text.contains(|c: char| c.is_ascii_digit());
    let link = text.starts_with(['/', '#', '<']) || text.starts_with("http");
    spoken
        && !counted
        && !link
        && text.chars().any(char::is_alphabetic)
        && !NOT_WRITTEN.contains(&name)
        && !OURS.contains(text)
}
