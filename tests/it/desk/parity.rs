//! The index of requests holds what the database says, whatever happened.

use diesel::prelude::*;
use guichet::accounts::commands::{Details, change_details};
use guichet::platform::db::StorageError;
use guichet::platform::search::parity::Parity;
use guichet::schema::{search_changes, search_revisions, tickets};
use guichet::tickets::index::TicketIndex;

use super::Desk;

fn parity(desk: &Desk) -> Parity {
    let site = &desk.app.site;
    site.part::<TicketIndex>()
        .parity(&site.db)
        .expect("both can be read")
}

#[test]
fn what_the_index_lacks_is_counted_and_the_next_round_brings_it() {
    let desk = Desk::new();
    desk.file("Coupure totale");
    desk.file("Facture de septembre");
    assert_eq!(parity(&desk).missing, 2);
    desk.index();
    assert_eq!(
        parity(&desk),
        Parity {
            items: 2,
            ..Parity::default()
        }
    );
}

#[test]
fn old_requests_are_found_by_the_new_name_of_who_asked() {
    let desk = Desk::new();
    desk.file("Coupure totale");
    desk.index();
    let claire = desk.claire.clone();
    desk.app.write(move |tx| {
        let details = Details {
            name: "Claire Mirabel".to_owned(),
            ..Details::of(&claire)
        };
        change_details(tx, claire.id, &details)
    });
    assert_eq!(parity(&desk).stale, 1);
    desk.index();
    assert!(parity(&desk).holds());
    let theo = desk.browser(&desk.theo);
    theo.get("/desk/search?q=mirabel").has("Coupure totale");
    theo.get("/desk/search?q=fontanel").lacks("Coupure totale");
}

#[test]
fn an_index_that_is_ahead_of_its_database_is_made_anew() {
    let desk = Desk::new();
    let ticket = desk.file("Coupure totale");
    desk.file("Facture de septembre");
    desk.index();
    // The database as it was some time ago, and its own way since.
    desk.app.write(move |tx| {
        diesel::update(tickets::table.find(ticket.id))
            .set(tickets::subject.eq("Coupure partielle"))
            .execute(tx.conn)?;
        diesel::update(search_revisions::table)
            .set(search_revisions::revision.eq(1_i64))
            .execute(tx.conn)?;
        diesel::delete(search_changes::table)
            .execute(tx.conn)
            .map_err(StorageError::from)
    });
    assert_eq!(parity(&desk).stale, 1);
    desk.index();
    assert!(parity(&desk).holds());
}
