//! Replays what is kept for fuzzing.
//!
//! `fuzz/corpus` and `fuzz/regressions` hold inputs of the targets in `fuzz/`, whose checks are
//! those of this module: what was mended once stays mended, with or without a fuzzer. The tests
//! that are left out by default make up more inputs, from those.

mod checks;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

macro_rules! targets {
    ($($name:ident)*) => {
        const REPLAYED: &[&str] = &[$(stringify!($name)),*];
        $(
            mod $name {
                #[test]
                fn what_was_kept_holds() {
                    super::replay(stringify!($name));
                }

                #[test]
                #[ignore = "chance has a part in it: `scripts/fuzz` runs it where there is no fuzzer"]
                fn what_is_near_holds() {
                    super::vary(stringify!($name));
                }
            }
        )*
    };
}

targets!(addresses calendar file_name form front_matter html http_head markdown search settings snippet);

fn check(target: &str) -> fn(&[u8]) {
    let found = checks::ALL.iter().find(|(name, _)| *name == target);
    found
        .unwrap_or_else(|| panic!("no check is called {target}"))
        .1
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The kept inputs of a target, by name.
fn kept(target: &str) -> Vec<(String, Vec<u8>)> {
    let mut inputs = Vec::new();
    for folder in ["corpus", "regressions"] {
        let Ok(entries) = fs::read_dir(root().join(folder).join(target)) else {
            continue;
        };
        for path in entries.map(|entry| entry.expect("a readable folder").path()) {
            let bytes = fs::read(&path).expect("a readable file");
            inputs.push((path.display().to_string(), bytes));
        }
    }
    assert!(!inputs.is_empty(), "nothing is kept of {target}");
    inputs.sort();
    inputs
}

fn replay(target: &str) {
    let check = check(target);
    let inputs = kept(target);
    let failed: Vec<&str> = inputs
        .iter()
        .filter(|(_, bytes)| catch_unwind(AssertUnwindSafe(|| check(bytes))).is_err())
        .map(|(name, _)| name.as_str())
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

/// Two kept inputs, cut and joined, with some bytes changed.
fn vary(target: &str) {
    let check = check(target);
    let inputs: Vec<Vec<u8>> = kept(target).into_iter().map(|(_, bytes)| bytes).collect();
    let input = prop::sample::select(inputs);
    let change = (any::<prop::sample::Index>(), any::<u8>());
    let varied = (
        input.clone(),
        input,
        any::<[prop::sample::Index; 2]>(),
        prop::collection::vec(change, 0..6),
    );
    let varied = varied.prop_map(|(one, other, [end, start], changes)| {
        let mut bytes = one[..end.index(one.len() + 1)].to_vec();
        bytes.extend_from_slice(&other[start.index(other.len() + 1)..]);
        for (at, byte) in changes {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
        }
        bytes
    });
    // `PROPTEST_CASES` says how many.
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&varied, |bytes| {
        check(&bytes);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[test]
fn every_target_has_its_check_and_its_folder() {
    let checked: BTreeSet<String> = checks::ALL
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let replayed: BTreeSet<String> = REPLAYED.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(replayed, checked);
    assert_eq!(names("fuzz_targets"), checked);
    assert_eq!(names("corpus"), checked);
    assert!(names("regressions").is_subset(&checked));
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    for name in &checked {
        let target = fs::read_to_string(root().join(format!("fuzz_targets/{name}.rs")));
        let target = target.expect("a readable file");
        assert!(
            target.contains(&format!("checks::{name}::check(")),
            "{target}"
        );
        assert!(
            manifest.contains(&format!("name = \"{name}\"")),
            "{name} is in no [[bin]]"
        );
    }
}

/// What lies in a folder, without endings.
fn names(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(root().join(folder)).into_iter().flatten();
    let names = entries.map(|entry| entry.expect("a readable folder").file_name());
    names
        .map(|name| name.to_string_lossy().trim_end_matches(".rs").to_owned())
        .collect()
}
