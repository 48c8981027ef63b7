//! Search through the text of requests.

use std::collections::HashMap;
use std::sync::Arc;

use diesel::QueryResult;
use diesel::prelude::*;
use rocket::get;
use rocket::http::Status as HttpStatus;

use super::SECTION;
use super::directory::Directory;
use super::labels;
use super::queue_address::{escape, pairs};
use super::reader::Reader;
use crate::accounts::Agent;
use crate::platform::db::{Conn, StorageError, Timestamp};
use crate::platform::i18n::integer;
use crate::platform::search::Coverage;
use crate::platform::search::snippet::Highlighter;
use crate::platform::search::user_query::{Limits, UserQuery};
use crate::platform::text::clean_line;
use crate::platform::web::{Outcome, Site};
use crate::schema::messages;
use crate::tickets::desk_pages::{DeskSearchPage, PageLinks, SearchHit};
use crate::tickets::index::{TicketIndex, caveat};
use crate::tickets::model::{Ticket, TicketId, Visibility};
use crate::tickets::queries::{list_beginning_with, list_by_ids};
use crate::tickets::search::TicketScope;

/// Hits on a page.
const HITS: usize = 20;

/// Characters of the passage that answers.
const PASSAGE: usize = 220;

/// Requests that answer a query.
#[get("/desk/search")]
pub(super) async fn show(agent: Agent) -> Outcome {
    let (site, reader) = (Arc::clone(&agent.site), Reader::of(&agent));
    let asked = Asked::parse(agent.path());
    agent.count_search()?;
    let view = agent
        .site
        .db
        .read(move |conn| read(conn, &site, &reader, &asked).map_err(StorageError::from))
        .await?;
    agent.page(HttpStatus::Ok, SECTION, &view).await
}

struct Asked {
    words: String,
    /// Hits before the page.
    offset: usize,
}

impl Asked {
    fn parse(address: &str) -> Self {
        let query = address.split_once('?').map_or("", |(_, query)| query);
        let mut asked = Self {
            words: String::new(),
            offset: 0,
        };
        for (name, value) in pairs(query) {
            match name.as_str() {
                "q" => {
                    let words = clean_line(&value);
                    asked.words = words.chars().take(Limits::TYPED.characters).collect();
                }
                "after" => asked.offset = value.parse().unwrap_or(0),
                _ => {}
            }
        }
        asked
    }

    fn page(&self, offset: usize) -> String {
        format!("/desk/search?q={}&after={offset}", escape(&self.words))
    }
}

/// What answers, whoever found it.
#[derive(Default)]
struct Answer {
    total: usize,
    tickets: Vec<Ticket>,
    coverage: Coverage,
}

fn read(
    conn: &mut Conn,
    site: &Site,
    reader: &Reader,
    asked: &Asked,
) -> QueryResult<DeskSearchPage> {
    let answer = find(conn, site, asked, reader.now)?;
    let directory = Directory::of_tickets(conn, &answer.tickets)?;
    let texts = texts(conn, &answer.tickets)?;
    let marker = marker(&asked.words);
    let last = asked.offset + answer.tickets.len();
    Ok(DeskSearchPage {
        query: asked.words.clone(),
        count: integer(reader.lang, i64::try_from(answer.total).unwrap_or(i64::MAX)),
        notice: caveat(answer.coverage).map(|key| reader.say(key)),
        hits: answer
            .tickets
            .iter()
            .map(|ticket| {
                let texts = texts.get(&ticket.id).map_or(&[][..], Vec::as_slice);
                hit(reader, &directory, &marker, (ticket, texts))
            })
            .collect(),
        pages: PageLinks {
            previous: (asked.offset > 0).then(|| asked.page(asked.offset.saturating_sub(HITS))),
            next: (last < answer.total && !answer.tickets.is_empty()).then(|| asked.page(last)),
            note: None,
        },
        new_href: "/desk/new".to_owned(),
    })
}

fn find(conn: &mut Conn, site: &Site, asked: &Asked, now: Timestamp) -> QueryResult<Answer> {
    if asked.words.is_empty() {
        return Ok(Answer::default());
    }
    let index = site.part::<TicketIndex>();
    let coverage = index.coverage(conn, now)?;
    match index.search(&asked.words, TicketScope::Agent, HITS, asked.offset, now) {
        Ok(found) => {
            let ids: Vec<i64> = found.hits.iter().map(|hit| hit.id).collect();
            Ok(Answer {
                total: found.total,
                tickets: list_by_ids(conn, &ids)?,
                coverage,
            })
        }
        Err(error) => {
            tracing::warn!(%error, "searched without the index");
            let limit = i64::try_from(HITS).unwrap_or(i64::MAX);
            let tickets = list_beginning_with(conn, &asked.words, TicketScope::Agent, limit)?;
            Ok(Answer {
                total: tickets.len(),
                tickets,
                coverage: Coverage::WithoutIndex,
            })
        }
    }
}

/// A message's number, who may read it, and its text.
type Written = (i64, Visibility, String);

/// What was written on each ticket, in one statement.
fn texts(conn: &mut Conn, tickets: &[Ticket]) -> QueryResult<HashMap<TicketId, Vec<Written>>> {
    let rows: Vec<(TicketId, i64, Visibility, String)> = messages::table
        .filter(messages::ticket_id.eq_any(tickets.iter().map(|ticket| ticket.id)))
        .order((messages::ticket_id.asc(), messages::seq.asc()))
        .select((
            messages::ticket_id,
            messages::seq,
            messages::visibility,
            messages::body,
        ))
        .load(conn)?;
    let mut texts: HashMap<TicketId, Vec<Written>> = HashMap::new();
    for (ticket, seq, visibility, body) in rows {
        texts
            .entry(ticket)
            .or_default()
            .push((seq, visibility, body));
    }
    Ok(texts)
}

fn marker(words: &str) -> Highlighter {
    let typed = UserQuery::parse(words, Limits::TYPED);
    let mut marker = Highlighter::default();
    for (number, word) in typed.words.iter().enumerate() {
        marker.mark(word.lower(), number, 1);
    }
    marker
}

fn hit(
    reader: &Reader,
    directory: &Directory,
    marker: &Highlighter,
    (ticket, texts): (&Ticket, &[Written]),
) -> SearchHit {
    let answering = texts
        .iter()
        .find_map(|text| Some((text, marker.answer(&text.2, PASSAGE)?)))
        .or_else(|| {
            texts
                .first()
                .map(|text| (text, marker.passage(&text.2, PASSAGE)))
        });
    let (anchor, internal, passage) = match answering {
        Some(((seq, visibility, _), passage)) => (
            format!("#message-{seq}"),
            *visibility == Visibility::Note,
            passage,
        ),
        None => (String::new(), false, Vec::new()),
    };
    SearchHit {
        reference: ticket.reference.clone(),
        href: format!("/desk/tickets/{}{anchor}", ticket.reference),
        subject: marked(marker.whole(&ticket.subject)),
        passage: marked(passage),
        internal,
        stage: ticket.stage().to_string(),
        stage_label: labels::stage(reader.lang, ticket.stage()),
        requester: directory
            .name(ticket.requester_id)
            .map_or_else(|| reader.say("label-someone"), str::to_owned),
        organisation: directory
            .organisation(ticket.organisation_id)
            .map(str::to_owned),
        assignee: ticket.assignee_id.and_then(|id| directory.person(id)),
        activity: reader.calendar.brief(ticket.updated_at),
        activity_at: ticket.updated_at.rfc3339(),
    }
}

fn marked(
    parts: Vec<crate::platform::search::snippet::SnippetPart>,
) -> Vec<crate::tickets::desk_pages::MarkedPart> {
    parts.into_iter().map(Into::into).collect()
}
