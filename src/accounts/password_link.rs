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
use super::sign_up::MAX_NAME;
use super::tokens::{self, Purpose};
use super::visitor::{Place, Visitor};
use crate::platform::db::StorageError;
use crate::platform::i18n::Message;
use crate::platform::web::form::{Fields, FormErrors};
use crate::platform::web::idempotency::Once;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Check, Failure, FormState, Outcome, Posted, Reply};

pub(super) fn routes() -> Vec<Route> {
    routes![form, submit]
}

#[get("/password/<secret>")]
pub(super) async fn form(visitor: Visitor, secret: &str) -> Outcome {
    match owner(&visitor, secret).await? {
        Some(owner) => {
            let form = visitor.empty_form().with("name", &owner.person.name);
            let view = page(secret, &owner, form);
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
    let Some(owner) = owner(&visitor, secret).await? else {
        // Sent twice: the password is saved, and the first answer signed them in.
        return match visitor.repeated(&fields).await? {
            Some(home) => Ok(saved(Reply::see_other(home))),
            None => expired(&visitor),
        };
    };
    let (name, password) = match read(&fields, &owner) {
        Ok(input) => input,
        Err(errors) => {
            let form = FormState::refused(&fields, &errors, visitor.lang);
            let view = page(secret, &owner, form);
            return visitor.refused_page(Place::default(), &view).map(unnamed);
        }
    };
    let hash = visitor.site.part::<Passwords>().hash(password).await?;
    match redeem(&visitor, &fields, secret, (hash, name)).await {
        Ok(Once::Done(opened)) => Ok(saved(opened.redirect(&visitor, None))),
        Ok(Once::Repeated(home)) => Ok(saved(Reply::see_other(home))),
        Err(AccountError::Link) => expired(&visitor),
        Err(error) => Err(error.into()),
    }
}

fn saved(reply: Reply) -> Reply {
    reply.with_flash(FlashKind::Ok, Message::new("password-saved"))
}

/// The name, where it is asked for, and the password.
fn read<'f>(fields: &'f Fields, owner: &Owner) -> Result<(Option<String>, &'f str), FormErrors> {
    let mut check = Check::new(fields);
    let name = owner.names_themselves.then(|| check.line("name", MAX_NAME));
    let called = name.as_deref().unwrap_or(&owner.person.name);
    let password = fields.get("password");
    if let Err(weakness) = passwords::check(password, &owner.person.email, called) {
        check.error("password", weakness.message());
    }
    check.finish((name, password))
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

async fn redeem(
    visitor: &Visitor,
    fields: &Fields,
    secret: &str,
    (hash, name): (String, Option<String>),
) -> Result<Once<Opened>, AccountError> {
    let (asking, secret) = (visitor.clone(), secret.to_owned());
    let opened = visitor.once_with(fields, move |tx| {
        let person = set_password_by_link(tx, &secret, &hash, name.as_deref())?;
        let secret = opening::open(tx, &asking, &person)?;
        let home = opening::home(&person).to_owned();
        Ok((home, Opened { person, secret }))
    });
    opened.await
}

/// Whose link it is.
struct Owner {
    person: Person,
    /// Whether they say now what they are called: so far, anybody may have said it. Somebody
    /// invited was named by who invited them.
    names_themselves: bool,
}

/// Whose link it is, if it holds and they are not shut out.
async fn owner(visitor: &Visitor, secret: &str) -> Result<Option<Owner>, Failure> {
    let (secret, now) = (secret.to_owned(), visitor.now);
    let found = visitor.site.db.read(move |conn| {
        let token = tokens::find_among(conn, &Purpose::PASSWORD, &secret, now)?;
        let Some((purpose, id)) = token.and_then(|token| Some((token.purpose, token.person_id?)))
        else {
            return Ok::<_, StorageError>(None);
        };
        let person = get_person(conn, id)?;
        Ok(person.disabled_at.is_none().then(|| Owner {
            names_themselves: purpose == Purpose::SignUp && person.confirmed_at.is_none(),
            person,
        }))
    });
    Ok(found.await?)
}

fn page(secret: &str, owner: &Owner, form: FormState) -> SetPassword {
    SetPassword {
        action: password_path(secret),
        email: owner.person.email.clone(),
        asks_name: owner.names_themselves,
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
pub(super) fn unnamed(reply: Reply) -> Reply {
    reply.with_header("Referrer-Policy", "no-referrer")
}
