//! What people do with the second factor that they have. Each deed asks for the password and a code
//! once more: a session that somebody left open is not enough.

use rocket::http::Status;
use rocket::{Route, get, post, routes, uri};

use super::commands::{Answer, has_factor, make_recovery_codes, prove, remove};
use super::pages::{Deed, Overview, RecoveryCodes};
use crate::accounts::model::Person;
use crate::accounts::passwords::Passwords;
use crate::accounts::rules::is_factor_required;
use crate::accounts::visitor::{AccountHolder, Customer, Place, Visitor};
use crate::platform::db::{StorageError, Timestamp, Tx};
use crate::platform::i18n::Message;
use crate::platform::web::form::{Fields, FormErrors};
use crate::platform::web::limits::Action;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Failure, FormState, Outcome, Posted, Reply};

pub(super) fn routes() -> Vec<Route> {
    routes![ask_codes, make_codes, ask_removal, take_away]
}

/// The factor as its owner sees it.
pub(super) async fn overview(holder: &AccountHolder, since: Timestamp, left: i64) -> Outcome {
    let bound = is_bound(holder, &holder.me).await?;
    let view = Overview {
        since: holder.calendar().day(since),
        left,
        codes_href: uri!(ask_codes).to_string(),
        removal_href: (!bound).then(|| uri!(ask_removal).to_string()),
        profile_href: "/profile".to_owned(),
    };
    holder.page(Place::section("profile"), &view)
}

/// Whether the rules bind somebody to have a factor.
async fn is_bound(visitor: &Visitor, person: &Person) -> Result<bool, Failure> {
    let required = visitor
        .site
        .db
        .read(|conn| is_factor_required(conn).map_err(StorageError::from))
        .await?;
    Ok(required && person.role.is_agent())
}

#[get("/profile/factor/codes")]
pub(super) async fn ask_codes(customer: Customer) -> Outcome {
    ask(customer, Asked::Codes).await
}

#[get("/profile/factor/removal")]
pub(super) async fn ask_removal(customer: Customer) -> Outcome {
    ask(customer, Asked::Removal).await
}

/// What is to be done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Codes,
    Removal,
}

async fn ask(customer: Customer, asked: Asked) -> Outcome {
    let form = customer.empty_form();
    match refusal(&customer, asked).await? {
        Some(reply) => Ok(reply),
        None => page(&customer, Status::Ok, asked, form),
    }
}

/// Why it cannot be done at all: there is no factor, or the rules want one.
async fn refusal(customer: &Customer, asked: Asked) -> Result<Option<Reply>, Failure> {
    let id = customer.me.id;
    let has = customer
        .site
        .db
        .read(move |conn| has_factor(conn, id).map_err(StorageError::from));
    if !has.await? {
        return Ok(Some(Reply::see_other(super::PATH)));
    }
    if asked == Asked::Removal && is_bound(customer, &customer.me).await? {
        let message = Message::new("factor-bound");
        let reply = Reply::see_other(super::PATH).with_flash(FlashKind::Danger, message);
        return Ok(Some(reply));
    }
    Ok(None)
}

fn page(customer: &Customer, status: Status, asked: Asked, form: FormState) -> Outcome {
    let view = match asked {
        Asked::Codes => Deed::codes(uri!(make_codes).to_string(), form),
        Asked::Removal => Deed::removal(uri!(take_away).to_string(), form),
    };
    customer.page_with(status, Place::section("profile"), &view)
}

#[post("/profile/factor/codes", data = "<posted>")]
pub(super) async fn make_codes(posted: Posted<Customer>) -> Outcome {
    let (customer, asked) = (posted.who, Asked::Codes);
    if let Some(reply) = refusal(&customer, asked).await? {
        return Ok(reply);
    }
    let (id, site) = (customer.me.id, customer.site.clone());
    let deed = move |tx: &mut Tx<'_>| make_recovery_codes(tx, &site.key, id);
    match prove_and_do(&customer, &posted.fields, deed).await? {
        Ok(codes) => {
            let view = RecoveryCodes::new(codes, super::PATH, customer.lang);
            customer.page(Place::section("profile"), &view)
        }
        Err(errors) => refuse(&customer, &posted.fields, asked, &errors),
    }
}

#[post("/profile/factor/removal", data = "<posted>")]
pub(super) async fn take_away(posted: Posted<Customer>) -> Outcome {
    let (customer, asked) = (posted.who, Asked::Removal);
    if let Some(reply) = refusal(&customer, asked).await? {
        return Ok(reply);
    }
    let id = customer.me.id;
    match prove_and_do(&customer, &posted.fields, move |tx| remove(tx, id)).await? {
        Ok(_) => {
            Ok(Reply::see_other("/profile")
                .with_flash(FlashKind::Ok, Message::new("factor-removed")))
        }
        Err(errors) => refuse(&customer, &posted.fields, asked, &errors),
    }
}

fn refuse(customer: &Customer, fields: &Fields, asked: Asked, errors: &FormErrors) -> Outcome {
    let form = FormState::refused(fields, errors, customer.lang);
    page(customer, Status::UnprocessableEntity, asked, form)
}

/// Does something once password and code are right; the code is used up by it.
async fn prove_and_do<T: Send + 'static>(
    customer: &Customer,
    fields: &Fields,
    deed: impl Fn(&mut Tx<'_>) -> diesel::QueryResult<T> + Send + 'static,
) -> Result<Result<T, FormErrors>, Failure> {
    if let Err(errors) = check_password(customer, &customer.me, fields).await? {
        return Ok(Err(errors));
    }
    let answer = match Answer::read(fields) {
        Ok(answer) => answer,
        Err(errors) => return Ok(Err(errors)),
    };
    let (id, site) = (customer.me.id, customer.site.clone());
    let limited = site.limiter.check(Action::Code, &id.to_string());
    limited.map_err(Failure::TooMany)?;
    let refused = answer.refused();
    let done = customer.site.db.write(customer.actor(), move |tx| {
        if prove(tx, &site.key, id, &answer)?.is_none() {
            return Ok::<_, StorageError>(None);
        }
        deed(tx).map(Some).map_err(StorageError::from)
    });
    Ok(done.await?.ok_or(refused))
}

/// Whether the field `current_password` holds a person's password.
///
/// # Errors
/// When it was tried too often.
pub async fn check_password(
    visitor: &Visitor,
    person: &Person,
    fields: &Fields,
) -> Result<Result<(), FormErrors>, Failure> {
    let key = format!("{} {}", person.email, visitor.address);
    let limited = visitor.site.limiter.check(Action::SignIn, &key);
    limited.map_err(Failure::TooMany)?;
    let kept = person.password_hash.as_deref();
    let typed = fields.get("current_password");
    let passwords = visitor.site.part::<Passwords>();
    let right = passwords.verify(kept, typed).await?;
    let wrong = || FormErrors::one("current_password", Message::new("profile-password-wrong"));
    Ok(if right { Ok(()) } else { Err(wrong()) })
}
