//! Files that the disk has lost.

use std::fs;

use diesel::prelude::*;
use guichet::platform::blobs::Blobs;
use guichet::schema::{attachments, tickets};

use super::restore;
use crate::cli::program::Place;

#[test]
fn damaged_files_are_named_and_everything_else_is_backed_up() {
    let (place, other) = (Place::new(), Place::new());
    let said = place.run(&["demo", "--no-serve", "--tickets", "40", "--dir", "data"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let mut files: Vec<(String, String, String)> = attachments::table
        .inner_join(tickets::table)
        .select((attachments::sha256, tickets::reference, attachments::name))
        .order(attachments::id.asc())
        .load(&mut place.database.connect())
        .expect("a query");
    files.dedup_by(|one, other| one.0 == other.0);
    let [(missing, ..), (altered, ..), .., (sound, ..)] = &files[..] else {
        panic!("too few files: {files:?}");
    };
    let blobs = Blobs::new(&place.data());
    fs::remove_file(blobs.path(missing)).expect("it was there");
    let mut bytes = fs::read(blobs.path(altered)).expect("it is there");
    bytes[0] ^= 1;
    fs::write(blobs.path(altered), bytes).expect("written");

    let doctor = place.run(&["doctor"]);
    let backup = place.run(&["backup", "b.tar"]);
    let verify = place.run(&["backup", "verify", "b.tar"]);
    let restored = restore(&other, &place.path().join("b.tar"));
    for said in [&doctor, &backup, &verify] {
        assert_eq!(said.code, Some(1), "{said:?}");
    }
    assert_eq!(restored.code, Some(0), "{restored:?}");
    for said in [&doctor, &backup, &verify, &restored] {
        let text = format!("{}{}", said.out, said.err);
        for (hash, fault) in [(missing, "missing"), (altered, "altered")] {
            let holders = files.iter().filter(|(sha256, ..)| sha256 == hash);
            for (_, reference, name) in holders {
                assert!(text.contains(&format!("{reference} {name}")), "{text}");
            }
            assert!(text.contains(fault), "{fault}: {text}");
        }
    }
    assert!(backup.err.contains("everything else is"), "{backup:?}");
    let failures = verify
        .out
        .lines()
        .filter(|line| line.starts_with("FAILURE"));
    assert_eq!(failures.count(), 2, "{verify:?}");
    let restored = Blobs::new(&other.data());
    assert!(restored.path(sound).is_file());
    assert!(!restored.path(missing).exists() && !restored.path(altered).exists());
}
