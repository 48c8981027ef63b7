//! Samples of a history.

use super::super::{Change, HistoryEntry, HistoryPage, PageLinks};
use super::{LONG_NAME, LONG_WORD, at, person};

pub fn pages() -> Vec<HistoryPage> {
    let mut long = page(
        (0..50)
            .map(|_| entry(Some(LONG_NAME), "pencil", LONG_WORD, LONG_WORD))
            .collect(),
    );
    long.subject = LONG_WORD.to_owned();
    long.pages.next = Some("/desk/tickets/OR-48213/history?after=abc".to_owned());
    let mut automatic = entry(None, "route", "Confiée à l’équipe Réseau", "Réseau");
    automatic.cause = Some("car le type de demande est Panne".to_owned());
    let mut plain = entry(
        Some("Claire Fontanel"),
        "message-square",
        "Message reçu par courriel",
        "",
    );
    plain.changes = Vec::new();
    vec![
        page(vec![
            entry(
                Some("Théo Marchand"),
                "pencil",
                "Propriétés modifiées",
                "Haute",
            ),
            plain,
            entry(Some("Amina Belkacem"), "lock", "Note interne ajoutée", ""),
            automatic,
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

fn entry(who: Option<&str>, icon: &str, text: &str, new: &str) -> HistoryEntry {
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
        who: who.map(person),
        icon: icon.to_owned(),
        text: text.to_owned(),
        changes,
        cause: None,
    }
}
