//! Commands that end by themselves.

use serde_json::Value;

use super::program::Place;

#[test]
fn every_command_explains_itself() {
    let place = Place::new();
    for arguments in [
        vec!["--help"],
        vec!["serve", "--help"],
        vec!["migrate", "--help"],
        vec!["doctor", "--help"],
        vec!["kb", "--help"],
        vec!["kb", "check", "--help"],
        vec!["kb", "import", "--help"],
        vec!["kb", "reindex", "--help"],
        vec!["search", "--help"],
    ] {
        let said = place.run(&arguments);
        assert_eq!(said.code, Some(0), "{arguments:?}");
        assert!(
            said.out.contains("Usage: guichet"),
            "{arguments:?}: {}",
            said.out
        );
        assert_eq!(said.err, "", "{arguments:?}");
    }
    let said = place.run(&["--version"]);
    assert_eq!(
        said.out.trim(),
        concat!("guichet ", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn help_names_every_command_that_there_is() {
    let place = Place::new();
    let said = place.run(&["--help"]);
    let commands = said.out.split("Commands:").nth(1).unwrap_or_default();
    let commands = commands.split("Options:").next().unwrap_or_default();
    let names: Vec<&str> = commands
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty() && *name != "help")
        .collect();
    for name in &names {
        let said = place.run(&[name, "--help"]);
        assert_eq!(said.code, Some(0), "{name}");
    }
    for name in ["serve", "migrate", "doctor", "kb", "search"] {
        assert!(names.contains(&name), "{names:?}");
    }
}

#[test]
fn what_is_not_a_command_is_refused_with_the_usage() {
    let place = Place::new();
    for arguments in [vec!["sevre"], vec!["search"], vec!["serve", "--port", "1"]] {
        let said = place.run(&arguments);
        assert_eq!(said.code, Some(2), "{arguments:?}");
        assert!(said.err.contains("Usage"), "{arguments:?}: {}", said.err);
        assert_eq!(said.out, "");
    }
}

#[test]
fn migrating_twice_changes_nothing_the_second_time() {
    let place = Place::new();
    let first = place.run(&["migrate"]);
    assert_eq!(first.code, Some(0), "{first:?}");
    assert!(first.out.contains("applied"), "{first:?}");
    let second = place.run(&["migrate"]);
    assert_eq!(second.code, Some(0), "{second:?}");
    assert!(second.out.contains("nothing to do"), "{second:?}");
}

#[test]
fn the_doctor_says_what_to_do_and_fails_only_for_what_must_be_mended() {
    let place = Place::new();
    let said = place.run(&["doctor"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    for text in [
        "  database ",
        "warning  mail",
        "set smtp_url",
        "warning  address",
        "https",
    ] {
        assert!(said.out.contains(text), "{text}: {}", said.out);
    }
    let key = place.data().join("secret.key");
    let mode = |mode| {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).expect("our file");
    };
    mode(0o644);
    let said = place.run(&["doctor"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(
        said.out.contains("FAILURE  key") && said.out.contains("chmod 600"),
        "{said:?}"
    );
    let said = place.run(&["doctor", "--json"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let findings: Value = serde_json::from_str(&said.out).expect("JSON");
    let levels: Vec<_> = findings
        .as_array()
        .expect("a list")
        .iter()
        .map(|finding| (finding["check"].as_str(), finding["level"].as_str()))
        .collect();
    assert!(
        levels.contains(&(Some("key"), Some("failure"))),
        "{levels:?}"
    );
    mode(0o600);
    assert_eq!(place.run(&["doctor"]).code, Some(0));
}

#[test]
fn the_doctor_says_when_the_database_does_not_wait_for_its_disk() {
    let place = Place::new();
    let waits = place.database.connect().syncs().expect("it tells");
    let said = place.run(&["doctor"]);
    let line = said.out.lines().find(|line| line.contains("  database "));
    let line = line.expect("it is looked at");
    assert_eq!(line.contains("set fsync = on"), !waits, "{line}");
    assert_eq!(line.starts_with("warning"), !waits, "{line}");
}

#[test]
fn the_doctor_leaves_the_uploads_of_a_running_server_alone() {
    let place = Place::new();
    let server = place.serve();
    let upload = place.data().join("tmp/upload");
    std::fs::write(&upload, "under way").expect("written");
    assert_eq!(place.run(&["doctor"]).code, Some(0));
    assert_eq!(place.run(&["search", "fibre"]).code, Some(0));
    assert!(upload.exists());
    server.kill();
    let server = place.serve();
    assert!(
        !upload.exists(),
        "what a crash left is swept at the next start"
    );
    server.kill();
}

#[test]
fn everything_for_programs_is_json() {
    let place = Place::new();
    std::fs::create_dir_all(place.path().join("kb/en/net")).expect("a folder");
    std::fs::write(
        place.path().join("kb/en/net/_section.md"),
        "---\ntitle: Network\nsummary: Lines.\nicon: wifi\n---\n",
    )
    .expect("written");
    std::fs::write(
        place.path().join("kb/en/net/line.md"),
        "---\ntitle: The line drops\nsummary: What to look at.\n---\n\nLook at the cable.\n",
    )
    .expect("written");
    let json = |arguments: &[&str]| -> Value {
        let said = place.run(arguments);
        serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{arguments:?}: {e}: {said:?}"))
    };
    assert!(json(&["doctor", "--json"]).is_array());
    assert!(json(&["kb", "check", "--json"])["findings"].is_array());
    assert!(json(&["search", "line", "--lang", "en", "--json"]).is_array());
    assert!(json(&["search", "nichts", "--json"]).is_array());
}

#[test]
fn what_does_not_exist_has_an_exit_code_of_its_own() {
    let place = Place::new();
    let said = place.run(&["kb", "check", "nowhere"]);
    assert_eq!(said.code, Some(3), "{said:?}");
    assert!(said.err.contains("nowhere"));
}

#[test]
fn the_indexes_are_compared_with_the_database() {
    let place = Place::new();
    let said = place.run(&["demo", "--no-serve", "--tickets", "3", "--dir", "data"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    std::fs::remove_dir_all(place.data().join("index")).expect("it was made");
    let said = place.run(&["search", "--check"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(
        said.out.contains("requests  3 to be found, 3 missing"),
        "{said:?}"
    );
    let said = place.run(&["kb", "reindex"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let said = place.run(&["search", "--check"]);
    let articles = said.out.lines().next().unwrap_or_default();
    assert!(
        articles.ends_with("0 missing, 0 gone but found, 0 as they were before"),
        "{said:?}"
    );
}
