//! What is done on the command line is in the audit.

use diesel::prelude::*;
use guichet::schema::events;

use crate::cli::program::Place;
use crate::cli::users::give_factor;

/// Kind and origin of everything audited, oldest first.
fn audited(place: &Place) -> Vec<(String, String)> {
    let rows: Vec<(String, String)> = events::table
        .filter(events::audit.is_not_null())
        .order(events::id)
        .select((events::kind, events::cause))
        .load(&mut place.database.connect())
        .expect("events");
    rows.into_iter()
        .map(|(kind, cause)| {
            let cause: serde_json::Value = serde_json::from_str(&cause).expect("JSON");
            (
                kind,
                cause["origin"].as_str().unwrap_or_default().to_owned(),
            )
        })
        .collect()
}

/// Runs a command that ends well and has no trouble with the audit.
#[track_caller]
fn done(place: &Place, arguments: &[&str]) {
    let said = place.run(arguments);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(!said.err.contains("audit"), "{said:?}");
}

#[test]
fn commands_about_people_and_backups_are_recorded() {
    let place = Place::new();
    for arguments in [
        &[
            "user",
            "add",
            "--name",
            "N",
            "--role",
            "manager",
            "--email",
            "n@oak.example",
        ][..],
        &[
            "user",
            "add",
            "--name",
            "O",
            "--role",
            "agent",
            "--email",
            "o@oak.example",
        ],
        &["user", "disable", "o@oak.example"],
        &["user", "enable", "o@oak.example"],
    ] {
        done(&place, arguments);
    }
    give_factor(&place, "o@oak.example");
    for arguments in [
        &["user", "reset-factor", "o@oak.example"][..],
        &["user", "export", "o@oak.example", "o.zip"],
        &["backup", "b.tar"],
        &[
            "user",
            "erase",
            "o@oak.example",
            "--confirm",
            "o@oak.example",
        ],
        // Only says what it would do.
        &["user", "erase", "n@oak.example"],
    ] {
        done(&place, arguments);
    }
    let command = |kind: &str| (kind.to_owned(), "command".to_owned());
    let commands = |place: &Place| {
        let done = audited(place).into_iter();
        let told = done.filter(|(_, origin)| origin == "command");
        told.collect::<Vec<_>>()
    };
    assert_eq!(
        commands(&place),
        [
            "invited",
            "invited",
            "disabled",
            "enabled",
            "factor_reset",
            "data_exported",
            "backup_made",
            "erased",
        ]
        .map(command)
    );
    let other = Place::new();
    let backup = place.path().join("b.tar").display().to_string();
    let said = other.run(&["restore", &backup, "--into", "data"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let told = commands(&other);
    assert_eq!(told.last(), Some(&command("backup_restored")));
    assert_eq!(
        told.len(),
        7,
        "the backup cannot hold that it was made: {told:?}"
    );
}
