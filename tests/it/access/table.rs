//! Every route against every role.

use std::collections::BTreeSet;

use rocket::http::{ContentType, Header};

use super::headers::assert_protected;
use super::quiet::dump;
use super::rows::{ROWS, Row};
use super::stage::{OWING, ROLES, Stage, everybody};
use crate::support::{Browser, Page, Sent};

/// What who owes a second factor gets otherwise than a guest: where it is added, and where the code is
/// asked for.
const OWED: &[(&str, &str, &str, u16)] = &[
    ("enrolling", "GET", "/profile/factor", 200),
    ("enrolling", "POST", "/profile/factor", 422),
    ("enrolling", "GET", "/sign-in", 303),
    ("pending", "GET", "/sign-in/code", 200),
    ("pending", "POST", "/sign-in/code", 422),
];

/// What somebody gets at a route.
fn expected(row: &Row, role: &str) -> u16 {
    let owed = OWED
        .iter()
        .find(|(who, method, route, _)| (*who, *method, *route) == (role, row.method, row.route));
    let like = if OWING.contains(&role) { "guest" } else { role };
    let column = ROLES.iter().position(|known| *known == like);
    owed.map_or_else(
        || row.statuses[column.expect("it has a column")],
        |(.., status)| *status,
    )
}

/// Routes that lead on whoever asks.
const LEADING_ON: [&str; 4] = [
    "/language/<lang>",
    "/articles",
    "/articles/search",
    "/sign-in/code",
];

/// Whether a page that leads elsewhere leads somebody where they prove who they are, and nobody else:
/// the status of both is one.
fn leads_right(row: &Row, role: &str, page: &Page<'_>) -> bool {
    let to = page.location().unwrap_or_default();
    if row.method != "GET" || page.status != 303 || LEADING_ON.contains(&row.route) {
        return true;
    }
    match role {
        "enrolling" => to == "/profile/factor",
        "guest" | "pending" | "disabled" => to.starts_with("/sign-in"),
        _ => !to.starts_with("/sign-in"),
    }
}

#[test]
fn every_route_has_its_row() {
    let stage = Stage::new();
    let mounted: BTreeSet<String> = stage
        .portal
        .app
        .program()
        .routes()
        .map(|route| format!("{} {}", route.method, route.uri.path()))
        .collect();
    let listed: BTreeSet<String> = ROWS
        .iter()
        .map(|row| format!("{} {}", row.method, row.route))
        .collect();
    let missing: Vec<_> = mounted.symmetric_difference(&listed).collect();
    assert!(
        missing.is_empty(),
        "mounted or listed, but not both: {missing:#?}"
    );
    // However a route is declared: were there another spelling than the ones that are searched
    // for, it would be mounted and not found.
    let (forms, _) = crate::tidy::posted_forms();
    let changing = mounted.iter().filter(|route| !route.starts_with("GET "));
    assert_eq!(changing.count(), forms, "each takes a posted form");
}

#[test]
fn everybody_gets_what_the_table_says() {
    let mut wrong = Vec::new();
    for role in everybody() {
        let stage = Stage::new();
        let browser = stage.browser(role);
        for row in ROWS {
            let path = stage.path(row.address);
            let page = match row.method {
                "GET" => browser.get_once(&path),
                _ => {
                    let token = token(&browser);
                    browser.post(&path, &[row.fields, &[("csrf", token.as_str())]].concat())
                }
            };
            assert_protected(&page);
            let expected = expected(row, role);
            if page.status != expected || !leads_right(row, role, &page) {
                wrong.push(format!(
                    "{} {} as {role}: {} to {:?} instead of {expected}",
                    row.method,
                    row.route,
                    page.status,
                    page.location()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What a form without a good token gets: whoever may not use it at all is told that first. What it
/// is about is looked at last.
fn without_token(row: &Row, role: &str) -> u16 {
    let of_staff = row.route.starts_with("/desk") || row.route.starts_with("/manage");
    match expected(row, role) {
        // Everybody may file a request; what a customer's form lacks is seen in it.
        401 if row.route != "/requests" => 401,
        404 if of_staff => 404,
        _ => 403,
    }
}

#[test]
fn somebody_gets_through_every_door() {
    let stage = Stage::new();
    let shut: Vec<_> = ROWS
        .iter()
        .filter(|row| {
            row.statuses
                .iter()
                .all(|status| *status >= 400 && *status != 422)
        })
        .map(|row| stage.path(row.address))
        .filter(|path| !path.starts_with("/setup/") && !path.starts_with("/brand/"))
        .collect();
    assert!(
        shut.is_empty(),
        "the table cannot see their guards: {shut:?}"
    );
}

#[test]
fn no_form_acts_without_its_token() {
    for role in everybody() {
        let stage = Stage::new();
        let browser = stage.browser(role);
        let somebody = if role == "agent" { "manager" } else { "agent" };
        let of_somebody = token(&stage.browser(somebody));
        let before = dump(&stage.portal.app);
        for (number, row) in (1..).zip(ROWS.iter().filter(|row| row.method != "GET")) {
            let path = stage.path(row.address);
            // Refusals are counted, too.
            browser.move_to([192, 0, 2, number].into());
            let fields = [
                ("body", "Texte."),
                ("subject", "Sujet"),
                ("email", "x@verger.example"),
                ("name", "X"),
                ("role", "manager"),
                ("theme", "dark"),
            ];
            for token in [None, Some(""), Some("abc.def"), Some(of_somebody.as_str())] {
                let token = token.map(|token| ("csrf", token));
                let sent: Vec<_> = fields.into_iter().chain(token).collect();
                let page = browser.post(&path, &[row.fields, &sent].concat());
                assert_eq!(
                    page.status,
                    without_token(row, role),
                    "{} as {role}",
                    row.route
                );
                assert_protected(&page);
            }
        }
        assert_eq!(dump(&stage.portal.app), before, "as {role}");
    }
}

#[test]
fn no_form_of_another_site_acts() {
    const ELSEWHERE: [&[(&str, &str)]; 3] = [
        &[("Sec-Fetch-Site", "cross-site")],
        &[("Origin", "https://evil.example")],
        &[("Origin", "null")],
    ];
    for role in everybody() {
        let stage = Stage::new();
        let browser = stage.browser(role);
        let token = token(&browser);
        let before = dump(&stage.portal.app);
        for row in ROWS.iter().filter(|row| row.method != "GET") {
            let path = stage.path(row.address);
            for headers in ELSEWHERE {
                let page = browser.post_as_is(Sent {
                    path: &path,
                    content_type: ContentType::Form,
                    body: format!("csrf={token}&body=PIRATE&subject=PIRATE&name=PIRATE")
                        .into_bytes(),
                    headers: headers.iter().map(|&(n, v)| Header::new(n, v)).collect(),
                });
                assert_eq!(page.status, 403, "{} as {role}: {headers:?}", row.route);
                assert!(!page.html().contains("PIRATE"), "{} as {role}", row.route);
            }
        }
        assert_eq!(dump(&stage.portal.app), before, "as {role}");
    }
}

/// A token for the forms of a browser.
pub(super) fn token(browser: &Browser<'_>) -> String {
    let page = browser.get("/requests/new").expect(200);
    let form = page.form("/requests");
    form.value("csrf").expect("a token").to_owned()
}
