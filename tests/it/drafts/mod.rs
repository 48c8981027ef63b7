//! What people type, kept until they send it.

mod at_once;
mod coming_back;
mod files;
mod guests;
mod leaving;
mod saving;

use guichet::accounts::Person;
use guichet::drafts::{Draft, Place, find};
use serde_json::Value;

use crate::requests::portal::Portal;
use crate::support::{Browser, Page};

const REQUEST: &str = "/drafts/request";

/// A token for the forms of a browser.
fn token(browser: &Browser<'_>) -> String {
    let page = browser.get("/profile").expect(200);
    let form = page.form("/profile");
    form.value("csrf").expect("a token").to_owned()
}

/// Keeps what a form shows, as its script does.
fn save<'b>(browser: &'b Browser<'b>, path: &str, fields: &[(&str, &str)]) -> Page<'b> {
    let token = token(browser);
    let all: Vec<_> = [("csrf", token.as_str())]
        .into_iter()
        .chain(fields.iter().copied())
        .collect();
    browser.post(path, &all)
}

fn json(page: &Page<'_>) -> Value {
    serde_json::from_slice(page.bytes()).expect("JSON")
}

/// What a save answered, for a field.
fn told(page: &Page<'_>, field: &str) -> String {
    json(page)[field].as_str().unwrap_or_default().to_owned()
}

/// What is kept of somebody.
fn kept(portal: &Portal, who: &Person, form: &'static str, subject: i64) -> Option<Draft> {
    let (owner, place) = (who.id.into(), Place { form, subject });
    portal.app.read(|conn| find(conn, &owner, place))
}
