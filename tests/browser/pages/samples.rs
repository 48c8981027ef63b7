//! The program with a route for each sample, so that it is served as any page is.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use guichet::app::all_samples;
use guichet::platform::front::head::Refusal;
use guichet::platform::i18n::Lang;
use guichet::platform::web::headers::framing_policy;
use guichet::platform::web::shell::{Rail, RailLink, Shell};
use guichet::platform::web::view::Sample;
use guichet::platform::web::{Reply, Site};
use rocket::http::{ContentType, Status};
use rocket::{Route, State, get, routes};

use super::stress;

/// All samples; each is named by its place in here.
pub static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(all_samples);

/// Where a sample is shown.
pub fn address(index: usize, lang: Lang, person: bool, stressed: bool) -> String {
    format!("/gallery/{index}?lang={lang}&person={person}&stressed={stressed}")
}

/// Where the pages are shown that the front writes by itself, without templates.
pub fn addresses_of_the_front() -> Vec<String> {
    let indexes = 0..Refusal::pages().len();
    indexes
        .map(|index| format!("/gallery/front/{index}"))
        .collect()
}

/// The routes that show them.
pub fn routes() -> Vec<Route> {
    routes![show, front, logo, mail, style, style_above]
}

/// Templates of whole pages that no sample shows.
pub fn without_sample() -> Vec<String> {
    let shown: BTreeSet<&str> = SAMPLES.iter().map(|sample| sample.template).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut missing = Vec::new();
    let mut folders = vec![folder.clone()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).expect("the templates").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&folder).expect("below the templates");
            let name = name.to_string_lossy().into_owned();
            let source = std::fs::read_to_string(&path).expect("a template is text");
            let whole = source.starts_with("{% extends \"layouts/")
                && !source.starts_with("{% extends \"layouts/mail")
                && !name.starts_with("layouts/");
            if whole && !shown.contains(name.as_str()) {
                missing.push(format!("{name} has no sample"));
            }
        }
    }
    missing
}

#[get("/gallery/<index>?<lang>&<person>&<stressed>")]
fn show(index: usize, lang: &str, person: bool, stressed: bool, site: &State<Arc<Site>>) -> Reply {
    let lang: Lang = lang.parse().expect("a language");
    let sample = &SAMPLES[index];
    let mut shell = shell(lang, person);
    let html = if stressed {
        stress::stretch_shell(&mut shell);
        let stretched = stress::stretched(sample);
        site.templates.show(&stretched, lang, &shell)
    } else {
        site.templates.show(sample, lang, &shell)
    };
    // What samples name and nobody has made.
    let html = html.expect("a sample renders");
    let html = html.replace("/brand/logo/", "/gallery/logo/");
    let html = html.replace("src=\"/manage/outbox/", "src=\"/gallery/mail/");
    Reply::html(Status::Ok, html).with_header("Content-Security-Policy", framing_policy())
}

#[get("/gallery/front/<index>")]
fn front(index: usize) -> Reply {
    Reply::html(Status::Ok, Refusal::pages().swap_remove(index))
}

#[get("/gallery/logo/<_>")]
fn logo() -> Reply {
    Reply::bytes(ContentType::PNG, include_bytes!("../square.png").to_vec())
}

#[get("/gallery/mail/<_>/html")]
fn mail() -> Reply {
    let html = "<!doctype html><html lang=\"fr\"><title>x</title><p>Bonjour.</p></html>";
    Reply::html(Status::Ok, html.to_owned())
        .with_header("Content-Security-Policy", "default-src 'none'")
        .with_header("X-Frame-Options", "SAMEORIGIN")
}

/// Pages of an archive bring their style along, beside them or above.
#[get("/gallery/style.css")]
fn style() -> Reply {
    let style = include_bytes!("../../../src/privacy/export/style.css");
    Reply::bytes(ContentType::CSS, style.to_vec())
}

#[get("/style.css")]
fn style_above() -> Reply {
    style()
}

/// Somebody with every link, or nobody; logos and colours of companies have tests of their own.
fn shell(lang: Lang, person: bool) -> Shell {
    let [stranger, manager] = Shell::samples(lang);
    let languages = manager.languages.clone();
    let shell = if person { manager } else { stranger };
    Shell {
        logo: None,
        colours: None,
        languages,
        rail: shell.rail.as_ref().map(|_| rail()),
        ..shell
    }
}

fn rail() -> Rail {
    let link = |label: &str, icon: &str, count: Option<i64>, current: bool| RailLink {
        key: label.to_lowercase(),
        label: label.to_owned(),
        href: format!("/desk/{icon}"),
        icon: icon.to_owned(),
        hue: 3,
        count,
        current,
    };
    Rail {
        views: vec![
            link("Mine", "inbox", Some(12), true),
            link("Unassigned", "user", Some(12_480), false),
        ],
        teams: vec![link("Network", "", Some(3), false)],
        manage: vec![link("People", "users", None, false)],
    }
}
