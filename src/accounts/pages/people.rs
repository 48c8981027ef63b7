//! People as managers see them.

use serde::Serialize;

use super::refused;
use crate::platform::web::FormState;
use crate::platform::web::view::View;
use crate::platform::web::widgets::SelectOption;
use crate::platform::web::widgets::{Choice, PageLinks};

/// One person of the list.
#[derive(Clone, Debug, Serialize)]
pub struct PersonRow {
    /// Where they are shown.
    pub href: String,
    /// Name.
    pub name: String,
    /// One or two letters.
    pub initials: String,
    /// 0 to 7.
    pub hue: u8,
    /// Address.
    pub email: String,
    /// What they are here for.
    pub role: String,
    /// Active, invited, disabled.
    pub state: String,
    /// Colour of the state.
    pub tone: String,
}

/// The list of people.
#[derive(Clone, Debug, Serialize)]
pub struct People {
    /// Which ones are shown.
    pub groups: Vec<Choice>,
    /// The group that is shown.
    pub group: String,
    /// What was searched for.
    pub query: String,
    /// The people.
    pub people: Vec<PersonRow>,
    /// Neighbours.
    pub pages: PageLinks,
    /// Inviting somebody.
    pub invite_href: String,
    /// The rules of signing in.
    pub rules_href: String,
}

/// Inviting an agent or manager.
#[derive(Clone, Debug, Serialize)]
pub struct Invite {
    /// Where the form goes.
    pub action: String,
    /// Back to the list.
    pub list_href: String,
    /// Roles to choose from.
    pub roles: Vec<SelectOption>,
    /// Languages to choose from.
    pub languages: Vec<SelectOption>,
    /// Fields `name`, `email`, `role`, `language`.
    pub form: FormState,
}

/// One person.
#[derive(Clone, Debug, Serialize)]
pub struct PersonPage {
    /// Back to the list.
    pub list_href: String,
    /// Who.
    pub person: PersonRow,
    /// Since when they are known.
    pub since: String,
    /// Where a role goes.
    pub role_action: String,
    /// Roles to choose from.
    pub roles: Vec<SelectOption>,
    /// Field `role`.
    pub form: FormState,
    /// Sends the invitation again, while it is open.
    pub invitation_action: Option<String>,
    /// Shuts the account.
    pub disable_action: Option<String>,
    /// Opens a shut account.
    pub enable_action: Option<String>,
    /// Since when they have a second factor, in words.
    pub factor_since: Option<String>,
    /// Takes the factor away from whoever lost it.
    pub reset_factor_action: Option<String>,
    /// How many sessions they have open.
    pub sessions: usize,
    /// Ends their sessions.
    pub end_sessions_action: Option<String>,
    /// What the audit has about them.
    pub audit_href: String,
    /// What is held about them, to be handed out or erased.
    pub data_href: Option<String>,
}

/// A person's name that leads to them.
#[derive(Clone, Debug, Serialize)]
pub struct PersonLink {
    /// Where they are shown.
    pub href: String,
    /// Name.
    pub name: String,
}

/// The rules of signing in.
#[derive(Clone, Debug, Serialize)]
pub struct SignInRules {
    /// Back to the list of people.
    pub list_href: String,
    /// Where the form goes.
    pub action: String,
    /// Field `factor_required`.
    pub form: FormState,
    /// Agents and managers without a second factor, some of them.
    pub without: Vec<PersonLink>,
}

fn somebody(name: &str, state: &str, tone: &str) -> PersonRow {
    PersonRow {
        href: "/manage/people/7".to_owned(),
        name: name.to_owned(),
        initials: "LV".to_owned(),
        hue: 4,
        email: "lea.vasseur@support.example".to_owned(),
        role: "Agent".to_owned(),
        state: state.to_owned(),
        tone: tone.to_owned(),
    }
}

fn roles() -> Vec<SelectOption> {
    vec![
        SelectOption::new("agent", "Agent"),
        SelectOption::new("manager", "Responsable"),
    ]
}

impl View for People {
    const TEMPLATE: &'static str = "accounts/people.html";

    fn samples() -> Vec<Self> {
        let usual = Self {
            groups: vec![Choice {
                label: "Agents".to_owned(),
                href: "/manage/people".to_owned(),
                current: true,
                count: None,
            }],
            group: "staff".to_owned(),
            query: "léa".to_owned(),
            people: vec![
                somebody("Léa Vasseur", "Actif", "ok"),
                somebody(&"Très Long ".repeat(12), "Invité", "wait"),
            ],
            pages: PageLinks {
                next: Some("/manage/people?after=7.7".to_owned()),
                ..PageLinks::default()
            },
            invite_href: "/manage/people/new".to_owned(),
            rules_href: "/manage/sign-in".to_owned(),
        };
        let empty = Self {
            people: Vec::new(),
            pages: PageLinks::default(),
            ..usual.clone()
        };
        vec![usual, empty]
    }
}

impl View for Invite {
    const TEMPLATE: &'static str = "accounts/invite.html";

    fn samples() -> Vec<Self> {
        let wrong = refused("email", "Cette personne a déjà un accès.");
        [FormState::empty(), wrong]
            .map(|form| Self {
                action: "/manage/people".to_owned(),
                list_href: "/manage/people".to_owned(),
                roles: roles(),
                languages: vec![SelectOption::new("fr", "Français")],
                form,
            })
            .to_vec()
    }
}

impl View for PersonPage {
    const TEMPLATE: &'static str = "accounts/person.html";

    fn samples() -> Vec<Self> {
        let invited = Self {
            list_href: "/manage/people".to_owned(),
            person: somebody("Léa Vasseur", "Invitée", "wait"),
            since: "19 novembre 2026".to_owned(),
            role_action: "/manage/people/7/role".to_owned(),
            roles: roles(),
            form: FormState::empty().with("role", "agent"),
            invitation_action: Some("/manage/people/7/invitation".to_owned()),
            disable_action: Some("/manage/people/7/access".to_owned()),
            enable_action: None,
            factor_since: Some("19 novembre 2026".to_owned()),
            reset_factor_action: Some("/manage/people/7/factor/reset".to_owned()),
            sessions: 2,
            end_sessions_action: Some("/manage/people/7/sessions/end".to_owned()),
            audit_href: "/manage/audit?about=7".to_owned(),
            data_href: Some("/manage/people/7/data".to_owned()),
        };
        let disabled = Self {
            person: somebody("Léa Vasseur", "Fermé", "danger"),
            invitation_action: None,
            disable_action: None,
            enable_action: Some("/manage/people/7/access".to_owned()),
            factor_since: None,
            reset_factor_action: None,
            sessions: 0,
            end_sessions_action: None,
            data_href: None,
            ..invited.clone()
        };
        let long = Self {
            person: PersonRow {
                email: format!("{}@support.example", "l".repeat(64)),
                ..somebody(&"Très Long ".repeat(12), "Actif", "ok")
            },
            ..invited.clone()
        };
        vec![invited, disabled, long]
    }
}

impl View for SignInRules {
    const TEMPLATE: &'static str = "accounts/sign_in_rules.html";

    fn samples() -> Vec<Self> {
        let usual = Self {
            list_href: "/manage/people".to_owned(),
            action: "/manage/sign-in".to_owned(),
            form: FormState::empty(),
            without: vec![PersonLink {
                href: "/manage/people/7".to_owned(),
                name: "Léa Vasseur".to_owned(),
            }],
        };
        let required = Self {
            form: FormState::empty().with("factor_required", "true"),
            without: Vec::new(),
            ..usual.clone()
        };
        let long = Self {
            without: ["Léa Vasseur".to_owned(), "Très Long ".repeat(12)]
                .map(|name| PersonLink {
                    href: "/manage/people/7".to_owned(),
                    name,
                })
                .to_vec(),
            ..usual.clone()
        };
        vec![usual, required, long]
    }
}
