//! The second step of signing in: the code of somebody whose password was right. Until then they
//! have no session, only a cookie that opens this page for ten minutes.

use rocket::{Route, get, post, routes, uri};

use super::factor::{Answer, prove};
use super::opening::{self, Claimed, Opened, Proof};
use super::pages::SecondStep;
use super::pending::{self, Pending};
use super::queries::get_person;
use super::resumption::{expired_page, resume_opened};
use super::visitor::{Place, Visitor};
use crate::platform::db::StorageError;
use crate::platform::i18n::Message;
use crate::platform::web::cookies::{self, Name};
use crate::platform::web::form::{Fields, FormErrors};
use crate::platform::web::kept::Kept;
use crate::platform::web::limits::Action;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Failure, FormState, LocalPath, Outcome, Posted, Reply};

pub(super) fn routes() -> Vec<Route> {
    routes![form, submit]
}

/// The page that asks for the code, with what travels through it.
pub(super) fn page(
    return_to: Option<&LocalPath>,
    kept: &Kept,
    form: FormState,
) -> Result<SecondStep, Failure> {
    let kept = match kept.is_empty() {
        true => String::new(),
        false => kept.to_json().map_err(|error| Failure::internal(&error))?,
    };
    Ok(SecondStep {
        action: uri!(submit).to_string(),
        return_to: return_to.map(LocalPath::to_string).unwrap_or_default(),
        kept_json: kept,
        again_href: "/sign-in".to_owned(),
        form,
    })
}

#[get("/sign-in/code?<return_to>")]
pub(super) async fn form(visitor: Visitor, return_to: Option<&str>) -> Outcome {
    let return_to = return_to.and_then(LocalPath::parse);
    if find(&visitor).await?.is_none() {
        return Ok(Reply::see_other("/sign-in"));
    }
    let view = page(return_to.as_ref(), &Kept::default(), visitor.empty_form())?;
    visitor.page(Place::section("sign-in"), &view)
}

async fn find(visitor: &Visitor) -> Result<Option<Pending>, Failure> {
    let Some(secret) = visitor.pending.clone() else {
        return Ok(None);
    };
    let now = visitor.now;
    let found = visitor
        .site
        .db
        .read(move |conn| pending::find(conn, &secret, now).map_err(StorageError::from));
    Ok(found.await?)
}

#[post("/sign-in/code", data = "<posted>")]
pub(super) async fn submit(posted: Posted<Visitor>) -> Outcome {
    let Posted {
        who: visitor,
        fields,
        ..
    } = posted;
    let return_to = LocalPath::parse(fields.get("return_to"));
    let kept = Kept::parse(fields.get("kept_fields"));
    let Some(waiting) = find(&visitor).await? else {
        return begin_again(&visitor, return_to.as_ref(), &kept);
    };
    let answer = match Answer::read(&fields) {
        Ok(answer) => answer,
        Err(errors) => return ask_again(&visitor, &fields, &errors),
    };
    let who = waiting.person_id.to_string();
    if let Err(seconds) = visitor.site.limiter.check(Action::Code, &who) {
        end(&visitor, waiting).await?;
        return Err(Failure::TooMany(seconds));
    }
    match finish(&visitor, waiting, answer.clone()).await? {
        Finish::In(opened) => arrive(&visitor, &opened, return_to.as_ref(), &kept).await,
        Finish::Wrong => ask_again(&visitor, &fields, &answer.refused()),
        Finish::Over => begin_again(&visitor, return_to.as_ref(), &kept),
    }
}

/// What a code leads to.
enum Finish {
    In(Opened),
    Wrong,
    /// The sign-in that waited does so no more.
    Over,
}

/// Everything is verified before anything but the count of wrong codes is changed.
async fn finish(visitor: &Visitor, waiting: Pending, answer: Answer) -> Result<Finish, Failure> {
    let (asking, site) = (visitor.clone(), visitor.site.clone());
    let finish = site.db.write(visitor.actor(), {
        let site = site.clone();
        move |tx| {
            let person = get_person(tx.conn, waiting.person_id)?;
            if !person.is_active() {
                return Ok::<_, StorageError>(Finish::Over);
            }
            let Some(means) = prove(tx, &site.key, person.id, &answer)? else {
                opening::deny(tx, &asking, Claimed::Known(&person), "code")?;
                let waits = pending::count_miss(tx, waiting.id)?;
                return Ok(if waits { Finish::Wrong } else { Finish::Over });
            };
            if !pending::end(tx, waiting.id)? {
                return Ok(Finish::Over);
            }
            let proof = Proof {
                by: "password",
                factor: Some(means),
            };
            let secret = opening::open(tx, &asking, &person, proof)?;
            Ok(Finish::In(Opened { person, secret }))
        }
    });
    match finish.await {
        // It ended between the look and the write.
        Err(StorageError::Database(diesel::result::Error::NotFound)) => Ok(Finish::Over),
        other => Ok(other?),
    }
}

async fn end(visitor: &Visitor, waiting: Pending) -> Result<(), Failure> {
    let ended = visitor.site.db.write(visitor.actor(), move |tx| {
        pending::end(tx, waiting.id).map_err(StorageError::from)
    });
    ended.await?;
    Ok(())
}

async fn arrive(
    visitor: &Visitor,
    opened: &Opened,
    return_to: Option<&LocalPath>,
    kept: &Kept,
) -> Outcome {
    match return_to.filter(|_| !kept.is_empty()) {
        Some(path) => resume_opened(visitor, opened, path, kept).await,
        None => Ok(opened.redirect(visitor, return_to)),
    }
}

fn ask_again(visitor: &Visitor, fields: &Fields, errors: &FormErrors) -> Outcome {
    let return_to = LocalPath::parse(fields.get("return_to"));
    let kept = Kept::parse(fields.get("kept_fields"));
    let form = FormState::refused(fields, errors, visitor.lang);
    let view = page(return_to.as_ref(), &kept, form)?;
    visitor.refused_page(Place::section("sign-in"), &view)
}

/// Back to the password, with everything that was typed before.
fn begin_again(visitor: &Visitor, return_to: Option<&LocalPath>, kept: &Kept) -> Outcome {
    let https = visitor.site.settings.is_https();
    let forget = cookies::forget(https, Name::Pending);
    if let Some(path) = return_to.filter(|_| !kept.is_empty()) {
        let view = expired_page(visitor, path.as_str(), kept, visitor.empty_form())?;
        let page = visitor.refused_page(Place::default(), &view)?;
        return Ok(page.with_cookie(forget));
    }
    let to = super::sign_in::sign_in_path(return_to.map_or("", LocalPath::as_str));
    Ok(Reply::see_other(to)
        .with_cookie(forget)
        .with_flash(FlashKind::Info, Message::new("sign-in-code-over")))
}
