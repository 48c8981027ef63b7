//! Finds the routes that change something and what they take. The build refuses one that takes no
//! posted form; a test compares their number with what is mounted, so that a route that is declared
//! in another way is noticed, too.

/// What declares such a route.
const METHODS: [&str; 5] = ["#[post(", "#[put(", "#[patch(", "#[delete(", "#[route("];

/// How many routes that change something take a `Posted` form, and which do not, in files by name
/// and text.
pub fn posted_forms(files: impl Iterator<Item = (String, String)>) -> (usize, Vec<String>) {
    let (mut forms, mut open) = (0, Vec::new());
    for (name, text) in files {
        let text = code(&text);
        for method in METHODS {
            for (at, _) in text.match_indices(method) {
                let signature = text[at..].split('{').next().unwrap_or_default();
                if signature.contains("Posted<") {
                    forms += 1;
                } else {
                    let declared = signature.lines().next().unwrap_or_default();
                    open.push(format!("{name}: {declared}"));
                }
            }
        }
    }
    (forms, open)
}

/// Without whole lines of comment.
fn code(text: &str) -> String {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}
