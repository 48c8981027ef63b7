//! Starts that cannot succeed say what is wrong and what to do.

use diesel::RunQueryDsl;

use super::program::{Place, Said, finish};

/// A refusal: an exit code, nothing on standard output, cause and remedy on standard error.
#[track_caller]
fn refused(said: &Said, code: i32, texts: &[&str]) {
    assert_eq!(said.code, Some(code), "{said:?}");
    for text in texts {
        assert!(said.err.contains(text), "{text:?} in {}", said.err);
    }
    for panic in ["panicked", "RUST_BACKTRACE", "Os {", "Err("] {
        assert!(!said.err.contains(panic), "{}", said.err);
    }
}

#[test]
fn a_data_folder_that_cannot_be_written_is_named_with_the_remedy() {
    let place = Place::new();
    std::fs::write(place.path().join("file"), "").expect("written");
    for command in ["serve", "migrate", "doctor"] {
        let mut run = place.command(&[command]);
        run.env("GUICHET_DATA_DIR", "file/data");
        refused(&finish(run), 1, &["file/data", "GUICHET_DATA_DIR"]);
    }
}

#[test]
fn settings_are_all_checked_before_anything_is_made() {
    let place = Place::new();
    for command in ["serve", "migrate", "doctor"] {
        let mut run = place.command(&[command]);
        run.envs([
            ("GUICHET_DATA_DIR", "elsewhere"),
            ("GUICHET_TIME_ZONE", "Paris"),
            ("GUICHET_MAX_FILES", "many"),
            ("GUICHET_COLOUR", "blue"),
            ("GUICHET_SMTP_URL", "smtp//user:hunter2@host"),
            ("ROCKET_PORT", "eighty"),
        ]);
        let said = finish(run);
        refused(
            &said,
            78,
            &[
                "time_zone",
                "Paris",
                "max_files",
                "colour",
                "smtp_url",
                "port",
            ],
        );
        assert!(said.err.contains("GUICHET_TIME_ZONE") && said.err.contains("ROCKET_PORT"));
        assert!(!said.err.contains("hunter2"), "{}", said.err);
        assert!(!place.path().join("elsewhere").exists());
    }
}

#[test]
fn what_the_environment_says_is_read_as_it_was_written() {
    let place = Place::new();
    let mut run = place.command(&["doctor"]);
    run.envs([
        ("GUICHET_DATA_DIR", ""),
        ("GUICHET_DATABASE_URL", "mysql://user:hunter2@db/guichet"),
        ("GUICHET_REFERENCE_PREFIX", "+007"),
        ("GUICHET_MAX_FILES", "1.5"),
        ("GUICHET_PHONE", "+33 1 99 00 48 20"),
        ("ROCKET_WORKERS", "1.5"),
        ("ROCKET_IDENT", "007"),
    ]);
    let said = finish(run);
    let texts = [
        "5 fault(s)",
        "data_dir = \"\" (Rocket.toml, or GUICHET_DATA_DIR): expected the name of a folder",
        "database_url = \"…@db/guichet\"",
        "reference_prefix = \"+007\"",
        "max_files = \"1.5\"",
        "a whole number from 1 to 20",
        "workers = \"1.5\"",
    ];
    refused(&said, 78, &texts);
    assert!(!said.err.contains("hunter2"), "{}", said.err);
}

#[test]
fn a_settings_file_that_cannot_be_read_hides_no_other_fault() {
    let place = Place::new();
    std::fs::write(
        place.path().join("Rocket.toml"),
        "[default.guichet]\nsmtp_url = smtp://user:hunter2@host\n",
    )
    .expect("written");
    for command in ["serve", "migrate", "doctor"] {
        let mut run = place.command(&[command]);
        run.envs([
            ("GUICHET_DATA_DIR", "elsewhere"),
            ("GUICHET_TIME_ZONE", "Paris"),
            ("ROCKET_PORT", "eighty"),
        ]);
        let said = finish(run);
        let texts = [
            "3 fault(s)",
            "Rocket.toml:2: expected",
            "time_zone = \"Paris\"",
            "GUICHET_TIME_ZONE",
            "port = \"eighty\"",
            "ROCKET_PORT",
        ];
        refused(&said, 78, &texts);
        assert!(!said.err.contains("hunter2"), "{}", said.err);
        assert!(!place.path().join("elsewhere").exists());
    }
}

#[test]
fn a_folder_of_replacements_that_is_not_there_is_a_fault_like_others() {
    let place = Place::new();
    std::fs::write(place.path().join("file"), "").expect("written");
    for folder in ["absent", "file"] {
        let mut run = place.command(&["serve"]);
        run.envs([
            ("GUICHET_DATA_DIR", "elsewhere"),
            ("GUICHET_OVERRIDE_DIR", folder),
            ("GUICHET_MAX_FILES", "many"),
        ]);
        let told = format!("override_dir = {folder:?}");
        let texts = [
            &told,
            "a folder that can be read",
            "max_files",
            "2 fault(s)",
        ];
        refused(&finish(run), 78, &texts);
        assert!(!place.path().join("elsewhere").exists());
    }
}

#[test]
fn a_port_in_use_is_named_with_the_remedy() {
    let place = Place::new();
    let other = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = other.local_addr().expect("an address").port().to_string();
    let mut run = place.command(&["serve"]);
    run.env("ROCKET_PORT", &port);
    refused(&finish(run), 1, &[&port, "another program", "ROCKET_PORT"]);
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let place = Place::new();
    assert_eq!(place.run(&["migrate"]).code, Some(0));
    let insert = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000001')";
    diesel::sql_query(insert)
        .execute(&mut place.database.connect())
        .expect("inserted");
    for command in ["serve", "migrate", "doctor"] {
        let texts = [
            "newer version of Guichet",
            "29991231000001",
            "restore a backup",
        ];
        refused(&place.run(&[command]), 1, &texts);
    }
}

#[test]
fn a_database_that_is_no_database_is_named() {
    let place = Place::new();
    std::fs::write(
        place.data().join("other.db"),
        "this is a text, no database\n".repeat(200),
    )
    .expect("written");
    let mut run = place.command(&["serve"]);
    run.env("GUICHET_DATABASE_URL", "sqlite:data/other.db");
    refused(&finish(run), 1, &["other.db", "not a database"]);
    let mut run = place.command(&["serve"]);
    run.env(
        "GUICHET_DATABASE_URL",
        "postgres://nobody:hunter2@127.0.0.1:1/none",
    );
    let said = finish(run);
    refused(&said, 1, &["127.0.0.1:1/none"]);
    assert!(!said.err.contains("hunter2"), "{}", said.err);
}

#[test]
fn a_damaged_key_is_named_and_not_replaced() {
    let place = Place::new();
    let key = place.data().join("secret.key");
    for damaged in [
        "",
        "short",
        "much longer than the thirty-two bytes of a key",
    ] {
        std::fs::write(&key, damaged).expect("written");
        let texts = ["secret.key", "32 bytes", "restore", "remove"];
        refused(&place.run(&["serve"]), 1, &texts);
        assert_eq!(std::fs::read_to_string(&key).expect("still there"), damaged);
    }
}
