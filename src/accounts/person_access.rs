//! What a manager does to somebody's access besides opening and shutting it: ending their sessions,
//! and resetting a second factor that they have lost.

use rocket::{Route, post, routes, uri};
use serde_json::json;

use super::events::{kind, note};
use super::model::PersonId;
use super::queries::get_person;
use super::sessions::close_other_sessions;
use super::visitor::Manager;
use super::{AccountError, factor};
use crate::platform::db::{StorageError, Tx};
use crate::platform::i18n::Message;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Outcome, Posted, Reply};

pub(super) fn routes() -> Vec<Route> {
    routes![end_sessions, reset_factor]
}

/// Where ending a person's sessions goes.
pub(super) fn end_sessions_path(id: PersonId) -> String {
    uri!(end_sessions(id)).to_string()
}

/// Where resetting a person's factor goes.
pub(super) fn reset_factor_path(id: PersonId) -> String {
    uri!(reset_factor(id)).to_string()
}

#[post("/manage/people/<id>/sessions/end", data = "<posted>")]
pub(super) async fn end_sessions(id: PersonId, posted: Posted<Manager>) -> Outcome {
    let manager = posted.who;
    // A manager who ends their own sessions stays at this one.
    let keep = manager.session.filter(|_| manager.me.id == id);
    let done = "people-sessions-ended";
    act(manager, id, done, move |tx| {
        let ended = close_other_sessions(tx, id, keep)?;
        note(tx, id, kind::SESSIONS_ENDED, json!({ "count": ended }))?;
        Ok(())
    })
    .await
}

#[post("/manage/people/<id>/factor/reset", data = "<posted>")]
pub(super) async fn reset_factor(id: PersonId, posted: Posted<Manager>) -> Outcome {
    let manager = posted.who;
    if manager.me.id == id {
        // One's own is removed in the profile, with password and code.
        return Ok(back(id, FlashKind::Danger, "people-factor-own"));
    }
    let done = "people-factor-reset";
    act(manager, id, done, move |tx| {
        Ok(factor::reset(tx, id).map(drop)?)
    })
    .await
}

async fn act(
    manager: Manager,
    id: PersonId,
    done: &'static str,
    command: impl Fn(&mut Tx<'_>) -> Result<(), AccountError> + Send + 'static,
) -> Outcome {
    let acted = manager.site.db.write(manager.actor(), move |tx| {
        get_person(tx.conn, id).map_err(StorageError::from)?;
        command(tx)
    });
    acted.await?;
    Ok(back(id, FlashKind::Ok, done))
}

fn back(id: PersonId, kind: FlashKind, key: &'static str) -> Reply {
    Reply::see_other(format!("/manage/people/{id}")).with_flash(kind, Message::new(key))
}
