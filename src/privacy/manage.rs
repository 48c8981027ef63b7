//! What managers hand out and erase for a person who asks for it.

use rocket::http::Status;
use rocket::{Route, get, post, routes, uri};

use super::erasing;
use super::erasure::erase;
use super::handlers::{copy_of, rows};
use super::inventory;
use super::pages::PersonData;
use crate::accounts::commands::may_be_erased;
use crate::accounts::{AccountError, Manager, Person, PersonId, check_password, get_person};
use crate::platform::db::StorageError;
use crate::platform::i18n::Message;
use crate::platform::web::form::{Fields, FormErrors};
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Failure, FormState, Outcome, Posted, Reply};

/// Key of the entry in the rail.
const SECTION: &str = "people";

pub(super) fn routes() -> Vec<Route> {
    routes![show, hand_out, forget]
}

#[get("/manage/people/<id>/data")]
pub(super) async fn show(manager: Manager, id: PersonId) -> Outcome {
    let person = find(&manager, id).await?;
    if person.is_erased() {
        return Ok(Reply::see_other(person_path(id)));
    }
    let forms = (manager.empty_form(), manager.empty_form());
    page(&manager, Status::Ok, &person, forms).await
}

async fn find(manager: &Manager, id: PersonId) -> Result<Person, Failure> {
    let found = manager
        .site
        .db
        .read(move |conn| get_person(conn, id).map_err(StorageError::from));
    Ok(found.await?)
}

fn person_path(id: PersonId) -> String {
    format!("/manage/people/{id}")
}

/// The forms are those of the copy and of the erasure.
async fn page(
    manager: &Manager,
    status: Status,
    person: &Person,
    (export_form, form): (FormState, FormState),
) -> Outcome {
    let whose = person.clone();
    let held = manager
        .site
        .db
        .read(move |conn| inventory::count(conn, &whose).map_err(StorageError::from))
        .await?;
    let view = PersonData {
        name: person.name.clone(),
        email: person.email.clone(),
        person_href: person_path(person.id),
        held: rows(&held, manager.lang),
        export_action: uri!(hand_out(person.id)).to_string(),
        export_form,
        erase_action: (person.id != manager.me.id).then(|| uri!(forget(person.id)).to_string()),
        is_staff: person.role.is_agent(),
        form,
    };
    manager.agent().page(status, SECTION, &view).await
}

#[post("/manage/people/<id>/data", data = "<posted>")]
pub(super) async fn hand_out(id: PersonId, posted: Posted<Manager>) -> Outcome {
    let (manager, fields) = (posted.who, posted.fields);
    let person = find(&manager, id).await?;
    if person.is_erased() {
        return Ok(Reply::see_other(person_path(id)));
    }
    if let Err(errors) = check_password(&manager, &manager.me, &fields).await? {
        let form = FormState::refused(&fields, &errors, manager.lang);
        let status = Status::UnprocessableEntity;
        return page(&manager, status, &person, (form, manager.empty_form())).await;
    }
    copy_of(&manager, person, "manager").await
}

#[post("/manage/people/<id>/erasure", data = "<posted>")]
pub(super) async fn forget(id: PersonId, posted: Posted<Manager>) -> Outcome {
    let (manager, fields) = (posted.who, posted.fields);
    if let Some(location) = manager.repeated(&fields).await? {
        return Ok(done(&location));
    }
    let person = find(&manager, id).await?;
    if person.is_erased() {
        return Ok(Reply::see_other(person_path(id)));
    }
    if person.id == manager.me.id {
        let message = Message::new("data-erase-own");
        return Ok(Reply::see_other(uri!(show(id))).with_flash(FlashKind::Danger, message));
    }
    if let Err(errors) = check(&manager, &person, &fields).await? {
        let form = FormState::refused(&fields, &errors, manager.lang);
        let status = Status::UnprocessableEntity;
        return page(&manager, status, &person, (manager.empty_form(), form)).await;
    }
    let keep_texts = fields.get("keep_texts") == "true";
    let how = erasing(&manager.site, &manager.company, keep_texts);
    let erased = manager.once(&fields, move |tx| {
        let person = get_person(tx.conn, id)?;
        may_be_erased(tx, &person)?;
        erase(tx, id, &how)?;
        Ok::<_, AccountError>(person_path(id))
    });
    match erased.await {
        Ok(location) => Ok(done(&location)),
        Err(AccountError::LastManager) => {
            let message = Message::new("people-last-manager");
            Ok(Reply::see_other(person_path(id)).with_flash(FlashKind::Danger, message))
        }
        Err(other) => Err(other.into()),
    }
}

fn done(location: &str) -> Reply {
    Reply::see_other(location).with_flash(FlashKind::Ok, Message::new("data-erased"))
}

/// The person's address typed out, and the manager's own password: nobody is erased by a slip, nor
/// from a desk that somebody left.
async fn check(
    manager: &Manager,
    person: &Person,
    fields: &Fields,
) -> Result<Result<(), FormErrors>, Failure> {
    if fields.get("confirmation").trim().to_lowercase() != person.email {
        let message = Message::new("data-erase-mistyped").text("email", person.email.as_str());
        return Ok(Err(FormErrors::one("confirmation", message)));
    }
    check_password(manager, &manager.me, fields).await
}
