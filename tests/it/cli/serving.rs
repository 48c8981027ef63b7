//! Starting to serve, whatever is in the folders, and stopping.

use guichet::platform::data_folder::Occupied;

use super::http;
use super::program::{Place, finish, free_port};

#[test]
fn it_serves_and_stops_when_asked() {
    let place = Place::new();
    let mut server = place.serve();
    server.wait_for("/setup/");
    let home = http::get(server.port, "/").expect("it answers");
    assert_eq!(home.status, 200);
    assert!(home.body.contains("</html>"));
    let (status, errors) = server.stop();
    assert!(status.success(), "{status}: {errors}");
    assert!(
        !errors.contains("ERROR") && !errors.contains("panicked"),
        "{errors}"
    );
    let server = place.serve();
    assert_eq!(http::get(server.port, "/").expect("it answers").status, 200);
}

#[test]
fn one_server_at_a_time_uses_the_embedded_database() {
    if std::env::var_os("TEST_DATABASE_URL").is_some() {
        return several_nodes_share_a_server();
    }
    let place = Place::new();
    let mut first = place.serve();
    first.wait_for("/setup/");
    let setup = first.said.split("/setup/").nth(1).unwrap_or_default();
    let setup = format!(
        "/setup/{}",
        setup.split_whitespace().next().unwrap_or_default()
    );
    let mut second = place.command(&["serve"]);
    second.env("ROCKET_PORT", free_port().to_string());
    let said = finish(second);
    assert_eq!(said.code, Some(1), "{said:?}");
    for text in ["another Guichet", "data", "GUICHET_DATA_DIR"] {
        assert!(said.err.contains(text), "{text}: {}", said.err);
    }
    assert_eq!(
        said.out, "",
        "no link is announced that would end the one of the first"
    );
    assert_eq!(
        http::get(first.port, &setup).expect("it answers").status,
        200
    );
    first.kill();
    place.serve();
}

#[test]
fn a_demonstration_that_is_being_served_is_not_thrown_away() {
    let place = Place::new();
    let run = |arguments: &[&str]| {
        let mut command = place.command(arguments);
        command.env_remove("GUICHET_DATABASE_URL");
        command
    };
    let made = finish(run(&["demo", "--tickets", "3", "--no-serve"]));
    assert_eq!(made.code, Some(0), "{made:?}");
    let folder = place.data().join("demo");
    let serving = Occupied::take(&folder)
        .expect("it can be read")
        .expect("nobody serves");
    let again = ["demo", "--tickets", "3", "--no-serve", "--fresh"];
    let refused = finish(run(&again));
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.err.contains("another Guichet"), "{}", refused.err);
    assert!(folder.join("guichet.db").exists());
    drop(serving);
    let made = finish(run(&again));
    assert_eq!(made.code, Some(0), "{made:?}");
}

fn several_nodes_share_a_server() {
    let place = Place::new();
    let (first, second) = (place.serve(), place.serve());
    for server in [&first, &second] {
        assert_eq!(http::get(server.port, "/").expect("it answers").status, 200);
    }
}

#[test]
fn a_missing_folder_of_articles_is_warned_of() {
    let place = Place::new();
    write_article(&place);
    assert!(found(&place));
    // The manual would be written into it, had there never been an article.
    std::fs::remove_dir_all(place.path().join("kb")).expect("it was there");
    let server = place.serve();
    let warning = server.wait_for_error("kb_dir");
    assert!(warning.contains("WARN"), "{warning}");
    assert_eq!(
        http::get(server.port, "/fr/articles")
            .expect("it answers")
            .status,
        200
    );
    let said = place.run(&["doctor"]);
    assert!(said.out.contains("warning  articles"), "{said:?}");
}

#[test]
fn a_damaged_index_is_made_again() {
    let place = Place::new();
    write_article(&place);
    assert!(found(&place));
    for damage in [b"".as_slice(), b"garbage", &[0xff; 4096]] {
        damage_files(&place.data().join("index"), damage);
        let server = place.serve();
        assert_eq!(
            http::get(server.port, "/en/search?q=marzipan")
                .expect("an answer")
                .status,
            200
        );
        assert!(found(&place), "beside the server");
        let (status, errors) = server.stop();
        assert!(status.success(), "{errors}");
    }
    std::fs::remove_dir_all(place.data().join("index")).expect("it was there");
    assert!(found(&place));
}

fn write_article(place: &Place) {
    let folder = place.path().join("kb/en/net");
    std::fs::create_dir_all(&folder).expect("a folder");
    let section = "---\ntitle: Network\nsummary: Lines.\nicon: wifi\n---\n";
    std::fs::write(folder.join("_section.md"), section).expect("written");
    let article =
        "---\ntitle: The marzipan line drops\nsummary: What to look at.\n---\n\nThe cable.\n";
    std::fs::write(folder.join("line.md"), article).expect("written");
}

/// Whether the article of [`write_article`] is found, once it is taken in.
fn found(place: &Place) -> bool {
    let said = place.run(&["search", "marzipan", "--lang", "en"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    said.out.contains("marzipan")
}

fn damage_files(folder: &std::path::Path, with: &[u8]) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        match entry.path() {
            path if path.is_dir() => damage_files(&path, with),
            path if path.ends_with("writer.lock") => {}
            path => std::fs::write(path, with).expect("written"),
        }
    }
}

#[test]
fn nothing_that_is_kept_can_be_read_by_other_users() {
    use std::os::unix::fs::PermissionsExt;

    let place = Place::new();
    let said = place.run(&["demo", "--no-serve", "--tickets", "3", "--dir", "data"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let server = place.serve();
    assert_eq!(http::get(server.port, "/").expect("it answers").status, 200);
    let mut folders = vec![place.data()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            // The server may take a file of its own away meanwhile.
            let Ok(meta) = entry.metadata() else { continue };
            if meta.is_dir() {
                folders.push(entry.path());
            }
            files += 1;
            let mode = meta.permissions().mode() & 0o077;
            assert_eq!(mode, 0, "{}: {mode:o}", entry.path().display());
        }
    }
    assert!(files > 10, "{files}");
    let doctor = || place.run(&["doctor"]);
    let said = doctor();
    assert!(said.out.contains("ok       privacy"), "{said:?}");
    let key = place.data().join("serve.lock");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o640)).expect("our file");
    let said = doctor();
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.contains("FAILURE  privacy"), "{said:?}");
}
