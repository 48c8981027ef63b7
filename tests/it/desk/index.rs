//! The index of tickets is a copy that comes back by itself.

use diesel::prelude::*;
use guichet::platform::db::StorageError;
use guichet::platform::search::changes::get_revision;
use guichet::schema::{search_changes, search_revisions};
use guichet::tickets::index::TicketIndex;

use super::fixture::Desk;

/// The index's name in the list of changes.
const INDEX: &str = "tickets";

fn finds(desk: &Desk, word: &str) -> bool {
    let theo = desk.browser(&desk.theo);
    let page = theo.get(&format!("/desk/search?q={word}")).expect(200);
    page.shows("Sujet ")
}

#[test]
fn files_lost_while_it_runs_are_made_again() {
    let desk = Desk::new();
    desk.file("Sujet marsouin");
    desk.index();
    let folder = desk.app.site.settings.data_dir.join("index/tickets");
    for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            std::fs::remove_dir_all(entry.path()).expect("it was there");
        }
    }
    desk.file("Sujet cormoran");
    let (site, index) = (&desk.app.site, desk.app.site.part::<TicketIndex>());
    assert!(
        index.catch_up(&site.db).is_err(),
        "there is nothing to write to"
    );
    desk.index();
    assert!(finds(&desk, "marsouin") && finds(&desk, "cormoran"));
}

#[test]
fn an_index_ahead_of_the_database_is_made_again() {
    let desk = Desk::new();
    desk.file("Sujet marsouin");
    desk.file("Sujet cormoran");
    desk.index();
    // As after the restore of an older database beside a newer index.
    desk.app.write(|tx| {
        diesel::delete(search_changes::table.filter(search_changes::revision.gt(1)))
            .execute(tx.conn)
            .map_err(StorageError::from)?;
        diesel::update(search_revisions::table.find(INDEX))
            .set(search_revisions::revision.eq(1))
            .execute(tx.conn)
            .map_err(StorageError::from)
    });
    assert_eq!(desk.app.read(|conn| get_revision(conn, INDEX)), 1);
    desk.index();
    desk.file("Sujet goéland");
    desk.index();
    assert!(
        finds(&desk, "goeland"),
        "what is new would be taken for old"
    );
}
