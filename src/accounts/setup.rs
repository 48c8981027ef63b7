//! The first manager of an empty installation, by a link that the program prints at its start.

use rocket::{Route, get, post, routes};

use super::commands::{AccountError, NewPerson, create_first_manager};
use super::model::Role;
use super::opening::{self, Opened, Proof};
use super::pages::Setup;
use super::password_link::unnamed;
use super::passwords::{self, Passwords};
use super::queries::count_active_managers;
use super::sign_up::MAX_NAME;
use super::tokens::{self, Purpose};
use super::visitor::{Place, Visitor};
use crate::platform::db::StorageError;
use crate::platform::i18n::Message;
use crate::platform::web::form::{Fields, FormErrors};
use crate::platform::web::idempotency::Once;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Check, Failure, FormState, Outcome, Posted, Reply};

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
    let view = page(secret, visitor.empty_form());
    visitor.page(Place::default(), &view).map(unnamed)
}

#[post("/setup/<secret>", data = "<posted>")]
pub(super) async fn submit(secret: &str, posted: Posted<Visitor>) -> Outcome {
    let Posted {
        who: visitor,
        fields,
        ..
    } = posted;
    if let Err(shut) = refuse_unless_open(&visitor, secret).await {
        // Sent twice: the manager is made, and the first answer signed them in.
        let home = visitor.repeated(&fields).await?.ok_or(shut)?;
        return Ok(done(Reply::see_other(home)));
    }
    let (new, password) = match parse(&visitor, &fields) {
        Ok(input) => input,
        Err(errors) => {
            let form = FormState::refused(&fields, &errors, visitor.lang);
            let (place, view) = (Place::default(), page(secret, form));
            return visitor.refused_page(place, &view).map(unnamed);
        }
    };
    let hash = visitor.site.part::<Passwords>().hash(&password).await?;
    let (asking, secret) = (visitor.clone(), secret.to_owned());
    let opened = visitor.once_with(&fields, move |tx| {
        let person = create_first_manager(tx, &secret, &new, &hash)?;
        let secret = opening::open(tx, &asking, &person, PROOF)?;
        let home = opening::home(&person).to_owned();
        Ok::<_, AccountError>((home, Opened { person, secret }))
    });
    Ok(done(match opened.await? {
        Once::Done(opened) => opened.redirect(&visitor, None),
        Once::Repeated(home) => Reply::see_other(home),
    }))
}

fn done(reply: Reply) -> Reply {
    reply.with_flash(FlashKind::Ok, Message::new("setup-done"))
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
