//! Samples of the request-type pages.

use super::pages::{ExistingType, RequestTypePage, RequestTypeRow, RequestTypesPage};
use crate::platform::i18n::{Lang, Message};
use crate::platform::web::form::{Fields, FormErrors, FormState};
use crate::platform::web::shell::hue;
use crate::platform::web::widgets::{SelectOption, TeamChip};

/// A word that no column is wide enough for.
const LONG_WORD: &str =
    "anticonstitutionnellementhyperphotosensibilisationmicroelectroniquetransfrontali";

pub fn lists() -> Vec<RequestTypesPage> {
    let mut archived = row(4, "move", "package", "Déménagement", "Moving premises");
    archived.archived = true;
    archived.team = None;
    let list = |rows| RequestTypesPage {
        new_href: "/manage/request-types/new".to_owned(),
        rows,
    };
    vec![
        list(vec![
            row(1, "outage", "zap", "Panne", "Outage"),
            row(2, "question", "circle-help", "Question", "Question"),
            row(3, "invoice", "receipt", "Facture", "Invoice"),
            archived,
        ]),
        list(Vec::new()),
        list(
            (1..=50)
                .map(|n| row(n, LONG_WORD, "ticket", LONG_WORD, LONG_WORD))
                .collect(),
        ),
    ]
}

fn row(position: i64, key: &str, icon: &str, name_fr: &str, name_en: &str) -> RequestTypeRow {
    RequestTypeRow {
        href: format!("/manage/request-types/{position}"),
        key: key.to_owned(),
        icon: icon.to_owned(),
        name_fr: name_fr.to_owned(),
        name_en: name_en.to_owned(),
        team: Some(TeamChip {
            name: "Réseau".to_owned(),
            hue: hue("Réseau"),
        }),
        priority: "normal".to_owned(),
        priority_label: "Normale".to_owned(),
        position,
        archived: false,
    }
}

pub fn forms() -> Vec<RequestTypePage> {
    let known = FormState::empty()
        .with("version", "3")
        .with("slug", "outage")
        .with("name_fr", "Panne")
        .with("name_en", "Outage")
        .with(
            "hint_fr",
            "Un service ne fonctionne plus ou fonctionne mal.",
        )
        .with("hint_en", "A service has stopped or works badly.")
        .with("icon", "zap")
        .with("team", "1")
        .with("priority", "high")
        .with("position", "1");
    let mut fields = Fields::default();
    fields.push("name_fr".to_owned(), LONG_WORD.to_owned());
    let refused = FormState::refused(
        &fields,
        &FormErrors::one("name_en", Message::new("form-required")),
        Lang::Fr,
    );
    let mut stale = page(known.clone(), Some(existing("Panne", false)));
    stale.stale = Some("Amina Belkacem a enregistré ce type à 14 h 31.".to_owned());
    vec![
        page(known, Some(existing("Panne", false))),
        page(
            FormState::empty()
                .with("priority", "normal")
                .with("icon", "ticket"),
            None,
        ),
        page(refused, Some(existing(LONG_WORD, true))),
        stale,
    ]
}

fn existing(name: &str, archived: bool) -> ExistingType {
    ExistingType {
        name: name.to_owned(),
        used: "1 204".to_owned(),
        archived,
        archive_action: "/manage/request-types/1/archive".to_owned(),
    }
}

fn page(form: FormState, existing: Option<ExistingType>) -> RequestTypePage {
    RequestTypePage {
        action: "/manage/request-types".to_owned(),
        back_href: "/manage/request-types".to_owned(),
        form,
        existing,
        icons: [
            "ticket",
            "zap",
            "circle-help",
            "receipt",
            "key-round",
            "wifi",
            "phone",
            "router",
            "package",
            "wrench",
            "users",
            "calendar",
        ]
        .map(str::to_owned)
        .into(),
        teams: vec![
            SelectOption::new("1", "Réseau"),
            SelectOption::new("2", "Téléphonie"),
        ],
        priorities: vec![
            SelectOption::new("urgent", "Critique"),
            SelectOption::new("high", "Haute"),
            SelectOption::new("normal", "Normale"),
            SelectOption::new("low", "Basse"),
        ],
        stale: None,
    }
}
