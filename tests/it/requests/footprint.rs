//! What a refused form must not leave behind: rows, files, mails.

use std::path::Path;

use diesel::prelude::*;
use guichet::schema::{
    attachments, draft_files, events, mails, messages, people, submissions, tickets,
};

use super::portal::Portal;

/// Counts of everything that filing or answering makes.
#[derive(Debug, PartialEq, Eq)]
pub struct Footprint {
    rows: [i64; 7],
    blobs: usize,
    uploads: usize,
}

impl Footprint {
    pub fn of(portal: &Portal) -> Self {
        let rows = portal.app.read(|conn| {
            Ok([
                tickets::table.count().get_result(conn)?,
                messages::table.count().get_result(conn)?,
                attachments::table.count().get_result(conn)?,
                events::table.count().get_result(conn)?,
                mails::table.count().get_result(conn)?,
                people::table.count().get_result(conn)?,
                submissions::table.count().get_result(conn)?,
            ])
        });
        let data = &portal.app.site.settings.data_dir;
        // What comes back with its form stays with the sender's draft.
        let drafted = portal.app.read(|conn| {
            let kept = attachments::table.select(attachments::sha256);
            let contents = draft_files::table.filter(draft_files::sha256.ne_all(kept));
            let contents = contents.select(draft_files::sha256).distinct();
            contents.load::<String>(conn)
        });
        Self {
            rows,
            blobs: count_files(&data.join("blobs")) - drafted.len(),
            uploads: count_files(&data.join("tmp")),
        }
    }

    pub fn tickets(&self) -> i64 {
        self.rows[0]
    }

    pub fn messages(&self) -> i64 {
        self.rows[1]
    }

    pub fn mails(&self) -> i64 {
        self.rows[4]
    }
}

fn count_files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("the data folder");
    entries
        .flatten()
        .map(|entry| match entry.path() {
            path if path.is_dir() => count_files(&path),
            _ => 1,
        })
        .sum()
}
