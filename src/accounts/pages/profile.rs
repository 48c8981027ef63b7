//! The profile: values ready to print.

use serde::Serialize;

use super::refused;
use crate::platform::web::FormState;
use crate::platform::web::view::View;
use crate::platform::web::widgets::SelectOption;

/// A place where the person is signed in.
#[derive(Clone, Debug, Serialize)]
pub struct SessionRow {
    /// Browser and system, as well as they can be told.
    pub device: String,
    /// The network it was opened from, without its end; may be empty.
    pub network: String,
    /// When it was opened, in words.
    pub since: String,
    /// When it was last used, in words.
    pub seen: String,
    /// Whether it is this one.
    pub current: bool,
    /// Where ending it goes.
    pub end_action: String,
}

/// A person's own details.
#[derive(Clone, Debug, Serialize)]
pub struct Profile {
    /// Address.
    pub email: String,
    /// Company.
    pub organisation: Option<String>,
    /// Where the details go.
    pub details_action: String,
    /// Fields `name`, `language`, `time_zone`.
    pub form: FormState,
    /// Languages.
    pub languages: Vec<SelectOption>,
    /// Time zones.
    pub time_zones: Vec<SelectOption>,
    /// Where a new password goes.
    pub password_action: String,
    /// Fields `current_password`, `password`.
    pub password_form: FormState,
    /// Characters at least.
    pub min_length: u32,
    /// Where the person is signed in.
    pub sessions: Vec<SessionRow>,
    /// Where ending all others goes, if there are any.
    pub end_others_action: Option<String>,
    /// Whether there is a second factor.
    pub has_factor: bool,
    /// Where it is seen to.
    pub factor_href: String,
    /// What is held about the person.
    pub data_href: String,
}

impl View for Profile {
    const TEMPLATE: &'static str = "accounts/profile.html";

    fn samples() -> Vec<Self> {
        let session = |device: &str, current: bool| SessionRow {
            device: device.to_owned(),
            network: "192.0.2.x".to_owned(),
            since: "hier, 8 h 05".to_owned(),
            seen: "aujourd’hui, 15 h 40".to_owned(),
            current,
            end_action: "/profile/sessions/01J/end".to_owned(),
        };
        let usual = Self {
            email: "claire.fontanel@tilleuls.example".to_owned(),
            organisation: Some("Clinique des Tilleuls".to_owned()),
            details_action: "/profile".to_owned(),
            form: FormState::empty()
                .with("name", "Claire Fontanel")
                .with("language", "fr"),
            languages: vec![
                SelectOption::new("fr", "Français"),
                SelectOption::new("en", "English"),
            ],
            time_zones: vec![
                SelectOption::new("", "Celui du portail"),
                SelectOption::new("Europe/Paris", "Europe/Paris"),
            ],
            password_action: "/profile/password".to_owned(),
            password_form: FormState::empty(),
            min_length: 12,
            sessions: vec![
                session("Firefox, Linux", true),
                session("Safari, iPhone", false),
            ],
            end_others_action: Some("/profile/sessions/end".to_owned()),
            has_factor: false,
            factor_href: "/profile/factor".to_owned(),
            data_href: "/profile/data".to_owned(),
        };
        let refused = Self {
            organisation: None,
            form: refused("name", "Dites comment vous vous appelez."),
            password_form: refused("current_password", "Ce n’est pas le mot de passe actuel."),
            sessions: vec![session("Firefox, Linux", true)],
            end_others_action: None,
            has_factor: true,
            ..usual.clone()
        };
        vec![usual, refused]
    }
}
