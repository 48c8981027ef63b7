//! Signing in, opening an account, the profile: values ready to print.

mod people;
mod profile;
mod resume;
mod second_step;
mod setup;

pub use people::{Invite, People, PersonLink, PersonPage, PersonRow, SignInRules};
pub use profile::{Profile, SessionRow};
pub use resume::Resume;
pub use second_step::SecondStep;
pub use setup::Setup;

use serde::Serialize;

use crate::platform::web::FormState;
use crate::platform::web::kept::KeptText;
use crate::platform::web::view::{self, Sample, View};

/// Every page of this slice with its sample values.
#[must_use]
pub fn samples() -> Vec<Sample> {
    [
        view::samples::<SignIn>(),
        view::samples::<SecondStep>(),
        view::samples::<SignUp>(),
        view::samples::<SignUpSent>(),
        view::samples::<Forgot>(),
        view::samples::<ForgotSent>(),
        view::samples::<SetPassword>(),
        view::samples::<LinkExpired>(),
        view::samples::<SessionExpired>(),
        view::samples::<Resume>(),
        view::samples::<Setup>(),
        view::samples::<Profile>(),
        view::samples::<People>(),
        view::samples::<Invite>(),
        view::samples::<PersonPage>(),
        view::samples::<SignInRules>(),
        super::factor::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn refused(field: &str, text: &str) -> FormState {
    FormState::empty()
        .with("email", "claire.fontanel@tilleuls.example")
        .with_error(field, text)
}

/// Signing in.
#[derive(Clone, Debug, Serialize)]
pub struct SignIn {
    /// Where the form goes.
    pub action: String,
    /// Path of the page to return to.
    pub return_to: String,
    /// Fields `email`, `password`.
    pub form: FormState,
    /// For a forgotten password.
    pub forgot_href: String,
    /// Opening an account.
    pub sign_up_href: String,
}

impl View for SignIn {
    const TEMPLATE: &'static str = "accounts/sign_in.html";

    fn samples() -> Vec<Self> {
        [
            FormState::empty(),
            refused(
                "password",
                "Cette adresse et ce mot de passe ne vont pas ensemble.",
            ),
        ]
        .map(|form| Self {
            action: "/sign-in".to_owned(),
            return_to: "/requests".to_owned(),
            form,
            forgot_href: "/forgot".to_owned(),
            sign_up_href: "/sign-up".to_owned(),
        })
        .to_vec()
    }
}

/// Opening an account.
#[derive(Clone, Debug, Serialize)]
pub struct SignUp {
    /// Where the form goes.
    pub action: String,
    /// Fields `name`, `email`.
    pub form: FormState,
    /// Signing in instead.
    pub sign_in_href: String,
}

impl View for SignUp {
    const TEMPLATE: &'static str = "accounts/sign_up.html";

    fn samples() -> Vec<Self> {
        [
            FormState::empty(),
            refused("email", "Il manque ce qui suit le @."),
        ]
        .map(|form| Self {
            action: "/sign-up".to_owned(),
            form,
            sign_in_href: "/sign-in".to_owned(),
        })
        .to_vec()
    }
}

/// A link to open an account was sent, or was not: the page does not tell.
#[derive(Clone, Debug, Serialize)]
pub struct SignUpSent {
    /// The address as given.
    pub email: String,
    /// Trying another address.
    pub again_href: String,
}

impl View for SignUpSent {
    const TEMPLATE: &'static str = "accounts/sign_up_sent.html";

    fn samples() -> Vec<Self> {
        vec![Self {
            email: "claire.fontanel@tilleuls.example".to_owned(),
            again_href: "/sign-up".to_owned(),
        }]
    }
}

/// Asking for a new password.
#[derive(Clone, Debug, Serialize)]
pub struct Forgot {
    /// Where the form goes.
    pub action: String,
    /// Field `email`.
    pub form: FormState,
    /// Back to signing in.
    pub sign_in_href: String,
}

impl View for Forgot {
    const TEMPLATE: &'static str = "accounts/forgot.html";

    fn samples() -> Vec<Self> {
        [
            FormState::empty(),
            refused("email", "Il manque ce qui suit le @."),
        ]
        .map(|form| Self {
            action: "/forgot".to_owned(),
            form,
            sign_in_href: "/sign-in".to_owned(),
        })
        .to_vec()
    }
}

/// A link for a new password was sent, or was not: the page does not tell.
#[derive(Clone, Debug, Serialize)]
pub struct ForgotSent {
    /// The address as given.
    pub email: String,
    /// Trying another address.
    pub again_href: String,
}

impl View for ForgotSent {
    const TEMPLATE: &'static str = "accounts/forgot_sent.html";

    fn samples() -> Vec<Self> {
        vec![Self {
            email: format!("{}@tilleuls.example", "c".repeat(64)),
            again_href: "/forgot".to_owned(),
        }]
    }
}

/// Choosing a password, from a link that was sent.
#[derive(Clone, Debug, Serialize)]
pub struct SetPassword {
    /// Where the form goes; holds the link's secret.
    pub action: String,
    /// Whose account it is.
    pub email: String,
    /// Whether they say what they are called.
    pub asks_name: bool,
    /// Characters at least.
    pub min_length: u32,
    /// Whether its owner has a second factor, which is asked for, too.
    pub asks_code: bool,
    /// Fields `name`, `password`, `code`, `recovery_code`.
    pub form: FormState,
}

impl View for SetPassword {
    const TEMPLATE: &'static str = "accounts/set_password.html";

    fn samples() -> Vec<Self> {
        [
            FormState::empty(),
            refused(
                "password",
                "Il manque trois caractères : douze attendus, neuf saisis.",
            ),
        ]
        .map(|form| Self {
            action: "/password/link".to_owned(),
            email: "claire.fontanel@tilleuls.example".to_owned(),
            asks_name: form.sent,
            min_length: 12,
            asks_code: !form.errors.is_empty(),
            form,
        })
        .to_vec()
    }
}

/// A link that opens nothing any more.
#[derive(Clone, Debug, Serialize)]
pub struct LinkExpired {
    /// Asking for a new one.
    pub again_href: String,
    /// Back to signing in.
    pub sign_in_href: String,
}

impl View for LinkExpired {
    const TEMPLATE: &'static str = "accounts/link_expired.html";

    fn samples() -> Vec<Self> {
        vec![Self {
            again_href: "/forgot".to_owned(),
            sign_in_href: "/sign-in".to_owned(),
        }]
    }
}

/// A form came after the session had ended: nothing typed is lost.
#[derive(Clone, Debug, Serialize)]
pub struct SessionExpired {
    /// Where signing in goes.
    pub action: String,
    /// Path of the page to return to.
    pub return_to: String,
    /// What was typed, to be read and copied.
    pub kept: Vec<KeptText>,
    /// All fields as JSON, carried through the sign-in.
    pub kept_json: String,
    /// Fields `email`, `password`.
    pub form: FormState,
}

impl View for SessionExpired {
    const TEMPLATE: &'static str = "accounts/session_expired.html";

    fn samples() -> Vec<Self> {
        let kept = |value: String| KeptText {
            label: "Votre réponse".to_owned(),
            cut: value.len() > 1_000,
            value,
        };
        [
            (Vec::new(), FormState::empty()),
            (
                vec![kept("Bonjour, PON est orange et il clignote.".to_owned())],
                FormState::empty(),
            ),
            (
                vec![kept("une ligne <b> de plus\n".repeat(200))],
                refused(
                    "password",
                    "Cette adresse et ce mot de passe ne vont pas ensemble.",
                )
                .with("email", format!("{}@tilleuls.example", "c".repeat(64))),
            ),
        ]
        .map(|(kept, form)| Self {
            action: "/sign-in".to_owned(),
            return_to: "/requests/GU-1042".to_owned(),
            kept_json: r#"{"body":"Bonjour \"vous\""}"#.to_owned(),
            kept,
            form,
        })
        .to_vec()
    }
}
