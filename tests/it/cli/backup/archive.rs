//! What stands in a backup, read with nothing of ours.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The entries by their paths.
pub fn entries(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut archive = tar::Archive::new(File::open(path).expect("the backup is there"));
    let mut found = BTreeMap::new();
    for entry in archive.entries().expect("a tar archive") {
        let mut entry = entry.expect("an entry");
        let path = entry.path().expect("a path").display().to_string();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its content");
        assert!(found.insert(path.clone(), bytes).is_none(), "{path} twice");
    }
    found
}

pub fn manifest(path: &Path) -> Value {
    serde_json::from_slice(&entries(path)["manifest.json"]).expect("JSON")
}

/// All rows of all tables, each table's in an order of their own.
pub fn rows(path: &Path) -> BTreeMap<String, Vec<Vec<Value>>> {
    let mut tables = BTreeMap::new();
    for (path, bytes) in entries(path) {
        let Some(table) = path.strip_prefix("database/") else {
            continue;
        };
        let mut text = String::new();
        GzDecoder::new(bytes.as_slice())
            .read_to_string(&mut text)
            .expect("lines of text");
        let mut rows: Vec<Vec<Value>> = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("a JSON array"))
            .collect();
        rows.sort_by_key(|row| serde_json::to_string(row).expect("JSON"));
        let table = table.trim_end_matches(".jsonl.gz").to_owned();
        tables.insert(table, rows);
    }
    tables
}

/// The highest key that each table has given.
pub fn last_ids(path: &Path) -> BTreeMap<String, Option<i64>> {
    let manifest = manifest(path);
    let tables = manifest["tables"].as_array().expect("a list");
    let pair = |table: &Value| {
        let name = table["name"].as_str().expect("a name").to_owned();
        (name, table["last_id"].as_i64())
    };
    tables.iter().map(pair).collect()
}

/// The same archive with another manifest, and a seal that fits.
pub fn with_manifest(path: &Path, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut changed = manifest(path);
    change(&mut changed);
    let mut archive = tar::Archive::new(File::open(path).expect("the backup is there"));
    let mut anew = tar::Builder::new(Vec::new());
    for entry in archive.entries().expect("a tar archive") {
        let mut entry = entry.expect("an entry");
        let path = entry.path().expect("a path").display().to_string();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its content");
        match path.as_str() {
            "manifest.json" => bytes = serde_json::to_vec(&changed).expect("JSON"),
            "SHA256" => {
                let digest = Sha256::digest(anew.get_ref());
                bytes = format!("{}\n", data_encoding::HEXLOWER.encode(&digest)).into_bytes();
            }
            _ => {}
        }
        let mut header = entry.header().clone();
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        anew.append_data(&mut header, &path, bytes.as_slice())
            .expect("written");
    }
    anew.into_inner().expect("written")
}
