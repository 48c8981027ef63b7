//! Teams: values ready to print.

use serde::Serialize;

use crate::platform::web::FormState;
use crate::platform::web::view::View;
use crate::platform::web::widgets::SelectOption;

/// One team of the list.
#[derive(Clone, Debug, Serialize)]
pub struct TeamRow {
    /// Where it is changed.
    pub href: String,
    /// Name.
    pub name: String,
    /// 0 to 7.
    pub hue: u8,
    /// Names of its members.
    pub members: String,
    /// Whether it was given up.
    pub archived: bool,
}

/// The list of teams, with the form for another one.
#[derive(Clone, Debug, Serialize)]
pub struct List {
    /// The teams.
    pub teams: Vec<TeamRow>,
    /// Where a new one goes.
    pub action: String,
    /// Colours to choose from.
    pub hues: Vec<SelectOption>,
    /// Fields `name`, `hue`.
    pub form: FormState,
}

/// An agent with a box to tick.
#[derive(Clone, Debug, Serialize)]
pub struct MemberBox {
    /// Key of the person.
    pub value: String,
    /// Name.
    pub label: String,
    /// Address.
    pub hint: String,
    /// Whether they belong to the team.
    pub checked: bool,
}

/// One team.
#[derive(Clone, Debug, Serialize)]
pub struct Show {
    /// Back to the list.
    pub list_href: String,
    /// Name.
    pub name: String,
    /// Where name and colour go.
    pub action: String,
    /// Colours to choose from.
    pub hues: Vec<SelectOption>,
    /// Fields `name`, `hue`.
    pub form: FormState,
    /// Where the members go.
    pub members_action: String,
    /// Everybody who could belong to it.
    pub members: Vec<MemberBox>,
    /// Where it is given up or taken back.
    pub archive_action: String,
    /// Whether it was given up.
    pub archived: bool,
}

fn hues() -> Vec<SelectOption> {
    vec![
        SelectOption::new("0", "Bleu"),
        SelectOption::new("1", "Vert"),
    ]
}

fn refused() -> FormState {
    FormState::empty()
        .with("name", "x".repeat(80))
        .with("hue", "9")
        .with_error(
            "name",
            "Soixante caractères au plus : il y en a quatre-vingts.",
        )
        .with_error("hue", "Choisissez une des propositions.")
}

impl View for List {
    const TEMPLATE: &'static str = "teams/list.html";

    fn samples() -> Vec<Self> {
        let team = |name: &str, members: &str, archived| TeamRow {
            href: "/manage/teams/1".to_owned(),
            name: name.to_owned(),
            hue: 3,
            members: members.to_owned(),
            archived,
        };
        let full = Self {
            teams: vec![
                team("Réseau", "Léa Vasseur, Marc Aubin", false),
                team("Ancienne équipe", "", true),
            ],
            action: "/manage/teams".to_owned(),
            hues: hues(),
            form: FormState::empty(),
        };
        let empty = Self {
            teams: Vec::new(),
            ..full.clone()
        };
        let refused = Self {
            form: refused(),
            ..full.clone()
        };
        vec![full, empty, refused]
    }
}

impl View for Show {
    const TEMPLATE: &'static str = "teams/show.html";

    fn samples() -> Vec<Self> {
        let usual = Self {
            list_href: "/manage/teams".to_owned(),
            name: "Réseau".to_owned(),
            action: "/manage/teams/1".to_owned(),
            hues: hues(),
            form: FormState::empty().with("name", "Réseau").with("hue", "1"),
            members_action: "/manage/teams/1/members".to_owned(),
            members: vec![MemberBox {
                value: "7".to_owned(),
                label: "Léa Vasseur".to_owned(),
                hint: "lea.vasseur@support.example".to_owned(),
                checked: true,
            }],
            archive_action: "/manage/teams/1/archive".to_owned(),
            archived: false,
        };
        let archived = Self {
            members: Vec::new(),
            archived: true,
            ..usual.clone()
        };
        let refused = Self {
            name: "Très Long ".repeat(6),
            form: refused(),
            ..usual.clone()
        };
        vec![usual, archived, refused]
    }
}
