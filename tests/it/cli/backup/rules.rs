//! What backup and restore refuse, and what they leave behind.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use guichet::platform::db::Engine;

use super::archive::entries;
use super::{restore, take};
use crate::cli::program::Place;

fn names(folder: &std::path::Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let mut names: Vec<_> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn nothing_is_overwritten_unless_told_to() {
    let place = Place::new();
    place.run(&["doctor"]);
    let path = place.path().join("b.tar");
    fs::write(&path, "something else").expect("written");
    let said = place.run(&["backup", "b.tar"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.contains("--force"), "{said:?}");
    assert_eq!(fs::read_to_string(&path).expect("there"), "something else");
    let said = place.run(&["backup", "b.tar", "--force"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let mode = fs::metadata(&path).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(names(place.path()), ["b.tar", "data", "kb"]);
}

#[test]
fn a_place_without_a_portal_has_nothing_to_back_up() {
    let place = Place::new();
    let said = place.run(&["backup", "b.tar"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(names(place.path()), ["data", "kb"]);
    if place.database.url().engine() == Engine::Sqlite {
        assert!(said.err.contains("there is no database"), "{said:?}");
        assert_eq!(names(&place.data()), Vec::<String>::new());
    }
}

#[test]
fn files_beside_the_data_are_in_it_and_hidden_ones_are_not() {
    let place = Place::new();
    fs::write(
        place.path().join("Rocket.toml"),
        "[default.guichet]\nreference_prefix = \"ZZ\"\n",
    )
    .expect("written");
    let deep = place.path().join(format!("kb/fr/{}", "d".repeat(120)));
    fs::create_dir_all(place.path().join("kb/.git")).expect("made");
    fs::create_dir_all(&deep).expect("made");
    fs::write(deep.join("é.md"), "# Été\n").expect("written");
    fs::write(place.path().join("kb/.git/config"), "secret").expect("written");
    assert_eq!(place.run(&["doctor"]).code, Some(0));
    let backup = take(&place, "b.tar");
    let found = entries(&backup);
    assert!(found.contains_key("config/Rocket.toml") && found.contains_key("secret.key"));
    assert!(!found.keys().any(|path| path.contains(".git")));

    let other = Place::new();
    let said = restore(&other, &backup);
    assert_eq!(said.code, Some(0), "{said:?}");
    let article = format!("kb/fr/{}/é.md", "d".repeat(120));
    let article = fs::read_to_string(other.data().join(article)).expect("restored");
    assert_eq!(article, "# Été\n");
    let key = |place: &Place| fs::read(place.data().join("secret.key")).expect("a key");
    assert_eq!(key(&place), key(&other));
    assert!(said.out.contains("config/Rocket.toml") && said.out.contains("GUICHET_KB_DIR="));
    assert_eq!(other.run(&["doctor"]).code, Some(0));
}

#[test]
fn a_restore_goes_only_where_nothing_is() {
    let (place, other) = (Place::new(), Place::new());
    place.run(&["doctor"]);
    let backup = take(&place, "b.tar");
    fs::write(other.data().join("mine"), "mine").expect("written");
    let said = restore(&other, &backup);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.contains("not empty"), "{said:?}");
    assert_eq!(names(&other.data()), ["mine"]);

    // An empty folder, but a database that is in use.
    let said = place.run(&["restore", "b.tar", "--into", "elsewhere"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.contains("database_url"), "{said:?}");
    assert!(!place.path().join("elsewhere").exists());
    assert_eq!(place.run(&["doctor"]).code, Some(0), "it is as it was");
}
