//! `guichet ticket`: a request as it is stored, and proof that it is its history.

use clap::Subcommand;
use diesel::QueryResult;
use serde::Serialize;

use super::{CommandError, CommandResult, open_site, say};
use crate::platform::db::{Conn, StorageError};
use crate::sla::ticket::Books;
use crate::sla::ticket::refresh::replay_due;
use crate::tickets::desk::Directory;
use crate::tickets::due::get_due;
use crate::tickets::events::TicketState;
use crate::tickets::queries::{
    Attachment, Message, Readers, find_for_desk, list_after, list_attachments, list_messages,
    newest_id,
};
use crate::tickets::{AuthorKind, Channel, Ticket, TicketId, Visibility, replay, tags_of};

/// Requests compared at a time.
const BATCH: i64 = 200;

/// Requests.
#[derive(Subcommand)]
pub(super) enum TicketCommand {
    /// Print a request with everything that was written on it.
    Show {
        /// Its reference, such as GU-1042.
        reference: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Replay the history of one request, or of all, and compare it with what is stored.
    Replay {
        /// The reference of the only one to replay.
        reference: Option<String>,
    },
}

pub(super) fn run(command: TicketCommand) -> CommandResult {
    match command {
        TicketCommand::Show { reference, json } => show(&reference, json),
        TicketCommand::Replay { reference } => replay_all(reference.as_deref()),
    }
}

/// A request as programs read it.
#[derive(Serialize)]
struct Shown {
    reference: String,
    subject: String,
    requester: Option<Address>,
    status: String,
    priority: String,
    assignee: Option<Address>,
    team: Option<String>,
    tags: Vec<String>,
    messages: Vec<Said>,
}

#[derive(Serialize)]
struct Address {
    name: String,
    email: String,
}

/// A message: `in` is from the customer, `out` to them, `note` stays inside.
#[derive(Serialize)]
struct Said {
    author: Option<Address>,
    direction: &'static str,
    at: String,
    /// Without what was only quoted.
    text: String,
    full_text: String,
    attachments: Vec<Attached>,
}

#[derive(Serialize)]
struct Attached {
    name: String,
    size: i64,
}

fn show(reference: &str, json: bool) -> CommandResult {
    let site = open_site()?;
    let shown = site.db.read_blocking(|conn| {
        let ticket = find_for_desk(conn, reference)?;
        let shown = ticket.map(|ticket| read(conn, &ticket)).transpose()?;
        Ok::<_, StorageError>(shown)
    })?;
    let Some(shown) = shown else {
        return Err(CommandError::NotFound(format!(
            "there is no request {reference}"
        )));
    };
    if json {
        say!("{}", serde_json::to_string_pretty(&shown)?);
    } else {
        print(&shown);
    }
    Ok(())
}

fn read(conn: &mut Conn, ticket: &Ticket) -> QueryResult<Shown> {
    let messages = list_messages(conn, ticket.id, Readers::Agents)?;
    let files = list_attachments(conn, ticket.id, Readers::Agents)?;
    let authors: Vec<_> = messages.iter().filter_map(|m| m.author_id).collect();
    let directory = Directory::of(conn, std::slice::from_ref(ticket), &authors)?;
    let address = |id| {
        directory.account(id).map(|person| Address {
            name: person.name.clone(),
            email: person.email.clone(),
        })
    };
    Ok(Shown {
        reference: ticket.reference.clone(),
        subject: ticket.subject.clone(),
        requester: address(ticket.requester_id),
        status: ticket.status.to_string(),
        priority: ticket.priority.to_string(),
        assignee: ticket.assignee_id.and_then(address),
        team: directory.team(ticket.team_id).map(|team| team.name),
        tags: directory.tags(ticket.id).to_vec(),
        messages: messages
            .into_iter()
            .map(|message| said(message.author_id.and_then(address), message, &files))
            .collect(),
    })
}

fn said(author: Option<Address>, message: Message, files: &[Attachment]) -> Said {
    Said {
        author,
        direction: match (message.visibility, message.author_kind) {
            (Visibility::Note, _) => "note",
            (Visibility::Public, AuthorKind::Customer) => "in",
            (Visibility::Public, AuthorKind::Agent) => "out",
        },
        at: message.created_at.rfc3339(),
        text: match message.channel {
            Channel::Mail => unquoted(&message.body),
            _ => message.body.clone(),
        },
        attachments: files
            .iter()
            .filter(|file| file.message_id == message.id)
            .map(|file| Attached {
                name: file.name.clone(),
                size: file.size,
            })
            .collect(),
        full_text: message.body,
    }
}

/// A mail's text without the lines that quote an earlier one.
fn unquoted(text: &str) -> String {
    let own: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('>'))
        .collect();
    own.join("\n").trim_end().to_owned()
}

fn print(shown: &Shown) {
    let name = |address: &Option<Address>| {
        address.as_ref().map_or_else(
            || "-".to_owned(),
            |address| format!("{} <{}>", address.name, address.email),
        )
    };
    say!("{}  {}", shown.reference, shown.subject);
    say!("requester  {}", name(&shown.requester));
    say!("status     {}", shown.status);
    say!("priority   {}", shown.priority);
    say!("assignee   {}", name(&shown.assignee));
    say!("team       {}", shown.team.as_deref().unwrap_or("-"));
    say!("tags       {}", shown.tags.join(", "));
    for said in &shown.messages {
        say!("\n[{}] {} {}", said.direction, said.at, name(&said.author));
        say!("{}", said.full_text);
        for file in &said.attachments {
            say!("  file {} ({} bytes)", file.name, file.size);
        }
    }
}

fn replay_all(reference: Option<&str>) -> CommandResult {
    let site = open_site()?;
    let (count, differences) = site.db.read_blocking(|conn| match reference {
        Some(reference) => match find_for_desk(conn, reference)? {
            Some(ticket) => Ok((1, compare(conn, &[ticket])?)),
            None => Ok((0, Vec::new())),
        },
        None => compare_all(conn).map_err(StorageError::from),
    })?;
    match (reference, count) {
        (Some(reference), 0) => Err(CommandError::NotFound(format!(
            "there is no request {reference}"
        ))),
        _ if differences.is_empty() => {
            say!("{count} replayed, all as stored");
            Ok(())
        }
        _ => Err(CommandError::Failed(differences.join("\n"))),
    }
}

fn compare_all(conn: &mut Conn) -> QueryResult<(usize, Vec<String>)> {
    let (mut count, mut differences) = (0, Vec::new());
    let mut after = TicketId(0);
    loop {
        let tickets = list_after(conn, after, BATCH)?;
        let Some(last) = tickets.last() else {
            return Ok((count, differences));
        };
        after = last.id;
        count += tickets.len();
        differences.extend(compare(conn, &tickets)?);
    }
}

/// As [`compare_all`], for at most so many, spread evenly over all keys.
pub(super) fn compare_sample(conn: &mut Conn, most: usize) -> QueryResult<(usize, Vec<String>)> {
    let newest = newest_id(conn)?.map_or(0, |id| id.0);
    let step = (newest / i64::try_from(most).unwrap_or(i64::MAX).max(1)).max(1);
    let (mut count, mut differences) = (0, Vec::new());
    let mut after = TicketId(0);
    while let Some(ticket) = list_after(conn, after, 1)?.pop() {
        after = TicketId(ticket.id.0.saturating_add(step - 1));
        count += 1;
        differences.extend(compare(conn, &[ticket])?);
    }
    Ok((count, differences))
}

/// What differs between what lists say is due and what the history, the policy and the calendar make
/// of it.
fn compare_due(conn: &mut Conn, ticket: &Ticket, books: &mut Books) -> QueryResult<Option<String>> {
    let stored = get_due(conn, ticket.id)?;
    let replayed = replay_due(conn, ticket.id, books, ticket.updated_at)?;
    Ok((stored != replayed).then(|| {
        format!(
            "{}\n  due      {stored:?}\n  replayed {replayed:?}",
            ticket.reference
        )
    }))
}

/// What differs between tickets as they are stored and as their histories make them.
fn compare(conn: &mut Conn, tickets: &[Ticket]) -> QueryResult<Vec<String>> {
    let mut differences = Vec::new();
    let mut books = Books::load(conn)?;
    for ticket in tickets {
        differences.extend(compare_due(conn, ticket, &mut books)?);
        let stored = TicketState {
            tags: tags_of(conn, ticket.id)?,
            ticket: ticket.clone(),
        };
        match replay(conn, ticket.id) {
            Ok(Some(replayed)) if replayed == stored => {}
            Ok(replayed) => differences.push(format!(
                "{}\n  stored   {stored:?}\n  replayed {replayed:?}",
                ticket.reference
            )),
            Err(error) => differences.push(format!("{}: {error}", ticket.reference)),
        }
    }
    Ok(differences)
}
