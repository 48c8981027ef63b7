//! The first manager of an empty installation.

use serde::Serialize;

use super::refused;
use crate::platform::web::FormState;
use crate::platform::web::view::View;

/// The first manager introduces themselves.
#[derive(Clone, Debug, Serialize)]
pub struct Setup {
    /// Where the form goes; holds the link's secret.
    pub action: String,
    /// Characters of a password at least.
    pub min_length: u32,
    /// Fields `name`, `email`, `password`.
    pub form: FormState,
}

impl View for Setup {
    const TEMPLATE: &'static str = "accounts/setup.html";

    fn samples() -> Vec<Self> {
        let wrong = refused("email", "Il manque ce qui suit le @.");
        [FormState::empty(), wrong]
            .map(|form| Self {
                action: "/setup/link".to_owned(),
                min_length: 12,
                form,
            })
            .to_vec()
    }
}
