//! The ledger, ready to print.

use serde::Serialize;

use crate::platform::web::view::{self, Sample, View};
use crate::platform::web::widgets::{Choice, PageLinks};

/// Every page with its sample values.
#[must_use]
pub fn samples() -> Vec<Sample> {
    view::samples::<LedgerPage>()
}

/// The ledger: `GET /manage/promises`.
#[derive(Clone, Debug, Serialize)]
pub struct LedgerPage {
    /// All, and each state with its count.
    pub states: Vec<Choice>,
    /// Of a hundred settled promises so many were kept, as a sentence.
    pub share: Option<String>,
    /// The lines, the newest first.
    pub rows: Vec<LedgerRow>,
    /// Its neighbours.
    pub pages: PageLinks,
}

/// A line.
#[derive(Clone, Debug, Serialize)]
pub struct LedgerRow {
    /// `GU-1042`.
    pub reference: String,
    /// Where its due times are itemised.
    pub href: String,
    /// As the customer wrote it.
    pub subject: String,
    /// What was promised.
    pub goal: String,
    /// By when, and what became of it.
    pub line: PromiseLine,
}

/// A line without its request.
#[derive(Clone, Debug, Serialize)]
pub struct PromiseLine {
    /// When it was made.
    pub made: String,
    /// By when.
    pub due: String,
    /// What became of it.
    pub state: String,
    /// Tone of that.
    pub tone: String,
    /// Why, when, and when the customer was told.
    pub notes: Vec<String>,
}

impl View for LedgerPage {
    const TEMPLATE: &'static str = "sla/ledger.html";

    fn samples() -> Vec<Self> {
        let row = |state: &str, tone: &str, notes: &[&str]| LedgerRow {
            reference: "GU-1042".to_owned(),
            href: "/desk/tickets/GU-1042/clock?goal=first&turn=1".to_owned(),
            subject: "La fibre se coupe toutes les vingt minutes à l’accueil".to_owned(),
            goal: "Première réponse".to_owned(),
            line: PromiseLine {
                made: "hier, 15 h 30".to_owned(),
                due: "aujourd’hui, 10 h 00".to_owned(),
                state: state.to_owned(),
                tone: tone.to_owned(),
                notes: notes.iter().map(|&note| note.to_owned()).collect(),
            },
        };
        let choice = |label: &str, current| Choice {
            label: label.to_owned(),
            href: "/manage/promises".to_owned(),
            current,
            count: Some(12),
        };
        let full = Self {
            states: vec![choice("Toutes", true), choice("Rompues", false)],
            share: Some("94 % des promesses échues ont été tenues.".to_owned()),
            rows: vec![
                row("faite", "neutral", &[]),
                row("tenue", "ok", &["aujourd’hui, 9 h 40"]),
                row(
                    "déplacée",
                    "warn",
                    &["elle n’aurait pas été tenue", "client prévenu à 9 h 00"],
                ),
                row("rompue", "danger", &["aujourd’hui, 10 h 00"]),
            ],
            pages: PageLinks {
                next: Some("/manage/promises?after=12.12".to_owned()),
                ..PageLinks::default()
            },
        };
        let empty = Self {
            share: None,
            rows: Vec::new(),
            pages: PageLinks::default(),
            ..full.clone()
        };
        vec![full, empty]
    }
}
