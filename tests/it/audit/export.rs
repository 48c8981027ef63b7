//! Taking the audit along.

use chrono::Duration;
use guichet::accounts::Role;
use guichet::accounts::commands::invite;
use guichet::accounts::{AccountError, NewPerson};
use guichet::platform::i18n::Lang;

use super::{Filter, deeds, found};
use crate::requests::portal::Portal;

const EXPORTS: &str = "/manage/audit/exports";

#[test]
fn what_is_shown_is_taken_along_and_that_is_recorded() {
    let portal = Portal::new();
    portal.browser(&portal.paul).get("/desk").expect(404);
    portal.run("denials");
    let nadia = portal.browser(&portal.nadia);
    let page = nadia.get("/manage/audit?area=denial").expect(200);
    let csv = page.form(EXPORTS).submit().expect(200);
    assert_eq!(csv.header("Content-Type"), Some("text/csv; charset=utf-8"));
    let name = csv.header("Content-Disposition").unwrap_or_default();
    assert_eq!(name, "attachment; filename=\"audit-2026-11-19.csv\"");
    let text = csv.html();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].ends_with("\"text\",\"from\",\"origin\""), "{text}");
    for cell in [
        "\"denial\"",
        "\"denial.denied\"",
        "\"refused\"",
        "paul@atelier.example",
        "GET /desk",
    ] {
        assert!(lines[1].contains(cell), "{cell}: {text}");
    }
    assert_eq!(deeds(&portal, &portal.nadia), ["audit_exported"]);
    let whole = nadia.get("/manage/audit").expect(200);
    whole.has("Downloaded the audit as CSV");
}

#[test]
fn it_is_for_who_asked_and_for_a_while() {
    let portal = Portal::new();
    portal.app.person("lea@guichet.example", Role::Agent);
    let other = portal.add("noe@guichet.example", "Noé", Role::Manager);
    let nadia = portal.browser(&portal.nadia);
    let form = nadia.get("/manage/audit").expect(200).form(EXPORTS);
    let token = form.value("csrf").expect("a token").to_owned();
    let ordered = nadia
        .post(EXPORTS, &[("csrf", &token), ("key", "k")])
        .expect(303);
    let place = ordered.location().expect("it leads there").to_owned();
    nadia.get(&place).expect(200);
    portal.browser(&other).get(&place).expect(404);
    portal.browser(&portal.theo).get(&place).expect(404);
    nadia.get(&format!("{EXPORTS}/1")).expect(404);
    // What happens afterwards is not in it.
    let lines = nadia.get(&place).html().lines().count();
    portal.browser(&portal.paul).get("/desk").expect(404);
    portal.run("denials");
    assert_eq!(nadia.get(&place).html().lines().count(), lines);
    portal.app.advance(Duration::minutes(16));
    nadia.get(&place).expect(404);
    assert_eq!(deeds(&portal, &portal.nadia), ["audit_exported"]);
}

#[test]
fn nothing_that_people_type_is_a_formula_in_it() {
    let portal = Portal::new();
    for (number, name) in ["=HYPERLINK(\"http://x.example\")", "+1", "-1", "@SUM(A1)"]
        .into_iter()
        .enumerate()
    {
        let new = NewPerson {
            email: format!("p{number}@guichet.example"),
            name: name.to_owned(),
            role: Role::Agent,
            language: Lang::En,
            time_zone: String::new(),
        };
        portal.app.write_as(portal.nadia.actor(), move |tx| {
            invite(tx, &new)?;
            Ok::<_, AccountError>(())
        });
    }
    let nadia = portal.browser(&portal.nadia);
    let page = nadia.get("/manage/audit?area=rights").expect(200);
    let text = page.form(EXPORTS).submit().expect(200).html();
    for name in ["'=HYPERLINK(\"\"http", "'+1", "'-1", "'@SUM"] {
        assert!(text.contains(&format!(",\"{name}")), "{name}: {text}");
    }
    for start in ["=", "+", "-", "@"] {
        assert!(!text.contains(&format!("\"{start}")), "{start}: {text}");
    }
}

#[test]
fn a_filter_that_cannot_be_read_exports_nothing() {
    let portal = Portal::new();
    portal.app.person("lea@guichet.example", Role::Agent);
    let nadia = portal.browser(&portal.nadia);
    let form = nadia.get("/manage/audit").expect(200).form(EXPORTS);
    let token = form.value("csrf").expect("a token").to_owned();
    let sent = [("csrf", token.as_str()), ("from", "yesterday")];
    nadia
        .post(EXPORTS, &sent)
        .expect(422)
        .has("Type a date such as");
    let exports = found(&portal, &Filter::default());
    assert!(exports.iter().all(|entry| entry.event.stream != "export"));
}
