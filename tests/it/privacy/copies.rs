//! A copy of what is held: all of one's own, nothing of anybody else's.

use std::collections::BTreeMap;
use std::io::Read;

use diesel::prelude::*;
use guichet::accounts::Role;
use guichet::privacy::export;
use guichet::schema::events;
use guichet::tickets::Visibility;
use serde_json::Value;

use super::canaries::Traced;
use crate::access::attach;
use crate::support::{PASSWORD, entries};

fn json(entries: &BTreeMap<String, Vec<u8>>, path: &str) -> Value {
    serde_json::from_slice(entries.get(path).unwrap_or_else(|| panic!("no {path}"))).expect("JSON")
}

fn text(entries: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    let bytes = entries.get(path).unwrap_or_else(|| panic!("no {path}"));
    String::from_utf8(bytes.clone()).expect("text")
}

#[test]
fn somebody_takes_everything_of_theirs_along() {
    let traced = Traced::new();
    let portal = &traced.stage.portal;
    attach(
        portal,
        &portal.stored("GU-1002"),
        &portal.theo,
        Visibility::Note,
        "internal.txt",
    );
    let zora = portal.browser(&traced.zora);
    zora.get("/profile")
        .expect(200)
        .click("See your data")
        .expect(200)
        .has("Requests");
    let ask = |password: &str| {
        zora.get("/profile/data")
            .form("/profile/data")
            .fill("current_password", password)
            .submit_once()
    };
    ask("wrong").expect(422);
    let page = ask(PASSWORD).expect(200);
    assert_eq!(page.header("Content-Type"), Some("application/zip"));
    let disposition = page.header("Content-Disposition").expect("a name");
    assert_eq!(
        disposition,
        "attachment; filename=\"your-data-2026-11-19.zip\""
    );
    let entries = entries(page.bytes());

    let account = json(&entries, "data/account.json");
    assert_eq!(account["name"], "Zorinabel Quextramont");
    assert_eq!(account["organisation"], "Jardin Botanique");
    let request = json(&entries, "data/requests/GU-1002.json");
    let messages = request["messages"].as_array().expect("a list");
    let by: Vec<&str> = messages.iter().filter_map(|m| m["by"].as_str()).collect();
    assert_eq!(by, ["me", "support", "me", "me", "me"]);
    assert!(
        messages[0]["text"]
            .as_str()
            .expect("text")
            .contains("0611997733")
    );
    let promised = request["promises"].as_array().expect("a list");
    assert_eq!(promised[0]["goal"], "first", "{promised:?}");
    assert_eq!(promised[0]["state"], "kept", "{promised:?}");
    let path = messages[2]["files"][0]["path"].as_str().expect("a path");
    assert_eq!(text(&entries, path), "kwyjifile kwyjicontent.txt");
    let damaged = &messages[4]["files"][0];
    assert_eq!(
        (damaged["name"].as_str(), damaged["path"].is_null()),
        (Some("kwyjidamaged.txt"), true)
    );
    assert_eq!(
        json(&entries, "data/drafts.json")[0]["fields"]["body"],
        "kwyjidraft"
    );
    assert_eq!(
        json(&entries, "data/articles.json")[0]["subject_typed"],
        "kwyjideflection"
    );
    let mails = json(&entries, "data/mails.json");
    assert!(mails.as_array().expect("a list").len() >= 3);
    let history = json(&entries, "data/history.json").to_string();
    assert!(history.contains("profile_changed") && history.contains("Kwyjiformer"));

    let index = text(&entries, "index.html");
    assert!(index.contains("<html lang=\"en\"") && index.contains("requests.html"));
    let page = text(&entries, "requests/GU-1002.html");
    assert!(page.contains("kwyjibody") && page.contains("Théo Marchand"));

    // Nothing of others, and nothing that was said behind her back.
    for (path, content) in &entries {
        let content = String::from_utf8_lossy(content);
        for foreign in [
            "kwyjinote",
            "internal.txt",
            "theo@guichet",
            "claire",
            "Paul Vasseur",
        ] {
            assert!(!content.contains(foreign), "{foreign} in {path}");
            assert!(!path.contains(foreign), "{path}");
        }
    }
    let recorded: Vec<String> = portal.app.read(|conn| {
        events::table
            .filter(events::kind.eq("data_exported"))
            .select(events::data)
            .load(conn)
    });
    assert_eq!(recorded.len(), 1);
    assert!(recorded[0].contains("\"by\":\"self\""), "{recorded:?}");
}

#[test]
fn what_the_copy_says_is_what_its_schema_says() {
    let traced = Traced::new();
    let app = &traced.stage.portal.app;
    let (mut file, length) = export::make(&app.site, &traced.zora).expect("a copy");
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).expect("read");
    assert_eq!(bytes.len() as u64, length);
    let entries = entries(&bytes);
    let schema = json(&entries, "data/schema.json");
    let mut seen = 0;
    for path in entries.keys() {
        let Some(name) = path
            .strip_prefix("data/")
            .and_then(|p| p.strip_suffix(".json"))
        else {
            continue;
        };
        let name = match name.split_once('/') {
            Some(("requests", _)) => "request",
            _ => name,
        };
        if name == "schema" {
            continue;
        }
        let definition = &schema["$defs"][name];
        assert!(definition.is_object(), "{path} is not described");
        conforms(&json(&entries, path), definition, path);
        seen += 1;
    }
    assert_eq!(seen, 8, "the account, five lists, two requests");
}

/// Every field is described, and every one that is required is there.
fn conforms(value: &Value, schema: &Value, place: &str) {
    match value {
        Value::Object(fields) => {
            let Some(known) = schema["properties"].as_object() else {
                return;
            };
            for (name, field) in fields {
                let described = known.get(name);
                assert!(described.is_some(), "{place}: {name} is not described");
                conforms(field, &known[name], &format!("{place}/{name}"));
            }
            for name in schema["required"].as_array().into_iter().flatten() {
                let name = name.as_str().expect("a name");
                assert!(fields.contains_key(name), "{place}: {name} is missing");
            }
        }
        Value::Array(items) => {
            assert_eq!(schema["type"], "array", "{place}");
            for item in items {
                conforms(item, &schema["items"], place);
            }
        }
        Value::String(text) => {
            if let Some(words) = schema["enum"].as_array() {
                assert!(words.contains(value), "{place}: {text}");
            }
        }
        _ => {}
    }
}

#[test]
fn a_manager_makes_the_same_copy() {
    let traced = Traced::new();
    let portal = &traced.stage.portal;
    let nadia = portal.browser(&portal.nadia);
    let path = format!("/manage/people/{}/data", traced.zora.id);
    let make = |password: &str| {
        nadia
            .get(&path)
            .form(&path)
            .fill("current_password", password)
            .submit_once()
    };
    make("wrong").expect(422);
    let page = make(PASSWORD).expect(200);
    let entries = entries(page.bytes());
    assert!(text(&entries, "data/requests/GU-1002.json").contains("kwyjibody"));
    assert!(
        !entries
            .values()
            .any(|content| { String::from_utf8_lossy(content).contains("kwyjinote") })
    );
}

#[test]
fn a_long_conversation_is_several_pages() {
    let traced = Traced::new();
    let portal = &traced.stage.portal;
    let long = portal.add("long@verger.example", "Long", Role::Customer);
    let ticket = portal.file(&long, "Long", "First");
    for number in 0..120 {
        portal.answer(
            &ticket,
            &format!("Answer {number}"),
            guichet::tickets::commands::StatusAfter::Keep,
        );
    }
    let (mut file, _) = export::make(&portal.app.site, &long).expect("a copy");
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).expect("read");
    let entries = entries(&bytes);
    let reference = &ticket.reference;
    let first = text(&entries, &format!("requests/{reference}.html"));
    let second = text(&entries, &format!("requests/{reference}-2.html"));
    assert!(first.contains("Answer 98") && !first.contains("Answer 99"));
    assert!(second.contains("Answer 99") && second.contains("Answer 119"));
    assert!(first.contains(&format!("href=\"{reference}-2.html\"")));
    let request = json(&entries, &format!("data/requests/{reference}.json"));
    assert_eq!(request["messages"].as_array().expect("a list").len(), 121);
}
