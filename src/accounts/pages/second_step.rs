//! The second step of signing in.

use serde::Serialize;

use super::refused;
use crate::platform::web::FormState;
use crate::platform::web::view::View;

/// The question for the code.
#[derive(Clone, Debug, Serialize)]
pub struct SecondStep {
    /// Where the form goes.
    pub action: String,
    /// Path of the page to return to.
    pub return_to: String,
    /// Fields of a form that waits to be sent, as JSON; empty when there is none.
    pub kept_json: String,
    /// Beginning again with another account.
    pub again_href: String,
    /// Fields `code`, `recovery_code`.
    pub form: FormState,
}

impl View for SecondStep {
    const TEMPLATE: &'static str = "accounts/second_step.html";

    fn samples() -> Vec<Self> {
        [
            FormState::empty(),
            refused("code", "Ce code ne va pas."),
            refused("recovery_code", "Ce code ne va pas."),
        ]
        .map(|form| Self {
            action: "/sign-in/code".to_owned(),
            return_to: "/desk".to_owned(),
            kept_json: String::new(),
            again_href: "/sign-in".to_owned(),
            form,
        })
        .to_vec()
    }
}
