//! Rules about the source that no compiler checks.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use guichet::platform::i18n::{Catalog, Lang};
use rocket::figment::Figment;
use rocket::figment::providers::{Format, Toml};
use sha2::{Digest, Sha256};

#[path = "../../build/posted_forms.rs"]
mod posted_forms;

/// What may use what: a module uses its own floor's machinery and the floors below. Modules of
/// one floor do not know one another, except on the ground floor.
const FLOORS: &[&[&str]] = &[
    &["platform", "schema", "config"],
    &["accounts"],
    &["organisations", "teams", "drafts"],
    &["forms"],
    &["tickets", "knowledge"],
    &["views", "macros", "sla"],
    &["rules"],
    &[
        "mailroom",
        "outbox",
        "notifications",
        "outbox",
        "privacy",
        "reports",
        "settings",
    ],
    &["portal", "desk", "manage", "audit"],
    &["demo"],
    &["app", "cli"],
    &["lib", "main"],
];

/// Lines of a file at most, by its ending. Inline tests are not counted.
const CAPS: [(&str, &str, usize); 4] = [
    ("src", "rs", 400),
    ("templates", "html", 120),
    ("static/css", "css", 250),
    ("static/js", "js", 120),
];

#[test]
fn nothing_reaches_up_a_floor() {
    let mut broken = Vec::new();
    for file in sources() {
        let module = file.module();
        let own = floor(&module).unwrap_or_else(|| panic!("{module} is on no floor: see FLOORS"));
        for used in file.used_modules() {
            let Some(theirs) = floor(&used) else {
                panic!("{}: crate::{used} is on no floor: see FLOORS", file.name);
            };
            let allowed = used == module || theirs < own || (theirs == own && is_shared(own));
            if !allowed {
                broken.push(format!("{} uses crate::{used}", file.name));
            }
        }
    }
    assert_none(&broken);
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// The ground floor, and the program's own entrance, are each one piece.
fn is_shared(floor: usize) -> bool {
    floor == 0 || floor + 2 >= FLOORS.len()
}

#[test]
fn files_stay_short() {
    let mut long = Vec::new();
    for (folder, ending, cap) in CAPS {
        for path in files(folder, ending) {
            // The tables are one list, as long as there are tables.
            if is_named_as_tests(&path) || path.ends_with("src/schema.rs") {
                continue;
            }
            let text = read(&path);
            let lines = match ending {
                "rs" => without_tests(&text).lines().count(),
                _ => text.lines().count(),
            };
            if lines > cap {
                long.push(format!("{}: {lines} lines, at most {cap}", shown(&path)));
            }
        }
    }
    assert_none(&long);
}

#[test]
fn every_route_that_changes_something_takes_a_posted_form() {
    let (forms, open) = posted_forms();
    assert_none(&open);
    assert!(forms > 0, "no such route was found: is the search right?");
}

/// How many routes that change something take a [`Posted`] form, and which do not. That these are
/// all that are mounted, the table of routes knows.
pub fn posted_forms() -> (usize, Vec<String>) {
    let files = sources().into_iter().map(|file| (file.name, file.text));
    posted_forms::posted_forms(files)
}

#[test]
fn a_form_of_no_page_of_ours_is_not_built() {
    let open = |text: &str| {
        let file = ("a.rs".to_owned(), text.to_owned());
        posted_forms::posted_forms(std::iter::once(file)).1
    };
    for route in [
        "#[post(\"/a\", data = \"<form>\")]\nasync fn a(form: Form<A>) -> Outcome {\n}",
        "#[delete(\"/a\")]\nfn a(visitor: Visitor) -> Outcome {\n}",
        "#[put(\"/a\")]\nfn a() -> Outcome {\n    Posted<Visitor>\n}",
    ] {
        assert_eq!(open(route).len(), 1, "{route}");
    }
    let taken = "#[post(\"/a\", data = \"<form>\")]\nfn a(form: Posted<A>) -> Outcome {\n}";
    assert!(open(taken).is_empty());
}

/// Where a template may print what it is given as it is: what is [`SafeHtml`] or was printed by a
/// template itself. Each file with the name that is printed.
const PRINTED_AS_IT_IS: [(&str, &str); 7] = [
    ("components/button.html", "body"),
    ("components/feedback.html", "body"),
    ("components/ticket.html", "body"),
    ("knowledge/article.html", "html"),
    ("privacy/export_request.html", "message.html"),
    ("tickets/desk/_thread.html", "item.html"),
    ("tickets/show.html", "entry.html"),
];

#[test]
fn templates_print_nothing_as_it_is_but_safe_html() {
    let mut found = Vec::new();
    for path in files("templates", "html") {
        let name = shown(&path).replace("templates/", "");
        for line in read(&path).lines() {
            for (at, _) in line.match_indices("safe") {
                let before = line[..at].trim_end();
                let Some(piped) = before.strip_suffix('|') else {
                    continue;
                };
                let what = piped
                    .trim_end()
                    .rsplit(['{', ' ', '('])
                    .next()
                    .unwrap_or_default();
                if !PRINTED_AS_IT_IS.contains(&(name.as_str(), what)) {
                    found.push(format!("{name}: {what}"));
                }
            }
        }
    }
    assert_none(&found);
}

/// What a page asks for by itself must not keep a session open.
#[test]
fn every_script_says_that_nobody_waits_for_the_answer() {
    let mut unmarked = Vec::new();
    let mut seen = 0;
    for path in files("static/js", "js") {
        for (number, line) in read(&path).lines().enumerate() {
            if line.contains("fetch(") {
                seen += 1;
                if !line.contains(guichet::platform::web::background::HEADER) {
                    unmarked.push(format!("{}:{}", shown(&path), number + 1));
                }
            }
        }
    }
    assert_none(&unmarked);
    assert!(
        seen > 0,
        "no script asks for anything: is the search right?"
    );
}

#[test]
fn nothing_unwraps() {
    let mut found = Vec::new();
    for file in sources() {
        for (number, line) in file.text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if [".unwrap()", "todo!(", "dbg!(", "unimplemented!("]
                .iter()
                .any(|w| code.contains(w))
            {
                found.push(format!("{}:{}", file.name, number + 1));
            }
        }
    }
    assert_none(&found);
}

#[test]
fn every_template_folder_belongs_to_a_slice() {
    let shared = ["layouts", "components", "locales"];
    let folder = root().join("templates");
    let strays: Vec<String> = std::fs::read_dir(folder)
        .expect("templates")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !shared.contains(&name.as_str()))
        .filter(|name| !root().join("src").join(name).is_dir())
        .collect();
    assert_none(&strays);
}

#[test]
fn both_languages_have_the_same_texts() {
    let (fr, en) = (Catalog::keys(Lang::Fr), Catalog::keys(Lang::En));
    let lacking: Vec<&String> = fr.symmetric_difference(&en).collect();
    assert_none(&lacking);
    Catalog::load().expect("all texts are valid Fluent");
}

#[test]
fn every_text_that_is_asked_for_exists() {
    let keys = Catalog::keys(Lang::Fr);
    let mut missing = BTreeSet::new();
    for (path, text) in speaking_files() {
        for opening in ["t(key=\"", "Message::new(\""] {
            for (at, _) in text.match_indices(opening) {
                let rest = &text[at + opening.len()..];
                let Some((key, after)) = rest.split_once('"') else {
                    continue;
                };
                let whole = after.trim_start().starts_with([',', ')', '}']);
                if whole && !keys.contains(key) {
                    missing.insert(format!("{path}: {key}"));
                }
            }
        }
    }
    assert_none(&missing);
}

#[test]
fn every_text_is_used() {
    let sources: Vec<(String, String)> = speaking_files();
    let prefixes = composed_prefixes(&sources);
    let fluent: String = files("templates/locales", "ftl")
        .iter()
        .map(|p| read(p))
        .collect();
    let unused: Vec<String> = Catalog::keys(Lang::Fr)
        .into_iter()
        .filter(|key| !prefixes.iter().any(|prefix| key.starts_with(prefix)))
        .filter(|key| !fluent.contains(&format!("{{ {key} }}")))
        .filter(|key| {
            let quoted = format!("\"{key}\"");
            !sources.iter().any(|(_, text)| text.contains(&quoted))
        })
        .collect();
    assert_none(&unused);
}

/// Beginnings of keys that are put together: `"stage-" ~ name` in a template, or
/// `format!("stage-{name}")` in Rust.
fn composed_prefixes(sources: &[(String, String)]) -> BTreeSet<String> {
    let mut prefixes = BTreeSet::new();
    for (_, text) in sources {
        for (at, _) in text.match_indices("-\" ~") {
            let start = text[..at].rfind('"').map_or(0, |quote| quote + 1);
            prefixes.insert(format!("{}-", &text[start..at]));
        }
        for (at, _) in text.match_indices("format!(\"") {
            let literal = &text[at + "format!(\"".len()..];
            let prefix = literal.split(['{', '"']).next().unwrap_or_default();
            let is_key =
                prefix.ends_with('-') && prefix.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            if is_key {
                prefixes.insert(prefix.to_owned());
            }
        }
    }
    prefixes
}

#[derive(serde::Deserialize)]
struct Manifest {
    file: Vec<Vendored>,
}

#[derive(serde::Deserialize)]
struct Vendored {
    path: String,
    licence: String,
    sha256: String,
}

#[test]
fn files_of_others_are_the_ones_in_the_manifest() {
    let manifest = Figment::from(Toml::file(root().join("static/vendor/MANIFEST.toml")));
    let manifest: Manifest = manifest.extract().expect("the manifest can be read");
    let mut listed = BTreeSet::new();
    for file in &manifest.file {
        let path = root().join("static").join(&file.path);
        let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", file.path));
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
        assert_eq!(digest, file.sha256, "{} has changed", file.path);
        assert!(!file.licence.is_empty(), "{} has no licence", file.path);
        listed.insert(path);
    }
    let strays: Vec<String> = files("static/vendor", "")
        .into_iter()
        .filter(|path| !listed.contains(path) && !path.ends_with("MANIFEST.toml"))
        .map(|path| shown(&path))
        .collect();
    assert_none(&strays);
}

#[test]
fn stored_words_are_distinct_and_plain() {
    let mut faults = Vec::new();
    let mut blocks = 0;
    for file in sources() {
        for block in file.text.split("text_enum! {").skip(1) {
            let words: Vec<&str> = block
                .lines()
                .map(str::trim)
                .take_while(|line| !line.starts_with("}}") && *line != "}")
                .filter_map(|line| line.split_once(" = \"")?.1.strip_suffix("\","))
                .collect();
            blocks += usize::from(!words.is_empty());
            let distinct: BTreeSet<&str> = words.iter().copied().collect();
            let plain = |word: &&str| {
                !word.is_empty()
                    && word
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'-'))
            };
            if distinct.len() != words.len() || !words.iter().all(plain) {
                faults.push(format!("{}: {words:?}", file.name));
            }
        }
    }
    assert_none(&faults);
    assert!(blocks > 0, "no text_enum! was found: is the search right?");
}

/// A Rust file of the program, without its tests.
struct Source {
    name: String,
    text: String,
}

impl Source {
    fn module(&self) -> String {
        let inner = self.name.trim_start_matches("src/");
        let first = inner.split('/').next().unwrap_or_default();
        first.trim_end_matches(".rs").to_owned()
    }

    /// The top-level modules that the file names, in paths and in `use crate::{…}`.
    fn used_modules(&self) -> BTreeSet<String> {
        let mut used = BTreeSet::new();
        for (at, _) in self.text.match_indices("crate::") {
            if self.text[..at].ends_with('$') {
                continue;
            }
            let rest = &self.text[at + "crate::".len()..];
            let group = rest.strip_prefix('{').and_then(|r| r.split("};").next());
            for part in group.map_or_else(|| vec![rest], split_top_level) {
                let name: String = part
                    .trim_start()
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                let is_macro = part.trim_start()[name.len()..].starts_with('!');
                let is_item = name.is_empty() || MACROS.contains(&name.as_str());
                if !is_macro && !is_item {
                    used.insert(name);
                }
            }
        }
        used
    }
}

/// Exported macros, which live at the root whatever their file.
const MACROS: [&str; 3] = ["both", "id_type", "text_enum"];

fn split_top_level(group: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&group[start..]);
    parts
}

fn sources() -> Vec<Source> {
    let paths = files("src", "rs");
    let test_files: BTreeSet<PathBuf> = paths.iter().flat_map(|p| test_modules(p)).collect();
    paths
        .iter()
        .filter(|path| !test_files.contains(*path) && !is_named_as_tests(path))
        .map(|path| Source {
            name: shown(path),
            text: without_comments(&without_tests(&read(path))),
        })
        .collect()
}

/// Files that are modules of a `#[cfg(test)] mod name;`.
fn test_modules(path: &Path) -> Vec<PathBuf> {
    let text = read(path);
    let folder = if path.ends_with("mod.rs") || path.ends_with("lib.rs") {
        path.parent().map(Path::to_path_buf)
    } else {
        Some(path.with_extension(""))
    };
    text.split("#[cfg(test)]")
        .skip(1)
        .filter_map(|after| after.trim_start().strip_prefix("mod "))
        .filter_map(|after| after.split_once(';'))
        .filter(|(name, _)| !name.contains(['{', '\n']))
        .filter_map(|(name, _)| Some(folder.as_ref()?.join(format!("{name}.rs"))))
        .collect()
}

/// Files of tests alone are named so, wherever their module is declared.
fn is_named_as_tests(path: &Path) -> bool {
    let name = path.file_stem().map(|stem| stem.to_string_lossy());
    name.is_some_and(|name| name == "tests" || name.ends_with("_tests"))
}

/// The text up to its inline tests, which stand last.
fn without_tests(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..end].to_owned()
}

/// Whole lines of comment are left empty, so that the numbers of the other lines stay.
fn without_comments(text: &str) -> String {
    let code = text.lines().map(|line| {
        let comment = line.trim_start().starts_with("//");
        if comment { "" } else { line }
    });
    code.collect::<Vec<_>>().join("\n")
}

/// Every file that may ask for a text: sources and templates.
fn speaking_files() -> Vec<(String, String)> {
    let templates = files("templates", "html")
        .into_iter()
        .chain(files("templates", "txt"));
    let templates = templates.map(|path| (shown(&path), read(&path)));
    let rust = sources().into_iter().map(|file| (file.name, file.text));
    templates.chain(rust).collect()
}

/// All files under a folder with an ending; any, when it is empty.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if ending.is_empty() || path.extension().is_some_and(|e| e == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn shown(path: &Path) -> String {
    let inner = path.strip_prefix(root()).unwrap_or(path);
    inner.display().to_string()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[track_caller]
fn assert_none<T: std::fmt::Debug>(faults: impl IntoIterator<Item = T>) {
    let faults: Vec<String> = faults.into_iter().map(|f| format!("{f:?}")).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
