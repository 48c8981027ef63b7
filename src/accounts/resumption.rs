//! Going on with what was typed before a session ended: where it waits, and what is shown of it.

use super::opening::Opened;
use super::pages::{Resume, SessionExpired};
use super::visitor::{Place, Visitor};
use crate::platform::db::{Actor, StorageError};
use crate::platform::web::kept::Kept;
use crate::platform::web::{Failure, FormState, LocalPath, Outcome, Reply};

/// Where somebody signs in on the spot.
const RESUME: &str = "/sign-in/resume";

pub(super) fn expired_page(
    visitor: &Visitor,
    path: &str,
    kept: &Kept,
    form: FormState,
) -> Result<SessionExpired, Failure> {
    Ok(SessionExpired {
        action: RESUME.to_owned(),
        return_to: path.to_owned(),
        kept: kept.texts(visitor.lang),
        kept_json: kept.to_json().map_err(|error| Failure::internal(&error))?,
        form,
    })
}

pub(super) fn resume_page(visitor: &Visitor, path: &str, kept: &Kept) -> Resume {
    Resume {
        action: path.to_owned(),
        kept: kept.texts(visitor.lang),
        fields: kept.fields(),
        factor_href: None,
    }
}

/// Goes on with what was typed before the session ended: in its form, or on a page that sends it on.
pub(super) async fn resume_opened(
    visitor: &Visitor,
    opened: &Opened,
    path: &LocalPath,
    kept: &Kept,
) -> Outcome {
    if let Some(place) = take_up(visitor, opened.person.actor(), kept).await? {
        return Ok(opened.give(visitor, Reply::see_other(place)));
    }
    let person = opened.person.clone();
    let signed_in = visitor.clone().signed_in(person, &opened.secret);
    let view = resume_page(&signed_in, path.as_str(), kept);
    let page = signed_in.page(Place::default(), &view)?;
    Ok(opened.give(visitor, page))
}

/// Keeps the form where its sender can go on with it, if there is such a place.
async fn take_up(visitor: &Visitor, actor: Actor, kept: &Kept) -> Result<Option<String>, Failure> {
    let (Some(take_up), Some(person)) = (visitor.site.take_up, actor.person()) else {
        return Ok(None);
    };
    let kept = kept.clone();
    let taken = (visitor.site.db).write(actor, move |tx| {
        take_up(tx, person, &kept).map_err(StorageError::from)
    });
    Ok(taken.await?)
}
