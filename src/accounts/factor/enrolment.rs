//! Adding a second factor: a key to scan or type, and a code that proves it was taken over.
//!
//! Nothing is kept before that. The key travels through the form, sealed for its owner and their
//! session; only the page itself shows it in clear.

use data_encoding::BASE64;
use qrcode::QrCode;
use qrcode::render::svg;
use rocket::http::Status;
use rocket::{Route, get, post, routes, uri};

use super::commands::{add, summary};
use super::own;
use super::pages::{Enrolment, RecoveryCodes};
use super::totp::TotpKey;
use crate::accounts::opening::{self, Opened};
use crate::accounts::visitor::{AccountHolder, Place};
use crate::platform::db::StorageError;
use crate::platform::i18n::Message;
use crate::platform::web::form::{Fields, FormErrors};
use crate::platform::web::limits::Action;
use crate::platform::web::{Failure, FormState, Outcome, Posted, Reply};

/// Sides of the QR code, in pixels at least.
const SIZE: u32 = 200;

pub(super) fn routes() -> Vec<Route> {
    routes![show, submit]
}

#[get("/profile/factor")]
pub(super) async fn show(holder: AccountHolder) -> Outcome {
    let id = holder.me.id;
    let found = holder
        .site
        .db
        .read(move |conn| summary(conn, id).map_err(StorageError::from))
        .await?;
    match found {
        Some((since, left)) => own::overview(&holder, since, left).await,
        None => page(&holder, Status::Ok, &TotpKey::draw(), holder.empty_form()),
    }
}

/// Who a key in a form is for.
fn owner(holder: &AccountHolder) -> String {
    let session = holder.session.unwrap_or_default();
    format!("{} enrolling in session {session}", holder.me.id)
}

fn page(holder: &AccountHolder, status: Status, key: &TotpKey, form: FormState) -> Outcome {
    let brand = holder.company.full_name();
    let address = key.uri(&brand, &holder.me.email);
    let view = Enrolment {
        action: uri!(submit).to_string(),
        sealed_key: key.seal(&holder.site.key, &owner(holder)),
        picture: picture(&address)?,
        key: key.typed(),
        email: holder.me.email.clone(),
        required: holder.enrolling.is_some(),
        profile_href: "/profile".to_owned(),
        form,
    };
    holder.page_with(status, Place::section("profile"), &view)
}

/// The address as a QR code, in the page itself: nobody else is asked to draw it.
fn picture(address: &str) -> Result<String, Failure> {
    let code = QrCode::new(address).map_err(|error| Failure::internal(&error))?;
    let drawing = code
        .render::<svg::Color<'_>>()
        .min_dimensions(SIZE, SIZE)
        .build();
    Ok(format!(
        "data:image/svg+xml;base64,{}",
        BASE64.encode(drawing.as_bytes())
    ))
}

#[post("/profile/factor", data = "<posted>")]
pub(super) async fn submit(posted: Posted<AccountHolder>) -> Outcome {
    let Posted {
        who: holder,
        fields,
        ..
    } = posted;
    let sealed = fields.get("sealed_key");
    let Some(key) = TotpKey::unseal(&holder.site.key, &owner(&holder), sealed) else {
        let errors = FormErrors::one("code", Message::new("factor-start-again"));
        return refuse(&holder, &fields, &TotpKey::draw(), &errors);
    };
    let step = match verify(&holder, &fields, &key).await? {
        Ok(step) => step,
        Err(errors) => return refuse(&holder, &fields, &key, &errors),
    };
    match keep(&holder, key, step).await? {
        Some((opened, codes)) => {
            let person = opened.person.clone();
            let signed_in = holder.visitor.clone().signed_in(person, &opened.secret);
            let next = opening::home(&opened.person);
            let view = RecoveryCodes::new(codes, next, holder.lang);
            let page = signed_in.page(Place::section("profile"), &view)?;
            Ok(opened.give(&holder, page))
        }
        None => Ok(Reply::see_other(super::PATH)),
    }
}

/// The step of the code, if password and code are right.
async fn verify(
    holder: &AccountHolder,
    fields: &Fields,
    key: &TotpKey,
) -> Result<Result<i64, FormErrors>, Failure> {
    if let Err(errors) = own::check_password(holder, &holder.me, fields).await? {
        return Ok(Err(errors));
    }
    let limited = holder
        .site
        .limiter
        .check(Action::Code, &holder.me.id.to_string());
    limited.map_err(Failure::TooMany)?;
    let code: String = fields.get("code").split_whitespace().collect();
    let step = key.step_of(&code, holder.now);
    Ok(step.ok_or_else(|| FormErrors::one("code", Message::new("factor-code-wrong"))))
}

/// Keeps the factor, and gives its owner a session that is as old as it.
async fn keep(
    holder: &AccountHolder,
    key: TotpKey,
    step: i64,
) -> Result<Option<(Opened, Vec<String>)>, Failure> {
    let (asking, id) = (holder.visitor.clone(), holder.me.id);
    let kept = holder.site.db.write(holder.me.actor(), move |tx| {
        let Some((person, codes)) = add(tx, &asking.site.key, id, &key, step)? else {
            return Ok::<_, StorageError>(None);
        };
        let secret = opening::renew(tx, &asking, &person)?;
        Ok(Some((Opened { person, secret }, codes)))
    });
    Ok(kept.await?)
}

fn refuse(holder: &AccountHolder, fields: &Fields, key: &TotpKey, errors: &FormErrors) -> Outcome {
    let form = FormState::refused(fields, errors, holder.lang);
    page(holder, Status::UnprocessableEntity, key, form)
}
