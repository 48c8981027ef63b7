//! The audit: values ready to print.

use serde::Serialize;

use crate::platform::web::FormState;
use crate::platform::web::view::View;
use crate::platform::web::widgets::{PageLinks, SelectOption};

/// A field that a form carries on unseen.
#[derive(Clone, Debug, Serialize)]
pub struct Carried {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// One event of the list.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// When.
    pub when: String,
    /// The same for machines.
    pub datetime: String,
    /// Who did it.
    pub who: String,
    /// Their page.
    pub who_href: Option<String>,
    /// What happened.
    pub text: String,
    /// With what and from where; empty where that is not recorded.
    pub place: String,
    /// What it is about; empty for nothing else.
    pub about: String,
    /// The page of that.
    pub about_href: Option<String>,
    /// The part of the audit.
    pub area: String,
    /// Done or refused.
    pub result: String,
    /// Whether it was refused.
    pub refused: bool,
}

/// The list.
#[derive(Clone, Debug, Serialize)]
pub struct Audit {
    /// Where the filter leads.
    pub action: String,
    /// Parts to choose from.
    pub areas: Vec<SelectOption>,
    /// Done, refused, both.
    pub results: Vec<SelectOption>,
    /// Whether anything narrows the list.
    pub filtered: bool,
    /// The events.
    pub rows: Vec<Row>,
    /// Neighbours.
    pub pages: PageLinks,
    /// Where the list is taken along.
    pub export_action: String,
    /// How many events at most.
    pub export_most: String,
    /// What narrows the list, for taking it along.
    pub carried: Vec<Carried>,
    /// Fields of the filter.
    pub form: FormState,
}

impl View for Audit {
    const TEMPLATE: &'static str = "audit/list.html";

    fn samples() -> Vec<Self> {
        let refused = Row {
            when: "aujourd’hui, 13 h 04".to_owned(),
            datetime: "2026-11-19T12:04:00Z".to_owned(),
            who: "Claire Fontanel".to_owned(),
            who_href: Some("/manage/people/7".to_owned()),
            text: "Page refusée : GET /manage/people/<id>".to_owned(),
            place: String::new(),
            about: String::new(),
            about_href: None,
            area: "Refus".to_owned(),
            result: "refusé".to_owned(),
            refused: true,
        };
        let done = Row {
            who: "Ligne de commande".to_owned(),
            who_href: None,
            text: "Rôle : agent → gestionnaire".to_owned(),
            place: "Firefox, Linux · 192.0.2.0/24".to_owned(),
            about: "Marguerite-Antoinette de la Rochefoucauld-Liancourt".to_owned(),
            about_href: Some("/manage/people/8".to_owned()),
            area: "Droits".to_owned(),
            result: "fait".to_owned(),
            refused: false,
            ..refused.clone()
        };
        let full = Self {
            action: "/manage/audit".to_owned(),
            areas: vec![
                SelectOption::new("", "Tout"),
                SelectOption::new("denial", "Refus"),
            ],
            results: vec![
                SelectOption::new("", "Tous"),
                SelectOption::new("refused", "Refusé"),
            ],
            filtered: true,
            rows: vec![refused, done],
            pages: PageLinks {
                previous: Some("/manage/audit?before=3.3".to_owned()),
                next: Some("/manage/audit?after=2.2".to_owned()),
                note: None,
            },
            export_action: "/manage/audit/exports".to_owned(),
            export_most: "100 000".to_owned(),
            carried: vec![Carried {
                name: "area".to_owned(),
                value: "denial".to_owned(),
            }],
            form: FormState::empty().with("area", "denial"),
        };
        let unmatched = Self {
            rows: Vec::new(),
            pages: PageLinks::default(),
            ..full.clone()
        };
        let empty = Self {
            filtered: false,
            carried: Vec::new(),
            form: FormState::empty(),
            ..unmatched.clone()
        };
        let refused = Self {
            form: FormState::empty()
                .with("who", format!("{}@", "c".repeat(190)))
                .with("from", "2026-11-19")
                .with("until", "2026-11-01")
                .with_error("who", "Il manque ce qui suit le @.")
                .with_error("until", "Cette date vient avant la première."),
            ..unmatched.clone()
        };
        vec![full, unmatched, empty, refused]
    }
}
