//! A backup from before forgets whom it has to, before anything is served.

use diesel::prelude::*;
use guichet::schema::{erasures, messages, people, tickets};

use crate::cli::{Place, backup_rows};

/// Somebody with requests, and words of theirs that are to be found afterwards.
struct Somebody {
    email: String,
    name: String,
    words: Vec<String>,
}

fn somebody(place: &Place) -> Somebody {
    let mut conn = place.database.connect();
    let (id, email, name): (i64, String, String) = people::table
        .inner_join(tickets::table.on(tickets::requester_id.eq(people::id)))
        .filter(people::role.eq("customer"))
        .order(people::id)
        .select((people::id, people::email, people::name))
        .first(&mut conn)
        .expect("somebody");
    let words: Vec<String> = messages::table
        .filter(messages::author_id.eq(id))
        .select(messages::body)
        .load(&mut conn)
        .expect("texts");
    assert!(!words.is_empty());
    Somebody { email, name, words }
}

#[test]
fn an_older_backup_forgets_again() {
    let (place, other) = (Place::new(), Place::new());
    let said = place.run(&["demo", "--no-serve", "--tickets", "40", "--dir", "data"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let who = somebody(&place);
    let said = place.run(&["backup", "old.tar"]);
    assert_eq!(said.code, Some(0), "{said:?}");

    let said = place.run(&["user", "erase", &who.email]);
    assert!(
        said.out.contains("requests") && said.out.contains("--confirm"),
        "{said:?}"
    );
    let said = place.run(&["user", "erase", &who.email, "--confirm", "x@y.example"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let said = place.run(&["user", "erase", &who.email, "--confirm", &who.email]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let said = place.run(&["user", "erase", &who.email]);
    assert_eq!(
        said.code,
        Some(3),
        "nobody has the address any more: {said:?}"
    );

    let old = place.path().join("old.tar").display().to_string();
    let list = place.data().join("erasures.jsonl").display().to_string();
    let missing = other.run(&["restore", &old, "--into", "data", "--erasures", "nothing"]);
    assert_eq!(missing.code, Some(3), "{missing:?}");
    let said = other.run(&["restore", &old, "--into", "data", "--erasures", &list]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains("1 erased again"), "{said:?}");

    let said = other.run(&["backup", "again.tar"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let rows = format!("{:?}", backup_rows(&other.path().join("again.tar")));
    assert!(!rows.contains(&who.email));
    assert!(!rows.contains(&format!("{:?}", who.name)));
    let mut conn = other.database.connect();
    for text in &who.words {
        let left: i64 = messages::table
            .filter(messages::body.eq(text))
            .count()
            .get_result(&mut conn)
            .expect("a count");
        assert_eq!(left, 0, "{text}");
    }
    let entries: i64 = erasures::table
        .count()
        .get_result(&mut conn)
        .expect("a count");
    assert_eq!(entries, 1, "later backups know of it");
    let said = other.run(&["ticket", "replay"]);
    assert_eq!(said.code, Some(0), "{said:?}");
}

#[test]
fn the_list_of_the_portal_here_is_found_by_itself() {
    let place = Place::embedded();
    let said = place.run(&["demo", "--no-serve", "--tickets", "20", "--dir", "data"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let who = somebody(&place);
    let said = place.run(&["backup", "old.tar"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let restore = |into: &str| {
        let mut command = place.command(&["restore", "old.tar", "--into", into]);
        command.env_remove("GUICHET_DATABASE_URL");
        let said = command.output().expect("it runs");
        assert!(said.status.success(), "{said:?}");
        String::from_utf8_lossy(&said.stdout).into_owned()
    };
    assert!(restore("before").contains("no list of erasures"));
    let said = place.run(&["user", "erase", &who.email, "--confirm", &who.email]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(restore("after").contains("1 erased again"));
    let holds = |folder: &str| {
        let file = std::fs::read(place.path().join(folder).join("guichet.db")).expect("a file");
        let email = who.email.as_bytes();
        file.windows(email.len()).any(|part| part == email)
    };
    assert!(holds("before") && !holds("after"));
}

#[test]
fn a_copy_is_written_to_a_new_file_that_nobody_else_reads() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let said = place.run(&["demo", "--no-serve", "--tickets", "20", "--dir", "data"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let who = somebody(&place);
    let said = place.run(&["user", "export", &who.email, "copy.zip"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let file = place.path().join("copy.zip");
    let mode = std::fs::metadata(&file)
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let said = place.run(&["user", "export", &who.email, "copy.zip"]);
    assert_eq!(said.code, Some(1), "nothing is overwritten: {said:?}");
    let said = place.run(&["user", "export", "nobody@verger.example", "other.zip"]);
    assert_eq!(said.code, Some(3), "{said:?}");
}
