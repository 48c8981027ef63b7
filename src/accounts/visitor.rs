//! Who is asking: one guard per audience. Each bundles what a handler needs (database, instant,
//! person, language, time zone, form binding), so that a handler names its audience and
//! nothing else.
//!
//! [`Visitor`] is anyone, [`Customer`] somebody signed in, [`Agent`] and [`Manager`] people with
//! that role. There is no way to obtain the narrower ones but from a session that holds.

use std::ops::Deref;
use std::sync::Arc;

use chrono::TimeDelta;
use chrono_tz::Tz;
use rocket::http::Status;

use tera::Context;

use super::model::Person;

use crate::platform::company::Company;
use crate::platform::db::{Actor, StorageError, Timestamp};
use crate::platform::i18n::{Calendar, Lang};
use crate::platform::subscriber::Subscriber;
use crate::platform::text::initials;
use crate::platform::web::cookies::{self, Name};
use crate::platform::web::csrf::Binding;
use crate::platform::web::shell::{Flash, Rail, RailViewer, Shell, ShellPerson, hue};
use crate::platform::web::view::View;
use crate::platform::web::{Failure, FormState, Outcome as Answer, Reply, Site};

/// Anyone, signed in or not.
#[derive(Clone)]
pub struct Visitor {
    /// The program's parts.
    pub site: Arc<Site>,
    /// Whose portal it is, the same throughout the request.
    pub company: Arc<Company>,
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
    /// Whose network address it is, for the limiter.
    pub address: Subscriber,
    /// What the browser calls itself, for the list of sessions: untrusted.
    pub user_agent: String,
    /// Somebody signed in who has to add a second factor first: a guest to everything else.
    pub(super) enrolling: Option<Person>,
    /// The secret of a sign-in that waits for its code.
    pub(super) pending: Option<String>,
    /// What says that the owner of an account signed in with this browser before; unproven.
    pub(super) mark: Option<String>,
    /// Key of the session.
    pub(super) session: Option<i64>,
    pub(super) binding: Binding,
    pub(super) path: String,
    /// Method and route of the request, as they are declared.
    pub(super) route: (&'static str, String),
    pub(super) theme: String,
    pub(super) flash: Option<Flash>,
    pub(super) had_flash: bool,
    /// Edition of the files that replace built-in ones, when the request began.
    pub(super) overrides: u64,
}

/// Somebody signed in, whatever their role.
#[derive(Clone)]
pub struct Customer {
    pub(super) visitor: Visitor,
    /// Who.
    pub me: Person,
}

/// Somebody signed in, even if they have to add a second factor before anything is open to them.
#[derive(Clone)]
pub struct AccountHolder {
    pub(super) visitor: Visitor,
    /// Who.
    pub me: Person,
}

/// Somebody who works on tickets.
#[derive(Clone)]
pub struct Agent(pub(super) Customer);

/// Somebody who sets the rules.
#[derive(Clone)]
pub struct Manager(pub(super) Customer);

impl Deref for Customer {
    type Target = Visitor;
    fn deref(&self) -> &Visitor {
        &self.visitor
    }
}

impl Deref for AccountHolder {
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

    /// The same visitor as somebody signed in, if they are.
    #[must_use]
    pub fn customer(&self) -> Option<Customer> {
        self.person.clone().map(|me| Customer {
            visitor: self.clone(),
            me,
        })
    }

    /// Prints instants for this reader.
    #[must_use]
    pub fn calendar(&self) -> Calendar {
        Calendar::new(self.lang, self.zone, self.now)
    }

    /// The same visitor reading in the language that an address names. Where that is one that the
    /// company does not offer, they are sent to the same address in one that it does.
    ///
    /// # Errors
    /// There is nothing at addresses that name no language of ours.
    pub fn reading_in(mut self, lang: &str) -> Result<Self, Failure> {
        let lang = lang.parse().map_err(|_| Failure::NotFound)?;
        if !self.company.speaks(lang) {
            let offered = self.company.default_language;
            let rest = self
                .path
                .strip_prefix(&format!("/{lang}"))
                .unwrap_or_default();
            return Err(Failure::Elsewhere(format!("/{offered}{rest}")));
        }
        self.lang = lang;
        Ok(self)
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
        let token = self.form_token();
        let mut context = Context::from_serialize(view)?;
        context.insert("lang", &self.lang);
        context.insert("csrf", &token);
        context.insert("page_key", &crate::platform::random::token());
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
        let elsewhere = |lang| {
            let translation = place.translations.iter().find(|(l, _)| *l == lang);
            translation.map_or(self.path.as_str(), |(_, href)| href.as_str())
        };
        Shell {
            section: place.section.to_owned(),
            person: self.shell_person(),
            flash: self.flash.clone(),
            rail,
            ..Shell::of(&self.company, self.lang, &self.theme, &self.path, elsewhere)
        }
    }

    /// The account as a header shows it.
    pub(super) fn shell_person(&self) -> Option<ShellPerson> {
        self.person.as_ref().map(|person| ShellPerson {
            initials: initials(&person.name),
            hue: hue(&person.name),
            name: person.name.clone(),
            email: person.email.clone(),
            organisation: self.organisation.clone(),
            is_agent: person.role.is_agent(),
            is_manager: person.role.is_manager(),
        })
    }

    /// The same visitor once a session was opened for them: what their next page shows, and what
    /// its forms are tied to.
    pub(super) fn signed_in(mut self, person: Person, secret: &str) -> Self {
        self.binding = Binding::session(secret);
        self.zone = person.zone_or(self.company.time_zone);
        self.person = Some(person);
        self
    }

    /// The path and query of this request.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// A token for a form of this visitor.
    #[must_use]
    pub fn form_token(&self) -> String {
        self.binding.token(&self.site.key)
    }

    /// Tells the browser of somebody without a session from others, and says nothing else of it: an
    /// HMAC of what its forms are tied to.
    #[must_use]
    pub fn browser_mark(&self) -> String {
        self.site.key.sign("browser", &[self.binding.value()])
    }

    /// Has the browser go on being told from others for so long, even if it is closed meanwhile.
    #[must_use]
    pub fn keep_mark(&self, reply: Reply, time: TimeDelta) -> Reply {
        let https = self.site.settings.is_https();
        let age = rocket::time::Duration::seconds(time.num_seconds());
        let value = self.binding.value().to_owned();
        reply.with_cookie(cookies::make(https, Name::Visitor, value, Some(age)))
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
        let site = Arc::clone(&self.site);
        let mut rail = self
            .site
            .db
            .read(move |conn| {
                let mut rail = Rail::default();
                for source in &site.rail {
                    source(conn, &site.parts, &viewer, &mut rail).map_err(StorageError::from)?;
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
    /// Goes on with the company as it is by now, after this request has changed it: the next page of
    /// this node, this one included, is of what is stored now.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn with_latest_company(mut self) -> Result<Self, Failure> {
        let site = Arc::clone(&self.site);
        let follow = rocket::tokio::task::spawn_blocking(move || site.company.follow(&site.db));
        follow.await.map_err(|error| Failure::internal(&error))??;
        let visitor = &mut self.0.visitor;
        visitor.company = visitor.site.company.get();
        visitor.lang = visitor.company.language_or_default(visitor.lang);
        Ok(self)
    }

    /// The same person working at the desk.
    #[must_use]
    pub fn agent(&self) -> Agent {
        Agent(self.0.clone())
    }
}
