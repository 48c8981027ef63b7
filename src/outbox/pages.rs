//! The outbox: values ready to print.

use serde::Serialize;

use crate::platform::web::view::View;
use crate::platform::web::widgets::{Choice, PageLinks};

/// A state with its colour.
#[derive(Clone, Debug, Serialize)]
pub struct State {
    /// Text.
    pub label: String,
    /// `wait`, `ok` or `danger`.
    pub tone: String,
}

/// One mail of the list.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Where it is shown.
    pub href: String,
    /// How far it has come.
    pub state: State,
    /// Subject.
    pub subject: String,
    /// Address.
    pub recipient: String,
    /// When it was ordered.
    pub created: String,
    /// The same for machines.
    pub datetime: String,
}

/// The list of mails.
#[derive(Clone, Debug, Serialize)]
pub struct List {
    /// The folder that mails are written to, when no server is configured.
    pub folder: Option<String>,
    /// Filters by state.
    pub filters: Vec<Choice>,
    /// What was searched for.
    pub query: String,
    /// The state that is filtered by; empty for all.
    pub status: String,
    /// Whether a filter or a search applies.
    pub filtered: bool,
    /// The mails.
    pub mails: Vec<Row>,
    /// Neighbours.
    pub pages: PageLinks,
    /// Where a test mail is ordered.
    pub test_action: String,
    /// The manager's own address.
    pub test_email: String,
}

/// One line about a mail.
#[derive(Clone, Debug, Serialize)]
pub struct Detail {
    /// What.
    pub label: String,
    /// Its value.
    pub value: String,
}

/// One mail.
#[derive(Clone, Debug, Serialize)]
pub struct Show {
    /// Back to the list.
    pub list_href: String,
    /// Subject.
    pub subject: String,
    /// How far it has come.
    pub state: State,
    /// Why it waits.
    pub wait: Option<String>,
    /// The server's words.
    pub error: Option<String>,
    /// Headers and instants.
    pub details: Vec<Detail>,
    /// Whether its content is kept from everybody.
    pub secret: bool,
    /// Whether its text is not kept any longer.
    pub gone: bool,
    /// Why its content cannot be shown.
    pub broken: Option<String>,
    /// The text version.
    pub text: Option<String>,
    /// Where the HTML version is.
    pub html_href: Option<String>,
    /// Where it is sent, once more or after all.
    pub retry_action: Option<String>,
    /// What that is called.
    pub retry_label: String,
}

impl View for List {
    const TEMPLATE: &'static str = "outbox/list.html";

    fn samples() -> Vec<Self> {
        let choice = |label: &str, current, count| Choice {
            label: label.to_owned(),
            href: "/manage/outbox?status=failed".to_owned(),
            current,
            count,
        };
        let full = Self {
            folder: Some("data/outbox".to_owned()),
            filters: vec![
                choice("Tous", true, None),
                choice("En échec", false, Some(2)),
            ],
            query: "tilleuls".to_owned(),
            status: "failed".to_owned(),
            filtered: true,
            mails: vec![Row {
                href: "/manage/outbox/12".to_owned(),
                state: danger(),
                subject: "Votre demande OR-48201 est enregistrée".to_owned(),
                recipient: "claire.fontanel@tilleuls.example".to_owned(),
                created: "aujourd’hui, 13 h 04".to_owned(),
                datetime: "2026-11-19T12:04:00Z".to_owned(),
            }],
            pages: PageLinks {
                previous: Some("/manage/outbox?before=3.3".to_owned()),
                next: Some("/manage/outbox?after=2.2".to_owned()),
                note: None,
            },
            test_action: "/manage/outbox/tests".to_owned(),
            test_email: "nadia.ferrand@orion.example".to_owned(),
        };
        let unmatched = Self {
            mails: Vec::new(),
            ..full.clone()
        };
        let empty = Self {
            folder: None,
            query: String::new(),
            status: String::new(),
            filtered: false,
            pages: PageLinks::default(),
            ..unmatched.clone()
        };
        vec![empty, unmatched, full]
    }
}

impl View for Show {
    const TEMPLATE: &'static str = "outbox/show.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            list_href: "/manage/outbox".to_owned(),
            subject: "Votre demande OR-48201 est enregistrée".to_owned(),
            state: danger(),
            wait: None,
            error: Some("550 5.1.1 No such user here".to_owned()),
            details: vec![Detail {
                label: "Destinataire".to_owned(),
                value: "Claire Fontanel <claire.fontanel@tilleuls.example>".to_owned(),
            }],
            secret: false,
            gone: false,
            broken: None,
            text: Some("Bonjour Claire,\n\n…\n".to_owned()),
            html_href: Some("/manage/outbox/12/html".to_owned()),
            retry_action: Some("/manage/outbox/12/attempts".to_owned()),
            retry_label: "Réessayer l’envoi".to_owned(),
        };
        let secret = Self {
            state: State {
                label: "en attente".to_owned(),
                tone: "wait".to_owned(),
            },
            wait: Some("Aucun serveur de courriel n’est configuré.".to_owned()),
            error: None,
            secret: true,
            gone: false,
            text: None,
            html_href: None,
            retry_action: None,
            ..full.clone()
        };
        let broken = Self {
            secret: false,
            broken: Some("template: no such template".to_owned()),
            ..secret.clone()
        };
        let gone = Self {
            secret: false,
            gone: true,
            ..secret.clone()
        };
        vec![full, secret, broken, gone]
    }
}

fn danger() -> State {
    State {
        label: "en échec".to_owned(),
        tone: "danger".to_owned(),
    }
}
