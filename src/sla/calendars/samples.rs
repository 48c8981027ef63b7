//! Sample values of the pages of calendars.

use super::pages::{DayField, Edit, Existing, List, PreviewDay, Row, Version, VersionLine, Week};
use crate::platform::company::hours::HoursLine;
use crate::platform::i18n::{Lang, Message};
use crate::platform::web::FormState;
use crate::platform::web::form::{Fields, FormErrors};
use crate::platform::web::widgets::SelectOption;
use crate::sla::impact::pages::Impact;

fn line(days: &str, hours: &str) -> HoursLine {
    HoursLine {
        days: days.to_owned(),
        hours: hours.to_owned(),
    }
}

fn office() -> Vec<HoursLine> {
    vec![
        line("Lundi au jeudi", "8 h 30 – 12 h 30, 13 h 30 – 18 h 00"),
        line("Vendredi", "8 h 30 – 12 h 30, 13 h 30 – 17 h 00"),
    ]
}

pub(super) fn lists() -> Vec<List> {
    let row = |name: &str, shown, archived| Row {
        href: "/manage/calendars/1".to_owned(),
        name: name.to_owned(),
        hours: office(),
        zone: "Europe/Paris".to_owned(),
        public: "France".to_owned(),
        shown,
        archived,
    };
    let closed = Row {
        hours: Vec::new(),
        ..row("Sans semaine", false, false)
    };
    vec![List {
        new_href: "/manage/calendars/new".to_owned(),
        rows: vec![
            row("Support", true, false),
            closed,
            row("Ancien atelier de Strasbourg et de Mulhouse", false, true),
        ],
    }]
}

fn week() -> Week {
    let day = |date: &str, hours: &[&str], note: &str| PreviewDay {
        date: date.to_owned(),
        hours: hours.iter().map(|&hours| hours.to_owned()).collect(),
        note: note.to_owned(),
        today: note.is_empty() && date.starts_with("jeu"),
    };
    let two = ["8 h 30 – 12 h 30", "13 h 30 – 18 h 00"];
    Week {
        label: "du 21 au 27 déc.".to_owned(),
        total: "33 h 00".to_owned(),
        days: vec![
            day("lun. 21 déc.", &two, ""),
            day("mar. 22 déc.", &two, ""),
            day("mer. 23 déc.", &two, ""),
            day("jeu. 24 déc.", &["8 h 30 – 12 h 00"], "Réveillon"),
            day("ven. 25 déc.", &[], "Noël"),
            day("sam. 26 déc.", &[], ""),
            day("dim. 27 déc.", &[], ""),
        ],
    }
}

fn existing(archived: bool) -> Existing {
    let version = |number: i64| VersionLine {
        href: format!("/manage/calendars/1/versions/{number}"),
        label: format!("Version {number}"),
        made: "Nadia Ferrand, 3 nov., 9 h 12".to_owned(),
        current: number == 2,
    };
    Existing {
        name: "Support".to_owned(),
        version: "Version 2".to_owned(),
        shown: !archived,
        follows_file: !archived,
        archived,
        show_action: "/manage/calendars/1/shown".to_owned(),
        archive_action: "/manage/calendars/1/archive".to_owned(),
        import_action: "/manage/calendars/1/import".to_owned(),
        import_error: archived.then(|| "Ce fichier n’est pas un calendrier.".to_owned()),
        versions: vec![version(2), version(1)],
    }
}

/// A form that comes back because of what is wrong with it.
fn refused() -> FormState {
    let mut fields = Fields::default();
    fields.push("mon".to_owned(), "8-12".to_owned());
    let errors = FormErrors::one("mon", Message::new("calendars-never-open"));
    FormState::refused(&fields, &errors, Lang::Fr)
}

pub(super) fn forms() -> Vec<Edit> {
    let usual = Edit {
        action: "/manage/calendars/1".to_owned(),
        list_href: "/manage/calendars".to_owned(),
        form: FormState::empty()
            .with("name", "Support")
            .with("version", "2")
            .with("mon", "08:30-12:30, 13:30-18:00")
            .with("holidays", "12-24 Réveillon"),
        days: vec![DayField {
            key: "mon".to_owned(),
            label: "Lundi".to_owned(),
        }],
        zones: vec![SelectOption::new("Europe/Paris", "Europe/Paris")],
        publics: vec![SelectOption::new("france", "France")],
        weeks: vec![week(); 4],
        unsaved: false,
        imported: Vec::new(),
        impact: None,
        stale: None,
        existing: Some(existing(false)),
    };
    let disputed = Edit {
        weeks: Vec::new(),
        unsaved: true,
        imported: vec!["12 jours ont été lus.".to_owned()],
        impact: Some(Impact::sample()),
        stale: Some("Amina Keller a enregistré ce calendrier.".to_owned()),
        existing: Some(existing(true)),
        ..usual.clone()
    };
    let new = Edit {
        form: FormState::empty(),
        existing: None,
        ..usual.clone()
    };
    let refused = Edit {
        form: refused(),
        ..usual.clone()
    };
    vec![usual, refused, disputed, new]
}

pub(super) fn versions() -> Vec<Version> {
    let past = Version {
        back_href: "/manage/calendars/1".to_owned(),
        name: "Support".to_owned(),
        label: "Version 1".to_owned(),
        made: "Nadia Ferrand, 3 nov., 9 h 12".to_owned(),
        hours: office(),
        zone: "Europe/Paris".to_owned(),
        public: "France".to_owned(),
        holidays: vec![line("12-24", "Réveillon")],
        exceptions: vec![line("2026-12-31", "9 h 00 – 12 h 00, Inventaire")],
        current: false,
        restore_action: "/manage/calendars/1/versions/1".to_owned(),
        latest: 2,
    };
    let current = Version {
        holidays: Vec::new(),
        exceptions: Vec::new(),
        current: true,
        ..past.clone()
    };
    vec![past, current]
}
