//! Choosing a password from a link that was mailed: after signing up, after forgetting, after
//! being invited.

use rocket::http::Status;
use rocket::{Route, get, post, routes};

use super::commands::{AccountError, set_password_by_link};
use super::letters::password_path;
use super::model::Person;
use super::opening::{self, Opened};
use super::pages::{LinkExpired, SetPassword};
use super::passwords::{self, Passwords};
use super::queries::get_person;
use super::tokens::{self, Purpose};
use super::visitor::{Place, Visitor};
use crate::platform::db::StorageError;
use crate::platform::i18n::Message;
use crate::platform::web::form::{Fields, FormErrors};
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Failure, FormState, Outcome, Posted, Reply};

pub(super) fn routes() -> Vec<Route> {
    routes![form, submit]
}

#[get("/password/<secret>")]
pub(super) async fn form(visitor: Visitor, secret: &str) -> Outcome {
    visitor.count_link()?;
    match owner(&visitor, secret).await? {
        Some(person) => {
            let view = page(secret, &person, visitor.empty_form());
            visitor.page(Place::default(), &view).map(unnamed)
        }
        None => expired(&visitor),
    }
}

#[post("/password/<secret>", data = "<posted>")]
pub(super) async fn submit(secret: &str, posted: Posted<Visitor>) -> Outcome {
    let Posted {
        who: visitor,
        fields,
        ..
    } = posted;
    let Some(person) = owner(&visitor, secret).await? else {
        return expired(&visitor);
    };
    let password = match chosen_password(&fields, &person.email, &person.name) {
        Ok(password) => password,
        Err(errors) => {
            let form = FormState::refused(&fields, &errors, visitor.lang);
            let view = page(secret, &person, form);
            return visitor.refused_page(Place::default(), &view).map(unnamed);
        }
    };
    let hash = visitor.site.part::<Passwords>().hash(password).await?;
    match redeem(&visitor, secret, hash).await {
        Ok(opened) => Ok(opened
            .redirect(&visitor, None)
            .with_flash(FlashKind::Ok, Message::new("password-saved"))),
        Err(AccountError::Link) => expired(&visitor),
        Err(error) => Err(error.into()),
    }
}

/// The password of a form, if it will do for a person.
pub(super) fn chosen_password<'f>(
    fields: &'f Fields,
    email: &str,
    name: &str,
) -> Result<&'f str, FormErrors> {
    let password = fields.get("password");
    passwords::check(password, email, name)
        .map(|()| password)
        .map_err(|weakness| FormErrors::one("password", weakness.message()))
}

async fn redeem(visitor: &Visitor, secret: &str, hash: String) -> Result<Opened, AccountError> {
    let (asking, secret) = (visitor.clone(), secret.to_owned());
    let opened = visitor.site.db.write(visitor.actor(), move |tx| {
        let person = set_password_by_link(tx, &secret, &hash)?;
        let secret = opening::open(tx, &asking, &person)?;
        Ok(Opened { person, secret })
    });
    opened.await
}

/// Whose link it is, if it holds and they are not shut out.
async fn owner(visitor: &Visitor, secret: &str) -> Result<Option<Person>, Failure> {
    let (secret, now) = (secret.to_owned(), visitor.now);
    let found = visitor.site.db.read(move |conn| {
        let token = tokens::find_among(conn, &Purpose::PASSWORD, &secret, now)?;
        let person = token.and_then(|token| token.person_id);
        let person = person.map(|id| get_person(conn, id)).transpose()?;
        Ok::<_, StorageError>(person.filter(|person| person.disabled_at.is_none()))
    });
    Ok(found.await?)
}

fn page(secret: &str, person: &Person, form: FormState) -> SetPassword {
    SetPassword {
        action: password_path(secret),
        email: person.email.clone(),
        min_length: u32::try_from(passwords::MIN_LENGTH).unwrap_or(u32::MAX),
        form,
    }
}

/// A link that does not hold, whatever the reason: never issued, used, replaced or too old.
fn expired(visitor: &Visitor) -> Outcome {
    let view = LinkExpired {
        again_href: "/forgot".to_owned(),
        sign_in_href: "/sign-in".to_owned(),
    };
    visitor.page_with(Status::NotFound, Place::default(), &view)
}

/// Keeps the address of the page, which holds the secret, out of every other request.
fn unnamed(reply: Reply) -> Reply {
    reply.with_header("Referrer-Policy", "no-referrer")
}
