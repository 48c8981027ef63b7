//! Who may have drafts: whoever is signed in, and anyone else for the one form that is open to all.

use std::ops::Deref;

use rocket::http::Status;
use rocket::outcome::Outcome;
use rocket::request::{self, FromRequest};
use rocket::{Request, async_trait};

use super::Form;
use crate::accounts::Visitor;
use crate::platform::web::limits::{Action, Counted};
use crate::platform::web::{Failure, Fields, Upload};

/// The segment of the address that names the form.
const KEY: usize = 1;

/// Somebody who may have a draft of the form that the address names.
pub struct Writer(Visitor);

impl Deref for Writer {
    type Target = Visitor;
    fn deref(&self) -> &Visitor {
        &self.0
    }
}

#[async_trait]
impl<'r> FromRequest<'r> for Writer {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        let key = request.param::<&str>(KEY).and_then(Result::ok);
        let for_all = key == Some(Form::Request.as_str());
        match Visitor::from_request(request).await {
            Outcome::Success(visitor) if for_all || visitor.person.is_some() => {
                Outcome::Success(Self(visitor))
            }
            Outcome::Success(_) => Outcome::Error((Status::Unauthorized, ())),
            Outcome::Error(error) => Outcome::Error(error),
            Outcome::Forward(status) => Outcome::Forward(status),
        }
    }
}

impl Counted for Writer {
    fn counted(&self) -> (Action, String) {
        self.0.counted()
    }
}

/// Gives a form back to who has to sign in again: that of somebody signed in asks for no address,
/// so one that has none was opened in a session that has ended since.
///
/// # Errors
/// When it is such a form.
pub fn of_this_session(
    visitor: &Visitor,
    fields: &Fields,
    uploads: Vec<Upload>,
) -> Result<Vec<Upload>, Failure> {
    if visitor.person.is_none() && !fields.has("email") {
        return Err(Failure::SignedOut(uploads));
    }
    Ok(uploads)
}
