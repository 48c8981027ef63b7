//! The one door for everything that changes something: who sends it, that it comes from our
//! own page, and its fields, in one type.
//!
//! Every route that is not a GET takes a [`Posted`]; a test walks the routes to see that.

use std::sync::{Arc, Mutex};

use rocket::Request;
use rocket::data::{Data, FromData, Outcome};
use rocket::http::Status;
use rocket::request::FromRequest;

use super::body::Body;
use super::csrf::{self, Binding};
use super::errors;
use super::form::{Fields, Upload};
use super::limits::{Action, Counted, Key};
use super::site::Site;
use crate::platform::metrics::metrics;
use crate::platform::subscriber::Subscriber;

/// A form that was sent by `who`, from one of our pages.
pub struct Posted<A> {
    /// The audience guard: who sends it.
    pub who: A,
    /// The text fields.
    pub fields: Fields,
    /// The files.
    pub uploads: Vec<Upload>,
}

/// Why a form was not accepted.
#[derive(Debug)]
pub enum Refusal {
    /// Who sends it has no right to, or is not signed in any more.
    Audience,
    /// It does not come from a page of this session.
    Foreign,
    /// It cannot be read.
    Malformed,
    /// It is larger than any form of ours.
    TooLarge,
    /// A file in it cannot be stored just now.
    Unwritable,
    /// Its sender sent too many forms in a short time.
    TooMany,
}

/// What was typed into a form that was refused, for the page that says so.
#[derive(Clone, Default)]
pub struct Typed(pub Arc<Fields>);

/// The files of a form whose sender may not send it, or not any more.
#[derive(Default)]
pub struct Stranded(pub Mutex<Vec<Upload>>);

#[rocket::async_trait]
impl<'r, A: FromRequest<'r> + Counted> FromData<'r> for Posted<A> {
    type Error = Refusal;

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r, Self> {
        let Some(site) = request.rocket().state::<Arc<Site>>() else {
            return Outcome::Error((Status::InternalServerError, Refusal::Malformed));
        };
        let same_origin = csrf::same_origin(request, site);
        let binding = Binding::of(request, site.settings.is_https());
        let has_token = |fields: &Fields| binding.accepts(&site.key, fields.get("csrf"));
        let mut body = Body::default();
        let read = body
            .read(request, data, site, |fields| {
                same_origin && has_token(fields)
            })
            .await;
        let Body {
            fields,
            uploads,
            trusted,
            ..
        } = body;
        // Kept for the page that explains a refusal, so that nothing typed is lost.
        request.local_cache(|| Typed(Arc::new(fields.clone())));
        if let Err(refusal) = read {
            let status = match refusal {
                Refusal::TooLarge => Status::PayloadTooLarge,
                Refusal::Unwritable => Status::ServiceUnavailable,
                _ => Status::BadRequest,
            };
            return Outcome::Error((status, refusal));
        }
        // Before the guard: what another site sends in the name of somebody signed out must not
        // be offered to them to be sent on once they sign in.
        if !same_origin {
            return Outcome::Error(foreign("site"));
        }
        let who = match request.guard::<A>().await {
            rocket::outcome::Outcome::Success(who) => who,
            rocket::outcome::Outcome::Error((status, _))
            | rocket::outcome::Outcome::Forward(status) => {
                // A failure of ours is nothing that somebody tries.
                if status.class().is_client_error()
                    && let Err(too_many) = count_refused(request, site)
                {
                    return Outcome::Error(too_many);
                }
                request.local_cache(|| Stranded(Mutex::new(uploads)));
                return Outcome::Error((status, Refusal::Audience));
            }
        };
        // With files the token has to stand before them.
        if !trusted.unwrap_or_else(|| has_token(&fields)) {
            return Outcome::Error(match count_refused(request, site) {
                Ok(()) => foreign("token"),
                Err(too_many) => too_many,
            });
        }
        let (action, key) = who.counted();
        if let Err(too_many) = count(request, site, action, &key) {
            return Outcome::Error(too_many);
        }
        Outcome::Success(Self {
            who,
            fields,
            uploads,
        })
    }
}

/// Counts a form that lacks a proof that it is ours: `site` or `token`.
fn foreign(reason: &str) -> (Status, Refusal) {
    let refused = &metrics().forms_refused;
    refused.with_label_values(&[reason]).inc();
    (Status::Forbidden, Refusal::Foreign)
}

/// Counts a form of ours.
fn count(
    request: &Request<'_>,
    site: &Site,
    action: Action,
    key: &(impl Key + ?Sized),
) -> Result<(), (Status, Refusal)> {
    site.limiter.check(action, key).map_err(|seconds| {
        errors::ask_to_wait(request, seconds);
        (Status::TooManyRequests, Refusal::TooMany)
    })
}

/// Counts a form that is refused whoever sends it: by where it comes from. What a page of another
/// site sends is not counted, because the browser that sends it has no part in that.
fn count_refused(request: &Request<'_>, site: &Site) -> Result<(), (Status, Refusal)> {
    let address = request.client_ip();
    let sender = address.map_or(Subscriber::UNKNOWN, Subscriber::of);
    count(request, site, Action::GuestForm, &sender)
}
