//! What the one door for forms lets in, and what it costs to be refused.

use guichet::platform::i18n::Lang;
use guichet::platform::web::guest_pages::{GuestView, Made};
use rocket::http::ContentType;

use super::stage::Stage;
use crate::support::{Browser, File, Page, TestApp};

fn multipart<'b>(browser: &'b Browser<'b>, path: &str, body: String) -> Page<'b> {
    let content_type = ContentType::new("multipart", "form-data").with_params(("boundary", "edge"));
    browser.post_raw(path, content_type, body.into_bytes())
}

fn part(name: &str, value: &str) -> String {
    format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

#[test]
fn a_form_without_measure_is_no_form() {
    let app = TestApp::new();
    let browser = app.browser_in(Lang::En);
    let million = "a".repeat(1_000_000);
    for flood in [
        format!("{million}\r\n{}--edge--\r\n", part("theme", "dark")),
        format!("--edge\r\nX: {million}\r\n\r\n\r\n--edge--\r\n"),
        part(&million, "dark") + "--edge--\r\n",
    ] {
        assert_eq!(multipart(&browser, "/theme", flood).status, 400);
    }
    let fields = vec!["theme=dark"; 501].join("&").into_bytes();
    let page = browser.post_raw("/theme", ContentType::Form, fields);
    assert_eq!(page.status, 413);
}

#[test]
fn files_of_strangers_never_reach_the_disk() {
    let stage = Stage::new();
    let claire = stage.browser("owner");
    let file = || File::new("a.txt", "text/plain", "ligne 1");
    let form = claire.get("/requests/new").form("/requests");
    let form = form
        .fill("request_type", &stage.portal.question())
        .fill("subject", "Sujet")
        .fill("body", "Texte.")
        .attach("files", file());
    let tmp = stage.portal.app.site.settings.data_dir.join("tmp");
    std::fs::remove_dir(&tmp).expect("nothing is in it");
    for token in ["", "abc.def"] {
        form.clone().forge("csrf", token).submit().expect(403);
    }
    let guest = stage.browser("guest");
    guest.get("/requests/new").expect(200);
    let (_, content_type, body) = form.encoded();
    guest.post_raw("/requests", content_type, body).expect(403);
    // One of ours does try to.
    stage.portal.app.expect_server_errors();
    form.clone().submit().expect(503);
    std::fs::create_dir(&tmp).expect("it can be made");
    form.submit().expect(200).has("a.txt");
}

#[test]
fn a_refusal_is_no_larger_than_what_people_write() {
    let app = TestApp::new();
    let browser = app.browser_in(Lang::En);
    let quotes = "\"".repeat(3_900_000);
    for (path, fields) in [
        ("/profile", part("body", &quotes)),
        ("/profile", part("unknown", &quotes)),
        ("/theme", part("body", &quotes)),
    ] {
        let page = multipart(&browser, path, fields + "--edge--\r\n");
        assert!([401, 403].contains(&page.status), "{}", page.status);
        let size = page.bytes().len();
        assert!(size < 2_000_000, "{path}: {size} bytes");
    }
    let page = multipart(&browser, "/profile", part("body", &quotes) + "--edge--\r\n");
    page.has("its end is missing here");
}

#[test]
fn only_pages_that_are_asked_for_are_kept_for_the_next_guest() {
    let stage = Stage::new();
    let guest = stage.browser("guest");
    let site = &stage.portal.app.site;
    let edition = site.part::<guichet::knowledge::job::Edition>().number();
    let kept = |path: &str| {
        let view = GuestView {
            path: path.to_owned(),
            lang: Lang::En,
            theme: "auto".to_owned(),
        };
        let made = Made {
            edition,
            company: site.company.get().revision(),
            overrides: site.followed.edition(),
        };
        site.guest_pages.find(&view, made).is_some()
    };
    let article = "/en/articles/line";
    guest.get(article).expect(200);
    assert!(kept(article));
    for odd in ["?1", "?page=7", "?"] {
        for page in [article, "/en", "/en/articles", "/en/sections/net"] {
            let path = format!("{page}{odd}");
            guest.get(&path).expect(200);
            assert!(!kept(&path), "{path}");
        }
    }
    guest.get("/en/articles/l%69ne");
    assert!(!kept("/en/articles/l%69ne"));
    assert!(kept(article));
}
