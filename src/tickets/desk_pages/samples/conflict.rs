//! Samples of two agents at the same request.

use super::super::{ConflictRow, ConflictSide, DeskConflictPage, KeptField};
use super::{LONG_NAME, LONG_WORD, at, person};
use crate::platform::web::form::FormState;

pub fn pages() -> Vec<DeskConflictPage> {
    let typical = page(
        "Amina Belkacem",
        vec![
            row(
                "status",
                "Étape",
                "En cours",
                "Résolue",
                "En attente client",
            ),
            row(
                "assignee",
                "Responsable",
                "Personne",
                "Amina Belkacem",
                "Théo Marchand",
            ),
            row("priority", "Priorité", "Normale", "Normale", "Haute"),
        ],
    );
    let long = page(
        LONG_NAME,
        vec![row("tags", "Étiquettes", LONG_WORD, LONG_NAME, LONG_WORD)],
    );
    vec![typical, long]
}

fn page(who: &str, rows: Vec<ConflictRow>) -> DeskConflictPage {
    DeskConflictPage {
        reference: "OR-48213".to_owned(),
        href: "/desk/tickets/OR-48213".to_owned(),
        subject: "Perte de connexion fibre toutes les 20 minutes à l’accueil".to_owned(),
        action: "/desk/tickets/OR-48213/properties".to_owned(),
        who: person(who),
        at: at("aujourd’hui 14 h 31"),
        form: FormState::empty().with("version", "8"),
        rows,
        kept: vec![KeptField {
            name: "team".to_owned(),
            value: "1".to_owned(),
        }],
    }
}

fn row(field: &str, label: &str, before: &str, theirs: &str, yours: &str) -> ConflictRow {
    let side = |value: &str| ConflictSide {
        value: value.to_owned(),
        label: value.to_owned(),
        changed: value != before,
    };
    ConflictRow {
        field: field.to_owned(),
        label: label.to_owned(),
        before: before.to_owned(),
        theirs: side(theirs),
        yours: side(yours),
        prefer_yours: theirs == before,
    }
}
