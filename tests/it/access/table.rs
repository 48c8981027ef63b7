//! Every route against every role.

use std::collections::BTreeSet;

use rocket::http::{ContentType, Header};

use super::headers::assert_protected;
use super::quiet::dump;
use super::rows::{ROWS, Row};
use super::stage::{ROLES, Stage};
use crate::support::{Browser, Sent};

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
    for (column, role) in ROLES.into_iter().enumerate() {
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
            let expected = row.statuses[column];
            if page.status != expected {
                wrong.push(format!(
                    "{} {} as {role}: {} instead of {expected}",
                    row.method, row.route, page.status
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What a form without a good token gets: whoever may not use it at all is told that first.
fn without_token(row: &Row, column: usize) -> &'static [u16] {
    let open = row.statuses.iter().all(|status| *status == 404);
    match row.statuses[column] {
        // Whether somebody has to be signed in may depend on what they send.
        401 => &[401, 403],
        // Either its audience is another, or what it is about is somebody else's.
        404 if !open => &[403, 404],
        _ => &[403],
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
    for (column, role) in ROLES.into_iter().enumerate() {
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
                assert!(
                    without_token(row, column).contains(&page.status),
                    "{} as {role}: {}",
                    row.route,
                    page.status
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
    for role in ROLES {
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
