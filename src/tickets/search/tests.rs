//! Who finds which request, and in which order.

use proptest::prelude::*;

use super::{TicketDocument, TicketHits, TicketScope, TicketSearch};
use crate::platform::db::Timestamp;

const ANA: i64 = 11;
const BO: i64 = 12;

fn tickets() -> Vec<TicketDocument> {
    let ana = TicketDocument {
        requester_id: ANA,
        requester_name: "Ana Exemple".into(),
        requester_email: "ana@exemple.test".into(),
        organisation: "Verger Fictif".into(),
        ..TicketDocument::default()
    };
    let bo = TicketDocument {
        requester_id: BO,
        requester_name: "Bo Modèle".into(),
        requester_email: "bo@modele.test".into(),
        ..TicketDocument::default()
    };
    vec![
        TicketDocument {
            id: 1,
            reference: "OR-48213".into(),
            subject: "Imprimante en panne".into(),
            public_text: "Les imprimantes du deuxième étage sont bloquées.".into(),
            internal_text: "Le client menace de partir : quetzalcoatl.".into(),
            tags: vec!["vip".into()],
            updated_at: 100,
            ..ana.clone()
        },
        TicketDocument {
            id: 2,
            reference: "OR-48214".into(),
            subject: "Printers are jammed".into(),
            public_text: "Same as OR-48213, said a colleague, see 48213 and 48213 again.".into(),
            updated_at: 200,
            ..bo.clone()
        },
        TicketDocument {
            id: 3,
            reference: "OR-48215".into(),
            subject: "Facture de mars".into(),
            public_text: "Le montant est faux.".into(),
            updated_at: 300,
            ..bo.clone()
        },
        TicketDocument {
            id: 4,
            reference: "OR-48216".into(),
            subject: "Facture de mars".into(),
            public_text: "Le montant est faux.".into(),
            updated_at: 400,
            ..bo
        },
    ]
}

fn filled() -> TicketSearch {
    let index = TicketSearch::in_memory().expect("the schema is sound");
    index.apply(&tickets(), &[], 1).expect("memory is writable");
    index
}

/// November 2026.
fn now() -> Timestamp {
    Timestamp::from_micros(1_795_100_400_000_000)
}

fn ids(hits: &TicketHits) -> Vec<i64> {
    hits.hits.iter().map(|hit| hit.id).collect()
}

fn found(index: &TicketSearch, text: &str, scope: TicketScope) -> Vec<i64> {
    ids(&index
        .search(text, scope, 10, 0, now())
        .expect("the index is sound"))
}

#[test]
fn a_reference_finds_its_request_first() {
    let index = filled();
    for text in [
        "OR-48213",
        "or-48213",
        "or48213",
        "48213",
        " OR 48213 ",
        "#48213",
        "OR-48213 ?",
    ] {
        assert_eq!(
            found(&index, text, TicketScope::Agent).first(),
            Some(&1),
            "{text}"
        );
    }
    assert!(
        found(&index, "OR-48299", TicketScope::Agent).is_empty(),
        "no neighbouring reference"
    );
}

#[test]
fn both_languages_are_stemmed() {
    let index = filled();
    assert_eq!(
        found(&index, "imprimantes bloquee", TicketScope::Agent),
        [1]
    );
    assert_eq!(found(&index, "printer jam", TicketScope::Agent), [2]);
    assert_eq!(found(&index, "imprimnate", TicketScope::Agent), [1]);
}

#[test]
fn agents_find_people_and_organisations() {
    let index = filled();
    for text in [
        "ana",
        "Exemple",
        "ana@exemple.test",
        "verger fictif",
        "vip",
        "quetzalcoatl",
    ] {
        assert_eq!(found(&index, text, TicketScope::Agent), [1], "{text}");
    }
    assert_eq!(found(&index, "modele", TicketScope::Agent).len(), 3);
}

#[test]
fn of_equals_the_latest_changed_comes_first() {
    assert_eq!(found(&filled(), "facture mars", TicketScope::Agent), [4, 3]);
}

/// The same words in a request that is over, one of long ago, and one that is open and fresh.
fn of_all_ages() -> TicketSearch {
    let years = |years: i64| now().seconds() - years * 365 * 86_400;
    let fibre = |id, open, updated_at| TicketDocument {
        id,
        reference: format!("OR-{id}"),
        subject: "Coupure de fibre".into(),
        public_text: "La fibre est coupée depuis midi. Voir OR-1.".into(),
        requester_id: ANA,
        open,
        updated_at,
        ..TicketDocument::default()
    };
    // The words of the first answer best: it says nothing else.
    let over = TicketDocument {
        public_text: "Coupure de fibre, coupure.".into(),
        ..fibre(1, false, years(3))
    };
    let index = TicketSearch::in_memory().expect("the schema is sound");
    let tickets = [over, fibre(2, true, years(2)), fibre(3, true, years(0))];
    index.apply(&tickets, &[], 1).expect("memory is writable");
    index
}

#[test]
fn agents_see_first_what_is_open_and_recent() {
    let index = of_all_ages();
    assert_eq!(
        found(&index, "coupure fibre", TicketScope::Agent),
        [3, 2, 1]
    );
    assert_eq!(
        found(&index, "coupure fibre", TicketScope::Requester(ANA)).first(),
        Some(&1),
        "to a customer their words alone decide"
    );
    assert_eq!(
        found(&index, "OR-1", TicketScope::Agent).first(),
        Some(&1),
        "a reference finds its request whatever became of it"
    );
}

#[test]
fn a_requester_finds_only_their_own_requests() {
    let index = filled();
    assert_eq!(found(&index, "48213", TicketScope::Requester(BO)), [2]);
    assert_eq!(
        found(&index, "imprimante panne", TicketScope::Requester(ANA)),
        [1]
    );
    for text in ["imprimante", "imprimnate", "ana", "verger", "impri"] {
        assert!(
            found(&index, text, TicketScope::Requester(BO)).is_empty(),
            "{text}"
        );
    }
    let hits = index
        .search("facture", TicketScope::Requester(BO), 1, 0, now())
        .expect("sound");
    assert_eq!((hits.total, ids(&hits)), (2, vec![4]));
    let hits = index
        .search("facture", TicketScope::Requester(ANA), 1, 0, now())
        .expect("sound");
    assert_eq!(hits.total, 0, "others do not count either");
}

#[test]
fn a_requester_never_finds_by_notes_or_tags() {
    let index = filled();
    for text in [
        "quetzalcoatl",
        "quetzal",
        "quetzalcaotl",
        "menace",
        "vip",
        "client menace de partir",
    ] {
        assert!(
            found(&index, text, TicketScope::Requester(ANA)).is_empty(),
            "{text}"
        );
    }
}

#[test]
fn changes_and_removals_are_visible_at_once() {
    let index = filled();
    let mut changed = tickets().swap_remove(0);
    changed.subject = "Scanner silencieux".into();
    changed.public_text = String::new();
    index
        .apply(&[changed], &[3, 4], 2)
        .expect("memory is writable");
    assert_eq!(found(&index, "scanner", TicketScope::Agent), [1]);
    assert!(found(&index, "imprimante", TicketScope::Agent).is_empty());
    assert!(found(&index, "facture", TicketScope::Agent).is_empty());
    assert_eq!(index.index().revision(), Some(2));
}

#[test]
fn a_rebuild_on_disk_is_found_again() {
    let root = tempfile::tempdir().expect("a temporary directory");
    let index = TicketSearch::open(root.path()).expect("writable");
    let mut rebuild = index.rebuild().expect("nobody else writes");
    for ticket in tickets() {
        rebuild.add(&ticket).expect("there is room");
    }
    rebuild.finish(5).expect("there is room");
    let reader = TicketSearch::open_read_only(root.path()).expect("a sound index");
    assert_eq!(found(&reader, "OR-48215", TicketScope::Agent), [3]);
    assert!(!reader.index().needs_rebuild());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_text_is_a_query_within_its_scope(text in "[a-zé0-9 '+*:()\"~^\\-./#@]{0,60}|\\PC{0,40}") {
        let index = filled_once();
        prop_assert!(index.search(&text, TicketScope::Agent, 10, 0, now()).is_ok());
        let own = index.search(&text, TicketScope::Requester(ANA), 10, 0, now());
        prop_assert!(own.is_ok_and(|hits| hits.hits.iter().all(|hit| hit.id == 1)));
    }
}

fn filled_once() -> &'static TicketSearch {
    static INDEX: std::sync::LazyLock<TicketSearch> = std::sync::LazyLock::new(filled);
    &INDEX
}
