//! Lists: filters, order, pages, counts, search.

use super::Desk;
use crate::support::{Page, note_statements, statements};
use std::path::{Path, PathBuf};

use guichet::tickets::counts::TicketCounts;
use guichet::tickets::index::TicketIndex;
use guichet::tickets::queries::{DeskFilter, DeskView, count_up_to};
use guichet::tickets::search::TicketScope;
use guichet::tickets::{Priority, Visibility};

fn subjects(page: &Page<'_>) -> Vec<String> {
    page.all("a.row-link")
}

/// All rows from a page on, following one of its neighbours.
fn walk<'b>(
    mut page: Page<'b>,
    towards: &str,
    desk: &'b crate::support::Browser<'b>,
) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    loop {
        pages.push(subjects(&page));
        let link = page.attributes(&format!("a[rel={towards}]"), "href");
        match link.first() {
            Some(href) => page = desk.get(href).expect(200),
            None => return pages,
        }
    }
}

#[test]
fn pages_forwards_and_backwards_are_the_whole_list() {
    let desk = Desk::new();
    let mut filed: Vec<String> = (0..117)
        .map(|n| desk.file(&format!("Panne numéro {n}")).subject)
        .collect();
    filed.reverse();
    let browser = desk.browser(&desk.theo);
    for sort in ["activity", "created"] {
        let first = browser
            .get(&format!("/desk/views/open?sort={sort}"))
            .expect(200);
        let forwards = walk(first, "next", &browser);
        assert_eq!(forwards.len(), 3);
        assert_eq!(forwards.concat(), filed);
        let second = browser.get(&format!("/desk/views/open?sort={sort}"));
        let href = second.attributes("a[rel=next]", "href");
        let third = browser.get(&browser.get(&href[0]).attributes("a[rel=next]", "href")[0]);
        let mut backwards = walk(third, "prev", &browser);
        backwards.reverse();
        assert_eq!(backwards.concat(), filed);
    }
}

/// The numbers of what a page says about its place.
fn place(page: &Page<'_>) -> Vec<i64> {
    let note = page.all(".pagination-note").concat();
    let numbers = note.split(|c: char| !c.is_ascii_digit());
    numbers.filter_map(|number| number.parse().ok()).collect()
}

#[test]
fn every_page_says_where_it_lies() {
    let desk = Desk::new();
    for n in 0..117 {
        desk.file(&format!("Panne numéro {n}"));
    }
    let browser = desk.browser(&desk.theo);
    let (mut href, mut places) = ("/desk/views/open?sort=created".to_owned(), Vec::new());
    for towards in ["next", "next", "prev", "prev", "none"] {
        let page = browser.get(&href).expect(200);
        places.push(place(&page));
        let link = page.attributes(&format!("a[rel={towards}]"), "href");
        href = link.into_iter().next().unwrap_or_default();
    }
    let (first, second) = ([1, 50, 117], [51, 100, 117]);
    assert_eq!(places, [first, second, [101, 117, 117], second, first]);
    // A link that somebody kept or made up says what is certain, and no more.
    let page = browser.get("/desk/views/open?sort=created").expect(200);
    let next = page.attributes("a[rel=next]", "href").concat();
    for told in ["", "&passed=900", "&passed=x"] {
        let page = browser.get(&next.replace("&passed=50", told)).expect(200);
        assert_eq!(place(&page), [50, 117], "{told}");
    }
}

#[test]
fn a_long_list_is_not_counted_to_its_end() {
    let desk = Desk::new();
    for n in 0..4 {
        desk.file(&format!("Panne {n}"));
    }
    let (me, now) = (desk.theo.id, desk.app.clock.now());
    let filter = DeskFilter::view(DeskView::Open, me, Vec::new(), now);
    let counts = [3, 4, 5].map(|most| desk.app.read(|conn| count_up_to(conn, &filter, most)));
    let counted = counts.map(|count| (count.number, count.or_more));
    assert_eq!(counted, [(3, true), (4, false), (4, false)]);
}

#[test]
fn a_narrow_list_is_counted_once_until_something_happens() {
    note_statements();
    let desk = Desk::new();
    desk.file("Panne 1");
    let (me, now) = (desk.theo.id, desk.app.clock.now());
    let narrow = DeskFilter {
        priority: Some(Priority::Normal),
        ..DeskFilter::view(DeskView::Open, me, Vec::new(), now)
    };
    let counts = TicketCounts::default();
    let count = |filter: &DeskFilter| desk.app.read(|conn| counts.count(conn, filter)).number;
    assert_eq!(count(&narrow), 1);
    // Another list is not taken for it.
    let urgent = DeskFilter {
        priority: Some(Priority::Urgent),
        ..narrow.clone()
    };
    assert_eq!(count(&urgent), 0);
    let counted = || {
        let run = statements(&desk.app);
        run.iter().filter(|run| run.contains("AS counted")).count()
    };
    assert_eq!(counted(), 2, "each once");
    assert_eq!(count(&narrow), 1);
    assert_eq!(counted(), 0, "it is kept");
    desk.file("Panne 2");
    assert_eq!(count(&narrow), 2);
    assert_eq!(counted(), 1, "something happened");
}

#[test]
fn the_desk_opens_where_there_is_work() {
    let desk = Desk::new();
    let browser = desk.browser(&desk.theo);
    browser
        .get("/desk")
        .expect(200)
        .at("/desk/views/unassigned");
    let ticket = desk.file("Coupure totale");
    browser
        .get(&format!("/desk/tickets/{}", ticket.reference))
        .form(&format!("/desk/tickets/{}/properties", ticket.reference))
        .fill("assignee", &desk.theo.id.to_string())
        .submit()
        .expect(200);
    browser
        .get("/desk")
        .expect(200)
        .at("/desk/views/mine")
        .has("Coupure totale");
}

#[test]
fn filters_narrow_and_stale_ones_are_left_out() {
    let desk = Desk::new();
    let outage = desk.file("Coupure totale");
    desk.file("Facture de septembre");
    desk.write(&desk.theo, outage.id, "Nous regardons.", Visibility::Public);
    let browser = desk.browser(&desk.theo);
    let narrowed = |query: &str| {
        subjects(
            &browser
                .get(&format!("/desk/views/open?{query}"))
                .expect(200),
        )
    };
    assert_eq!(narrowed("status=open"), ["Coupure totale"]);
    assert_eq!(narrowed("stage=logged"), ["Facture de septembre"]);
    assert_eq!(narrowed("priority=urgent"), Vec::<String>::new());
    assert_eq!(
        narrowed("status=melted&team=x&assignee=99999x&tag=&sort=colour").len(),
        2
    );
    assert_eq!(narrowed("assignee=none&after=damaged").len(), 2);
    let page = browser.get("/desk/views/open?priority=urgent");
    page.has("Aucune demande ne correspond");
    browser.get("/desk/views/melted").expect(404);
    browser.get("/desk/teams/4711").expect(404);
    browser.get("/desk/teams/x").expect(404);
}

#[test]
fn words_are_looked_for_in_the_index_and_without_it_in_beginnings() {
    let desk = Desk::new();
    let outage = desk.file("Coupure totale");
    desk.file("Facture de septembre");
    desk.write(
        &desk.theo,
        outage.id,
        "Prévoir un connecteur de rechange.",
        Visibility::Note,
    );
    let browser = desk.browser(&desk.theo);
    browser
        .get("/desk/search?q=coup")
        .expect(200)
        .has("La recherche complète se prépare")
        .has("Coupure totale");
    assert_eq!(
        subjects(&browser.get("/desk/views/open?q=FACT")),
        ["Facture de septembre"]
    );
    desk.index();
    browser
        .get("/desk/search?q=connecteurs")
        .expect(200)
        .lacks("se prépare")
        .has("connecteur de rechange")
        .lacks("Facture de septembre");
    assert_eq!(
        subjects(&browser.get("/desk/views/open?q=connecteur")),
        ["Coupure totale"]
    );
    assert!(subjects(&browser.get("/desk/views/mine?q=connecteur")).is_empty());
    browser
        .get(&format!("/desk/search?q={}", outage.reference))
        .has("Coupure totale");
}

#[test]
fn what_changes_is_found_at_the_next_round() {
    let desk = Desk::new();
    let ticket = desk.file("Coupure totale");
    desk.index();
    let browser = desk.browser(&desk.theo);
    let found = || {
        browser
            .get("/desk/search?q=orange")
            .expect(200)
            .shows("Coupure totale")
    };
    assert!(!found());
    desk.write(
        &desk.claire,
        ticket.id,
        "Le voyant est orange.",
        Visibility::Public,
    );
    desk.index();
    assert!(found());
}

#[test]
fn a_damaged_index_breaks_no_page_and_is_made_again() {
    let desk = Desk::new();
    desk.file("Coupure totale");
    let folder = desk.app.site.settings.data_dir.join("index/damaged");
    let db = &desk.app.site.db;
    TicketIndex::open(&folder)
        .catch_up(db)
        .expect("it can be made");
    for file in files_below(&folder).filter(|path| path.extension().is_some()) {
        std::fs::write(file, b"nothing of use").expect("the file can be spoilt");
    }
    let index = TicketIndex::open(&folder);
    let search = || index.search("coupure", TicketScope::Agent, 10, 0, desk.app.site.db.now());
    assert!(search().is_err());
    index.catch_up(db).expect("it can be made again");
    assert_eq!(search().expect("it answers").total, 1);
}

fn files_below(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let below = std::fs::read_dir(folder).expect("the folder can be read");
    let (folders, files): (Vec<_>, Vec<_>) = below
        .map(|entry| entry.expect("the entry can be read").path())
        .partition(|path| path.is_dir());
    let inner: Vec<_> = folders
        .iter()
        .flat_map(|path| files_below(path).collect::<Vec<_>>())
        .collect();
    files.into_iter().chain(inner)
}

#[test]
fn the_rail_counts_what_stands_behind_its_links() {
    let desk = Desk::new();
    for n in 0..3 {
        desk.file(&format!("Panne {n}"));
    }
    let browser = desk.browser(&desk.theo);
    let page = browser.get("/desk/views/unassigned").expect(200);
    let counts = page.all("a.rail-link[href='/desk/views/unassigned'] .count");
    assert_eq!(counts, ["3"]);
    assert_eq!(
        page.all("a.rail-link[href='/desk/views/mine'] .count"),
        ["0"]
    );
}

#[test]
fn strangers_do_not_learn_that_there_is_a_desk() {
    let desk = Desk::new();
    let ticket = desk.file("Coupure totale");
    let browser = desk.browser(&desk.claire);
    for path in ["/desk", "/desk/views/open", "/desk/search?q=x", "/desk/new"] {
        browser.get(path).expect(404);
    }
    browser
        .get(&format!("/desk/tickets/{}", ticket.reference))
        .expect(404);
}
