//! The list of a customer's requests.

use chrono::Duration;
use guichet::tickets::Status;

use super::portal::Portal;
use crate::support::Page;

/// The references on a page, in its order.
fn references(page: &Page<'_>) -> Vec<String> {
    page.attributes(".ticket-list a[href^='/requests/']", "href")
        .iter()
        .map(|href| href.replace("/requests/", ""))
        .collect()
}

#[test]
fn only_ones_own_requests_are_listed() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    claire.get("/requests").expect(200).has("No request yet");
    portal.file(&portal.claire, "Ma ligne", "Elle grésille.");
    portal.file(&portal.paul, "Son écran", "Il clignote.");
    portal.file(&portal.theo, "Mon badge", "Il ne bipe plus.");
    let page = claire.get("/requests").expect(200);
    assert_eq!(references(&page), ["GU-1001"]);
    page.lacks("Son écran").lacks("Mon badge");
}

#[test]
fn agents_and_managers_see_only_their_own_here() {
    let portal = Portal::new();
    portal.file(&portal.claire, "Ma ligne", "Elle grésille.");
    portal.file(&portal.theo, "Mon badge", "Il ne bipe plus.");
    let theo = portal.browser(&portal.theo);
    let page = theo.get("/requests").expect(200);
    assert_eq!(references(&page), ["GU-1002"]);
    portal
        .browser(&portal.nadia)
        .get("/requests")
        .expect(200)
        .has("No request yet");
}

#[test]
fn stages_filter_and_are_counted() {
    let portal = Portal::new();
    let stages = [
        ("logged", None),
        ("progress", Some(Status::Open)),
        ("waiting", Some(Status::Pending)),
        ("resolved", Some(Status::Resolved)),
    ];
    for (stage, status) in stages {
        let ticket = portal.file(&portal.claire, &format!("Sujet {stage}"), "Texte.");
        if let Some(status) = status {
            portal.set(&ticket, status);
        }
    }
    portal.file(&portal.paul, "Étranger", "Texte.");
    let claire = portal.browser(&portal.claire);
    for (stage, _) in stages {
        let page = claire.get(&format!("/requests?stage={stage}")).expect(200);
        assert_eq!(references(&page).len(), 1, "{stage}");
        page.has(&format!("Sujet {stage}"));
    }
    let page = claire.get("/requests?stage=confirmed").expect(200);
    assert!(references(&page).is_empty());
    page.has("No request matches");
    for odd in ["", "closed", "new", "x'--", "%00", "%F0%9F%8E%9F"] {
        let page = claire.get(&format!("/requests?stage={odd}")).expect(200);
        assert_eq!(references(&page).len(), 4, "{odd}");
    }
}

#[test]
fn words_are_looked_for_in_ones_own_text_alone() {
    let portal = Portal::new();
    let mine = portal.file(&portal.claire, "Ligne coupée", "Le modem violet clignote.");
    portal.note(&mine, "Client difficile, prévoir un remboursement.");
    portal.answer(
        &mine,
        "Essayez le câble turquoise.",
        guichet::tickets::commands::StatusAfter::Keep,
    );
    portal.file(&portal.paul, "Autre ligne", "Le modem indigo clignote.");
    portal.run("ticket index");
    let claire = portal.browser(&portal.claire);
    for found in [
        "violet",
        "VIOLET",
        "turquoise",
        "coupee",
        "GU-1001",
        "modem",
    ] {
        let page = claire.get(&format!("/requests?q={found}")).expect(200);
        assert_eq!(references(&page), ["GU-1001"], "{found}");
    }
    for hidden in [
        "remboursement",
        "difficile",
        "indigo",
        "GU-1002",
        "Th%C3%A9o",
        "%00",
        "%22",
        "*",
    ] {
        let page = claire.get(&format!("/requests?q={hidden}")).expect(200);
        assert!(references(&page).is_empty(), "{hidden}");
    }
    let filtered = claire.get("/requests?q=violet&stage=waiting").expect(200);
    assert!(references(&filtered).is_empty());
}

#[test]
fn without_an_index_the_beginning_of_a_subject_is_found() {
    let portal = Portal::new();
    portal.file(&portal.claire, "Ligne coupée", "Texte.");
    portal.file(&portal.paul, "Ligne étrangère", "Texte.");
    let claire = portal.browser(&portal.claire);
    let page = claire.get("/requests?q=Ligne").expect(200);
    assert_eq!(references(&page), ["GU-1001"]);
    portal
        .browser(&portal.claire)
        .get("/requests?q=%00")
        .expect(200);
}

/// What a page says about its place.
fn place(page: &Page<'_>) -> String {
    page.all(".pagination-note").concat()
}

#[test]
fn pages_lead_forwards_and_back_without_loss_or_repetition() {
    let portal = Portal::new();
    for number in 0..45 {
        portal.file(&portal.claire, &format!("Sujet {number}"), "Texte.");
        portal.file(&portal.paul, "Étranger", "Texte.");
    }
    let claire = portal.browser(&portal.claire);
    let mut pages = vec![claire.get("/requests").expect(200)];
    while let Some(next) = link(pages.last().expect("one"), "after=") {
        pages.push(claire.get(&next).expect(200));
    }
    let shown: Vec<_> = pages.iter().map(references).collect();
    assert_eq!(shown.iter().map(Vec::len).collect::<Vec<_>>(), [20, 20, 5]);
    let places: Vec<String> = pages.iter().map(place).collect();
    assert_eq!(
        places,
        ["1 to 20 of 45", "21 to 40 of 45", "41 to 45 of 45"]
    );
    let mut all = shown.concat();
    all.dedup();
    assert_eq!(all.len(), 45);
    let mut page = claire.get(&pages[2].path).expect(200);
    for earlier in [1, 0] {
        let previous = link(&page, "before=").expect("a page before");
        page = claire.get(&previous).expect(200);
        assert_eq!(references(&page), shown[earlier]);
        assert_eq!(place(&page), places[earlier]);
    }
    // A request that moves up meanwhile is neither lost nor shown twice on the way back.
    portal.app.advance(Duration::minutes(1));
    let later = link(&claire.get("/requests?stage=logged"), "after=").expect("more");
    assert!(later.contains("stage=logged"), "{later}");
}

#[test]
fn a_place_in_the_list_that_makes_no_sense_is_its_beginning_or_empty() {
    let portal = Portal::new();
    portal.file(&portal.claire, "Sujet", "Texte.");
    let claire = portal.browser(&portal.claire);
    for odd in [
        "after=x",
        "before=1",
        "after=9223372036854775807.9223372036854775807",
        "before=-9223372036854775808.-9223372036854775808",
        "before=-8000000000000000000.1",
        "after=-8000000000000000000.1",
        "after=8000000000000000000.1",
        "after=%00.1&before=1.1",
        "q=%FF%FE&after=..",
    ] {
        claire.get(&format!("/requests?{odd}")).expect(200);
    }
}

fn link(page: &Page<'_>, holding: &str) -> Option<String> {
    page.attributes("a[href^='/requests?']", "href")
        .into_iter()
        .find(|href| href.contains(holding))
}
