use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tar::Builder;

use super::*;
use crate::platform::db::migrations;

/// A file of the archive: its path and what it holds.
type Written<'a> = (&'a str, &'a [u8]);

fn listed((path, bytes): &Written<'_>) -> Value {
    let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes));
    json!({ "path": path, "size": bytes.len(), "sha256": sha256 })
}

/// A manifest that lists the files, changed by `change`.
fn manifest(files: &[Written<'_>], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut manifest = json!({
        "format": 1,
        "program": "9.9.9",
        "taken_at": "2026-11-21T12:00:00Z",
        "engine": "sqlite",
        "migrations": migrations::known().unwrap(),
        "tables": [],
        "entries": files.iter().map(listed).collect::<Vec<_>>(),
        "contents": [],
    });
    change(&mut manifest);
    serde_json::to_vec(&manifest).unwrap()
}

/// An archive with a right seal around anything.
fn sealed(write: impl FnOnce(&mut Builder<Digesting<Vec<u8>>>)) -> Result<Archive, BackupError> {
    let mut builder = Builder::new(Digesting::new(Vec::new()));
    write(&mut builder);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("backup.tar");
    std::fs::write(&path, seal::close(builder).unwrap()).unwrap();
    Archive::open(&path)
}

/// Writes a header by hand: the crate itself refuses to write most hostile paths.
fn append(builder: &mut Builder<Digesting<Vec<u8>>>, path: &str, bytes: &[u8]) {
    let mut header = seal::header(bytes.len() as u64, 0);
    header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_cksum();
    builder.append(&header, bytes).unwrap();
}

fn archive(files: &[Written<'_>]) -> Result<Archive, BackupError> {
    let manifest = manifest(files, |_| ());
    sealed(|builder| {
        append(builder, MANIFEST, &manifest);
        for (path, bytes) in files {
            append(builder, path, bytes);
        }
        append(builder, CLOSING, br#"{"damaged":[]}"#);
    })
}

#[track_caller]
fn refused(outcome: Result<Archive, BackupError>) -> String {
    match outcome {
        Err(error @ BackupError::Damaged(_)) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_plain_one_is_taken() {
    let files: [Written<'_>; 3] = [
        ("secret.key", b"key"),
        ("kb/fr/a.md", b""),
        ("blobs/ab/cd", b"text"),
    ];
    assert_eq!(archive(&files).unwrap().manifest().program, "9.9.9");
}

#[test]
fn a_path_that_leads_elsewhere_is_refused() {
    for path in [
        "../evil",
        "kb/../../evil",
        "/etc/passwd",
        "kb//a",
        "kb/./a",
        "kb/",
        "kb",
        "kb\\..\\evil",
        "guichet.db",
        "serve.lock",
        "index/a",
        "database/tickets.jsonl.gz",
        "blobs/../secret.key",
        "kb/a\nb",
    ] {
        let reason = refused(archive(&[(path, b"x")]));
        assert!(reason.contains("has no place in it"), "{path}: {reason}");
    }
}

#[test]
fn the_same_path_twice_is_refused() {
    for pair in [["kb/a", "kb/a"], ["kb/a", "kb/A"]] {
        let reason = refused(archive(&pair.map(|path| (path, b"x".as_slice()))));
        assert!(reason.contains("twice"), "{reason}");
    }
}

#[test]
fn what_is_not_as_listed_is_refused() {
    let listed = manifest(&[("kb/a", b"one"), ("kb/b", b"two")], |_| ());
    let cases: [&[Written<'_>]; 5] = [
        &[("kb/a", b"one"), ("kb/b", b"xxx")],
        &[("kb/a", b"one"), ("kb/b", b"twoo")],
        &[("kb/b", b"two"), ("kb/a", b"one")],
        &[("kb/a", b"one")],
        &[("kb/a", b"one"), ("kb/b", b"two"), ("kb/c", b"three")],
    ];
    for files in cases {
        refused(sealed(|builder| {
            append(builder, MANIFEST, &listed);
            for (path, bytes) in files {
                append(builder, path, bytes);
            }
            append(builder, CLOSING, br#"{"damaged":[]}"#);
        }));
    }
}

#[test]
fn links_are_refused() {
    let listed = manifest(&[("kb/a", b"")], |_| ());
    for kind in [EntryType::Symlink, EntryType::Link, EntryType::Directory] {
        let reason = refused(sealed(|builder| {
            append(builder, MANIFEST, &listed);
            let mut header = seal::header(0, 0);
            header.set_entry_type(kind);
            header.set_path("kb/a").unwrap();
            header.set_link_name("/etc").unwrap();
            header.set_cksum();
            builder.append(&header, io::empty()).unwrap();
            append(builder, CLOSING, br#"{"damaged":[]}"#);
        }));
        assert!(reason.contains("is not a file"), "{reason}");
    }
}

#[test]
fn lists_must_be_there_and_readable() {
    let plain = manifest(&[], |_| ());
    refused(sealed(|_| ()));
    refused(sealed(|builder| append(builder, MANIFEST, &plain)));
    refused(sealed(|builder| {
        append(builder, CLOSING, br#"{"damaged":[]}"#)
    }));
    refused(sealed(|builder| {
        append(builder, MANIFEST, b"{}");
        append(builder, CLOSING, br#"{"damaged":[]}"#);
    }));
}

#[test]
fn a_table_without_rows_is_refused() {
    let table = json!({ "name": "people", "columns": [], "rows": 1, "last_id": null });
    let listed = manifest(&[], |manifest| manifest["tables"] = json!([table]));
    let reason = refused(sealed(|builder| {
        append(builder, MANIFEST, &listed);
        append(builder, CLOSING, br#"{"damaged":[]}"#);
    }));
    assert!(reason.contains("people has no rows"), "{reason}");
}

#[test]
fn what_a_newer_program_made_is_left_to_it() {
    let newer_form = manifest(&[], |manifest| {
        *manifest = json!({ "format": 2, "program": "9.9.9", "anything": [] });
    });
    let newer_tables = manifest(&[], |manifest| {
        manifest["migrations"] = json!(["20991231000001"]);
    });
    for listed in [newer_form, newer_tables] {
        let outcome = sealed(|builder| {
            append(builder, MANIFEST, &listed);
            append(builder, CLOSING, br#"{"damaged":[]}"#);
        });
        let error = outcome.unwrap_err();
        assert!(matches!(error, BackupError::Newer { .. }), "{error:?}");
        assert!(error.to_string().contains("9.9.9"), "{error}");
    }
}
