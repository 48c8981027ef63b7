//! Forms that do not come from a page of their sender.

use guichet::platform::i18n::Lang;
use rocket::http::{ContentType, Header};

use super::footprint::Footprint;
use super::portal::Portal;
use crate::support::{File, Sent};

const TYPED: &str = "Un long texte que personne ne veut retaper.";

#[test]
fn a_form_opened_before_another_person_signed_in_is_not_sent_in_their_name() {
    let portal = Portal::new();
    portal.file(&portal.claire, "Sujet", "Texte.");
    let browser = portal.browser(&portal.claire);
    let forms = [
        browser
            .get("/requests/new")
            .form("/requests")
            .fill("request_type", &portal.question())
            .fill("subject", "Sujet tapé")
            .fill("body", TYPED)
            .attach("files", File::new("a.txt", "text/plain", "texte")),
        browser
            .get("/requests/GU-1001")
            .form("/requests/GU-1001/messages")
            .fill("body", TYPED)
            .attach("files", File::new("a.txt", "text/plain", "texte")),
    ];
    browser.set_cookie("guichet_session", &portal.session(&portal.paul));
    let before = Footprint::of(&portal);
    for form in forms {
        let page = form.submit().expect(403);
        assert!(page.html().contains(TYPED), "{}", page.path);
    }
    assert_eq!(Footprint::of(&portal), before);
}

#[test]
fn a_form_without_token_is_refused_and_what_was_typed_is_kept() {
    let portal = Portal::new();
    portal.file(&portal.claire, "Sujet", "Texte.");
    let claire = portal.browser(&portal.claire);
    let guest = portal.app.browser_in(Lang::En);
    let kind = portal.question();
    let new = [
        ("request_type", kind.as_str()),
        ("subject", "Sujet"),
        ("body", TYPED),
    ];
    let before = Footprint::of(&portal);
    for browser in [&claire, &guest] {
        let page = browser.post("/requests", &new).expect(403);
        assert!(page.html().contains(TYPED));
        for token in ["", ".", "a.b", "x"] {
            let fields = [new.as_slice(), &[("csrf", token)]].concat();
            browser.post("/requests", &fields).expect(403);
        }
    }
    let page = claire
        .post("/requests/GU-1001/messages", &[("body", TYPED)])
        .expect(403);
    assert!(page.html().contains(TYPED));
    let page = guest
        .post("/requests/GU-1001/messages", &[("body", TYPED)])
        .expect(401);
    assert!(page.html().contains(TYPED), "signing in keeps it");
    for action in ["confirmation", "reopening"] {
        claire
            .post(&format!("/requests/GU-1001/{action}"), &[])
            .expect(403);
    }
    assert_eq!(Footprint::of(&portal), before);
}

#[test]
fn what_another_site_sends_is_refused_whoever_is_signed_in_and_offered_to_nobody() {
    let portal = Portal::new();
    portal.file(&portal.claire, "Sujet", "Texte.");
    let claire = portal.browser(&portal.claire);
    let guest = portal.app.browser_in(Lang::En);
    let before = Footprint::of(&portal);
    let origins: [&[(&'static str, &'static str)]; 5] = [
        &[("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "same-site")],
        &[("Origin", "https://evil.example")],
        &[("Origin", "null")],
        &[("Origin", "http://portal.example.evil.example")],
    ];
    for headers in origins {
        for browser in [&claire, &guest] {
            let page = browser.get("/requests/new");
            let token = page
                .form("/requests")
                .value("csrf")
                .expect("a token")
                .to_owned();
            for path in [
                "/requests",
                "/requests/GU-1001/messages",
                "/requests/GU-1001/reopening",
            ] {
                let sent = Sent {
                    path,
                    content_type: ContentType::Form,
                    body: format!("csrf={token}&subject=Sujet&body=PIRATE&request_type=1")
                        .into_bytes(),
                    headers: headers.iter().map(|&(n, v)| Header::new(n, v)).collect(),
                };
                let page = browser.post_as_is(sent).expect(403);
                assert!(!page.html().contains("PIRATE"), "{headers:?} {path}");
            }
        }
    }
    assert_eq!(Footprint::of(&portal), before);
}

#[test]
fn bodies_that_are_no_form_are_refused() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let before = Footprint::of(&portal);
    let multipart = |boundary: &'static str| {
        ContentType::new("multipart", "form-data").with_params(("boundary", boundary))
    };
    let bodies: [(ContentType, &[u8]); 6] = [
        (ContentType::JSON, b"{\"subject\":\"x\"}"),
        (ContentType::Plain, b"subject=x"),
        (ContentType::new("multipart", "form-data"), b"--x\r\n"),
        (multipart("x"), b""),
        (
            multipart("x"),
            b"--x\r\nContent-Disposition: form-data; name=\"body\"\r\n\r\nhalf",
        ),
        (multipart("x"), b"garbage\0\xff\xfe"),
    ];
    for (content_type, body) in bodies {
        let page = claire.post_raw("/requests", content_type.clone(), body.to_vec());
        assert!(
            (400..500).contains(&page.status),
            "{content_type}: {}",
            page.status
        );
    }
    claire
        .post_raw(
            "/requests",
            ContentType::Form,
            b"subject=%FF%FE%00&body=%".to_vec(),
        )
        .expect(403);
    assert_eq!(Footprint::of(&portal), before);
}
