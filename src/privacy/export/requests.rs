//! Requests as their owner sees them: what was said to them, and nothing that was said about them.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::ops::RangeInclusive;

use diesel::prelude::*;
use serde::Serialize;

use super::archive::Archive;
use super::pages::{Fact, FileLink, IndexSection, Message, Request, Table};
use super::{ExportError, Job, section};
use crate::accounts::{Person, PersonId, people_by_id};
use crate::forms::{RequestType, get_request_type};
use crate::platform::blobs::{Blobs, Condition};
use crate::platform::text::FileName;
use crate::schema::{messages, tickets};
use crate::sla::promises::queries::list_promises;
use crate::sla::promises::{Promise, PromiseReason, PromiseState};
use crate::tickets::due::Goal;
use crate::tickets::queries::{
    Attachment, Envelope, Readers, list_attachments, list_envelopes, list_texts,
};
use crate::tickets::{AuthorKind, Channel, MessageId, Ticket, TicketId, Visibility};

/// Requests read at a time, and rows of a page of the list.
const BATCH: i64 = 100;
/// Messages read at a time, and on a page.
const MESSAGES: usize = 100;

/// A request as programs read it; its messages follow.
#[derive(Serialize)]
struct About<'a> {
    reference: &'a str,
    subject: &'a str,
    kind: &'a str,
    stage: String,
    channel: &'static str,
    language: &'static str,
    filed_at: String,
    changed_at: String,
    answered_at: Option<String>,
    resolved_at: Option<String>,
    confirmed_at: Option<String>,
}

#[derive(Serialize)]
struct Said<'a> {
    at: String,
    by: &'static str,
    author: &'a str,
    channel: &'static str,
    /// Markdown, as it was typed.
    text: &'a str,
    files: Vec<Attached<'a>>,
}

#[derive(Serialize)]
struct Attached<'a> {
    name: &'a str,
    media_type: &'a str,
    size: i64,
    sha256: &'a str,
    /// In this archive; nothing when the file could not be read.
    path: Option<&'a str>,
}

/// What was promised about a request, and what became of it.
#[derive(Serialize)]
struct Promised {
    goal: Goal,
    due_at: String,
    made_at: String,
    state: PromiseState,
    /// Why it was moved.
    reason: Option<PromiseReason>,
    settled_at: Option<String>,
}

/// A request with all but its texts.
struct Thread {
    ticket: Ticket,
    kind: RequestType,
    envelopes: Vec<Envelope>,
    files: Vec<(Attachment, Option<String>)>,
    people: HashMap<PersonId, Person>,
    promises: Vec<Promise>,
}

/// Writes all requests of the person, and the list of them.
pub(super) fn write(copy: &Job<'_>, archive: &mut Archive) -> Result<IndexSection, ExportError> {
    let (mut after, mut count, mut number) = (TicketId(0), 0, 1);
    let mut batch = list_after(copy, after)?;
    while let Some(last) = batch.last() {
        after = last.id;
        let next = list_after(copy, after)?;
        count += batch.len();
        let mut rows = Vec::with_capacity(batch.len());
        for ticket in batch {
            rows.push(vec![
                ticket.reference.clone(),
                ticket.subject.clone(),
                copy.say(&format!("ticket-stage-{}", ticket.stage())),
                copy.calendar.moment(ticket.created_at),
            ]);
            one(copy, archive, ticket)?;
        }
        let columns = [
            "export-reference",
            "export-subject",
            "export-stage",
            "export-moment",
        ];
        let page = Table {
            frame: copy.frame(copy.say("export-requests"), ""),
            columns: columns.map(|key| copy.say(key)).to_vec(),
            rows,
            previous: (number > 1).then(|| page_name(number - 1)),
            next: (!next.is_empty()).then(|| page_name(number + 1)),
        };
        archive.add(&page_name(number), &copy.page(&page)?)?;
        batch = next;
        number += 1;
    }
    Ok(section(copy, "export-requests", &page_name(1), count))
}

fn page_name(number: usize) -> String {
    match number {
        1 => "requests.html".to_owned(),
        number => format!("requests-{number}.html"),
    }
}

fn list_after(copy: &Job<'_>, after: TicketId) -> Result<Vec<Ticket>, ExportError> {
    copy.read(|conn| {
        tickets::table
            .filter(tickets::requester_id.eq(copy.person.id))
            .filter(tickets::id.gt(after))
            .order(tickets::id.asc())
            .limit(BATCH)
            .select(Ticket::as_select())
            .load(conn)
    })
}

fn one(copy: &Job<'_>, archive: &mut Archive, ticket: Ticket) -> Result<(), ExportError> {
    let thread = read(copy, ticket)?;
    write_json(copy, archive, &thread)?;
    write_pages(copy, archive, &thread)?;
    let blobs = Blobs::new(&copy.site.settings.data_dir);
    for (file, path) in &thread.files {
        if let Some(path) = path {
            let mut content = File::open(blobs.path(&file.sha256))?;
            archive.add_file(path, &mut content, file.size.unsigned_abs())?;
        }
    }
    Ok(())
}

fn read(copy: &Job<'_>, ticket: Ticket) -> Result<Thread, ExportError> {
    let (kind, envelopes, files, people, promises) = copy.read(|conn| {
        let envelopes = list_envelopes(conn, ticket.id, Readers::Customer)?;
        let authors = envelopes.iter().filter_map(|message| message.author_id);
        let people = people_by_id(conn, authors)?;
        Ok((
            get_request_type(conn, ticket.request_type_id)?,
            envelopes,
            list_attachments(conn, ticket.id, Readers::Customer)?,
            people,
            list_promises(conn, ticket.id)?,
        ))
    })?;
    let blobs = Blobs::new(&copy.site.settings.data_dir);
    let files = files.into_iter().zip(1..).map(|(file, number)| {
        let sound = blobs.condition(&file.sha256, file.size.unsigned_abs()) == Condition::Sound;
        let name = FileName::new(&file.name);
        let path = format!("files/{}/{number}-{}", ticket.reference, name.as_str());
        if !sound {
            tracing::error!(
                path,
                sha256 = file.sha256,
                "a file is damaged and not handed out"
            );
        }
        (file, sound.then_some(path))
    });
    Ok(Thread {
        files: files.collect(),
        kind,
        envelopes,
        people,
        promises,
        ticket,
    })
}

impl Thread {
    /// Some messages in a row, by the numbers of their events.
    fn parts(&self) -> impl Iterator<Item = (&[Envelope], RangeInclusive<i64>)> {
        self.envelopes.chunks(MESSAGES).filter_map(|part| {
            let (first, last) = (part.first()?, part.last()?);
            Some((part, first.seq..=last.seq))
        })
    }

    fn files_of(&self, id: MessageId) -> impl Iterator<Item = &(Attachment, Option<String>)> {
        let mut files = self.files.iter();
        std::iter::from_fn(move || files.find(|(file, _)| file.message_id == id))
    }

    /// Who wrote, in a word for programs and by name.
    fn author(&self, copy: &Job<'_>, message: &Envelope) -> (&'static str, String) {
        let known = message.author_id.and_then(|id| self.people.get(&id));
        let by = match message.author_kind {
            AuthorKind::Agent => "support",
            // Whoever gave the address: it need not have been its owner.
            AuthorKind::Customer if message.channel == Channel::WebGuest => "guest",
            AuthorKind::Customer if message.author_id == Some(copy.person.id) => "me",
            AuthorKind::Customer => "other",
        };
        let name = match (by, known) {
            ("guest", _) => copy.say("ticket-author-guest"),
            (_, Some(person)) => person.name.clone(),
            (_, None) => copy.say("ticket-author-erased"),
        };
        (by, name)
    }
}

fn write_json(copy: &Job<'_>, archive: &mut Archive, thread: &Thread) -> Result<(), ExportError> {
    let ticket = &thread.ticket;
    archive.begin(&format!("data/requests/{}.json", ticket.reference))?;
    let about = About {
        reference: &ticket.reference,
        subject: &ticket.subject,
        kind: thread.kind.name(copy.lang),
        stage: ticket.stage().to_string(),
        channel: ticket.channel.as_str(),
        language: ticket.language.as_str(),
        filed_at: ticket.created_at.rfc3339(),
        changed_at: ticket.updated_at.rfc3339(),
        answered_at: ticket.responded_at.map(|at| at.rfc3339()),
        resolved_at: ticket.resolved_at.map(|at| at.rfc3339()),
        confirmed_at: ticket.closed_at.map(|at| at.rfc3339()),
    };
    archive.write_all(b"{\"request\":")?;
    serde_json::to_writer(&mut *archive, &about).map_err(std::io::Error::from)?;
    archive.write_all(b",\"promises\":")?;
    let promises: Vec<Promised> = thread.promises.iter().map(promised).collect();
    serde_json::to_writer(&mut *archive, &promises).map_err(std::io::Error::from)?;
    archive.write_all(b",\"messages\":[")?;
    let mut first = true;
    for (part, range) in thread.parts() {
        let bodies = bodies(copy, ticket.id, &range)?;
        for message in part {
            let (by, author) = thread.author(copy, message);
            let said = Said {
                at: message.created_at.rfc3339(),
                by,
                author: &author,
                channel: message.channel.as_str(),
                text: bodies.get(&message.id).map_or("", String::as_str),
                files: thread.files_of(message.id).map(attached).collect(),
            };
            archive.write_all(if first { b"\n" } else { b",\n" })?;
            serde_json::to_writer(&mut *archive, &said).map_err(std::io::Error::from)?;
            first = false;
        }
    }
    Ok(archive.write_all(b"\n]}\n")?)
}

fn promised(promise: &Promise) -> Promised {
    Promised {
        goal: promise.goal,
        due_at: promise.due_at.rfc3339(),
        made_at: promise.made_at.rfc3339(),
        state: promise.state,
        reason: promise.reason,
        settled_at: promise.settled_at.map(|at| at.rfc3339()),
    }
}

fn attached((file, path): &(Attachment, Option<String>)) -> Attached<'_> {
    Attached {
        name: &file.name,
        media_type: &file.media_type,
        size: file.size,
        sha256: &file.sha256,
        path: path.as_deref(),
    }
}

fn bodies(
    copy: &Job<'_>,
    ticket: TicketId,
    range: &RangeInclusive<i64>,
) -> Result<HashMap<MessageId, String>, ExportError> {
    let rows: Vec<(MessageId, String)> = copy.read(|conn| {
        messages::table
            .filter(messages::ticket_id.eq(ticket))
            .filter(messages::visibility.eq(Visibility::Public))
            .filter(messages::seq.between(range.start(), range.end()))
            .select((messages::id, messages::body))
            .load(conn)
    })?;
    Ok(rows.into_iter().collect())
}

fn write_pages(copy: &Job<'_>, archive: &mut Archive, thread: &Thread) -> Result<(), ExportError> {
    let ticket = &thread.ticket;
    let name = |number: usize| match number {
        1 => format!("{}.html", ticket.reference),
        number => format!("{}-{number}.html", ticket.reference),
    };
    let pages = thread.envelopes.len().div_ceil(MESSAGES);
    for ((part, range), number) in thread.parts().zip(1..) {
        let mut texts = copy.read(|conn| list_texts(conn, ticket.id, Readers::Customer, &range))?;
        let messages = part.iter().map(|message| Message {
            author: thread.author(copy, message).1,
            moment: copy.calendar.moment(message.created_at),
            html: texts.remove(&message.id).unwrap_or_default(),
            files: thread
                .files_of(message.id)
                .map(|(file, path)| FileLink {
                    name: file.name.clone(),
                    href: path.as_ref().map(|path| format!("../{}", encoded(path))),
                })
                .collect(),
        });
        let page = Request {
            frame: copy.frame(format!("{} · {}", ticket.reference, ticket.subject), "../"),
            facts: facts(copy, thread),
            messages: messages.collect(),
            previous: (number > 1).then(|| name(number - 1)),
            next: (number < pages).then(|| name(number + 1)),
        };
        archive.add(&format!("requests/{}", name(number)), &copy.page(&page)?)?;
    }
    Ok(())
}

fn facts(copy: &Job<'_>, thread: &Thread) -> Vec<Fact> {
    let ticket = &thread.ticket;
    let stage = copy.say(&format!("ticket-stage-{}", ticket.stage()));
    let usual = [
        ("export-kind", thread.kind.name(copy.lang).to_owned()),
        ("export-stage", stage),
        ("export-moment", copy.calendar.moment(ticket.created_at)),
    ];
    let usual = usual.into_iter().map(|(key, value)| Fact {
        label: copy.say(key),
        value,
    });
    let promises = thread.promises.iter().map(|promise| Fact {
        label: copy.say(&format!("due-goal-{}", promise.goal)),
        value: format!(
            "{} · {}",
            copy.calendar.moment(promise.due_at),
            copy.say(&format!("ledger-state-{}", promise.state))
        ),
    });
    usual.chain(promises).collect()
}

/// A path as it stands in a link.
fn encoded(path: &str) -> String {
    const KEPT: percent_encoding::AsciiSet = percent_encoding::NON_ALPHANUMERIC
        .remove(b'/')
        .remove(b'.')
        .remove(b'-')
        .remove(b'_');
    percent_encoding::utf8_percent_encode(path, &KEPT).to_string()
}
