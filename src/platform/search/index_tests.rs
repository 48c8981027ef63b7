//! The life of an index on disk.

use std::fs;
use std::path::{Path, PathBuf};

use tantivy::collector::Count;
use tantivy::query::TermQuery;
use tantivy::schema::{Field, INDEXED, IndexRecordOption, STORED, Schema};
use tantivy::{TantivyDocument, Term};

use super::analysis::indexed_as;
use super::terms::Form;
use super::{Batch, IndexSpec, SearchError, SearchIndex};

struct Notes {
    spec: IndexSpec,
    id: Field,
    text: Field,
}

fn notes() -> Notes {
    let mut schema = Schema::builder();
    let id = schema.add_i64_field("id", INDEXED | STORED);
    let text = schema.add_text_field("text", indexed_as(Form::Exact));
    let schema = schema.build();
    Notes {
        spec: IndexSpec { schema, version: 1 },
        id,
        text,
    }
}

impl Notes {
    fn open(&self, root: &Path) -> SearchIndex {
        SearchIndex::open(root, self.spec.clone()).expect("the directory is writable")
    }

    fn document(&self, id: i64, text: &str) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_i64(self.id, id);
        document.add_text(self.text, text);
        document
    }

    fn put(&self, id: i64, text: &str) -> Batch {
        Batch {
            deletions: vec![Term::from_field_i64(self.id, id)],
            additions: vec![self.document(id, text)],
        }
    }

    fn remove(&self, id: i64) -> Batch {
        Batch {
            deletions: vec![Term::from_field_i64(self.id, id)],
            additions: Vec::new(),
        }
    }

    fn count(&self, index: &SearchIndex, word: &str) -> usize {
        let term = Term::from_field_text(self.text, word);
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        index
            .searcher()
            .search(&query, &Count)
            .expect("the index is sound")
    }

    /// An index of three notes at revision 7, closed again.
    fn filled(&self) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a temporary directory");
        let index = self.open(root.path());
        let mut rebuild = index.rebuild().expect("nobody else writes");
        for (id, text) in [(1, "one apple"), (2, "two pears"), (3, "three plums")] {
            rebuild.add(self.document(id, text)).expect("there is room");
        }
        rebuild.finish(7).expect("there is room");
        root
    }
}

fn generation(root: &Path) -> PathBuf {
    root.join(fs::read_to_string(root.join("current")).expect("an index is there"))
}

#[test]
fn changes_are_visible_at_once_and_survive_reopening() {
    let notes = notes();
    let root = notes.filled();
    let index = notes.open(root.path());
    assert_eq!((index.revision(), index.needs_rebuild()), (Some(7), false));
    index
        .apply(notes.put(1, "one lemon"), 8)
        .expect("nobody else writes");
    assert_eq!(
        (notes.count(&index, "apple"), notes.count(&index, "lemon")),
        (0, 1)
    );
    index.apply(notes.remove(2), 9).expect("nobody else writes");
    assert_eq!(notes.count(&index, "pears"), 0);
    drop(index);
    let index = notes.open(root.path());
    assert_eq!((index.revision(), index.needs_rebuild()), (Some(9), false));
    assert_eq!(
        (notes.count(&index, "lemon"), notes.count(&index, "plums")),
        (1, 1)
    );
}

#[test]
fn a_new_index_answers_while_it_waits_to_be_filled() {
    let notes = notes();
    let root = tempfile::tempdir().expect("a temporary directory");
    let index = notes.open(root.path());
    assert_eq!((index.revision(), index.needs_rebuild()), (None, true));
    index
        .apply(notes.put(1, "late apple"), 3)
        .expect("nobody else writes");
    assert_eq!(notes.count(&index, "apple"), 1);
    assert!(
        index.needs_rebuild(),
        "one change is not everything there is"
    );
    drop(index);
    assert!(notes.open(root.path()).needs_rebuild());
}

#[test]
fn an_older_revision_never_replaces_a_newer_one() {
    let notes = notes();
    let index = SearchIndex::in_memory(notes.spec.clone()).expect("the schema is sound");
    index
        .apply(notes.put(1, "apple"), 5)
        .expect("memory is writable");
    index
        .apply(notes.put(2, "pear"), 4)
        .expect("memory is writable");
    assert_eq!(index.revision(), Some(5));
}

/// Damages the files of a sound index and expects it set aside, answering, and fit for new content.
fn recovers_from(damage: impl FnOnce(&Path)) {
    let notes = notes();
    let root = notes.filled();
    damage(root.path());
    assert!(SearchIndex::open_read_only(root.path(), notes.spec.clone()).is_err());
    let index = notes.open(root.path());
    assert!(index.needs_rebuild());
    assert_eq!(notes.count(&index, "apple"), 0);
    index
        .apply(notes.put(4, "fresh apple"), 9)
        .expect("the new index is writable");
    assert_eq!(notes.count(&index, "apple"), 1);
}

fn segment_file(root: &Path, extension: &str) -> PathBuf {
    let files = fs::read_dir(generation(root)).expect("the index is a directory");
    files
        .map(|entry| entry.expect("a readable directory").path())
        .find(|path| path.extension().is_some_and(|found| found == extension))
        .expect("every segment has such a file")
}

#[test]
fn a_missing_meta_file_is_recovered_from() {
    recovers_from(|root| {
        fs::remove_file(generation(root).join("meta.json")).expect("it was there")
    });
}

#[test]
fn a_broken_meta_file_is_recovered_from() {
    recovers_from(|root| fs::write(generation(root).join("meta.json"), "{").expect("writable"));
}

#[test]
fn a_missing_segment_file_is_recovered_from() {
    recovers_from(|root| fs::remove_file(segment_file(root, "term")).expect("it was there"));
}

#[test]
fn truncated_files_are_recovered_from() {
    for extension in ["store", "idx", "term"] {
        recovers_from(|root| {
            let path = segment_file(root, extension);
            let bytes = fs::read(&path).expect("readable");
            fs::write(&path, &bytes[..bytes.len() / 2]).expect("writable");
        });
    }
}

#[test]
fn flipped_bytes_are_recovered_from() {
    for extension in ["store", "idx", "term", "pos", "fieldnorm"] {
        recovers_from(|root| {
            let path = segment_file(root, extension);
            let mut bytes = fs::read(&path).expect("readable");
            bytes[0] ^= 0x40;
            fs::write(&path, bytes).expect("writable");
        });
    }
}

#[test]
fn a_pointer_to_nowhere_is_recovered_from() {
    recovers_from(|root| fs::write(root.join("current"), "../../etc").expect("writable"));
    recovers_from(|root| fs::write(root.join("current"), "g99").expect("writable"));
}

#[test]
fn the_damaged_index_is_kept_for_a_look() {
    let notes = notes();
    let root = notes.filled();
    fs::write(generation(root.path()).join("meta.json"), "{").expect("writable");
    notes.open(root.path());
    assert!(root.path().join("aside/meta.json").exists());
}

#[test]
fn another_version_is_set_aside() {
    let notes = notes();
    let root = notes.filled();
    let newer = IndexSpec {
        version: 2,
        ..notes.spec.clone()
    };
    let index = SearchIndex::open(root.path(), newer).expect("the directory is writable");
    assert!(index.needs_rebuild());
}

#[test]
fn a_second_process_reads_while_the_first_writes() {
    let notes = notes();
    let root = notes.filled();
    let server = notes.open(root.path());
    server
        .apply(notes.put(1, "server apple"), 8)
        .expect("nobody else writes");
    let reader =
        SearchIndex::open_read_only(root.path(), notes.spec.clone()).expect("a sound index");
    assert_eq!(notes.count(&reader, "server"), 1);
    assert!(matches!(
        reader.apply(notes.put(1, "x"), 9),
        Err(SearchError::ReadOnly)
    ));
    let rival = notes.open(root.path());
    assert!(matches!(
        rival.apply(notes.put(1, "x"), 9),
        Err(SearchError::Busy)
    ));
    server
        .apply(notes.put(1, "newer apple"), 9)
        .expect("the lock is ours");
    assert_eq!(notes.count(&reader, "newer"), 0);
    reader.reload().expect("a sound index");
    assert_eq!(
        (notes.count(&reader, "newer"), reader.revision()),
        (1, Some(9))
    );
    drop(server);
    rival
        .apply(notes.put(1, "rival apple"), 10)
        .expect("the lock is free again");
}

#[test]
fn a_rebuild_replaces_everything_at_once() {
    let notes = notes();
    let root = notes.filled();
    let index = notes.open(root.path());
    let reader =
        SearchIndex::open_read_only(root.path(), notes.spec.clone()).expect("a sound index");
    let another = notes.open(root.path());
    let before = index.searcher();
    let mut rebuild = index.rebuild().expect("nobody else writes");
    rebuild
        .add(notes.document(9, "nine cherries"))
        .expect("there is room");
    assert_eq!(
        (
            notes.count(&index, "apple"),
            notes.count(&index, "cherries")
        ),
        (1, 0)
    );
    index
        .apply(notes.put(1, "changed meanwhile"), 8)
        .expect("the old index is still written");
    rebuild.finish(12).expect("there is room");
    assert_eq!(
        (
            notes.count(&index, "meanwhile"),
            notes.count(&index, "cherries")
        ),
        (0, 1)
    );
    assert_eq!(index.revision(), Some(12));
    assert_eq!(
        before.num_docs(),
        3,
        "a search that had begun keeps its view"
    );
    for process in [reader, another] {
        process.reload().expect("a sound index");
        assert_eq!(notes.count(&process, "cherries"), 1);
    }
    index
        .apply(notes.put(10, "ten figs"), 13)
        .expect("the new index is written");
    assert_eq!(notes.count(&index, "figs"), 1);
    drop(index);
    assert_eq!(notes.count(&notes.open(root.path()), "cherries"), 1);
}

#[test]
fn an_abandoned_rebuild_leaves_nothing_behind() {
    let notes = notes();
    let root = notes.filled();
    let index = notes.open(root.path());
    let mut rebuild = index.rebuild().expect("nobody else writes");
    rebuild
        .add(notes.document(9, "nine cherries"))
        .expect("there is room");
    drop(rebuild);
    assert_eq!(
        (notes.count(&index, "apple"), index.revision()),
        (1, Some(7))
    );
    let generations = fs::read_dir(root.path())
        .expect("readable")
        .filter(|entry| {
            entry
                .as_ref()
                .is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with('g'))
        });
    assert_eq!(generations.count(), 1);
}
