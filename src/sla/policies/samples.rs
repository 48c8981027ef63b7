//! Sample values of the pages of policies.

use super::pages::{
    BoxGroup, Edit, Existing, List, Row, TargetField, TargetFields, TargetLine, TickBox, Version,
};
use crate::platform::i18n::{Lang, Message};
use crate::platform::web::FormState;
use crate::platform::web::form::{Fields, FormErrors};
use crate::platform::web::widgets::SelectOption;
use crate::sla::calendars::pages::VersionLine;
use crate::sla::impact::pages::Impact;

fn promises() -> Vec<TargetLine> {
    let line = |priority: &str, label: &str, targets: [&str; 3]| TargetLine {
        priority: priority.to_owned(),
        priority_label: label.to_owned(),
        targets: targets.map(str::to_owned).into(),
    };
    vec![
        line(
            "urgent",
            "Critique",
            ["30 min ouvrées", "1 h ouvrée", "4 h ouvrées"],
        ),
        line(
            "normal",
            "Normale",
            ["4 h ouvrées", "", "avant la fin du jour même"],
        ),
    ]
}

pub(super) fn lists() -> Vec<List> {
    let row = |place: Option<usize>, name: &str, conditions: Vec<String>| Row {
        href: "/manage/policies/1".to_owned(),
        place,
        name: name.to_owned(),
        conditions,
        promises: promises(),
        calendar: "Support".to_owned(),
        move_action: "/manage/policies/1/place".to_owned(),
        can_rise: place.is_some_and(|place| place > 1),
        can_sink: place == Some(1),
    };
    let condition = "Organisation : Clinique des Tilleuls, Mairie de Valmont".to_owned();
    let full = List {
        new_href: "/manage/policies/new".to_owned(),
        rows: vec![
            row(Some(1), "4 h", vec![condition, "Type : Panne".to_owned()]),
            row(Some(2), "Le jour même", Vec::new()),
            row(None, "Ancienne règle", Vec::new()),
        ],
    };
    let empty = List {
        rows: Vec::new(),
        ..full.clone()
    };
    vec![full, empty]
}

fn group(name: &str, legend: &str) -> BoxGroup {
    BoxGroup {
        name: name.to_owned(),
        legend: legend.to_owned(),
        boxes: vec![
            TickBox {
                value: "1".to_owned(),
                label: "Panne".to_owned(),
                checked: true,
            },
            TickBox {
                value: "2".to_owned(),
                label: "Question".to_owned(),
                checked: false,
            },
        ],
    }
}

fn existing(archived: bool) -> Existing {
    Existing {
        name: "4 h".to_owned(),
        version: "Version 2".to_owned(),
        archived,
        archive_action: "/manage/policies/1/archive".to_owned(),
        versions: vec![VersionLine {
            href: "/manage/policies/1/versions/2".to_owned(),
            label: "Version 2".to_owned(),
            made: "Nadia Ferrand, hier, 9 h 12".to_owned(),
            current: true,
        }],
    }
}

/// A form that comes back because of what is wrong with it.
fn refused() -> FormState {
    let mut fields = Fields::default();
    fields.push("urgent_first".to_owned(), "bientôt".to_owned());
    let errors = FormErrors::one("urgent_first", Message::new("policies-nothing-promised"));
    FormState::refused(&fields, &errors, Lang::Fr)
}

pub(super) fn forms() -> Vec<Edit> {
    let fields = |priority: &str, label: &str| TargetFields {
        priority: priority.to_owned(),
        label: label.to_owned(),
        fields: ["first", "next", "resolution"]
            .map(|goal| TargetField {
                name: format!("{priority}_{goal}"),
                label: "Première réponse".to_owned(),
            })
            .into(),
        time_field: format!("{priority}_time"),
    };
    let usual = Edit {
        action: "/manage/policies/1".to_owned(),
        list_href: "/manage/policies".to_owned(),
        form: FormState::empty()
            .with("name", "4 h")
            .with("urgent_first", "30min"),
        calendars: vec![SelectOption::new("1", "Support")],
        conditions: vec![group("kinds", "Type de demande"), group("teams", "Équipe")],
        pauses: group("pauses", "Le décompte s’arrête"),
        targets: vec![fields("urgent", "Critique"), fields("low", "Basse")],
        times: vec![SelectOption::new("working", "ouvrées")],
        matching: Some("12 demandes en cours remplissent ces conditions.".to_owned()),
        impact: None,
        stale: None,
        existing: Some(existing(false)),
    };
    let weighty = Edit {
        impact: Some(Impact::sample()),
        stale: Some("Une autre version a été enregistrée.".to_owned()),
        existing: Some(existing(true)),
        ..usual.clone()
    };
    let new = Edit {
        form: FormState::empty(),
        matching: None,
        existing: None,
        ..usual.clone()
    };
    let refused = Edit {
        form: refused(),
        ..usual.clone()
    };
    vec![usual, refused, weighty, new]
}

pub(super) fn versions() -> Vec<Version> {
    let past = Version {
        back_href: "/manage/policies/1".to_owned(),
        name: "4 h".to_owned(),
        label: "Version 1".to_owned(),
        made: "Nadia Ferrand, 3 nov., 9 h 12".to_owned(),
        calendar: "Support".to_owned(),
        conditions: vec!["Type : Panne".to_owned()],
        promises: promises(),
        pauses: "En attente client".to_owned(),
        current: false,
        restore_action: "/manage/policies/1/versions/1".to_owned(),
        latest: 2,
    };
    let current = Version {
        conditions: Vec::new(),
        pauses: String::new(),
        current: true,
        ..past.clone()
    };
    vec![past, current]
}
