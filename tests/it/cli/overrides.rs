//! Pages and styles that an operator puts beside the program, as they are served.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::http;
use super::program::{Place, Server, finish, free_port};

const PATIENCE: Duration = Duration::from_secs(60);

const PAGE: &str = "templates/portal/home.html";
const CUSTOM: &str = "static/css/custom.css";
const PART: &str = "static/css/stub.css";

/// A place whose program has files put before its own.
struct Own {
    place: Place,
    folder: PathBuf,
}

impl Own {
    fn new() -> Self {
        let place = Place::new();
        let folder = place.path().join("own");
        Self { place, folder }
    }

    /// Puts a file in its place at once, as editors do.
    fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        let hidden = path.with_file_name(".being-written");
        std::fs::write(&hidden, text).expect("written");
        std::fs::rename(hidden, path).expect("renamed");
    }

    /// A first page that says something.
    fn write_page(&self, says: &str) {
        let page = format!(
            "{{% extends \"layouts/portal.html\" %}}\n\
             {{% block content %}}<p>{says}, {{{{ shell.brand }}}}</p>{{% endblock content %}}\n"
        );
        self.write(PAGE, &page);
    }

    fn serve(&self) -> Server {
        let environment = [("GUICHET_OVERRIDE_DIR", "own")];
        self.place.serve_at(free_port(), &environment)
    }
}

/// The first page as any guest is sent it.
fn page(server: &Server) -> String {
    let answer = http::get(server.port, "/fr").expect("it answers");
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

/// The address of the stylesheet of a page.
fn sheet_of(page: &str) -> String {
    let addresses = page.split('"').filter(|part| part.starts_with("/static/"));
    let mut sheets = addresses.filter(|part| part.ends_with("/css/guichet.css"));
    sheets.next().expect("a stylesheet").to_owned()
}

/// The stylesheet that the first page names.
fn styles(server: &Server) -> String {
    let sheet = sheet_of(&page(server));
    let answer = http::get(server.port, &sheet).expect("it answers");
    assert_eq!(answer.status, 200);
    answer.body
}

/// Asks again until an answer shows something.
#[track_caller]
fn wait_until_shown(text: &str, ask: impl Fn() -> String) -> String {
    let begun = Instant::now();
    loop {
        let shown = ask();
        if shown.contains(text) {
            return shown;
        }
        assert!(begun.elapsed() < PATIENCE, "no {text:?} in {shown}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Asks again until the first page names another stylesheet, so that browsers fetch it anew: a page
/// that was kept names that of before for a moment.
#[track_caller]
fn wait_for_another_sheet(server: &Server, before: &str) -> String {
    let begun = Instant::now();
    loop {
        let sheet = sheet_of(&page(server));
        if sheet != before {
            return sheet;
        }
        assert!(begun.elapsed() < PATIENCE, "still {before}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn replaced_pages_and_styles_are_served_and_their_edits_without_a_restart() {
    let own = Own::new();
    own.write_page("Au premier guichet");
    own.write(CUSTOM, ".ours { color: teal }");
    own.write(PART, ".stub { --part: first }");
    let server = own.serve();
    // Twice: the second is the one that the front has kept.
    for _ in 0..2 {
        let page = page(&server);
        assert!(
            page.contains("<p>Au premier guichet, Guichet</p>"),
            "{page}"
        );
        assert!(!page.contains("/js/suggestions.js"), "not the built-in one");
    }
    let before = sheet_of(&page(&server));
    let css = styles(&server);
    for rule in [".ours { color: teal }", ".stub { --part: first }"] {
        assert!(css.contains(rule), "{rule}");
    }

    own.write_page("Au second guichet");
    wait_until_shown("<p>Au second guichet, Guichet</p>", || page(&server));
    own.write(CUSTOM, ".ours { color: olive }");
    own.write(PART, ".stub { --part: second }");
    let css = wait_until_shown(".stub { --part: second }", || styles(&server));
    assert!(!css.contains(".stub { --part: first }"));
    wait_until_shown(".ours { color: olive }", || styles(&server));
    let shown = page(&server);
    assert!(!shown.contains("premier"), "{shown}");
    let sheet = wait_for_another_sheet(&server, &before);
    let answer = http::get(server.port, &sheet).expect("it answers");
    let caching = answer.header("cache-control").unwrap_or_default();
    assert!(caching.contains("immutable"), "its own address: {caching}");

    // What is taken away gives its place back.
    for part in ["templates", "static"] {
        std::fs::remove_dir_all(own.folder.join(part)).expect("ours");
    }
    wait_until_shown("/js/suggestions.js", || page(&server));
    wait_until_shown("--notch: 7px", || styles(&server));
    assert!(!styles(&server).contains(".ours"));
    let (status, errors) = server.stop();
    assert!(status.success(), "{errors}");
}

#[test]
fn an_edit_that_cannot_be_used_is_named_and_changes_nothing() {
    let own = Own::new();
    own.write_page("Au guichet");
    let server = own.serve();
    assert!(page(&server).contains("Au guichet"));
    own.write(CUSTOM, ".late { color: olive }");
    own.write(PAGE, "<p>\n{{ shell.brand\n</p>");
    let told = server.wait_for_error("home.html:");
    assert!(told.contains("what was before stays"), "{told}");
    assert!(page(&server).contains("Au guichet"));
    own.write_page("Au nouveau guichet");
    let shown = wait_until_shown("Au nouveau guichet", || page(&server));
    assert!(shown.contains("Guichet"));
    wait_until_shown(".late { color: olive }", || styles(&server));
}

#[test]
fn files_that_cannot_be_read_hide_no_page_that_cannot_be_used() {
    let own = Own::new();
    own.write(PAGE, "<p>\n{{ shell.brand\n</p>");
    // A link that leads nowhere cannot be read, not even by root.
    let sheet = own.folder.join(CUSTOM);
    std::fs::create_dir_all(sheet.parent().expect("a folder")).expect("made");
    std::os::unix::fs::symlink("nowhere", &sheet).expect("linked");
    let mut run = own.place.command(&["serve"]);
    run.env("GUICHET_OVERRIDE_DIR", "own");
    let said = finish(run);
    assert_eq!(said.code, Some(1), "{said:?}");
    for text in ["2 file(s)", CUSTOM, "templates/portal/home.html:3:"] {
        assert!(said.err.contains(text), "{text}: {}", said.err);
    }

    // While it serves they are told together, too.
    std::fs::remove_file(&sheet).expect("ours");
    own.write_page("Au guichet");
    let server = own.serve();
    assert!(page(&server).contains("Au guichet"));
    own.write(PAGE, "<p>\n{{ shell.brand\n</p>");
    std::fs::create_dir_all(sheet.parent().expect("a folder")).expect("made");
    std::os::unix::fs::symlink("nowhere", &sheet).expect("linked");
    for file in ["custom.css:", "home.html:3"] {
        let told = server.wait_for_error(file);
        assert!(told.contains("what was before stays"), "{told}");
    }
    assert!(page(&server).contains("Au guichet"));
}
