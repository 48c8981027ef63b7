//! The second factor: values ready to print.

use data_encoding::BASE64;
use serde::Serialize;

use crate::platform::i18n::{Lang, Message};
use crate::platform::web::FormState;
use crate::platform::web::view::{self, Sample, View};

/// Every page of this part with its sample values.
pub(in crate::accounts) fn samples() -> Vec<Sample> {
    [
        view::samples::<Enrolment>(),
        view::samples::<RecoveryCodes>(),
        view::samples::<Overview>(),
        view::samples::<Deed>(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Adding a second factor.
#[derive(Clone, Debug, Serialize)]
pub struct Enrolment {
    /// Where the form goes.
    pub action: String,
    /// The key, for the form alone.
    pub sealed_key: String,
    /// The QR code, as an address of data.
    pub picture: String,
    /// The key to be typed.
    pub key: String,
    /// Whose account it is.
    pub email: String,
    /// Whether nothing else is open before.
    pub required: bool,
    /// Back to the profile.
    pub profile_href: String,
    /// Fields `code`, `current_password`.
    pub form: FormState,
}

impl View for Enrolment {
    const TEMPLATE: &'static str = "accounts/factor_enrolment.html";

    fn samples() -> Vec<Self> {
        let usual = Self {
            action: "/profile/factor".to_owned(),
            sealed_key: "1.sealed".to_owned(),
            picture: "data:image/svg+xml;base64,PHN2Zy8+".to_owned(),
            key: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".to_owned(),
            email: "lea.vasseur@support.example".to_owned(),
            required: false,
            profile_href: "/profile".to_owned(),
            form: FormState::empty(),
        };
        let required = Self {
            required: true,
            form: refused("code"),
            ..usual.clone()
        };
        vec![usual, required]
    }
}

/// The recovery codes, this once.
#[derive(Clone, Debug, Serialize)]
pub struct RecoveryCodes {
    /// The codes.
    pub codes: Vec<String>,
    /// The same as a text file, as an address of data.
    pub download: String,
    /// Where to go on.
    pub next_href: String,
}

impl RecoveryCodes {
    pub(super) fn new(codes: Vec<String>, next: &str, lang: Lang) -> Self {
        let title = Message::new("factor-codes-file").render(lang);
        let text = format!("{title}\n\n{}\n", codes.join("\n"));
        Self {
            download: format!(
                "data:text/plain;charset=utf-8;base64,{}",
                BASE64.encode(text.as_bytes())
            ),
            next_href: next.to_owned(),
            codes,
        }
    }
}

impl View for RecoveryCodes {
    const TEMPLATE: &'static str = "accounts/factor_codes.html";

    fn samples() -> Vec<Self> {
        let codes = vec!["aaaa-bbbb-cccc".to_owned(); 10];
        vec![Self::new(codes, "/desk", Lang::Fr)]
    }
}

/// The factor that somebody has.
#[derive(Clone, Debug, Serialize)]
pub struct Overview {
    /// Since when, in words.
    pub since: String,
    /// Recovery codes that are left.
    pub left: i64,
    /// Making new ones.
    pub codes_href: String,
    /// Taking the factor away; none while the rules want one.
    pub removal_href: Option<String>,
    /// Back to the profile.
    pub profile_href: String,
}

impl View for Overview {
    const TEMPLATE: &'static str = "accounts/factor.html";

    fn samples() -> Vec<Self> {
        let usual = Self {
            since: "19 novembre 2026".to_owned(),
            left: 10,
            codes_href: "/profile/factor/codes".to_owned(),
            removal_href: Some("/profile/factor/removal".to_owned()),
            profile_href: "/profile".to_owned(),
        };
        let bound = Self {
            left: 0,
            removal_href: None,
            ..usual.clone()
        };
        vec![usual, bound]
    }
}

/// Something that asks for password and code once more.
#[derive(Clone, Debug, Serialize)]
pub struct Deed {
    /// `codes` or `removal`: which texts.
    pub deed: &'static str,
    /// Where the form goes.
    pub action: String,
    /// Back to the factor.
    pub back_href: String,
    /// Fields `current_password`, `code`, `recovery_code`.
    pub form: FormState,
}

impl Deed {
    pub(super) fn codes(action: String, form: FormState) -> Self {
        Self::new("codes", action, form)
    }

    pub(super) fn removal(action: String, form: FormState) -> Self {
        Self::new("removal", action, form)
    }

    fn new(deed: &'static str, action: String, form: FormState) -> Self {
        Self {
            deed,
            action,
            back_href: super::PATH.to_owned(),
            form,
        }
    }
}

impl View for Deed {
    const TEMPLATE: &'static str = "accounts/factor_deed.html";

    fn samples() -> Vec<Self> {
        let action = "/profile/factor/codes".to_owned();
        vec![
            Self::codes(action.clone(), FormState::empty()),
            Self::removal(action, refused("recovery_code")),
        ]
    }
}

fn refused(field: &str) -> FormState {
    FormState::empty().with_error(field, "Ce code ne va pas.")
}
