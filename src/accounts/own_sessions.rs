//! The places where somebody is signed in, which they see and end.

use rocket::{Route, post, routes, uri};
use serde_json::json;

use super::devices::device_name;
use super::events::{kind, note};
use super::marks;
use super::pages::SessionRow;
use super::sessions::{OpenSession, close_other_sessions, close_session_of, list_sessions};
use super::visitor::Customer;
use crate::platform::db::StorageError;
use crate::platform::i18n::Message;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Failure, Outcome, Posted, Reply};

pub(super) fn routes() -> Vec<Route> {
    routes![end, end_others]
}

/// Where ending all others goes.
pub(super) fn end_others_path() -> String {
    uri!(end_others).to_string()
}

/// Where somebody is signed in, this session first.
pub(super) async fn rows(customer: &Customer) -> Result<Vec<SessionRow>, Failure> {
    let (me, now) = (customer.me.clone(), customer.now);
    let limits = customer.site.settings.sessions;
    let mut open = customer
        .site
        .db
        .read(move |conn| list_sessions(conn, &me, now, &limits).map_err(StorageError::from))
        .await?;
    open.sort_by_key(|session| customer.session != Some(session.id));
    Ok(open.iter().map(|session| row(customer, session)).collect())
}

fn row(customer: &Customer, session: &OpenSession) -> SessionRow {
    let calendar = customer.calendar();
    SessionRow {
        device: device_name(&session.place.device, customer.lang),
        network: session.place.network.clone(),
        since: calendar.ago(session.created_at),
        seen: calendar.ago(session.seen_at),
        current: customer.session == Some(session.id),
        end_action: uri!(end(&session.public_id)).to_string(),
    }
}

#[post("/profile/sessions/<public_id>/end", data = "<posted>")]
pub(super) async fn end(public_id: &str, posted: Posted<Customer>) -> Outcome {
    let (person, public_id) = (posted.who.me.id, public_id.to_owned());
    let ended = posted.who.once(&posted.fields, move |tx| {
        let Some(place) = close_session_of(tx, person, &public_id)? else {
            return Err(diesel::result::Error::NotFound.into());
        };
        let data = json!({ "device": place.device, "network": place.network });
        note(tx, person, kind::SESSION_ENDED, data)?;
        Ok::<_, StorageError>("/profile".to_owned())
    });
    Ok(Reply::see_other(ended.await?)
        .with_flash(FlashKind::Ok, Message::new("profile-session-ended")))
}

#[post("/profile/sessions/end", data = "<posted>")]
pub(super) async fn end_others(posted: Posted<Customer>) -> Outcome {
    let customer = posted.who;
    let (person, current) = (customer.me.id, customer.session);
    let ended = customer.site.db.write(customer.actor(), move |tx| {
        let ended = close_other_sessions(tx, person, current)?;
        if ended > 0 {
            note(tx, person, kind::SESSIONS_ENDED, json!({ "count": ended }))?;
        }
        Ok::<_, StorageError>(())
    });
    ended.await?;
    // The marks of all browsers end with the sessions: this one gets another.
    Ok(Reply::see_other("/profile")
        .with_cookie(marks::make(&customer, &customer.me))
        .with_flash(FlashKind::Ok, Message::new("profile-sessions-ended")))
}
