//! Every page of every slice renders with its sample values, in both languages, and is seen with
//! everything wrong that can be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use guichet::app::all_samples;
use guichet::platform::i18n::Lang;
use guichet::platform::web::assets::Assets;
use guichet::platform::web::shell::Shell;
use guichet::platform::web::templates::Templates;
use serde_json::Value;

fn templates() -> Templates {
    let assets = Arc::new(Assets::load(None).expect("all files load"));
    Templates::load(&assets, None).expect("all templates load")
}

#[test]
fn every_sample_renders_in_both_languages() {
    let templates = templates();
    let mut count = 0;
    for sample in all_samples() {
        for &lang in Lang::ALL {
            for shell in Shell::samples(lang) {
                let html = templates
                    .show(&sample, lang, &shell)
                    .unwrap_or_else(|e| panic!("{} in {lang}: {e:?}", sample.template));
                assert!(html.contains(&format!("<html lang=\"{lang}\"")));
                count += 1;
            }
        }
    }
    assert!(count > 0, "there are pages to render");
}

/// A page that says what is wrong with a form is looked at while it says so, form by form.
#[test]
fn every_form_that_may_come_back_has_a_sample_that_did() {
    let (templates, [_, manager]) = (templates(), Shell::samples(Lang::Fr));
    // By template: its forms, and those of them that came back in some sample.
    let mut seen: BTreeMap<&str, [BTreeSet<String>; 2]> = BTreeMap::new();
    let mut silent = Vec::new();
    for sample in all_samples() {
        if !says_what_is_wrong(sample.template) {
            continue;
        }
        let mut found = Vec::new();
        forms(sample.values.as_ref().expect("values"), "", &mut found);
        let [all, refused] = seen.entry(sample.template).or_default();
        all.extend(found.iter().map(|(path, _)| path.clone()));
        let wrong = found.into_iter().filter(|(_, errors)| *errors > 0);
        let wrong: Vec<String> = wrong.map(|(path, _)| path).collect();
        let html = templates
            .show(&sample, Lang::Fr, &manager)
            .expect("renders");
        if html.matches("data-error-summary").count() < wrong.len() {
            silent.push(sample.template);
        }
        refused.extend(wrong);
    }
    let lacking = |(template, [all, refused]): (&&str, &[BTreeSet<String>; 2])| {
        let missing: Vec<&String> = all.difference(refused).collect();
        (all.is_empty() || !missing.is_empty()).then(|| format!("{template}: {missing:?}"))
    };
    let lacking: Vec<String> = seen.iter().filter_map(lacking).collect();
    assert!(seen.len() > 15, "pages were recognised: {}", seen.len());
    assert_eq!(lacking, [""; 0], "no sample has errors in these forms");
    assert_eq!(
        silent, [""; 0],
        "a form has errors and its page does not say so"
    );
}

/// Whether a template, or anything it is put together from, has a summary of errors.
fn says_what_is_wrong(template: &str) -> bool {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let source = std::fs::read_to_string(folder.join(template)).expect("a template");
    let mut parts = source.split("{%").filter_map(|tag| {
        let tag = tag.trim_start_matches('-').trim_start();
        let named = ["include ", "extends "]
            .iter()
            .find_map(|verb| tag.strip_prefix(verb));
        named?.split('"').nth(1)
    });
    source.contains("<error_summary") || parts.any(says_what_is_wrong)
}

/// Every form in the values of a page: where it is, and how many things are wrong with it.
fn forms(value: &Value, path: &str, found: &mut Vec<(String, usize)>) {
    let below = |name: &str| format!("{path}/{name}");
    match value {
        Value::Object(fields) => {
            let summary = fields.get("summary").and_then(Value::as_array);
            if let Some(summary) = summary.filter(|_| fields.contains_key("errors")) {
                found.push((path.to_owned(), summary.len()));
            }
            for (name, value) in fields {
                forms(value, &below(name), found);
            }
        }
        Value::Array(items) => {
            for item in items {
                forms(item, &below("*"), found);
            }
        }
        _ => {}
    }
}
