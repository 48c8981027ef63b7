//! The index of tickets is a copy that comes back by itself.

use chrono::Duration;
use diesel::prelude::*;
use guichet::platform::db::StorageError;
use guichet::platform::search::Coverage;
use guichet::platform::search::changes::{get_revision, mark};
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

/// Every page that shows what the index found, and whose it is, says that it may lack something.
#[track_caller]
fn searches_warn(desk: &Desk, word: &str, expected: bool) {
    let (theo, claire) = (desk.browser(&desk.theo), desk.browser(&desk.claire));
    for (browser, path) in [
        (&theo, "/desk/search"),
        (&theo, "/desk/views/open"),
        (&claire, "/requests"),
    ] {
        let page = browser.get(&format!("{path}?q={word}")).expect(200);
        let warns = page.shows("La recherche peut être incomplète : l’index se met à jour.");
        assert_eq!(warns, expected, "{path} on {word}");
        browser.get(path).expect(200).lacks("peut être incomplète");
    }
}

#[test]
fn a_search_says_that_the_index_is_behind_until_it_has_caught_up() {
    let desk = Desk::new();
    desk.file("Sujet marsouin");
    desk.index();
    searches_warn(&desk, "marsouin", false);
    // A minute later, of which the index knows nothing.
    desk.file("Sujet cormoran");
    searches_warn(&desk, "marsouin", true);
    searches_warn(&desk, "cormoran", true);
    desk.index();
    searches_warn(&desk, "cormoran", false);
}

#[test]
fn what_takes_a_moment_or_never_happened_is_nothing_to_speak_of() {
    let desk = Desk::new();
    let ticket = desk.file("Sujet marsouin");
    desk.index();
    // Nobody has looked at the index for an hour, and it lacks nothing.
    desk.app.advance(Duration::hours(1));
    searches_warn(&desk, "marsouin", false);
    desk.app
        .write(move |tx| mark(tx, INDEX, ticket.id.0).map_err(StorageError::from));
    desk.app.advance(Duration::seconds(4));
    searches_warn(&desk, "marsouin", false);
    desk.app.advance(Duration::seconds(4));
    searches_warn(&desk, "marsouin", true);
}

#[test]
fn what_could_not_be_brought_in_is_told_at_once() {
    let desk = Desk::new();
    let ticket = desk.file("Sujet marsouin");
    desk.index();
    let site = &desk.app.site;
    // One that has no right to write, because the program's own has it: it can be kept up as little
    // as one on a full disk.
    let index = TicketIndex::open(&site.settings.data_dir.join("index/tickets"));
    index.catch_up(&site.db).expect("there is nothing to write");
    let coverage = || desk.app.read(|conn| index.coverage(conn, site.db.now()));
    assert_eq!(coverage(), Coverage::Whole);
    desk.app
        .write(move |tx| mark(tx, INDEX, ticket.id.0).map_err(StorageError::from));
    assert_eq!(coverage(), Coverage::Whole, "it may take a moment");
    assert!(index.catch_up(&site.db).is_err());
    assert_eq!(coverage(), Coverage::Behind);
}

#[test]
fn an_index_that_was_made_anew_is_not_behind() {
    let desk = Desk::new();
    let (site, index) = (&desk.app.site, desk.app.site.part::<TicketIndex>());
    desk.file("Sujet marsouin");
    desk.index();
    desk.file("Sujet cormoran");
    searches_warn(&desk, "marsouin", true);
    index.make_anew(&site.db).expect("it can be made");
    searches_warn(&desk, "cormoran", false);
}

#[test]
fn without_an_index_customers_and_lists_are_told_as_well() {
    let desk = Desk::new();
    desk.file("Sujet marsouin");
    let (theo, claire) = (desk.browser(&desk.theo), desk.browser(&desk.claire));
    for word in ["Sujet", "introuvable"] {
        let list = theo.get(&format!("/desk/views/open?q={word}")).expect(200);
        list.has("La recherche complète se prépare");
        let own = claire.get(&format!("/requests?q={word}")).expect(200);
        own.has("La recherche complète se prépare");
    }
}
