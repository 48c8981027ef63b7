//! The first manager of an empty installation, by a link that the program prints at its start.

use rocket::http::Status;
use rocket::{Route, get, post, routes};

use super::commands::{AccountError, NewPerson, create_first_manager};
use super::model::Role;
use super::opening::{self, Opened, Proof};
use super::pages::Setup;
use super::passwords::{self, Passwords};
use super::queries::count_active_managers;
use super::sign_up::MAX_NAME;
use super::tokens::{self, Purpose};
use super::visitor::{Place, Visitor};
use crate::platform::db::StorageError;
use crate::platform::i18n::Message;
use crate::platform::web::form::{Fields, FormErrors};
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Check, Failure, FormState, Outcome, Posted};

const PROOF: Proof = Proof {
    by: "link",
    factor: None,
};

pub(super) fn routes() -> Vec<Route> {
    routes![form, submit]
}

/// Where the first manager introduces themselves.
#[must_use]
pub fn setup_path(secret: &str) -> String {
    format!("/setup/{secret}")
}

#[get("/setup/<secret>")]
pub(super) async fn form(visitor: Visitor, secret: &str) -> Outcome {
    visitor.count_link()?;
    refuse_unless_open(&visitor, secret).await?;
    let reply = visitor.page(Place::default(), &page(secret, visitor.empty_form()))?;
    Ok(reply.with_header("Referrer-Policy", "no-referrer"))
}

#[post("/setup/<secret>", data = "<posted>")]
pub(super) async fn submit(secret: &str, posted: Posted<Visitor>) -> Outcome {
    let Posted {
        who: visitor,
        fields,
        ..
    } = posted;
    refuse_unless_open(&visitor, secret).await?;
    let (new, password) = match parse(&visitor, &fields) {
        Ok(input) => input,
        Err(errors) => {
            let form = FormState::refused(&fields, &errors, visitor.lang);
            let (place, view) = (Place::default(), page(secret, form));
            return visitor.page_with(Status::UnprocessableEntity, place, &view);
        }
    };
    let hash = visitor.site.part::<Passwords>().hash(&password).await?;
    let (asking, secret) = (visitor.clone(), secret.to_owned());
    let opened = visitor.site.db.write(visitor.actor(), move |tx| {
        let person = create_first_manager(tx, &secret, &new, &hash)?;
        let secret = opening::open(tx, &asking, &person, PROOF)?;
        Ok::<_, AccountError>(Opened { person, secret })
    });
    Ok(opened
        .await?
        .redirect(&visitor, None)
        .with_flash(FlashKind::Ok, Message::new("setup-done")))
}

fn parse(visitor: &Visitor, fields: &Fields) -> Result<(NewPerson, String), FormErrors> {
    let mut check = Check::new(fields);
    let new = NewPerson {
        name: check.line("name", MAX_NAME),
        email: check.email("email"),
        role: Role::Manager,
        language: visitor.lang,
        time_zone: String::new(),
    };
    let password = check.raw("password").to_owned();
    if let Err(weakness) = passwords::check(&password, &new.email, &new.name) {
        check.error("password", weakness.message());
    }
    check.finish((new, password))
}

/// Once there is a manager, this page does not exist, whatever the link.
async fn refuse_unless_open(visitor: &Visitor, secret: &str) -> Result<(), Failure> {
    let (secret, now) = (secret.to_owned(), visitor.now);
    let open = visitor.site.db.read(move |conn| {
        let token = tokens::find_token(conn, Purpose::FirstManager, &secret, now)?;
        Ok::<_, StorageError>(token.is_some() && count_active_managers(conn)? == 0)
    });
    if open.await? {
        Ok(())
    } else {
        Err(Failure::NotFound)
    }
}

fn page(secret: &str, form: FormState) -> Setup {
    Setup {
        action: setup_path(secret),
        min_length: u32::try_from(passwords::MIN_LENGTH).unwrap_or(u32::MAX),
        form,
    }
}
