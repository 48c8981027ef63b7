//! A form taken up again after its session had ended.

use serde::Serialize;

use crate::platform::web::kept::{CarriedField, KeptText};
use crate::platform::web::view::View;

/// What was typed before the session ended, ready to be sent.
#[derive(Clone, Debug, Serialize)]
pub struct Resume {
    /// Where the form was going.
    pub action: String,
    /// What was typed, to be read again.
    pub kept: Vec<KeptText>,
    /// All of its fields.
    pub fields: Vec<CarriedField>,
    /// Where a second factor is added, when it cannot be sent before.
    pub factor_href: Option<String>,
}

impl View for Resume {
    const TEMPLATE: &'static str = "accounts/resume.html";

    fn samples() -> Vec<Self> {
        let field = |name: &str, value: &str| CarriedField {
            name: name.to_owned(),
            value: value.to_owned(),
            cut: false,
        };
        let usual = Self {
            action: "/requests/GU-1042/messages".to_owned(),
            kept: vec![KeptText {
                label: "Votre texte".to_owned(),
                value: "PON est orange <et> il clignote.".to_owned(),
                cut: false,
            }],
            fields: vec![
                field("body", "PON est orange <et> il clignote."),
                field("key", "k"),
            ],
            factor_href: None,
        };
        let first = Self {
            factor_href: Some("/profile/factor".to_owned()),
            ..usual.clone()
        };
        let bare = Self {
            kept: Vec::new(),
            fields: Vec::new(),
            ..usual.clone()
        };
        vec![usual, first, bare]
    }
}
