//! Samples of a history.

use super::super::{Change, HistoryEntry, HistoryPage, PageLinks};
use super::{LONG_NAME, LONG_WORD, at};

pub fn pages() -> Vec<HistoryPage> {
    let mut long = page(
        (0..50)
            .map(|_| entry("pencil", &format!("{LONG_NAME} {LONG_WORD}"), LONG_WORD))
            .collect(),
    );
    long.subject = LONG_WORD.to_owned();
    long.pages.next = Some("/desk/tickets/OR-48213/history?after=abc".to_owned());
    let automatic = "Confiée à l’équipe Réseau, car type = Une panne";
    vec![
        page(vec![
            entry("pencil", "Théo Marchand a modifié les propriétés", "Haute"),
            entry("message-square", "Claire Fontanel a écrit un message", ""),
            entry("lock", "Amina Belkacem a ajouté une note interne", ""),
            entry("route", automatic, ""),
        ]),
        page(Vec::new()),
        long,
    ]
}

fn page(entries: Vec<HistoryEntry>) -> HistoryPage {
    HistoryPage {
        reference: "OR-48213".to_owned(),
        href: "/desk/tickets/OR-48213".to_owned(),
        subject: "Perte de connexion fibre toutes les 20 minutes à l’accueil".to_owned(),
        entries,
        pages: PageLinks::default(),
    }
}

fn entry(icon: &str, text: &str, new: &str) -> HistoryEntry {
    let mut changes = vec![Change {
        label: "Priorité".to_owned(),
        old: Some("Normale".to_owned()),
        new: Some(new.to_owned()),
    }];
    changes.push(Change {
        label: "Étiquettes".to_owned(),
        old: None,
        new: Some("optique, intervention".to_owned()),
    });
    if new.is_empty() {
        changes.clear();
    }
    HistoryEntry {
        at: at("mardi 17, 14 h 31"),
        icon: icon.to_owned(),
        text: text.to_owned(),
        changes,
    }
}
