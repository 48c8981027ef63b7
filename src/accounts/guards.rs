//! How a request becomes a visitor: by the session's cookie, and by nothing else.

use std::sync::Arc;

use rocket::http::Status;
use rocket::outcome::Outcome;
use rocket::request::{self, FromRequest};
use rocket::{Request, async_trait};

use super::denials;
use super::model::{PersonId, Role};
use super::sessions::{self, Session};
use super::visitor::{AccountHolder, Agent, Customer, Manager, Visitor};
use crate::platform::db::{StorageError, Timestamp};
use crate::platform::failpoint;
use crate::platform::subscriber::Subscriber;
use crate::platform::web::background::is_background;
use crate::platform::web::cookies::{self, Name};
use crate::platform::web::csrf::Binding;
use crate::platform::web::limits::{Action, Counted, Key};
use crate::platform::web::{Failure, Site, errors, witness};

async fn load(request: &Request<'_>) -> Result<Visitor, Failure> {
    failpoint::reach("guard");
    let site = request
        .rocket()
        .state::<Arc<Site>>()
        .ok_or_else(|| Failure::Internal("the site is not managed".to_owned()))?
        .clone();
    let https = site.settings.is_https();
    let now = site.db.now();
    let secret = cookies::get(request.cookies(), https, Name::Session);
    let session = match secret {
        Some(secret) => find(&site, secret, now, is_background(request)).await?,
        None => None,
    };
    let id = session.as_ref().map(|(session, _)| session.id);
    let (person, enrolling, organisation) = match session {
        Some((session, _)) if session.owes_factor => (None, Some(session.person), None),
        Some((session, organisation)) => (Some(session.person), None, organisation),
        None => (None, None, None),
    };
    let by_choice = errors::chosen_language(request, &site);
    let lang = match person.as_ref().or(enrolling.as_ref()) {
        Some(person) => by_choice.unwrap_or(person.language),
        None => errors::language(request, &site),
    };
    let company = site.company.get();
    let lang = company.language_or_default(lang);
    let flash = errors::take_flash(request, &site, lang);
    let (method, route) = witness::route_of(request);
    Ok(Visitor {
        overrides: site.followed.edition(),
        zone: person
            .as_ref()
            .or(enrolling.as_ref())
            .map_or(company.time_zone, |person| {
                person.zone_or(company.time_zone)
            }),
        company,
        session: id,
        binding: Binding::of(request, https),
        path: request.uri().to_string(),
        route: (method, route.to_owned()),
        theme: errors::theme(request, &site),
        address: request
            .client_ip()
            .map_or(Subscriber::UNKNOWN, Subscriber::of),
        user_agent: request
            .headers()
            .get_one("User-Agent")
            .unwrap_or_default()
            .to_owned(),
        pending: cookies::get(request.cookies(), https, Name::Pending),
        mark: cookies::get(request.cookies(), https, Name::Mark),
        enrolling,
        had_flash: flash.is_some(),
        flash,
        site,
        person,
        organisation,
        lang,
        now,
    })
}

async fn find(
    site: &Site,
    secret: String,
    now: Timestamp,
    background: bool,
) -> Result<Option<(Session, Option<String>)>, Failure> {
    let (affiliation, limits) = (site.affiliation, site.settings.sessions);
    let found = site
        .db
        .read(move |conn| {
            let Some(session) = sessions::find_session(conn, &secret, now, &limits)? else {
                return Ok::<_, StorageError>(None);
            };
            let organisation = match affiliation {
                Some(affiliation) => affiliation(conn, session.person.id.0)?,
                None => None,
            };
            Ok(Some((session, organisation)))
        })
        .await?;
    if let Some((session, _)) = &found
        && session.is_stale(now)
        && !background
    {
        let id = session.id;
        let touched = site.db.write(session.person.actor(), move |tx| {
            sessions::touch_session(tx, id).map_err(StorageError::from)
        });
        // Whoever only reads is not kept from it by a disk that takes nothing.
        if let Err(error) = touched.await {
            tracing::warn!(%error, "a session was not noted as used");
        }
    }
    Ok(found)
}

#[async_trait]
impl<'r> FromRequest<'r> for Visitor {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        let cached: &Result<Visitor, Failure> = request.local_cache_async(load(request)).await;
        match cached {
            Ok(visitor) => {
                if let Some(person) = visitor.shell_person() {
                    errors::remember(request, person, visitor.lang);
                }
                if let Some(person) = visitor.person.as_ref().or(visitor.enrolling.as_ref()) {
                    witness::name(request, person.id.0);
                }
                Outcome::Success(visitor.clone())
            }
            Err(failure) => {
                tracing::error!(?failure, "the visitor could not be told");
                Outcome::Error((Status::ServiceUnavailable, ()))
            }
        }
    }
}

#[async_trait]
impl<'r> FromRequest<'r> for Customer {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        match Visitor::from_request(request).await {
            Outcome::Success(visitor) => match visitor.person.clone() {
                Some(me) => Outcome::Success(Self { visitor, me }),
                None => Outcome::Error((Status::Unauthorized, ())),
            },
            Outcome::Error(error) => Outcome::Error(error),
            Outcome::Forward(status) => Outcome::Forward(status),
        }
    }
}

#[async_trait]
impl<'r> FromRequest<'r> for AccountHolder {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        match Visitor::from_request(request).await {
            Outcome::Success(visitor) => {
                let me = visitor.person.clone().or(visitor.enrolling.clone());
                match me {
                    Some(me) => Outcome::Success(Self { visitor, me }),
                    None => Outcome::Error((Status::Unauthorized, ())),
                }
            }
            Outcome::Error(error) => Outcome::Error(error),
            Outcome::Forward(status) => Outcome::Forward(status),
        }
    }
}

/// The desk and the settings do not exist for anyone else: a stranger gets the same 404 as
/// for an address that was never there.
async fn with_role(
    request: &Request<'_>,
    fits: fn(Role) -> bool,
) -> request::Outcome<Customer, ()> {
    match Customer::from_request(request).await {
        Outcome::Success(customer) if !fits(customer.me.role) => {
            denials::note_page(request, &customer);
            Outcome::Error((Status::NotFound, ()))
        }
        outcome => outcome,
    }
}

#[async_trait]
impl<'r> FromRequest<'r> for Agent {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        with_role(request, Role::is_agent).await.map(Agent)
    }
}

#[async_trait]
impl<'r> FromRequest<'r> for Manager {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        with_role(request, Role::is_manager).await.map(Manager)
    }
}

impl Key for PersonId {
    fn key(&self) -> String {
        format!("person {self}")
    }
}

impl Visitor {
    /// What their tries are counted by: who they are, or where they come from.
    #[must_use]
    pub fn limit_key(&self) -> String {
        match &self.person {
            Some(person) => person.id.key(),
            None => self.address.key(),
        }
    }
}

impl Visitor {
    /// Counts a try at the secret of a link.
    ///
    /// # Errors
    /// When there were too many.
    pub fn count_link(&self) -> Result<(), Failure> {
        let limiter = &self.site.limiter;
        let counted = limiter.check(Action::Link, &self.address);
        counted.map_err(Failure::TooMany)
    }

    /// Counts a search.
    ///
    /// # Errors
    /// When there were too many.
    pub fn count_search(&self) -> Result<(), Failure> {
        let limiter = &self.site.limiter;
        let counted = limiter.check(Action::Search, &self.limit_key());
        counted.map_err(Failure::TooMany)
    }
}

impl Counted for Visitor {
    fn counted(&self) -> (Action, String) {
        let action = match self.person {
            Some(_) => Action::PersonForm,
            None => Action::GuestForm,
        };
        (action, self.limit_key())
    }
}

impl Counted for Customer {
    fn counted(&self) -> (Action, String) {
        self.visitor.counted()
    }
}

impl Counted for AccountHolder {
    fn counted(&self) -> (Action, String) {
        (Action::PersonForm, self.me.id.key())
    }
}

impl Counted for Agent {
    fn counted(&self) -> (Action, String) {
        self.0.counted()
    }
}

impl Counted for Manager {
    fn counted(&self) -> (Action, String) {
        self.0.counted()
    }
}
