//! What is held about people: values ready to print.

use serde::Serialize;

use super::export::pages as export;
use crate::platform::web::FormState;
use crate::platform::web::view::{Sample, View, samples as samples_of};

/// How much of something is held.
#[derive(Clone, Debug, Serialize)]
pub struct Held {
    /// What.
    pub label: String,
    /// How many.
    pub count: String,
}

/// How long something is kept.
#[derive(Clone, Debug, Serialize)]
pub struct Period {
    /// What.
    pub label: String,
    /// How long.
    pub value: String,
}

/// What is held about the reader.
#[derive(Clone, Debug, Serialize)]
pub struct OwnData {
    /// Counts.
    pub held: Vec<Held>,
    /// Periods.
    pub periods: Vec<Period>,
    /// Where the copy is made.
    pub export_action: String,
    /// Field `current_password`.
    pub form: FormState,
    /// Back.
    pub profile_href: String,
    /// Where one writes to have it erased.
    pub request_href: String,
}

/// What is held about somebody, for a manager.
#[derive(Clone, Debug, Serialize)]
pub struct PersonData {
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Back.
    pub person_href: String,
    /// Counts.
    pub held: Vec<Held>,
    /// Where the copy is made.
    pub export_action: String,
    /// Field `current_password` of the copy.
    pub export_form: FormState,
    /// Where the erasure goes; nothing for the reader's own account.
    pub erase_action: Option<String>,
    /// Whether they work here.
    pub is_staff: bool,
    /// Fields `confirmation`, `current_password`, `keep_texts` of the erasure.
    pub form: FormState,
}

fn held() -> Vec<Held> {
    vec![
        Held {
            label: "Demandes".to_owned(),
            count: "12".to_owned(),
        },
        Held {
            label: "Messages écrits".to_owned(),
            count: "1 284".to_owned(),
        },
    ]
}

fn refused(field: &str, text: &str) -> FormState {
    use crate::platform::i18n::Lang;
    use crate::platform::i18n::Message;
    use crate::platform::web::form::{Fields, FormErrors};
    let errors = FormErrors::one(field, Message::new(text));
    FormState::refused(&Fields::default(), &errors, Lang::Fr)
}

impl View for OwnData {
    const TEMPLATE: &'static str = "privacy/own.html";

    fn samples() -> Vec<Self> {
        let usual = Self {
            held: held(),
            periods: vec![Period {
                label: "Texte des courriels envoyés".to_owned(),
                value: "30 jours".to_owned(),
            }],
            export_action: "/profile/data".to_owned(),
            form: FormState::empty(),
            profile_href: "/profile".to_owned(),
            request_href: "/requests/new".to_owned(),
        };
        let wrong = Self {
            held: Vec::new(),
            form: refused("current_password", "profile-password-wrong"),
            ..usual.clone()
        };
        vec![usual, wrong]
    }
}

impl View for PersonData {
    const TEMPLATE: &'static str = "privacy/person.html";

    fn samples() -> Vec<Self> {
        let usual = Self {
            name: "Claire Fontanel".to_owned(),
            email: "claire.fontanel@tilleuls.example".to_owned(),
            person_href: "/manage/people/7".to_owned(),
            held: held(),
            export_action: "/manage/people/7/data".to_owned(),
            export_form: FormState::empty(),
            erase_action: Some("/manage/people/7/erasure".to_owned()),
            is_staff: false,
            form: FormState::empty(),
        };
        let wrong = Self {
            is_staff: true,
            export_form: refused("current_password", "profile-password-wrong"),
            form: refused("confirmation", "form-required"),
            ..usual.clone()
        };
        let own = Self {
            name: "Très Long ".repeat(12),
            held: Vec::new(),
            erase_action: None,
            ..usual.clone()
        };
        vec![usual, wrong, own]
    }
}

/// The pages of this slice, and those of the copy.
pub(super) fn samples() -> Vec<Sample> {
    let mut all = samples_of::<OwnData>();
    all.extend(samples_of::<PersonData>());
    all.extend(export::all_samples());
    all
}
