//! Headers that every answer carries, whatever its status.

use diesel::RunQueryDsl;
use guichet::platform::company::Key;
use guichet::platform::i18n::Lang;
use rocket::http::{ContentType, Header};

use super::stage::Stage;
use crate::support::{File, Page};

/// Asserts what keeps a browser from being led astray.
#[track_caller]
pub fn assert_protected(page: &Page<'_>) {
    let header = |name: &str| page.header(name).unwrap_or_default();
    let about = format!("{} {}", page.status, page.path);
    let policy = header("Content-Security-Policy");
    assert!(policy.contains("default-src 'none'"), "{about}: {policy}");
    assert!(
        !policy.contains("unsafe-inline") || policy.contains("sandbox"),
        "{about}: {policy}"
    );
    assert!(policy.contains("base-uri 'none'"), "{about}: {policy}");
    assert_eq!(header("X-Content-Type-Options"), "nosniff", "{about}");
    for own in ["Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"] {
        assert_eq!(header(own), "same-origin", "{about}");
    }
    assert_eq!(page.header("Access-Control-Allow-Origin"), None, "{about}");
    // A mail is shown in a frame of the page about it.
    let framed = page.status == 200
        && page.path.starts_with("/manage/outbox/")
        && page.path.ends_with("/html");
    let (frame, ancestors) = if framed {
        ("SAMEORIGIN", "frame-ancestors 'self'")
    } else {
        ("DENY", "frame-ancestors 'none'")
    };
    assert_eq!(header("X-Frame-Options"), frame, "{about}");
    assert!(policy.contains(ancestors), "{about}: {policy}");
    assert!(
        header("Permissions-Policy").contains("camera=()"),
        "{about}"
    );
    // The address of some pages is a secret.
    let secret = page.path.starts_with("/password/") || page.path.starts_with("/setup/");
    let shown = secret && matches!(page.status, 200 | 422);
    let referrer = if shown { "no-referrer" } else { "same-origin" };
    assert_eq!(header("Referrer-Policy"), referrer, "{about}");
    assert!(!header("X-Request-Id").is_empty(), "{about}");
    assert_eq!(page.header("Server"), None, "{about}");
    let caching = header("Cache-Control");
    let shared = page.path.starts_with("/static/")
        || (page.path.starts_with("/brand/") && page.status == 200)
        || page.path == "/favicon.ico";
    if shared {
        assert!(caching.starts_with("public"), "{about}: {caching}");
    } else if ["/requests", "/track", "/desk", "/manage", "/profile"]
        .iter()
        .any(|personal| page.path.starts_with(personal))
    {
        assert_eq!(caching, "no-store", "{about}");
        assert_eq!(page.header("ETag"), None, "{about}");
    } else {
        let private = caching == "no-store" || caching.starts_with("private");
        assert!(private, "{about}: {caching}");
    }
}

#[test]
fn refusals_are_protected_like_pages() {
    let app = crate::support::TestApp::with(|settings| {
        settings.company.set(Key::MaxFileMb, "1");
        settings.company.set(Key::MaxFiles, "1");
    });
    let portal = crate::requests::portal::Portal::on(app);
    let claire = portal.browser(&portal.claire);
    let huge = File::new("a.bin", "application/octet-stream", vec![0; 45_000_000]);
    let filled = || claire.get("/requests/new").form("/requests");
    let visitor = portal.app.browser();
    let pages = [
        (404, claire.get("/nowhere")),
        (404, claire.get("/requests/GU-9999")),
        (404, claire.get("/api/v1/nowhere")),
        (403, claire.post("/requests", &[("subject", "x")])),
        (413, filled().attach("files", huge).submit()),
        (422, filled().submit()),
        (
            400,
            claire.post_raw("/requests", ContentType::JSON, b"{}".to_vec()),
        ),
        (401, visitor.post("/profile", &[])),
    ];
    for (status, page) in &pages {
        assert_eq!(page.status, *status, "{}", page.path);
        assert_protected(page);
    }
}

#[test]
fn answers_are_small_for_whoever_takes_them_so() {
    let stage = Stage::new();
    let visitor = stage.browser("guest");
    let plain = visitor.get("/").expect(200);
    assert_eq!(plain.header("Content-Encoding"), None);
    let style = plain.attributes("link[rel=stylesheet]", "href").remove(0);
    for path in ["/", style.as_str()] {
        let whole = visitor.get(path).expect(200).bytes().len();
        for (accepted, coding) in [
            ("gzip, deflate, br", Some("br")),
            ("gzip;q=0.5", Some("gzip")),
            ("br;q=0, gzip;q=0", None),
        ] {
            let page = visitor.get_with(path, Header::new("Accept-Encoding", accepted));
            let page = page.expect(200);
            assert_eq!(page.header("Content-Encoding"), coding, "{path}");
            assert_eq!(page.bytes().len() < whole / 2, coding.is_some(), "{path}");
            if coding.is_some() {
                // The first page is also in the reader's language.
                let varies = match path {
                    "/" => "Accept-Encoding, Accept-Language",
                    _ => "Accept-Encoding",
                };
                assert_eq!(page.header("Vary"), Some(varies), "{path}");
            }
        }
    }
    let font = plain.attributes("link[as=font]", "href").remove(0);
    let font = visitor.get_with(&font, Header::new("Accept-Encoding", "br"));
    assert_eq!(font.expect(200).header("Content-Encoding"), None);
}

#[test]
fn an_error_keeps_the_header_of_whoever_is_signed_in() {
    let stage = Stage::new();
    for path in ["/no-such-page", "/requests/GU-999999", "/desk/teams/x"] {
        let guest = stage.portal.app.browser_in(Lang::Fr);
        assert!(guest.get(path).all(".account-name").is_empty(), "{path}");
        let claire = stage.browser("owner");
        let page = claire.get(path).expect(404);
        assert_eq!(page.all(".account-name").len(), 1, "{path}");
        page.has("Back to the home page")
            .lacks("Back to the agents’ desk");
        let theo = stage.browser("agent");
        let page = theo.get(path).expect(404);
        assert_eq!(page.all(".account-name").len(), 1, "{path}");
        page.has("Back to the agents’ desk");
    }
    stage.portal.app.expect_server_errors();
    let claire = stage.browser("owner");
    diesel::sql_query("ALTER TABLE sessions RENAME TO lost")
        .execute(&mut stage.portal.app.connect())
        .expect("our own database");
    let fallen = claire.get("/no-such-page");
    assert!(fallen.status == 404 || fallen.status == 503);
    assert!(!fallen.html().contains("account-name"), "nobody is known");
    assert!(fallen.html().contains("<h1>"), "it is a page all the same");
}

#[test]
fn a_failure_says_nothing_of_its_cause() {
    let stage = Stage::new();
    stage.portal.app.expect_server_errors();
    let claire = stage.browser("owner");
    diesel::sql_query("ALTER TABLE attachments RENAME TO lost")
        .execute(&mut stage.portal.app.connect())
        .expect("our own database");
    let page = claire.get(&stage.path("/requests/{ticket}"));
    assert!((500..600).contains(&page.status), "{}", page.status);
    assert_protected(&page);
    for inner in [
        "attachments",
        "relation",
        "no such table",
        "SELECT",
        "diesel",
        "src/",
    ] {
        assert!(!page.html().contains(inner), "{inner}");
    }
    let number = page.header("X-Request-Id").unwrap_or("none").to_owned();
    page.has(&number);
}

#[test]
fn a_portal_of_https_is_never_reached_by_anything_else() {
    let app = crate::support::TestApp::with(|settings| {
        settings.public_url = "https://portal.example".to_owned();
    });
    app.person("claire@tilleuls.example", guichet::accounts::Role::Customer);
    let browser = app.browser_in(Lang::En);
    let form = browser.get("/sign-in").expect(200);
    let signed_in = form
        .form("/sign-in")
        .fill("email", "claire@tilleuls.example")
        .fill("password", crate::support::PASSWORD)
        .submit_once()
        .expect(303);
    assert!(browser.cookie("__Host-guichet_session").is_some());
    let pages = [
        form,
        signed_in,
        browser.get_once("/language/en").expect(303),
        browser.post("/theme", &[]).expect(403),
        browser.get("/nowhere").expect(404),
    ];
    let mut cookies = 0;
    for page in &pages {
        let strict = page.header("Strict-Transport-Security");
        assert_eq!(strict, Some("max-age=31536000"), "{}", page.path);
        for cookie in page.headers("Set-Cookie") {
            cookies += 1;
            assert!(cookie.starts_with("__Host-"), "{cookie}");
            let attributes: Vec<&str> = cookie.split("; ").skip(1).collect();
            for wanted in ["HttpOnly", "Secure", "Path=/"] {
                assert!(attributes.contains(&wanted), "{wanted}: {cookie}");
            }
            let same_site = attributes.iter().find(|a| a.starts_with("SameSite="));
            let same_site = same_site.copied().unwrap_or_default();
            assert!(
                ["SameSite=Lax", "SameSite=Strict"].contains(&same_site),
                "{cookie}"
            );
            assert!(!cookie.contains("Domain="), "{cookie}");
        }
    }
    assert!(cookies >= 2, "the session's and a language's at least");
}

#[test]
fn an_outage_says_when_to_come_back() {
    let stage = Stage::new();
    stage.portal.app.expect_server_errors();
    let claire = stage.browser("owner");
    diesel::sql_query("ALTER TABLE sessions RENAME TO lost")
        .execute(&mut stage.portal.app.connect())
        .expect("our own database");
    let page = claire.get("/profile").expect(503);
    assert_eq!(page.header("Retry-After"), Some("5"));
    let page = claire.post("/profile", &[("name", "Claire")]).expect(503);
    assert_eq!(page.header("Retry-After"), Some("5"));
}
