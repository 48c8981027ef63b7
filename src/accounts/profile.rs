//! What people see and change of themselves.

use rocket::http::Status;
use rocket::{Route, get, post, routes, uri};

use super::commands::{AccountError, Details, change_details, set_password};
use super::opening::{self, Opened};
use super::pages::Profile;
use super::password_link::chosen_password;
use super::passwords::{self, Passwords};
use super::queries::get_person;
use super::sign_up::MAX_NAME;
use super::visitor::{Customer, Place};

use super::{factor, own_sessions, zones};
use crate::platform::company::Company;
use crate::platform::db::StorageError;
use crate::platform::i18n::{Lang, Message};
use crate::platform::web::cookies::{self, Name};
use crate::platform::web::form::{Fields, FormErrors};
use crate::platform::web::reply::FlashKind;
use crate::platform::web::widgets::SelectOption;
use crate::platform::web::{Check, Failure, FormState, Outcome, Posted, Reply};

pub(super) fn routes() -> Vec<Route> {
    routes![show, save, change_password]
}

#[get("/profile")]
pub(super) async fn show(customer: Customer) -> Outcome {
    let (details, password) = (details_form(&customer), customer.empty_form());
    page(&customer, Status::Ok, details, password).await
}

#[post("/profile", data = "<posted>")]
pub(super) async fn save(posted: Posted<Customer>) -> Outcome {
    let Posted {
        who: customer,
        fields,
        ..
    } = posted;
    let details = match parse(&customer, &fields) {
        Ok(details) => details,
        Err(errors) => {
            let form = FormState::refused(&fields, &errors, customer.lang);
            let (status, other) = (Status::UnprocessableEntity, customer.empty_form());
            return page(&customer, status, form, other).await;
        }
    };
    let (id, language) = (customer.me.id, details.language);
    customer
        .site
        .db
        .write(customer.actor(), move |tx| change_details(tx, id, &details))
        .await?;
    let https = customer.site.settings.is_https();
    Ok(Reply::see_other(uri!(show))
        // The language chosen here wins over one that the switch left behind.
        .with_cookie(cookies::make(
            https,
            Name::Language,
            language.to_string(),
            None,
        ))
        .with_flash(FlashKind::Ok, Message::new("profile-saved")))
}

fn parse(customer: &Customer, fields: &Fields) -> Result<Details, FormErrors> {
    let mut check = Check::new(fields);
    let name = check.line("name", MAX_NAME);
    let language: Option<Lang> = check.choice("language");
    let time_zone = fields.get("time_zone");
    let known = zones::is_offered(time_zone) || time_zone == customer.me.time_zone;
    if !known {
        check.error("time_zone", Message::new("form-choice"));
    }
    check.finish(Details {
        name,
        language: language.unwrap_or(customer.lang),
        time_zone: time_zone.to_owned(),
    })
}

#[post("/profile/password", data = "<posted>")]
pub(super) async fn change_password(posted: Posted<Customer>) -> Outcome {
    let Posted {
        who: customer,
        fields,
        ..
    } = posted;
    let opened = match replace_password(&customer, &fields).await? {
        Ok(opened) => opened,
        Err(errors) => {
            let form = FormState::refused(&fields, &errors, customer.lang);
            let (status, details) = (Status::UnprocessableEntity, details_form(&customer));
            return page(&customer, status, details, form).await;
        }
    };
    let reply = Reply::see_other(uri!(show))
        .with_flash(FlashKind::Ok, Message::new("profile-password-changed"));
    Ok(opened.give(&customer, reply))
}

/// Replaces the password of who knows the current one. Every session ends; this browser gets a
/// new one.
async fn replace_password(
    customer: &Customer,
    fields: &Fields,
) -> Result<Result<Opened, FormErrors>, Failure> {
    let (site, me) = (&customer.site, &customer.me);
    if let Err(errors) = factor::check_password(customer, me, fields).await? {
        return Ok(Err(errors));
    }
    let password = match chosen_password(fields, &me.email, &me.name) {
        Ok(password) => password,
        Err(errors) => return Ok(Err(errors)),
    };
    let hash = site.part::<Passwords>().hash(password).await?;
    let (asking, id) = (customer.clone(), me.id);
    let opened = site.db.write(customer.actor(), move |tx| {
        let person = get_person(tx.conn, id)?;
        let person = set_password(tx, &person, &hash)?;
        let secret = opening::renew(tx, &asking, &person)?;
        Ok::<_, AccountError>(Opened { person, secret })
    });
    Ok(Ok(opened.await?))
}

fn details_form(customer: &Customer) -> FormState {
    customer
        .empty_form()
        .with("name", &customer.me.name)
        .with("language", customer.me.language.as_str())
        .with("time_zone", &customer.me.time_zone)
}

async fn page(
    customer: &Customer,
    status: Status,
    form: FormState,
    password_form: FormState,
) -> Outcome {
    let id = customer.me.id;
    let has_factor = customer
        .site
        .db
        .read(move |conn| factor::has_factor(conn, id).map_err(StorageError::from));
    let has_factor = has_factor.await?;
    let sessions = own_sessions::rows(customer).await?;
    let view = Profile {
        email: customer.me.email.clone(),
        organisation: customer.organisation.clone(),
        details_action: uri!(save).to_string(),
        form,
        languages: languages(&customer.company),
        time_zones: zones::options(&customer.me.time_zone, customer.lang),
        password_action: uri!(change_password).to_string(),
        password_form,
        min_length: u32::try_from(passwords::MIN_LENGTH).unwrap_or(u32::MAX),
        end_others_action: (sessions.len() > 1).then(own_sessions::end_others_path),
        sessions,
        has_factor,
        factor_href: factor::PATH.to_owned(),
        data_href: "/profile/data".to_owned(),
    };
    customer.page_with(status, Place::section("profile"), &view)
}

/// The languages to choose from.
pub(super) fn languages(company: &Company) -> Vec<SelectOption> {
    let options = company.languages.iter();
    options
        .map(|lang| SelectOption::new(lang.as_str(), lang.endonym()))
        .collect()
}
