//! What is no whole backup is taken for none.

use std::fs;
use std::path::PathBuf;

use guichet::platform::backup::{Archive, BackupError};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::archive::with_manifest;
use super::{restore, take};
use crate::cli::program::Place;

/// A place that has been opened once, with its backup.
fn backed_up() -> (Place, Vec<u8>, PathBuf) {
    let place = Place::new();
    fs::write(place.path().join("kb/notes.md"), "# Notes\n").expect("written");
    assert_eq!(place.run(&["doctor"]).code, Some(0));
    let bytes = fs::read(take(&place, "whole.tar")).expect("it is there");
    let other = place.path().join("other.tar");
    (place, bytes, other)
}

fn is_refused(result: Result<Archive, BackupError>) -> bool {
    matches!(result, Err(BackupError::Damaged(_)))
}

#[test]
fn a_flipped_bit_anywhere_is_refused() {
    let (_place, whole, path) = backed_up();
    let ends = vec![0, 1, 511, 512, whole.len() - 2048, whole.len() - 1];
    let anywhere = prop_oneof![1 => prop::sample::select(ends), 9 => 0..whole.len()];
    let mut runner = TestRunner::new(Config::with_cases(200));
    let outcome = runner.run(&(anywhere, 0_u8..8), |(at, bit)| {
        let mut altered = whole.clone();
        altered[at] ^= 1 << bit;
        fs::write(&path, &altered).expect("written");
        prop_assert!(is_refused(Archive::open(&path)), "byte {at}, bit {bit}");
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    fs::write(&path, &whole).expect("written");
    Archive::open(&path).expect("the whole one is taken");
}

#[test]
fn a_cut_or_lengthened_backup_is_refused() {
    let (place, whole, path) = backed_up();
    let mut runner = TestRunner::new(Config::with_cases(100));
    let lengths = prop_oneof![
        Just(0),
        0..whole.len(),
        (1..whole.len() / 512).prop_map(|n| n * 512)
    ];
    let outcome = runner.run(&lengths, |length| {
        fs::write(&path, &whole[..length]).expect("written");
        prop_assert!(is_refused(Archive::open(&path)), "cut to {length}");
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    for more in [1, 512, 10_240] {
        let mut longer = whole.clone();
        longer.extend(vec![0; more]);
        fs::write(&path, &longer).expect("written");
        assert!(is_refused(Archive::open(&path)), "{more} bytes more");
    }
    let said = place.run(&["backup", "verify", "other.tar"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(
        said.err.contains("not a whole, unaltered backup"),
        "{said:?}"
    );
    assert_eq!(said.out, "");
}

#[test]
fn other_files_are_no_backups() {
    let (place, _, path) = backed_up();
    let database = Place::embedded();
    assert_eq!(database.run(&["migrate"]).code, Some(0));
    fs::copy(database.data().join("guichet.db"), &path).expect("copied");
    let into = Place::new();
    let verified = place.run(&["backup", "verify", "other.tar"]);
    for said in [verified, restore(&into, &path)] {
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(
            said.err.contains("not a whole, unaltered backup"),
            "{said:?}"
        );
    }
    assert!(
        fs::read_dir(into.data())
            .expect("a folder")
            .next()
            .is_none()
    );
    let absent = place.run(&["backup", "verify", "absent.tar"]);
    assert_eq!(absent.code, Some(3), "{absent:?}");
}

#[test]
fn rows_that_the_backup_speaks_of_and_does_not_hold_are_missed() {
    let (place, whole, path) = backed_up();
    let from = place.path().join("whole.tar");
    fs::write(&path, with_manifest(&from, |_| ())).expect("written");
    let verify = ["backup", "verify", "other.tar"];
    let said = place.run(&verify);
    assert_eq!(said.code, Some(0), "sealed as we seal: {said:?}");

    let more = with_manifest(&from, |manifest| {
        let tables = manifest["tables"].as_array_mut().expect("tables");
        let types = tables.iter_mut().find(|t| t["name"] == "request_types");
        let types = types.expect("the first types are there");
        types["rows"] = (types["rows"].as_u64().expect("a number") + 1).into();
    });
    assert_ne!(more, whole);
    fs::write(&path, more).expect("written");
    let said = place.run(&verify);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.contains("request_types has "), "{said:?}");
}
