//! Customer companies: values ready to print.

use serde::Serialize;

use crate::platform::web::FormState;
use crate::platform::web::view::View;

/// One company of the list.
#[derive(Clone, Debug, Serialize)]
pub struct OrganisationRow {
    /// Where its members are.
    pub href: String,
    /// Name.
    pub name: String,
    /// How many people belong to it.
    pub members: i64,
}

/// The list of companies, with the form for another one.
#[derive(Clone, Debug, Serialize)]
pub struct List {
    /// The companies.
    pub organisations: Vec<OrganisationRow>,
    /// Where a new one goes.
    pub action: String,
    /// Field `name`.
    pub form: FormState,
}

/// One member.
#[derive(Clone, Debug, Serialize)]
pub struct MemberRow {
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Where the membership is ended.
    pub remove_action: String,
}

/// One company.
#[derive(Clone, Debug, Serialize)]
pub struct Show {
    /// Back to the list.
    pub list_href: String,
    /// Name.
    pub name: String,
    /// Its members.
    pub members: Vec<MemberRow>,
    /// Where a new member's address goes.
    pub action: String,
    /// Field `email`.
    pub form: FormState,
}

impl View for List {
    const TEMPLATE: &'static str = "organisations/list.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            organisations: vec![OrganisationRow {
                href: "/manage/organisations/1".to_owned(),
                name: "Clinique des Tilleuls".to_owned(),
                members: 12,
            }],
            action: "/manage/organisations".to_owned(),
            form: FormState::empty(),
        };
        let empty = Self {
            organisations: Vec::new(),
            ..full.clone()
        };
        let refused = Self {
            form: FormState::empty().with("name", "x".repeat(150)).with_error(
                "name",
                "Cent vingt caractères au plus : il y en a cent cinquante.",
            ),
            ..full.clone()
        };
        vec![full, empty, refused]
    }
}

impl View for Show {
    const TEMPLATE: &'static str = "organisations/show.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            list_href: "/manage/organisations".to_owned(),
            name: "Clinique des Tilleuls".to_owned(),
            members: vec![MemberRow {
                name: "Claire Fontanel".to_owned(),
                email: "claire.fontanel@tilleuls.example".to_owned(),
                remove_action: "/manage/organisations/1/members/3/end".to_owned(),
            }],
            action: "/manage/organisations/1/members".to_owned(),
            form: FormState::empty(),
        };
        let empty = Self {
            members: Vec::new(),
            ..full.clone()
        };
        let refused = Self {
            name: "Très Long ".repeat(12),
            form: FormState::empty()
                .with("email", format!("{}@", "c".repeat(200)))
                .with_error("email", "Il manque ce qui suit le @."),
            ..full.clone()
        };
        vec![full, empty, refused]
    }
}
