//! What was said and done on a request, ready to print.

use super::directory::chip;
use super::narrate::Act;
use super::reader::Reader;
use super::ticket::Show;
use super::ticket_view::{Read, author_name};
use crate::platform::blobs::is_picture;
use crate::platform::i18n::{Message as Text, file_size};
use crate::platform::text::FileName;
use crate::platform::web::widgets::TextLink;
use crate::tickets::desk_pages::{
    Collision, DeskMessage, EventLine, File, MessageKind, Thread, ThreadItem,
};
use crate::tickets::events::TicketEvent;
use crate::tickets::model::{AuthorKind, Channel, Status, Visibility};
use crate::tickets::queries::{Attachment, Envelope, Texts};
use crate::tickets::window::Window;

/// What the page shows of a thread, before anything of it is made ready.
pub(super) struct Shown<'a> {
    entries: Vec<(i64, Entry<'a>)>,
    /// Which of the thread's entries they are.
    pub window: Window,
}

enum Entry<'a> {
    Message(&'a Envelope),
    Act(Act),
}

/// Messages and acts in the order in which they happened, those of the page that is asked for.
pub(super) fn shown<'a>(reader: &Reader, read: &'a Read) -> Shown<'a> {
    let wanted = |message: &&Envelope| match read.asked.show {
        Show::All => true,
        Show::Public => message.visibility == Visibility::Public,
        Show::Notes => message.visibility == Visibility::Note,
    };
    let mut entries: Vec<(i64, Entry<'a>)> = read
        .messages
        .iter()
        .filter(wanted)
        .map(|message| (message.seq, Entry::Message(message)))
        .collect();
    if read.asked.show == Show::All {
        let acts = read.teller(reader).acts(&read.history);
        let done = acts.into_iter().filter(|act| !act.is_written);
        entries.extend(done.map(|act| (act.seq, Entry::Act(act))));
    }
    entries.sort_by_key(|(seq, _)| *seq);
    let numbers: Vec<i64> = entries.iter().map(|(seq, _)| *seq).collect();
    let window = Window::of(&numbers, read.asked.before);
    entries.retain(|(seq, _)| window.shows(*seq));
    Shown { entries, window }
}

pub(super) fn thread(reader: &Reader, read: &Read, shown: Shown<'_>, texts: &Texts) -> Thread {
    let Shown { entries, window } = shown;
    let count = |visibility| {
        let written = read.messages.iter().filter(|m| m.visibility == visibility);
        i64::try_from(written.count()).unwrap_or(i64::MAX)
    };
    Thread {
        show: read.asked.show.to_string(),
        public_count: count(Visibility::Public),
        note_count: count(Visibility::Note),
        earlier: window.before().map(|before| TextLink {
            href: format!("{}&before={before}", address(read)),
            label: Text::new("desk-earlier")
                .number("count", i64::try_from(window.earlier).unwrap_or(i64::MAX))
                .render(reader.lang),
        }),
        latest: (!window.is_latest).then(|| TextLink {
            href: address(read),
            label: reader.say("desk-latest"),
        }),
        items: entries
            .into_iter()
            .map(|(_, entry)| match entry {
                Entry::Message(m) => ThreadItem::Message(message(reader, read, m, texts)),
                Entry::Act(act) => ThreadItem::Event(line(reader, act)),
            })
            .collect(),
    }
}

/// The page with what it shows of the thread.
fn address(read: &Read) -> String {
    let href = read.asked.href(&read.ticket.reference);
    let separator = if href.contains('?') { '&' } else { '?' };
    format!("{href}{separator}show={}", read.asked.show)
}

fn line(reader: &Reader, act: Act) -> EventLine {
    let nothing = || reader.say("desk-nothing");
    let changes = act.changes.into_iter().map(|change| {
        Text::new("told-change")
            .text("label", change.label)
            .text("old", change.old.unwrap_or_else(nothing))
            .text("new", change.new.unwrap_or_else(nothing))
            .render(reader.lang)
    });
    EventLine {
        icon: act.icon.to_owned(),
        text: act.text,
        lines: changes.collect(),
        at: reader.stamp(act.at),
    }
}

fn message(reader: &Reader, read: &Read, message: &Envelope, texts: &Texts) -> DeskMessage {
    let kind = kind(message);
    let guest = message.channel == Channel::WebGuest;
    // Somebody who gave the address of the requester.
    let author = message
        .author_id
        .or(guest.then_some(read.ticket.requester_id));
    let who = chip(&author_name(reader, &read.directory, author));
    let company = read.directory.organisation(read.ticket.organisation_id);
    DeskMessage {
        id: anchor(message),
        kind,
        author: who.name,
        initials: who.initials,
        hue: who.hue,
        affiliation: company
            .filter(|_| kind == MessageKind::Customer && !guest)
            .map(str::to_owned),
        route: route(reader, read, message),
        at: reader.stamp(message.created_at),
        html: texts.get(&message.id).cloned().unwrap_or_default(),
        files: read
            .attachments
            .iter()
            .filter(|file| file.message_id == message.id)
            .map(|file| self::file(reader, &read.ticket.reference, file))
            .collect(),
        solution: is_solution(read, message),
        new: is_new(reader, read, message),
    }
}

fn anchor(message: &Envelope) -> String {
    format!("message-{}", message.seq)
}

fn kind(message: &Envelope) -> MessageKind {
    match (message.visibility, message.author_kind) {
        (Visibility::Note, _) => MessageKind::Note,
        (Visibility::Public, AuthorKind::Customer) => MessageKind::Customer,
        (Visibility::Public, AuthorKind::Agent) => MessageKind::Agent,
    }
}

/// How it came, or to whom it went.
fn route(reader: &Reader, read: &Read, message: &Envelope) -> Option<String> {
    match (kind(message), message.channel) {
        (MessageKind::Note, _) | (MessageKind::Customer, Channel::Web) => None,
        (MessageKind::Agent, Channel::Web | Channel::WebGuest) => Some(
            Text::new("desk-sent-to")
                .text("name", read.requester_name(reader))
                .render(reader.lang),
        ),
        (MessageKind::Customer, Channel::WebGuest) => Some(reader.say("desk-by-guest")),
        (_, Channel::Mail) => Some(reader.say("desk-by-mail")),
        (_, Channel::Phone) => Some(reader.say("desk-by-phone")),
        (_, Channel::Visit) => Some(reader.say("desk-by-visit")),
        (_, Channel::Api) => Some(reader.say("desk-by-api")),
    }
}

/// An answer of ours that resolved the request in the same act.
fn is_solution(read: &Read, message: &Envelope) -> bool {
    kind(message) == MessageKind::Agent
        && read.history.windows(2).any(|pair| {
            let [(written, _), (moved, event)] = pair else {
                return false;
            };
            written.seq == message.seq
                && moved.at == written.at
                && moved.actor == written.actor
                && matches!(
                    event,
                    TicketEvent::StatusChanged {
                        new: Status::Resolved,
                        ..
                    }
                )
        })
}

fn file(reader: &Reader, reference: &str, file: &Attachment) -> File {
    let ending = FileName::new(&file.name)
        .extension()
        .map(str::to_lowercase)
        .filter(|ending| ending.chars().count() <= 5);
    File {
        name: file.name.clone(),
        size: file_size(reader.lang, u64::try_from(file.size).unwrap_or_default()),
        kind: if is_picture(&file.media_type) {
            "image".to_owned()
        } else {
            ending.unwrap_or_else(|| "…".to_owned())
        },
        href: format!("/desk/tickets/{reference}/files/{}", file.public_id),
    }
}

/// Whether a message came after the page that a refused reply was written on.
fn is_new(reader: &Reader, read: &Read, message: &Envelope) -> bool {
    let Some(version) = read.returned.written_on else {
        return false;
    };
    message.seq > version
        && message.visibility == Visibility::Public
        && message.author_id != Some(reader.me)
}

/// Who wrote meanwhile, when a reply was refused for it.
pub(super) fn collision(reader: &Reader, read: &Read) -> Option<Collision> {
    let new: Vec<&Envelope> = read
        .messages
        .iter()
        .filter(|message| is_new(reader, read, message))
        .collect();
    let name = author_name(reader, &read.directory, new.last()?.author_id);
    Some(Collision {
        who: name.split_whitespace().next().unwrap_or(&name).to_owned(),
        count: i64::try_from(new.len()).unwrap_or(i64::MAX),
        first_new: anchor(new.first()?),
    })
}
