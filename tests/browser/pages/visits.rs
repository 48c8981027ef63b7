//! Every route that answers with a page, as a first visit: what it costs, and whether it stands
//! still.

use std::path::Path;
use std::sync::Arc;

use diesel::prelude::*;
use guichet::accounts::tokens::{Purpose, issue_token};
use guichet::accounts::{Person, find_person_by_email};
use guichet::audit::commands::record_export;
use guichet::audit::queries::Filter;
use guichet::demo::{SignIn, SignIns};
use guichet::forms::list_request_types;
use guichet::platform::blobs::Blobs;
use guichet::platform::db::StorageError;
use guichet::platform::i18n::Lang;
use guichet::platform::text::FileName;
use guichet::schema::{attachments, mails, organisations, people, request_types, teams};
use guichet::tickets::commands::{NewFile, NewTicket, file_ticket};
use guichet::tickets::{AuthorKind, Channel, Ticket};
use serde::Deserialize;

use super::look;
use super::rows::{ROWS, Row};
use crate::harness::{Screen, Tab, World, label};

/// Enough for full lists.
pub const TICKETS: usize = 60;

/// Who visits, by the column of the table: whoever is last sees only what nobody before may.
const VISITORS: [(&str, usize); 4] = [("guest", 0), ("owner", 1), ("agent", 4), ("manager", 5)];

/// The sum of what a page loads on a first visit, as sent: text, style, scripts, the font.
const MOST_BYTES: u64 = 80_000;
/// The same of the page where most first visits begin.
const MOST_BYTES_AT_HOME: u64 = 60_000;
/// The page itself: a full list, too, fits into the first flight of a new connection, of ten segments
/// (RFC 6928).
const MOST_HTML: u64 = 14_000;
/// A sheet that the first picture waits for. One flight of a new connection brings 14,600 bytes
/// (RFC 6928): the portal's sheet needs a part of a second one, and is not to grow beyond it.
const MOST_SHEET: u64 = 17_000;
/// Page, style, colours of the brand, icon, font, symbols and the scripts of the richest page.
const MOST_FILES: usize = 11;

/// What a page loaded.
#[derive(Debug, Deserialize)]
struct Loaded {
    html: u64,
    files: Vec<LoadedFile>,
}

#[derive(Debug, Deserialize)]
struct LoadedFile {
    path: String,
    bytes: u64,
    blocking: bool,
    /// What asked for it: a file that another file asks for costs a round trip more.
    by: String,
}

/// Goes everywhere; tells what is wrong where.
pub async fn every_route() -> Vec<String> {
    let town = Town::build(TICKETS).await;
    let mut found = Vec::new();
    for stay in town.stays() {
        let tab = town.enter(stay.who, Lang::Fr).await;
        for path in &stay.paths {
            if town.is_page(&tab, path).await {
                found.extend(visit(&tab, path).await);
            }
        }
        found.extend(tab.faults().await);
        tab.close().await;
    }
    town.world.close().await;
    found
}

/// The demonstration, with an address for each route.
pub struct Town {
    pub world: World,
    sign_ins: SignIns,
    places: Places,
}

/// Where somebody goes.
pub struct Stay {
    pub who: &'static str,
    pub paths: Vec<String>,
}

impl Town {
    pub async fn build(tickets: usize) -> Self {
        let (world, sign_ins) = World::demonstration(tickets, article).await;
        let places = Places::find(&world, &sign_ins).await;
        Self {
            world,
            sign_ins,
            places,
        }
    }

    /// Everybody's way through all that they may open.
    pub fn stays(&self) -> Vec<Stay> {
        let stays = VISITORS.into_iter().enumerate();
        let stays = stays.map(|(visitor, (who, column))| {
            let earlier = &VISITORS[..visitor];
            let new = |row: &&Row| {
                let opens = |column: usize| row.method == "GET" && row.statuses[column] == 200;
                let seen = earlier.iter().any(|(_, column)| opens(*column));
                // Customers see their own head and foot around the pages of guests.
                opens(column) && (!seen || who == "owner")
            };
            Stay {
                who,
                paths: ROWS
                    .iter()
                    .filter(new)
                    // A file, and no page.
                    .filter(|row| !row.address.contains("{draft file}"))
                    .map(|row| self.places.path(row.address))
                    .collect(),
            }
        });
        stays.collect()
    }

    /// A browser of somebody, which keeps no files.
    pub async fn enter(&self, who: &'static str, lang: Lang) -> Tab {
        let screen = Screen::new(lang, true, false);
        let tab = Tab::open_for(who, screen, &self.world.address).await;
        tab.without_cache().await;
        tab.open("/sign-in").await;
        let SignIn {
            email, password, ..
        } = match who {
            "guest" => return tab,
            "owner" => &self.sign_ins.customer,
            "agent" => &self.sign_ins.agent,
            _ => &self.sign_ins.manager,
        };
        tab.fill("email", email).await;
        tab.fill("password", password).await;
        tab.follow(&label(&screen.t("sign-in-button"))).await;
        tab
    }

    /// Whether an address answers with a page, not with a file or data.
    pub async fn is_page(&self, tab: &Tab, path: &str) -> bool {
        let kind = "then((answer) => answer.headers.get('content-type') ?? '')";
        let kind: String = tab.value(format!("fetch({path:?}).{kind}")).await;
        kind.starts_with("text/html")
    }
}

/// Opens a page on a desk and on a phone.
async fn visit(tab: &Tab, path: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for width in [1440, 390] {
        look::widen(tab, width).await;
        tab.open(path).await;
        tab.until("the first picture", look::PAINTED).await;
        wrong.extend(tab.moves().await);
        wrong.extend(tab.overflow().await);
        wrong.extend(judge(&tab.value(LOADED).await, most_bytes(path)));
    }
    if !wrong.is_empty() {
        wrong.insert(0, format!("{path} for {}:", tab.who));
    }
    wrong
}

fn most_bytes(path: &str) -> u64 {
    let home = Lang::ALL.iter().any(|lang| path == format!("/{lang}"));
    if home { MOST_BYTES_AT_HOME } else { MOST_BYTES }
}

fn judge(loaded: &Loaded, most_bytes: u64) -> Vec<String> {
    let mut wrong = Vec::new();
    let bytes = loaded.html + loaded.files.iter().map(|file| file.bytes).sum::<u64>();
    if loaded.html > MOST_HTML || bytes > most_bytes || loaded.files.len() > MOST_FILES {
        wrong.push(format!("  too heavy, {bytes} bytes: {loaded:#?}"));
    }
    let long = |file: &&LoadedFile| file.blocking && file.bytes > MOST_SHEET;
    let long: Vec<&LoadedFile> = loaded.files.iter().filter(long).collect();
    if !long.is_empty() {
        wrong.push(format!(
            "  the first picture waits a round trip more for {long:?}"
        ));
    }
    // After the page itself, one round trip brings all that the first picture needs.
    let late = |file: &&LoadedFile| file.blocking && (file.by != "link" || !is_style(&file.path));
    let late: Vec<&LoadedFile> = loaded.files.iter().filter(late).collect();
    if !late.is_empty() {
        wrong.push(format!("  the first picture waits for {late:?}"));
    }
    wrong
}

fn is_style(path: &str) -> bool {
    path.starts_with("/static/") && path.ends_with(".css") || path.starts_with("/brand/colours/")
}

const LOADED: &str = r"(() => {
  const [page] = performance.getEntriesByType('navigation');
  const files = performance.getEntriesByType('resource').filter((f) => f.initiatorType !== 'fetch');
  return {
    html: page.encodedBodySize,
    files: files.map((f) => ({ path: f.name.replace(location.origin, ''), bytes: f.encodedBodySize,
      blocking: f.renderBlockingStatus === 'blocking', by: f.initiatorType })),
  };
})()";

/// The article that the table's addresses name.
fn article(folder: &Path) {
    for (path, text) in [
        ("_section.md", "---\ntitle: Network\n---\n"),
        (
            "line.md",
            "---\ntitle: \"The line drops\"\n---\n\nLook at the ![light](light.svg).\n",
        ),
        ("light.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
    ] {
        let path = folder.join("en/net").join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
}

/// What stands for the places of the table's addresses.
struct Places(Vec<(&'static str, String)>);

impl Places {
    async fn find(world: &World, sign_ins: &SignIns) -> Self {
        let emails = [&sign_ins.customer, &sign_ins.manager].map(|who| who.email.clone());
        let read = world.site.db.read(move |conn| {
            let mut person = |email| find_person_by_email(conn, email);
            let customer = person(&emails[0])?.expect("they are known");
            let manager = person(&emails[1])?.expect("they are known");
            let kinds = list_request_types(conn)?;
            Ok::<_, StorageError>((customer, manager, kinds))
        });
        let (customer, manager, mut kinds) = read.await.expect("the database answers");
        let blobs = Blobs::new(&world.site.settings.data_dir);
        let content = blobs.keep_bytes(b"A note.").expect("the disk takes it");
        let new = NewTicket {
            requester: customer.clone(),
            subject: "The line drops".to_owned(),
            body: "It has dropped since Monday.\n".repeat(200).into(),
            files: vec![NewFile {
                name: FileName::new("note.txt"),
                content,
            }],
            request_type: kinds.remove(0),
            channel: Channel::Web,
            language: Lang::Fr,
            prefix: "OR".to_owned(),
            form_key: None,
            author: AuthorKind::Customer,
        };
        let ticket = world
            .write(move |tx| {
                tx.actor = new.requester.actor();
                file_ticket(tx, &new)
            })
            .await;
        Self::of(world, &customer, &manager, ticket).await
    }

    async fn of(world: &World, customer: &Person, manager: &Person, ticket: Ticket) -> Self {
        let (id, owner, exporter) = (ticket.id.0, customer.id, manager.actor());
        let made = world.write(move |tx| {
            let track = issue_token(tx, Purpose::TicketLink, Some(owner), Some(id))?;
            let reset = issue_token(tx, Purpose::Reset, Some(owner), None)?;
            tx.actor = exporter;
            let export = record_export(tx, &Filter::default())?;
            Ok::<_, StorageError>((track, reset, export.to_string()))
        });
        let (track, reset, export) = made.await;
        let site = Arc::clone(&world.site);
        let ids = site.db.read(move |conn| {
            let file: String = attachments::table
                .filter(attachments::ticket_id.eq(ticket.id))
                .select(attachments::public_id)
                .first(conn)?;
            let ids: [(&str, i64); 5] = [
                ("{mail}", mails::table.select(mails::id).first(conn)?),
                (
                    "{organisation}",
                    organisations::table.select(organisations::id).first(conn)?,
                ),
                ("{person}", people::table.select(people::id).first(conn)?),
                ("{team}", teams::table.select(teams::id).first(conn)?),
                (
                    "{type}",
                    request_types::table.select(request_types::id).first(conn)?,
                ),
            ];
            let ids = ids.map(|(place, id)| (place, id.to_string()));
            let named = [
                ("{export}", export),
                ("{file}", file),
                ("{reset}", reset),
                ("{ticket}", ticket.reference),
                ("{track}", track),
            ];
            Ok::<_, StorageError>(ids.into_iter().chain(named).collect())
        });
        Self(ids.await.expect("the demonstration has one of each"))
    }

    fn path(&self, pattern: &str) -> String {
        self.0
            .iter()
            .fold(pattern.to_owned(), |path, (place, value)| {
                path.replace(place, value)
            })
    }
}
