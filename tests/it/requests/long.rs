//! Threads without end.

use guichet::platform::db::StorageError;
use guichet::tickets::TicketId;
use guichet::tickets::commands::{NewMessage, StatusAfter, write_message};
use guichet::tickets::queries::{Readers, list_texts};
use guichet::tickets::{AuthorKind, Channel, Visibility};

use super::portal::Portal;
use crate::support::{Browser, Page};

/// Messages beyond the first.
const MESSAGES: i64 = 250;

/// A request with many long messages.
fn endless(portal: &Portal) -> TicketId {
    let ticket = portal.file(&portal.claire, "Sujet", "Le tout premier.");
    let id = ticket.id;
    portal.app.write_as(portal.claire.actor(), move |tx| {
        for number in 1..=MESSAGES {
            let message = NewMessage {
                author_kind: AuthorKind::Customer,
                visibility: Visibility::Public,
                body: format!("Numéro **{number}**.\n\n{}", "Un mot. ".repeat(50)).into(),
                files: Vec::new(),
                channel: Channel::Web,
                status_after: StatusAfter::Keep,
            };
            write_message(tx, id, &message)?;
        }
        Ok::<_, guichet::tickets::commands::TicketError>(())
    });
    id
}

/// Numbers of the messages on a page.
fn numbers(page: &Page<'_>) -> Vec<i64> {
    let strong = page.all("[id^='message-'] strong");
    strong.iter().filter_map(|text| text.parse().ok()).collect()
}

/// Reads a thread from its end to its beginning.
fn read_back(browser: &Browser<'_>, path: &str, latest: &str) {
    let earlier = "Show 100 earlier entries";
    let page = browser.get(path).expect(200).lacks(latest);
    assert_eq!(numbers(&page), (151..=250).collect::<Vec<_>>());
    let page = page.click(earlier).expect(200);
    assert_eq!(numbers(&page), (51..=150).collect::<Vec<_>>());
    let back = page.click(latest).expect(200);
    assert_eq!(numbers(&back), (151..=250).collect::<Vec<_>>());
    let links = page.attributes("a[href*='before=']", "href");
    let oldest = browser.get(&links[0]).expect(200);
    assert_eq!(numbers(&oldest), (1..=50).collect::<Vec<_>>());
    drop(
        oldest
            .has("Le tout premier.")
            .lacks("earlier entries")
            .has(latest),
    );
}

#[test]
fn a_page_shows_part_of_a_long_thread_and_the_way_to_the_rest() {
    let portal = Portal::new();
    endless(&portal);
    let (claire, theo) = (portal.browser(&portal.claire), portal.browser(&portal.theo));
    read_back(&claire, "/requests/GU-1001", "Back to the latest messages");
    let path = "/desk/tickets/GU-1001?show=public";
    read_back(&theo, path, "Back to the latest entries");
}

#[test]
fn only_the_texts_that_are_shown_are_read() {
    let portal = Portal::new();
    let id = endless(&portal);
    let read = |range| {
        portal.app.site.db.read_blocking(|conn| {
            list_texts(conn, id, Readers::Customer, &range).map_err(StorageError::from)
        })
    };
    assert_eq!(read(0..=i64::MAX).expect("read").len(), 251);
    assert_eq!(read(10..=19).expect("read").len(), 10);
}
