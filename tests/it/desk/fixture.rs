//! A desk with people and requests.

use chrono::Duration;
use diesel::prelude::*;
use guichet::accounts::{self, Person, Role, sessions};
use guichet::forms::{ensure_request_types, find_request_type};
use guichet::platform::db::{Actor, StorageError};
use guichet::platform::i18n::Lang;
use guichet::schema::{people, tickets};
use guichet::tickets::commands::{
    NewMessage, NewTicket, StatusAfter, TicketError, file_ticket, write_message,
};
use guichet::tickets::index::TicketIndex;
use guichet::tickets::{AuthorKind, Channel, Ticket, TicketId, Visibility};

use crate::support::{Browser, TestApp};

/// The program with two agents and a customer.
pub struct Desk {
    pub app: TestApp,
    pub theo: Person,
    pub amina: Person,
    pub claire: Person,
}

impl Desk {
    pub fn new() -> Self {
        let app = TestApp::new();
        app.write(ensure_request_types);
        Self {
            theo: person(&app, "theo@desk.example", "Théo Marchand", Role::Agent),
            amina: person(&app, "amina@desk.example", "Amina Belkacem", Role::Agent),
            claire: person(
                &app,
                "claire@tilleuls.example",
                "Claire Fontanel",
                Role::Customer,
            ),
            app,
        }
    }

    /// A browser in which somebody is signed in.
    pub fn browser(&self, who: &Person) -> Browser<'_> {
        let who = who.clone();
        let secret = self
            .app
            .write(move |tx| sessions::open_session(tx, &who, "test").map_err(StorageError::from));
        let browser = self.app.browser();
        browser.set_cookie("guichet_session", &secret);
        browser
    }

    /// Has Claire file a request; a minute passes first.
    pub fn file(&self, subject: &str) -> Ticket {
        self.app.advance(Duration::minutes(1));
        let (requester, subject) = (self.claire.clone(), subject.to_owned());
        self.app.write_as(self.claire.actor(), move |tx| {
            let request_type =
                find_request_type(tx.conn, "question")?.expect("the first kinds are there");
            file_ticket(
                tx,
                &NewTicket {
                    requester: requester.clone(),
                    subject: subject.clone(),
                    body: format!("{subject}, bonjour.").into(),
                    files: Vec::new(),
                    request_type,
                    channel: Channel::Web,
                    language: Lang::Fr,
                    prefix: "GU".to_owned(),
                    form_key: None,
                    author: AuthorKind::Customer,
                },
            )
        })
    }

    /// Has somebody write on a request.
    pub fn write(&self, who: &Person, ticket: TicketId, body: &str, visibility: Visibility) {
        let author_kind = if who.role.is_agent() {
            AuthorKind::Agent
        } else {
            AuthorKind::Customer
        };
        let message = NewMessage {
            author_kind,
            visibility,
            body: body.into(),
            files: Vec::new(),
            channel: Channel::Web,
            status_after: StatusAfter::Keep,
        };
        self.app.advance(Duration::minutes(1));
        self.app.write_as(who.actor(), move |tx| {
            write_message(tx, ticket, &message).map(drop)
        });
    }

    /// A request as it is stored.
    pub fn ticket(&self, id: TicketId) -> Ticket {
        self.app.read(|conn| {
            tickets::table
                .find(id)
                .select(Ticket::as_select())
                .first(conn)
        })
    }

    /// Brings the index up to date, as the schedule does.
    pub fn index(&self) {
        let site = &self.app.site;
        site.part::<TicketIndex>()
            .catch_up(&site.db)
            .expect("the index can be written");
    }
}

fn person(app: &TestApp, email: &'static str, name: &'static str, role: Role) -> Person {
    app.write_as(Actor::System, move |tx| {
        let person = accounts::find_or_create_requester(tx, email, name, Lang::Fr)?;
        diesel::update(people::table.find(person.id))
            .set(people::role.eq(role))
            .execute(tx.conn)?;
        Ok::<_, TicketError>(Person { role, ..person })
    })
}
