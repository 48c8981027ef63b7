//! A form that arrives after its session ended, or from a page of an earlier session: nothing
//! typed is lost. Its sender signs in on the spot, looks at what they typed, and sends it on
//! with one button.

use rocket::http::Status;
use rocket::{Catcher, Request, Route, catch, catchers, post, routes};

use super::opening::{Admitted, authenticate};
use super::pages::Resume;
use super::resumption::{expired_page, resume_opened, resume_page};
use super::sign_in::sign_in_path;
use super::visitor::{Place, Visitor};
use super::{denials, factor, pending, second_step};
use crate::platform::blobs::Blobs;
use crate::platform::db::{Actor, StorageError};
use crate::platform::text::FileName;
use crate::platform::web::form::Fields;
use crate::platform::web::kept::{DRAFT, Kept, stranded, typed};
use crate::platform::web::limits::Action;
use crate::platform::web::{
    Failure, FormState, LocalPath, Outcome, Posted, Reply, Site, Upload, csrf, errors,
};

pub(super) fn routes() -> Vec<Route> {
    routes![resume]
}

pub(super) fn catchers() -> Vec<Catcher> {
    catchers![unauthorised, foreign, missing, malformed]
}

/// There is no such page. Whether a route was found or not, the guard has told who asks before
/// the page is made: what is absent and what is somebody else's look alike.
#[catch(404)]
async fn missing(status: Status, request: &Request<'_>) -> Reply {
    visitor(request).await;
    errors::page(request, status)
}

/// Rocket's word for an address whose parameter is malformed: no such page either. Forms answer
/// their own 422.
#[catch(422)]
async fn malformed(request: &Request<'_>) -> Reply {
    missing(Status::NotFound, request).await
}

/// Nobody is signed in, or not any more.
#[catch(401)]
async fn unauthorised(status: Status, request: &Request<'_>) -> Outcome {
    let path = request.uri().to_string();
    if path.starts_with("/api/") {
        return Ok(errors::page(request, status));
    }
    let Some(visitor) = visitor(request).await else {
        return Ok(errors::page(request, Status::ServiceUnavailable));
    };
    let fields = typed(request);
    if visitor.enrolling.is_some() {
        return enrol_first(&visitor, &path, fields.as_deref());
    }
    let Some(fields) = fields else {
        return Ok(Reply::see_other(sign_in_path(&path)));
    };
    let kept = hold_files(&visitor, Kept::of(&fields), stranded(request)).await?;
    let view = expired_page(&visitor, &path, &kept, visitor.empty_form())?;
    visitor.page_with(status, Place::default(), &view)
}

/// Somebody has to add a second factor before anything is open to them. What they typed waits on
/// the page meanwhile.
fn enrol_first(visitor: &Visitor, path: &str, fields: Option<&Fields>) -> Outcome {
    let Some(fields) = fields else {
        return Ok(Reply::see_other(factor::PATH));
    };
    let view = Resume {
        factor_href: Some(factor::PATH.to_owned()),
        ..resume_page(visitor, path, &Kept::of(fields))
    };
    visitor.page_with(Status::Unauthorized, Place::default(), &view)
}

/// The form's token is of another session. What a page of another site sends is not offered to
/// be sent again.
#[catch(403)]
async fn foreign(status: Status, request: &Request<'_>) -> Outcome {
    let site = request.rocket().state::<std::sync::Arc<Site>>();
    let ours = site.is_some_and(|site| csrf::same_origin(request, site));
    let visitor = visitor(request).await;
    if let Some(visitor) = &visitor {
        denials::note_form(visitor, ours);
    }
    let (path, fields) = (request.uri().to_string(), typed(request));
    let (true, Some(fields), Some(visitor)) = (ours, fields, visitor) else {
        return Ok(errors::page(request, status));
    };
    let view = resume_page(&visitor, &path, &Kept::of(&fields));
    visitor.page_with(status, Place::default(), &view)
}

#[post("/sign-in/resume", data = "<posted>")]
pub(super) async fn resume(posted: Posted<Visitor>) -> Outcome {
    let Posted {
        who: visitor,
        fields,
        ..
    } = posted;
    let path = LocalPath::parse(fields.get("return_to")).ok_or(Failure::NotFound)?;
    let kept = Kept::parse(fields.get("kept_fields"));
    match authenticate(&visitor, &fields).await? {
        Ok(Admitted::Opened(opened)) => resume_opened(&visitor, &opened, &path, &kept).await,
        Ok(Admitted::OwesCode(secret)) => {
            let view = second_step::page(Some(&path), &kept, visitor.empty_form())?;
            let page = visitor.page(Place::default(), &view)?;
            Ok(pending::give(&visitor, page, &secret))
        }
        Err(refused) => {
            let form = FormState::refused(&fields, &refused.errors, visitor.lang);
            let view = expired_page(&visitor, path.as_str(), &kept, form)?;
            let reply = visitor.page_with(refused.status(), Place::default(), &view)?;
            Ok(refused.mark(reply))
        }
    }
}

/// Holds the files of a form that will be taken up again. Anybody can send one: they are counted as
/// other things that need no account.
async fn hold_files(
    visitor: &Visitor,
    kept: Kept,
    mut uploads: Vec<Upload>,
) -> Result<Kept, Failure> {
    let site = &visitor.site;
    uploads.retain(|upload| upload.size > 0 && upload.path.is_some());
    let allowed = !uploads.is_empty()
        && kept.has(DRAFT)
        && (site.limiter.check(Action::Anonymous, &visitor.address))
            .and_then(|()| (site.limiter).check_all(Action::File, &visitor.address, uploads.len()))
            .is_ok();
    let Some(hold) = site.hold_files.filter(|_| allowed) else {
        return Ok(kept);
    };
    let blobs = Blobs::new(&site.settings.data_dir);
    let keep = move || {
        let kept = uploads.into_iter().map(|upload| {
            let name = FileName::new(&upload.name);
            Ok((name, blobs.keep(upload)?))
        });
        kept.collect::<std::io::Result<Vec<_>>>()
    };
    let files = tokio::task::spawn_blocking(keep)
        .await
        .map_err(|error| Failure::internal(&error))?
        .map_err(|error| Failure::Unavailable(format!("a file could not be kept: {error}")))?;
    let held = (site.db)
        .write(Actor::Anonymous, move |tx| {
            hold(tx, &files).map_err(StorageError::from)
        })
        .await?;
    Ok(kept.with_held(held))
}

async fn visitor(request: &Request<'_>) -> Option<Visitor> {
    request.guard::<Visitor>().await.succeeded()
}
