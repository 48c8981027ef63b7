//! Whatever is written into an address or a form is data: nothing of it is read as a command, and
//! nothing of it is more than the program can bear.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::rows::{ROWS, Row};
use super::stage::Stage;
use crate::support::{Browser, Page};

/// Texts that databases, templates, paths and headers are sensitive to.
const TEXTS: [&str; 14] = [
    "' OR '1'='1",
    "1); DROP TABLE tickets; --",
    "\"",
    "\\",
    "%",
    "_%",
    "*",
    "../../../../etc/passwd",
    "{{7*7}}{% include \"base.html\" %}",
    "a\r\nSet-Cookie: b=c",
    "\u{0}",
    "\u{202e}\u{feff}é\u{1F600}",
    "-9223372036854775809",
    "99999999999999999999999999",
];

/// Every parameter that a page reads from its query.
const PARAMETERS: [&str; 27] = [
    "after",
    "before",
    "dark",
    "group",
    "kind",
    "lang",
    "light",
    "limit",
    "owner",
    "page",
    "priority",
    "q",
    "read",
    "reference",
    "return_to",
    "section",
    "sort",
    "stage",
    "status",
    "subject",
    "tag",
    "team",
    "theme",
    "type",
    "view",
    "offset",
    "assignee",
];

/// Every field that a form of ours sends, and some that none does.
const FIELDS: [&str; 41] = [
    "action",
    "archived",
    "article",
    "assignee",
    "body",
    "channel",
    "code",
    "current_password",
    "draft",
    "draft_file",
    "draft_remove",
    "draft_revision",
    "email",
    "factor_required",
    "held_file",
    "hue",
    "form_key",
    "icon",
    "key",
    "kept_fields",
    "kind",
    "language",
    "members",
    "name",
    "name_en",
    "name_fr",
    "open",
    "password",
    "position",
    "priority",
    "recovery_code",
    "request_type",
    "return_to",
    "role",
    "sealed_key",
    "slug",
    "status",
    "subject",
    "tags",
    "theme",
    "time_zone",
];

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// What can be said of any answer.
fn check(page: &Page<'_>, text: &str) {
    let about = format!("{} {text:?}", page.path);
    assert!(page.status < 500, "{about}: {}", page.status);
    assert_ne!(page.status, 429, "{about}: the test asks too often");
    assert!(
        page.headers("Set-Cookie")
            .iter()
            .all(|c| !c.starts_with("b=")),
        "{about}"
    );
    assert!(!page.html().contains("root:x:0"), "{about}");
}

/// The address of a row with each of its places filled with a text.
fn odd_paths(stage: &Stage, row: &Row, text: &str) -> Vec<String> {
    let places: Vec<&str> = row
        .address
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .collect();
    let filled = |place: &&str| row.address.replace(&format!("{{{place}}}"), &encoded(text));
    places
        .iter()
        .map(filled)
        .map(|path| stage.path(&path))
        .collect()
}

#[test]
fn whatever_an_address_says_is_data() {
    let stage = Stage::new();
    for role in ["guest", "owner", "manager"] {
        for (number, text) in (1..).zip(TEXTS) {
            let browser = stage.browser(role);
            browser.move_to([192, 0, 2, number].into());
            let query: Vec<String> = PARAMETERS
                .iter()
                .map(|name| format!("{name}={}", encoded(text)))
                .collect();
            let query = query.join("&");
            for row in ROWS.iter().filter(|row| row.method == "GET") {
                let path = row.address.split('?').next().unwrap_or_default();
                let path = format!("{}?{query}", stage.path(path));
                check(&browser.get_once(&path), text);
                for path in odd_paths(&stage, row, text) {
                    let page = browser.get_once(&path);
                    check(&page, text);
                    assert_ne!(page.status, 200, "{path}: there is no such thing");
                }
            }
        }
    }
}

#[test]
fn whatever_a_form_says_is_data() {
    for text in TEXTS {
        let stage = Stage::new();
        for role in ["guest", "owner", "agent", "manager"] {
            let browser = stage.browser(role);
            let csrf = token(&browser);
            for (number, row) in (1..).zip(ROWS.iter().filter(|row| row.method == "POST")) {
                browser.move_to([192, 0, 2, number].into());
                // Whoever signs out sends nothing more.
                if row.route == "/sign-out" {
                    continue;
                }
                for path in [vec![stage.path(row.address)], odd_paths(&stage, row, text)].concat() {
                    let mut fields: Vec<(&str, &str)> =
                        FIELDS.iter().map(|name| (*name, text)).collect();
                    fields.push(("csrf", &csrf));
                    check(&browser.post(&path, &fields), text);
                }
            }
        }
    }
}

fn token(browser: &Browser<'_>) -> String {
    let page = browser.get("/requests/new").expect(200);
    let form = page.form("/requests");
    form.value("csrf").expect("a token").to_owned()
}
