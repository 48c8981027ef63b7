//! Zip files that the program gives out.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// The entries of a zip file by their paths.
pub fn entries(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip file");
    let mut found = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("an entry");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("sound");
        let name = entry.name().expect("a name in UTF-8").into_owned();
        found.insert(name, content);
    }
    found
}
