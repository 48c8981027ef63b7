//! Tells Cargo that the migrations are part of the program, and refuses to build one that would take
//! a form without asking where it comes from.

mod posted_forms;

use std::path::{Path, PathBuf};

use posted_forms::posted_forms;

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-changed=src");
    let mut files = Vec::new();
    collect(Path::new("src"), &mut files);
    let texts = files.iter().map(|path| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        (path.display().to_string(), text)
    });
    let (_, open) = posted_forms(texts);
    assert!(
        open.is_empty(),
        "these routes change something and take no `Posted<…>` form, which proves that it was sent \
         from a page of ours: {open:#?}"
    );
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}
