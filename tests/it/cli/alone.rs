//! The program by itself: nothing beside it, and what an operator puts beside it.

use super::http;
use super::program::Place;

/// An empty folder is enough. (A debug build reads pages and styles from the sources; that a
/// release build needs none of them, `benches/portal/alone.rs` shows.)
#[test]
fn an_empty_folder_is_enough() {
    let place = Place::embedded();
    for folder in ["data", "kb"] {
        std::fs::remove_dir(place.path().join(folder)).expect("it was empty");
    }
    let server = place.serve();
    let home = http::get(server.port, "/fr").expect("it answers");
    assert_eq!(home.status, 200);
    assert!(home.body.contains("Guichet"));
    let (_, rest) = home.body.split_once("href=\"/static/").expect("a file");
    let (address, _) = rest.split_once('"').expect("an address");
    let file = http::get(server.port, &format!("/static/{address}")).expect("it answers");
    assert_eq!(file.status, 200);
    let manual = place.path().join("kb/en/operators/settings.md");
    assert!(manual.exists(), "the manual is written");
    let (status, errors) = server.stop();
    assert!(status.success() && !errors.contains("ERROR"), "{errors}");
    // A folder that is gone later on is not filled anew: a volume may not be mounted.
    std::fs::rename(place.path().join("kb"), place.path().join("away")).expect("moved");
    let server = place.serve();
    assert_eq!(
        http::get(server.port, "/fr").expect("it answers").status,
        200
    );
    assert!(!place.path().join("kb").exists());
}

#[test]
fn what_replaces_pages_and_styles_is_checked() {
    let place = Place::embedded();
    let write = |path: &str, text: &str| {
        let path = place.path().join("own").join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    };
    write("static/css/custom.css", ".ours { color: red }");
    write("templates/teams/list.html", "<p>\n{{ name\n</p>");
    write("templates/portal/home.html", "{% if %}");
    let run = |arguments: &[&str]| {
        let mut command = place.command(arguments);
        command.env("GUICHET_OVERRIDE_DIR", "own");
        super::program::finish(command)
    };
    let said = run(&["doctor"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    for text in [
        "own/templates/teams/list.html:3",
        "own/templates/portal/home.html:1",
    ] {
        assert!(said.err.contains(text), "{text}: {}", said.err);
    }
    write("templates/teams/list.html", "{{ unheard_of }}");
    write("templates/portal/home.html", "<p>{{ shell.brand }}</p>");
    let said = run(&["doctor"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.contains("teams/list.html"), "{}", said.out);
    assert!(!said.out.contains("portal/home.html:"), "{}", said.out);
}
