//! Lists of any length: JSON and pages, a batch at a time.

use std::io::Write;

use diesel::QueryResult;
use serde::Serialize;

use super::archive::Archive;
use super::pages::{IndexSection, Table};
use super::{ExportError, Job, section};
use crate::platform::db::Conn;

/// Rows read at a time, and rows of a page.
pub(super) const BATCH: i64 = 200;

/// Reads the rows that follow a key, with their keys, in order.
pub(super) type After<T> = fn(&mut Conn, &Job<'_>, i64) -> QueryResult<Vec<(i64, T)>>;

/// A list: where it is read, and how its rows are told.
pub(super) struct Listing<T> {
    /// Name of its files.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Titles of the columns.
    pub columns: &'static [&'static str],
    /// Its rows.
    pub after: After<T>,
    /// A row, for people.
    pub cells: fn(&Job<'_>, &T) -> Vec<String>,
}

impl<T: Serialize> Listing<T> {
    /// Writes it both ways; nothing when there is nothing to list.
    pub fn write(
        &self,
        copy: &Job<'_>,
        archive: &mut Archive,
    ) -> Result<IndexSection, ExportError> {
        let count = self.write_json(copy, archive)?;
        if count > 0 {
            self.write_pages(copy, archive)?;
        }
        Ok(section(copy, self.title, &self.page_name(1), count))
    }

    fn write_json(&self, copy: &Job<'_>, archive: &mut Archive) -> Result<usize, ExportError> {
        archive.begin(&format!("data/{}.json", self.name))?;
        let (mut after, mut count) = (0, 0);
        archive.write_all(b"[")?;
        loop {
            let rows = copy.read(|conn| (self.after)(conn, copy, after))?;
            let Some((last, _)) = rows.last() else {
                break;
            };
            after = *last;
            for (_, row) in &rows {
                archive.write_all(if count == 0 { b"\n" } else { b",\n" })?;
                serde_json::to_writer(&mut *archive, row).map_err(std::io::Error::from)?;
                count += 1;
            }
        }
        archive.write_all(b"\n]\n")?;
        Ok(count)
    }

    fn write_pages(&self, copy: &Job<'_>, archive: &mut Archive) -> Result<(), ExportError> {
        let (mut after, mut number) = (0, 1);
        let mut rows = copy.read(|conn| (self.after)(conn, copy, after))?;
        while let Some((last, _)) = rows.last() {
            after = *last;
            let next = copy.read(|conn| (self.after)(conn, copy, after))?;
            let page = Table {
                frame: copy.frame(copy.say(self.title), ""),
                columns: self.columns.iter().map(|key| copy.say(key)).collect(),
                rows: rows
                    .iter()
                    .map(|(_, row)| (self.cells)(copy, row))
                    .collect(),
                previous: (number > 1).then(|| self.page_name(number - 1)),
                next: (!next.is_empty()).then(|| self.page_name(number + 1)),
            };
            archive.add(&self.page_name(number), &copy.page(&page)?)?;
            rows = next;
            number += 1;
        }
        Ok(())
    }

    fn page_name(&self, number: usize) -> String {
        match number {
            1 => format!("{}.html", self.name),
            number => format!("{}-{number}.html", self.name),
        }
    }
}
