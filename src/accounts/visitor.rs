//! Who is asking: one guard per audience. Each bundles what a handler needs (database, instant,
//! person, language, time zone, form binding), so that a handler names its audience and
//! nothing else.
//!
//! [`Visitor`] is anyone, [`Customer`] somebody signed in, [`Agent`] and [`Manager`] people with
//! that role. There is no way to obtain the narrower ones but from a session that holds.

use std::ops::Deref;
use std::sync::Arc;

use chrono_tz::Tz;
use rocket::http::Status;
use rocket::outcome::Outcome;
use rocket::request::{self, FromRequest};
use rocket::{Request, async_trait};
use tera::Context;

use super::model::{Person, Role};
use super::sessions::{self, Session};
use crate::platform::db::{Actor, StorageError, Timestamp};
use crate::platform::i18n::{Calendar, Lang};
use crate::platform::text::initials;
use crate::platform::web::cookies::{self, Name};
use crate::platform::web::csrf::Binding;
use crate::platform::web::shell::{Flash, LanguageLink, Rail, RailViewer, Shell, ShellPerson, hue};
use crate::platform::web::view::View;
use crate::platform::web::{Failure, FormState, Outcome as Answer, Reply, Site, errors};

/// Anyone, signed in or not.
#[derive(Clone)]
pub struct Visitor {
    /// The program's parts.
    pub site: Arc<Site>,
    /// Who is signed in.
    pub person: Option<Person>,
    /// Their company.
    pub organisation: Option<String>,
    /// The page's language.
    pub lang: Lang,
    /// Their time zone.
    pub zone: Tz,
    /// The instant of the request.
    pub now: Timestamp,
    /// Network address of the peer, for the limiter.
    pub address: String,
    /// Browser name, for the list of sessions.
    pub user_agent: String,
    binding: Binding,
    path: String,
    theme: String,
    flash: Option<Flash>,
    had_flash: bool,
}

/// Somebody signed in, whatever their role.
#[derive(Clone)]
pub struct Customer {
    visitor: Visitor,
    /// Who.
    pub me: Person,
}

/// Somebody who works on tickets.
#[derive(Clone)]
pub struct Agent(Customer);

/// Somebody who sets the rules.
#[derive(Clone)]
pub struct Manager(Customer);

impl Deref for Customer {
    type Target = Visitor;
    fn deref(&self) -> &Visitor {
        &self.visitor
    }
}

impl Deref for Agent {
    type Target = Customer;
    fn deref(&self) -> &Customer {
        &self.0
    }
}

impl Deref for Manager {
    type Target = Customer;
    fn deref(&self) -> &Customer {
        &self.0
    }
}

/// A page's place in the navigation and other ways to reach it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place<'a> {
    /// Entry of the navigation that is current.
    pub section: &'a str,
    /// The same page in the other language, when its address differs.
    pub translations: &'a [(Lang, String)],
}

impl<'a> Place<'a> {
    /// A page under an entry of the navigation.
    #[must_use]
    pub const fn section(section: &'a str) -> Self {
        Self {
            section,
            translations: &[],
        }
    }
}

impl Visitor {
    /// Who does what this request asks for.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.person.as_ref().map_or(Actor::Anonymous, Person::actor)
    }

    /// Prints instants for this reader.
    #[must_use]
    pub fn calendar(&self) -> Calendar {
        Calendar::new(self.lang, self.zone, self.now)
    }

    /// The same visitor reading in another language, for pages whose address names one.
    #[must_use]
    pub fn reading(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }

    /// A page of the portal.
    ///
    /// # Errors
    /// When the template and the view disagree.
    pub fn page<V: View>(&self, place: Place<'_>, view: &V) -> Answer {
        self.render(Status::Ok, place, view, None)
    }

    /// The page of a form with errors in it (422).
    ///
    /// # Errors
    /// When the template and the view disagree.
    pub fn refused_page<V: View>(&self, place: Place<'_>, view: &V) -> Answer {
        self.render(Status::UnprocessableEntity, place, view, None)
    }

    /// A page with a status of its own.
    ///
    /// # Errors
    /// When the template and the view disagree.
    pub fn page_with<V: View>(&self, status: Status, place: Place<'_>, view: &V) -> Answer {
        self.render(status, place, view, None)
    }

    fn render<V: View>(
        &self,
        status: Status,
        place: Place<'_>,
        view: &V,
        rail: Option<Rail>,
    ) -> Answer {
        let token = self.binding.token(&self.site.key);
        let mut context = Context::from_serialize(view)?;
        context.insert("lang", &self.lang);
        context.insert("csrf", &token);
        context.insert("shell", &self.shell(place, rail));
        let html = self.site.templates.render(V::TEMPLATE, &context)?;
        let https = self.site.settings.is_https();
        // Somebody without session gets a cookie only with a page that holds a form.
        let bind = self.binding.fresh && html.contains(&token);
        let mut reply = Reply::html(status, html);
        if bind {
            let value = self.binding.value().to_owned();
            reply = reply.with_cookie(cookies::make(https, Name::Visitor, value, None));
        }
        if self.had_flash {
            reply = reply.with_cookie(cookies::forget(https, Name::Flash));
        }
        Ok(reply)
    }

    fn shell(&self, place: Place<'_>, rail: Option<Rail>) -> Shell {
        let languages = Lang::ALL.iter().map(|&lang| LanguageLink {
            lang,
            label: lang.as_str().to_uppercase(),
            href: place
                .translations
                .iter()
                .find(|(l, _)| *l == lang)
                .map_or_else(
                    || errors::language_switch(lang, &self.path),
                    |(_, href)| errors::language_switch(lang, href),
                ),
            current: lang == self.lang,
        });
        Shell {
            brand: self.site.settings.company_name.clone(),
            brand_suffix: self.site.settings.company_suffix.clone(),
            theme: self.theme.clone(),
            path: self.path.clone(),
            section: place.section.to_owned(),
            languages: languages.collect(),
            person: self.person.as_ref().map(|person| ShellPerson {
                initials: initials(&person.name),
                hue: hue(&person.name),
                name: person.name.clone(),
                email: person.email.clone(),
                organisation: self.organisation.clone(),
                is_agent: person.role.is_agent(),
                is_manager: person.role.is_manager(),
            }),
            flash: self.flash.clone(),
            phone: self.site.settings.phone.clone(),
            rail,
        }
    }

    /// The path and query of this request.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// A form with the values known of this visitor left empty.
    #[must_use]
    pub fn empty_form(&self) -> FormState {
        FormState::empty()
    }
}

impl Agent {
    /// A page of the desk, with its rail.
    ///
    /// # Errors
    /// When the rail cannot be read, or the template and the view disagree.
    pub async fn page<V: View>(&self, status: Status, section: &str, view: &V) -> Answer {
        let viewer = RailViewer {
            person_id: self.me.id.0,
            is_manager: self.me.role.is_manager(),
            lang: self.lang,
            now: self.now,
        };
        let sources = self.site.rail.clone();
        let mut rail = self
            .site
            .db
            .read(move |conn| {
                let mut rail = Rail::default();
                for source in sources {
                    source(conn, &viewer, &mut rail).map_err(StorageError::from)?;
                }
                Ok::<_, StorageError>(rail)
            })
            .await?;
        let path = self.path();
        for link in rail
            .views
            .iter_mut()
            .chain(&mut rail.teams)
            .chain(&mut rail.manage)
        {
            link.current = link.href == path || link.key == section;
        }
        self.render(status, Place::section(section), view, Some(rail))
    }
}

impl Manager {
    /// The same person working at the desk.
    #[must_use]
    pub fn agent(&self) -> Agent {
        Agent(self.0.clone())
    }
}

async fn load(request: &Request<'_>) -> Result<Visitor, Failure> {
    let site = request
        .rocket()
        .state::<Arc<Site>>()
        .ok_or_else(|| Failure::Internal("the site is not managed".to_owned()))?
        .clone();
    let https = site.settings.is_https();
    let now = site.db.now();
    let secret = cookies::get(request.cookies(), https, Name::Session);
    let session = match secret {
        Some(secret) => find(&site, secret, now).await?,
        None => None,
    };
    let (person, organisation) = match session {
        Some((session, organisation)) => (Some(session.person), organisation),
        None => (None, None),
    };
    let by_choice = errors::chosen_language(request, &site);
    let lang = match &person {
        Some(person) => by_choice.unwrap_or(person.language),
        None => errors::language(request, &site),
    };
    let flash = errors::take_flash(request, &site, lang);
    Ok(Visitor {
        zone: person
            .as_ref()
            .map_or(site.settings.time_zone, Person::zone),
        binding: Binding::of(request, https),
        path: request.uri().to_string(),
        theme: errors::theme(request, &site),
        address: request
            .client_ip()
            .map_or_else(|| "unknown".to_owned(), |ip| ip.to_string()),
        user_agent: request
            .headers()
            .get_one("User-Agent")
            .unwrap_or_default()
            .to_owned(),
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
) -> Result<Option<(Session, Option<String>)>, Failure> {
    let affiliation = site.affiliation;
    let found = site
        .db
        .read(move |conn| {
            let Some(session) = sessions::find_session(conn, &secret, now)? else {
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
    {
        let id = session.id;
        site.db
            .write(session.person.actor(), move |tx| {
                sessions::touch_session(tx, id).map_err(StorageError::from)
            })
            .await?;
    }
    Ok(found)
}

#[async_trait]
impl<'r> FromRequest<'r> for Visitor {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        let cached: &Result<Visitor, Failure> = request.local_cache_async(load(request)).await;
        match cached {
            Ok(visitor) => Outcome::Success(visitor.clone()),
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

/// The desk and the settings do not exist for anyone else: a stranger gets the same 404 as
/// for an address that was never there.
async fn with_role(
    request: &Request<'_>,
    fits: fn(Role) -> bool,
) -> request::Outcome<Customer, ()> {
    match Customer::from_request(request).await {
        Outcome::Success(customer) if !fits(customer.me.role) => {
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
