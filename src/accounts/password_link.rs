//! Choosing a password from a link that was mailed: after signing up, after forgetting, after
//! being invited.

use rocket::http::Status;
use rocket::{Route, get, post, routes};

use super::commands::{AccountError, set_password_by_link};
use super::factor::{Answer, has_factor, prove};
use super::letters::password_path;
use super::model::Person;
use super::opening::{self, Claimed, Opened, Proof};
use super::pages::{LinkExpired, SetPassword};
use super::passwords::{self, Passwords};
use super::queries::get_person;
use super::sign_up::MAX_NAME;
use super::tokens::{self, Purpose};
use super::visitor::{Place, Visitor};
use crate::platform::db::StorageError;
use crate::platform::i18n::Message;
use crate::platform::web::form::{Fields, FormErrors};
use crate::platform::web::idempotency::{Once, find_outcome, once};
use crate::platform::web::limits::Action;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Check, Failure, FormState, Outcome, Posted, Reply};

pub(super) fn routes() -> Vec<Route> {
    routes![form, submit]
}

#[get("/password/<secret>")]
pub(super) async fn form(visitor: Visitor, secret: &str) -> Outcome {
    visitor.count_link()?;
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
    let (password, answer, name) = match parse(&fields, &owner) {
        Ok(parsed) => parsed,
        Err(errors) => return refuse(&visitor, secret, &owner, &fields, &errors),
    };
    if answer.is_some() {
        let who = owner.person.id.to_string();
        let limited = visitor.site.limiter.check(Action::Code, &who);
        limited.map_err(Failure::TooMany)?;
    }
    let hash = visitor.site.part::<Passwords>().hash(password).await?;
    let chosen = Chosen {
        hash,
        name,
        answer: answer.clone(),
    };
    match redeem(&visitor, &fields, secret, chosen).await {
        Ok(Some(Once::Done(opened))) => Ok(saved(opened.redirect(&visitor, None))),
        Ok(Some(Once::Repeated(home))) => Ok(saved(Reply::see_other(home))),
        Ok(None) => {
            let errors = answer.map(|answer| answer.refused()).unwrap_or_default();
            refuse(&visitor, secret, &owner, &fields, &errors)
        }
        Err(AccountError::Link) => expired(&visitor),
        Err(error) => Err(error.into()),
    }
}

fn saved(reply: Reply) -> Reply {
    reply.with_flash(FlashKind::Ok, Message::new("password-saved"))
}

/// What a form holds that will do.
type Parsed<'f> = (&'f str, Option<Answer>, Option<String>);

/// The password; of somebody with a second factor, what they answer for it; and the name, where
/// it is asked for.
fn parse<'f>(fields: &'f Fields, owner: &Owner) -> Result<Parsed<'f>, FormErrors> {
    let mut check = Check::new(fields);
    let name = owner.names_themselves.then(|| check.line("name", MAX_NAME));
    let called = name.as_deref().unwrap_or(&owner.person.name);
    let password = fields.get("password");
    if let Err(weakness) = passwords::check(password, &owner.person.email, called) {
        check.error("password", weakness.message());
    }
    let (password, name) = check.finish((password, name))?;
    let answer = owner.has_factor.then(|| Answer::read(fields)).transpose()?;
    Ok((password, answer, name))
}

fn refuse(
    visitor: &Visitor,
    secret: &str,
    owner: &Owner,
    fields: &Fields,
    errors: &FormErrors,
) -> Outcome {
    let form = FormState::refused(fields, errors, visitor.lang);
    let view = page(secret, owner, form);
    visitor.refused_page(Place::default(), &view).map(unnamed)
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

/// What somebody sends with their link.
struct Chosen {
    hash: String,
    name: Option<String>,
    answer: Option<Answer>,
}

/// Sets the password and signs its owner in, once their code, too, is right: a mailbox alone does
/// not open an account that has a second factor. Nothing when the code is wrong.
async fn redeem(
    visitor: &Visitor,
    fields: &Fields,
    secret: &str,
    chosen: Chosen,
) -> Result<Option<Once<Opened>>, AccountError> {
    let (asking, secret) = (visitor.clone(), secret.to_owned());
    let key = visitor.submission(fields);
    let opened = visitor.site.db.write(visitor.actor(), move |tx| {
        let token = tokens::find_among(tx.conn, &Purpose::PASSWORD, &secret, tx.now)?;
        let Some(id) = token.and_then(|token| token.person_id) else {
            // Sent twice at once: the other one was first.
            let home = find_outcome(tx.conn, &key)?.ok_or(AccountError::Link)?;
            return Ok(Some(Once::Repeated(home)));
        };
        let factor = match (&chosen.answer, has_factor(tx.conn, id)?) {
            (_, false) => None,
            (Some(answer), true) => match prove(tx, &asking.site.key, id, answer)? {
                Some(means) => Some(means),
                None => {
                    let person = get_person(tx.conn, id)?;
                    opening::deny(tx, &asking, Claimed::Known(&person), "code")?;
                    return Ok(None);
                }
            },
            // It was added since the form was opened.
            (None, true) => return Err(AccountError::Link),
        };
        let proof = Proof { by: "link", factor };
        let opened = once(tx, &key, |tx| {
            let name = chosen.name.as_deref();
            let person = set_password_by_link(tx, &secret, &chosen.hash, name)?;
            let secret = opening::open(tx, &asking, &person, proof)?;
            let home = opening::home(&person).to_owned();
            Ok::<_, AccountError>((home, Opened { person, secret }))
        });
        opened.map(Some)
    });
    opened.await
}

/// Whose link it is.
struct Owner {
    person: Person,
    /// Whether they say now what they are called: so far, anybody may have said it. Somebody
    /// invited was named by who invited them.
    names_themselves: bool,
    has_factor: bool,
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
        let owner = Owner {
            names_themselves: purpose == Purpose::SignUp && person.confirmed_at.is_none(),
            has_factor: has_factor(conn, id)?,
            person,
        };
        Ok(Some(owner).filter(|owner| owner.person.disabled_at.is_none()))
    });
    Ok(found.await?)
}

fn page(secret: &str, owner: &Owner, form: FormState) -> SetPassword {
    SetPassword {
        action: password_path(secret),
        email: owner.person.email.clone(),
        asks_name: owner.names_themselves,
        min_length: u32::try_from(passwords::MIN_LENGTH).unwrap_or(u32::MAX),
        asks_code: owner.has_factor,
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
