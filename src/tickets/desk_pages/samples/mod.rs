//! Values that show the pages at their usual, their emptiest and their fullest.

pub mod conflict;
pub mod history;
pub mod new;
pub mod queue;
pub mod search;
pub mod ticket;

use super::{Moment, PersonChip, SelectOption, TeamChip, UploadLimits};
use crate::platform::text::initials;
use crate::platform::web::shell::hue;

/// A word that no column is wide enough for.
const LONG_WORD: &str =
    "anticonstitutionnellementhyperphotosensibilisationmicroelectroniquetransfrontali";
/// A name that needs two lines.
const LONG_NAME: &str =
    "Marie-Charlotte Wolfeschlegelsteinhausenbergerdorff de Montmorency-Laval d’Aubépine";

/// What a page says of a search whose index is behind.
const INCOMPLETE: &str = "La recherche peut être incomplète : l’index se met à jour.";

fn person(name: &str) -> PersonChip {
    PersonChip {
        name: name.to_owned(),
        initials: initials(name),
        hue: hue(name),
    }
}

fn team(name: &str) -> TeamChip {
    TeamChip {
        name: name.to_owned(),
        hue: hue(name),
    }
}

fn at(text: &str) -> Moment {
    Moment {
        text: text.to_owned(),
        datetime: "2026-11-19T14:31:00Z".to_owned(),
    }
}

fn options(pairs: &[(&str, &str)]) -> Vec<SelectOption> {
    pairs
        .iter()
        .map(|(value, label)| SelectOption::new(*value, *label))
        .collect()
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

fn limits() -> UploadLimits {
    UploadLimits {
        max_files: 5,
        max_file_bytes: 20_971_520,
        max_file_label: "20 Mo".to_owned(),
    }
}

fn statuses() -> Vec<SelectOption> {
    options(&[
        ("open", "En cours"),
        ("pending", "En attente client"),
        ("resolved", "Résolue"),
    ])
}

fn priorities() -> Vec<SelectOption> {
    options(&[
        ("urgent", "Critique"),
        ("high", "Haute"),
        ("normal", "Normale"),
        ("low", "Basse"),
    ])
}

fn teams() -> Vec<SelectOption> {
    options(&[
        ("1", "Réseau"),
        ("2", "Téléphonie"),
        ("3", "Facturation"),
        ("4", "Comptes et accès"),
    ])
}

fn agents() -> Vec<SelectOption> {
    options(&[
        ("7", "Théo Marchand (moi)"),
        ("8", "Amina Belkacem"),
        ("9", "Karim Haddad"),
        ("10", "Yann Guivarch"),
    ])
}

fn request_types() -> Vec<SelectOption> {
    options(&[
        ("1", "Panne"),
        ("2", "Question"),
        ("3", "Facture"),
        ("4", "Accès"),
    ])
}
