//! Asking for an account or for a new password. The page answers the same whoever the address
//! belongs to; only its owner learns more, by mail.

use rocket::http::Status;
use rocket::{Route, get, post, routes, uri};

use super::commands::{AccountError, ask_for_reset, ask_to_sign_up};
use super::pages::{Forgot, ForgotSent, SignUp, SignUpSent};
use super::visitor::{Place, Visitor};
use crate::platform::db::StorageError;
use crate::platform::web::limits::Action;
use crate::platform::web::{Check, Failure, FormState, Outcome, Posted};

/// Longest name.
pub(super) const MAX_NAME: usize = 120;

pub(super) fn routes() -> Vec<Route> {
    routes![form, submit, forgot, forgotten]
}

#[get("/sign-up")]
pub(super) fn form(visitor: Visitor) -> Outcome {
    let view = page(visitor.empty_form());
    visitor.page(Place::section("sign-in"), &view)
}

#[post("/sign-up", data = "<posted>")]
pub(super) async fn submit(posted: Posted<Visitor>) -> Outcome {
    let Posted {
        who: visitor,
        fields,
        ..
    } = posted;
    let mut check = Check::new(&fields);
    let input = (check.line("name", MAX_NAME), check.email("email"));
    let (name, email) = match check.finish(input) {
        Ok(input) => input,
        Err(errors) => {
            let view = page(FormState::refused(&fields, &errors, visitor.lang));
            return visitor.refused_page(Place::section("sign-in"), &view);
        }
    };
    if visitor.repeated(&fields).await?.is_none() {
        limit(&visitor, &email)?;
        let (to, lang) = (email.clone(), visitor.lang);
        let asked = visitor.once(&fields, move |tx| {
            ask_to_sign_up(tx, &to, &name, lang)?;
            Ok::<_, StorageError>(String::new())
        });
        asked.await?;
    }
    let again_href = uri!(form).to_string();
    let view = SignUpSent { email, again_href };
    visitor.page_with(Status::Ok, Place::section("sign-in"), &view)
}

#[get("/forgot")]
pub(super) fn forgot(visitor: Visitor) -> Outcome {
    let view = forgot_page(visitor.empty_form());
    visitor.page(Place::section("sign-in"), &view)
}

#[post("/forgot", data = "<posted>")]
pub(super) async fn forgotten(posted: Posted<Visitor>) -> Outcome {
    let Posted {
        who: visitor,
        fields,
        ..
    } = posted;
    let mut check = Check::new(&fields);
    let email = check.email("email");
    let email = match check.finish(email) {
        Ok(email) => email,
        Err(errors) => {
            let view = forgot_page(FormState::refused(&fields, &errors, visitor.lang));
            return visitor.refused_page(Place::section("sign-in"), &view);
        }
    };
    if visitor.repeated(&fields).await?.is_none() {
        limit(&visitor, &email)?;
        let to = email.clone();
        let asked = visitor.once(&fields, move |tx| {
            ask_for_reset(tx, &to)?;
            Ok::<_, StorageError>(String::new())
        });
        asked.await?;
    }
    let again_href = uri!(forgot).to_string();
    visitor.page(Place::section("sign-in"), &ForgotSent { email, again_href })
}

/// Bounds the mail that anyone can have sent: from one address, and to one recipient.
fn limit(visitor: &Visitor, email: &str) -> Result<(), Failure> {
    let limiter = &visitor.site.limiter;
    limiter
        .check(Action::Anonymous, &visitor.address)
        .and_then(|()| limiter.check(Action::MailTo, email))
        .map_err(Failure::TooMany)
}

fn page(form: FormState) -> SignUp {
    SignUp {
        action: uri!(submit).to_string(),
        form,
        sign_in_href: "/sign-in".to_owned(),
    }
}

fn forgot_page(form: FormState) -> Forgot {
    Forgot {
        action: uri!(forgotten).to_string(),
        form,
        sign_in_href: "/sign-in".to_owned(),
    }
}

impl From<AccountError> for Failure {
    /// For commands of which no other outcome is expected.
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Storage(error) => error.into(),
            AccountError::Link => Self::NotFound,
            other => Self::internal(&other),
        }
    }
}
