//! Fields that a form does not have change nothing, whatever they are called (mass assignment).

use std::collections::{BTreeMap, BTreeSet};

use super::quiet::{columns, dump};
use super::stage::Stage;
use super::table::token;
use super::twice::{FORMS, Filled, ready};

/// Fields of a form that may be left out, and were in [`FORMS`]: they do say something.
const OWN: &[(&str, &[&str])] = &[
    (
        "/desk/tickets",
        &["name", "priority", "team", "assignee", "visibility"],
    ),
    ("/desk/tickets/<reference>/messages", &["kind"]),
    (
        "/desk/tickets/<reference>/properties",
        &["team", "assignee", "tags"],
    ),
    ("/manage/teams/<id>/members", &["members"]),
    ("/manage/request-types", &["hint_fr", "hint_en", "team"]),
    (
        "/manage/request-types/<id>",
        &["hint_fr", "hint_en", "team"],
    ),
    ("/manage/sign-in", &["factor_required"]),
    ("/deflections", &["form_key", "subject"]),
    ("/deflections/settled", &["form_key"]),
];

/// What no form of ours has, and programs like ours were caught with.
const NOTORIOUS: [(&str, &str); 8] = [
    ("bcc", "evil@evil.example"),
    ("cc", "evil@evil.example"),
    ("to", "evil@evil.example"),
    ("is_admin", "true"),
    ("admin", "1"),
    ("account_id", "1"),
    ("requester", "1"),
    ("user[role]", "manager"),
];

/// Something that the column might take.
fn value_for(column: &str) -> &'static str {
    match column {
        "role" => "manager",
        "visibility" => "note",
        "status" => "closed",
        "author_kind" => "agent",
        "channel" => "phone",
        "email" | "to_address" => "evil@evil.example",
        name if name.ends_with("_at") => "2020-01-01T00:00:00Z",
        _ => "1",
    }
}

/// Every column of every table that is no field of the form, with a value.
fn extras(columns: &BTreeSet<String>, (route, _, fields): &Filled) -> Vec<(String, &'static str)> {
    let own = OWN.iter().find(|(known, _)| known == route);
    let own = own.map_or(&[][..], |(_, own)| own);
    let is_own = |name: &str| {
        let sent = fields.iter().any(|(field, _)| *field == name);
        sent || own.contains(&name) || ["key", "csrf"].contains(&name)
    };
    let columns = columns.iter().map(|name| (name.clone(), value_for(name)));
    let notorious = NOTORIOUS.map(|(name, value)| (name.to_owned(), value));
    columns
        .chain(notorious)
        .filter(|(name, _)| !is_own(name))
        .collect()
}

/// What random numbers make different in two runs of the same.
fn comparable(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-+/$=".contains(c);
    let mut out = String::new();
    for piece in text.split_inclusive(|c| !is_part(c)) {
        let word = piece.trim_end_matches(|c| !is_part(c));
        let number = word.len() >= 8 && word.bytes().all(|b| b.is_ascii_digit());
        let drawn = number
            || word.len() >= 14
                && (word.contains(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase())
                    || !word.contains(['-', '_', '/']));
        out.push_str(if drawn { "*" } else { word });
        out.push_str(&piece[word.len()..]);
    }
    out
}

/// What a form leaves behind, in a program of its own.
fn outcome(form: &Filled, extra: bool) -> (u16, BTreeMap<String, String>) {
    let (_, role, _) = form;
    let stage = Stage::new();
    let (path, mut sent) = ready(&stage, form);
    let browser = stage.browser(role);
    sent.push(("csrf".to_owned(), token(&browser)));
    if extra {
        let extras = extras(&columns(&stage.portal.app), form);
        sent.extend(
            extras
                .into_iter()
                .map(|(name, value)| (name, value.to_owned())),
        );
    }
    let sent: Vec<(&str, &str)> = sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let page = browser.post(&path, &sent);
    let tables = dump(&stage.portal.app).into_iter();
    let tables = tables.map(|(table, rows)| {
        // Rows were ordered by what is drawn.
        let mut rows: Vec<_> = rows.split(';').map(comparable).collect();
        rows.sort();
        (table, rows.join("\n"))
    });
    (page.status, tables.collect())
}

#[test]
fn a_field_that_a_form_does_not_have_changes_nothing() {
    let mut wrong = Vec::new();
    for form in FORMS {
        let (plain, stuffed) = (outcome(form, false), outcome(form, true));
        if plain.0 != stuffed.0 {
            wrong.push(format!(
                "{} as {}: {} and {}",
                form.0, form.1, plain.0, stuffed.0
            ));
        }
        for (table, rows) in &plain.1 {
            let other = &stuffed.1[table];
            let told = rows.lines().zip(other.lines()).find(|(a, b)| a != b);
            if rows != other {
                wrong.push(format!("{} as {}, {table}: {told:?}", form.0, form.1));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_change_would_be_noticed() {
    let guest: &Filled = &FORMS[0];
    let (_, tables) = outcome(guest, false);
    let people = &tables["people"];
    assert!(
        people.contains("customer") && people.contains("manager"),
        "{people}"
    );
    assert_eq!(comparable("'a0b1c2d3e4f5a6b7','agent'"), "'*','agent'");
    assert_eq!(comparable("6032166487690,2026"), "*,2026");
    assert_eq!(
        comparable("accounts/already-registered"),
        "accounts/already-registered"
    );
}
