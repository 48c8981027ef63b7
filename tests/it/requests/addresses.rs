//! Whatever is not one's own does not exist, in any spelling.

use super::footprint::Footprint;
use super::portal::{Portal, faceless};
use crate::support::{Browser, Page};

/// Spellings of the requests of somebody else, and of nothing.
fn spellings() -> Vec<String> {
    let long = "G".repeat(6_000);
    let wide = "%F0%9F%8E%9F".repeat(400);
    [
        "GU-1001",
        "gu-1001",
        "GU-1001%20",
        "%20GU-1001",
        "GU-1001.",
        "GU-1001%00",
        "%00",
        "GU%2D1001",
        "%47U-1001",
        "GU-1001%2e",
        "GU-1001%252e",
        "%252e%252e",
        "%2e%2e%2f",
        "..%2f..%2fdesk",
        "GU-1001%2f",
        "GU-1001;x",
        "GU-01001",
        "GU-1001%0a",
        "1001",
        "1",
        "-1",
        "GU-%EF%BC%91001",
        "GU-1001%EF%BB%BF",
        "%FF",
        "'%20OR%201=1--",
        "GU-100%25",
        "GU_1001",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain([long, wide])
    .collect()
}

/// The page of a request of which nothing is known, opened or answered.
fn asked<'b>(browser: &'b Browser<'b>, path: &str) -> Page<'b> {
    browser.get_once(path)
}

fn answered<'b>(browser: &'b Browser<'b>, path: &str) -> Page<'b> {
    let page = browser.get("/requests/new");
    let form = page.form("/requests");
    let token = form.value("csrf").expect("a token").to_owned();
    browser.post(path, &[("csrf", &token), ("body", "Texte.")])
}

#[test]
fn the_requests_of_others_cannot_be_told_from_none() {
    let portal = Portal::new();
    portal.file(&portal.paul, "Le sien", "Texte.");
    for who in [&portal.claire, &portal.theo, &portal.nadia] {
        let browser = portal.browser(who);
        let unknown = faceless(&asked(&browser, "/requests/GU-9999"));
        let refused = faceless(&answered(&browser, "/requests/GU-9999/messages"));
        assert!(unknown.starts_with("404") && refused.starts_with("404"));
        let before = Footprint::of(&portal);
        for spelling in spellings() {
            let path = format!("/requests/{spelling}");
            let shown: String = spelling.chars().take(40).collect();
            assert_eq!(faceless(&asked(&browser, &path)), unknown, "{shown}");
            for file in ["aaaaaaaaaaaaaaaa", "%00", "..%2f..%2fsecret.key", "1"] {
                let file = asked(&browser, &format!("{path}/files/{file}"));
                assert_eq!(faceless(&file), unknown, "{shown}");
            }
            for action in ["messages", "confirmation", "reopening"] {
                let page = answered(&browser, &format!("{path}/{action}"));
                assert_eq!(faceless(&page), refused, "{shown}/{action}");
            }
        }
        assert_eq!(Footprint::of(&portal), before);
    }
}

#[test]
fn ones_own_request_has_one_address() {
    let portal = Portal::new();
    portal.file(&portal.claire, "Sujet", "Texte.");
    let claire = portal.browser(&portal.claire);
    let unknown = faceless(&asked(&claire, "/requests/GU-9999"));
    claire.get_once("/requests/GU-1001").expect(200);
    for odd in [
        "gu-1001",
        "GU-1001.",
        "GU-1001%20",
        "GU-1001%00",
        "GU-01001",
        "GU-1001%2f",
    ] {
        let page = asked(&claire, &format!("/requests/{odd}"));
        assert_eq!(faceless(&page), unknown, "{odd}");
    }
}

#[test]
fn nobody_signed_in_learns_whether_a_request_exists() {
    let portal = Portal::new();
    portal.file(&portal.paul, "Le sien", "Texte.");
    let guest = portal.app.browser();
    for reference in ["GU-1001", "GU-9999", "x"] {
        let page = asked(&guest, &format!("/requests/{reference}")).expect(303);
        let expected = format!(
            "/sign-in?return_to=%2Frequests%2F{}",
            reference.replace('-', "%2D")
        );
        assert_eq!(page.location(), Some(expected.as_str()));
    }
    let of = |reference| {
        faceless(&answered(
            &guest,
            &format!("/requests/{reference}/messages"),
        ))
        .replace(reference, "REF")
    };
    assert_eq!(of("GU-1001"), of("GU-9999"));
}
