//! A portal with customers, an agent, and requests.

use std::fmt::Write;

use chrono::Duration;
use diesel::prelude::*;
use guichet::accounts::sessions::open_session;
use guichet::accounts::{Person, Role, find_or_create_requester};
use guichet::forms::{ensure_request_types, find_request_type};
use guichet::platform::db::StorageError;
use guichet::platform::i18n::Lang;
use guichet::schema::{people, tickets};
use guichet::tickets::commands::{
    NewMessage, NewTicket, StatusAfter, TicketError, file_ticket, write_message,
};
use guichet::tickets::{AuthorKind, Channel, Status, Ticket, Visibility};

use crate::support::{Browser, Page, TestApp};

/// The program with two customers, an agent and a manager.
pub struct Portal {
    pub app: TestApp,
    pub claire: Person,
    pub paul: Person,
    pub theo: Person,
    pub nadia: Person,
}

impl Portal {
    pub fn new() -> Self {
        Self::on(TestApp::new())
    }

    pub fn on(app: TestApp) -> Self {
        app.write(ensure_request_types);
        Self {
            claire: person(
                &app,
                "claire@tilleuls.example",
                "Claire Fontanel",
                Role::Customer,
            ),
            paul: person(&app, "paul@atelier.example", "Paul Vasseur", Role::Customer),
            theo: person(&app, "theo@guichet.example", "Théo Marchand", Role::Agent),
            nadia: person(
                &app,
                "nadia@guichet.example",
                "Nadia Ferrand",
                Role::Manager,
            ),
            app,
        }
    }

    /// Somebody more.
    pub fn add(&self, email: &'static str, name: &'static str, role: Role) -> Person {
        person(&self.app, email, name, role)
    }

    /// A browser in which somebody is signed in; it asks for English.
    pub fn browser(&self, who: &Person) -> Browser<'_> {
        let browser = self.app.browser_in(Lang::En);
        browser.set_cookie("guichet_session", &self.session(who));
        browser
    }

    /// A session of somebody.
    pub fn session(&self, who: &Person) -> String {
        let who = who.clone();
        self.app
            .write(move |tx| open_session(tx, &who, "test").map_err(StorageError::from))
    }

    /// The value of the form for a question.
    pub fn question(&self) -> String {
        let kind = self.app.read(|conn| find_request_type(conn, "question"));
        kind.expect("the first types are there").id.to_string()
    }

    /// Has somebody file a request; a minute passes first.
    pub fn file(&self, who: &Person, subject: &str, body: &str) -> Ticket {
        self.app.advance(Duration::minutes(1));
        let (requester, subject, body) = (who.clone(), subject.to_owned(), body.to_owned());
        self.app.write_as(who.actor(), move |tx| {
            let request_type =
                find_request_type(tx.conn, "question")?.expect("the first types are there");
            file_ticket(
                tx,
                &NewTicket {
                    requester: requester.clone(),
                    subject: subject.clone(),
                    body: body.as_str().into(),
                    files: Vec::new(),
                    request_type,
                    channel: Channel::Web,
                    language: Lang::En,
                    prefix: "GU".to_owned(),
                    form_key: None,
                    author: AuthorKind::Customer,
                },
            )
        })
    }

    /// Has the agent write on a request; a minute passes first.
    pub fn answer(&self, ticket: &Ticket, body: &str, after: StatusAfter) {
        self.write(ticket, body, Visibility::Public, after);
    }

    /// Has the agent write a note on a request.
    pub fn note(&self, ticket: &Ticket, body: &str) {
        self.write(ticket, body, Visibility::Note, StatusAfter::Keep);
    }

    /// Has the agent answer so that a request gets this status.
    pub fn set(&self, ticket: &Ticket, status: Status) {
        self.answer(ticket, "Voici où nous en sommes.", StatusAfter::Set(status));
    }

    fn write(&self, ticket: &Ticket, body: &str, visibility: Visibility, after: StatusAfter) {
        self.app.advance(Duration::minutes(1));
        let id = ticket.id;
        let message = NewMessage {
            author_kind: AuthorKind::Agent,
            visibility,
            body: body.into(),
            files: Vec::new(),
            channel: Channel::Web,
            status_after: after,
        };
        self.app.write_as(self.theo.actor(), move |tx| {
            write_message(tx, id, &message).map(drop)
        });
    }

    /// A request as it is stored.
    pub fn stored(&self, reference: &str) -> Ticket {
        self.app.read(|conn| {
            tickets::table
                .filter(tickets::reference.eq(reference))
                .select(Ticket::as_select())
                .first(conn)
        })
    }

    /// Runs periodic work of this name once.
    pub fn run(&self, name: &str) {
        self.app.run(name);
    }
}

/// Fills in and sends the form of a new request as somebody signed in.
pub fn file_as<'b>(
    portal: &Portal,
    browser: &'b Browser<'b>,
    subject: &str,
    body: &str,
) -> Page<'b> {
    browser
        .get("/requests/new")
        .form("/requests")
        .fill("request_type", &portal.question())
        .fill("subject", subject)
        .fill("body", body)
        .submit()
}

/// The reference at the end of a page's path.
pub fn reference_of(page: &Page<'_>) -> String {
    let path = page.path.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

/// A page as it would be under any address and for any request number: what may tell two
/// refusals apart is none of these.
pub fn faceless(page: &Page<'_>) -> String {
    let mut text = format!("{}\n", page.status);
    for name in ["Content-Type", "Cache-Control", "Location"] {
        let _ = writeln!(text, "{name}: {}", page.header(name).unwrap_or("-"));
    }
    let id = page.header("X-Request-Id").unwrap_or("-");
    let mut html = page.html().replace(id, "ID");
    for own in [
        "return_to=",
        "name=\"return_to\" value=\"",
        "name=\"csrf\" value=\"",
        "name=\"key\" value=\"",
    ] {
        html = without(&html, own, "\"");
    }
    text + &html
}

fn without(html: &str, begin: &str, end: &str) -> String {
    let (mut kept, mut rest) = (String::new(), html);
    while let Some((before, after)) = rest.split_once(begin) {
        kept.push_str(before);
        kept.push_str(begin);
        rest = &after[after.find(end).unwrap_or(0)..];
    }
    kept + rest
}

fn person(app: &TestApp, email: &'static str, name: &'static str, role: Role) -> Person {
    app.write(move |tx| {
        let person = find_or_create_requester(tx, email, name, Lang::En)?;
        diesel::update(people::table.find(person.id))
            .set((
                people::role.eq(role),
                people::password_hash.eq("none"),
                people::confirmed_at.eq(tx.now),
            ))
            .execute(tx.conn)?;
        people::table
            .find(person.id)
            .select(Person::as_select())
            .first(tx.conn)
            .map_err(TicketError::from)
    })
}
