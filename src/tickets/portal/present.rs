//! Tickets as customers read them.

use std::collections::HashMap;

use crate::accounts::{Person, PersonId, Visitor};
use crate::platform::blobs;
use crate::platform::db::Timestamp;
use crate::platform::i18n::{Message as Text, file_size};
use crate::platform::text::{SafeHtml, initials};
use crate::platform::web::shell::hue;
use crate::tickets::events::TicketEvent;
use crate::tickets::model::{AuthorKind, Reason, Stage, Status, Ticket};
use crate::tickets::pages::{Event, FileLimits, FileLink, Message, RequestStub, Step, ThreadEntry};
use crate::tickets::queries::{Attachment, Message as StoredMessage};

/// A stage in the customer's words.
pub(super) fn stage_label(visitor: &Visitor, stage: Stage) -> String {
    Text::new(&format!("ticket-stage-{stage}")).render(visitor.lang)
}

/// A request as a counter ticket.
#[must_use]
pub fn request_stub(visitor: &Visitor, ticket: &Ticket) -> RequestStub {
    let calendar = visitor.calendar();
    let (end, at, tone) = match ticket.stage() {
        Stage::Logged => ("received", ticket.created_at, "neutral"),
        Stage::Progress => match ticket.last_author {
            AuthorKind::Agent => ("answered", ticket.updated_at, "accent"),
            AuthorKind::Customer => ("updated", ticket.updated_at, "neutral"),
        },
        Stage::Waiting => ("waiting", ticket.updated_at, "wait"),
        Stage::Resolved => {
            let days = chrono::Duration::days(visitor.company.confirm_after_days);
            let until = ticket.resolved_at.unwrap_or(ticket.updated_at) + days;
            ("resolved", until, "ok")
        }
        Stage::Confirmed => (
            "confirmed",
            ticket.closed_at.unwrap_or(ticket.updated_at),
            "neutral",
        ),
    };
    let end_value = match ticket.stage() {
        Stage::Waiting => Text::new("ticket-end-your-reply").render(visitor.lang),
        Stage::Resolved => Text::new("ticket-end-before")
            .text("day", calendar.deadline(at))
            .render(visitor.lang),
        Stage::Logged | Stage::Progress | Stage::Confirmed => calendar.brief(at),
    };
    RequestStub {
        title: ticket.subject.clone(),
        href: format!("/requests/{}", ticket.reference),
        stage: ticket.stage().to_string(),
        stage_label: stage_label(visitor, ticket.stage()),
        reference: ticket.reference.clone(),
        end_label: Text::new(&format!("ticket-end-{end}")).render(visitor.lang),
        end_value,
        tone: tone.to_owned(),
    }
}

/// The five steps and the sentence that sums them up.
pub(super) fn steps(
    visitor: &Visitor,
    ticket: &Ticket,
    first_moved: Option<Timestamp>,
) -> (Vec<Step>, String) {
    let calendar = visitor.calendar();
    let now = position(ticket.stage());
    let steps = Stage::ALL
        .iter()
        .map(|&stage| {
            let at = match stage {
                Stage::Logged => Some(ticket.created_at),
                Stage::Progress => first_moved,
                Stage::Waiting => ticket.pending_at,
                Stage::Resolved => ticket.resolved_at,
                Stage::Confirmed => ticket.closed_at,
            };
            let place = position(stage);
            let state = if place == now {
                "now"
            } else if place > now {
                "todo"
            } else if stage == Stage::Waiting && at.is_none() {
                "skipped"
            } else {
                "done"
            };
            let note = match (state, at) {
                ("skipped", _) => Text::new("ticket-step-skipped").render(visitor.lang),
                ("todo", _) | (_, None) => String::new(),
                (_, Some(at)) => calendar.brief(at),
            };
            Step {
                state: state.to_owned(),
                stage: stage.to_string(),
                label: stage_label(visitor, stage),
                note,
            }
        })
        .collect();
    let caption = Text::new("ticket-step-caption")
        .number("step", i64::try_from(now + 1).unwrap_or(1))
        .number("of", i64::try_from(Stage::ALL.len()).unwrap_or(5))
        .text("stage", stage_label(visitor, ticket.stage()))
        .render(visitor.lang);
    (steps, caption)
}

fn position(stage: Stage) -> usize {
    Stage::ALL.iter().position(|s| *s == stage).unwrap_or(0)
}

/// What the thread of a customer is made of.
pub(super) struct Thread<'a> {
    /// Public messages, oldest first.
    pub messages: &'a [StoredMessage],
    /// Their files.
    pub files: &'a [Attachment],
    /// The history, oldest first.
    pub events: &'a [(Timestamp, TicketEvent)],
    /// Authors by key.
    pub people: &'a HashMap<PersonId, Person>,
    /// Where files are fetched: the ticket's own address.
    pub base: &'a str,
    /// Key of the reader, when they are signed in.
    pub reader: Option<PersonId>,
}

impl Thread<'_> {
    /// Messages and what concerns the customer of the history, in order.
    pub(super) fn entries(&self, visitor: &Visitor) -> Vec<ThreadEntry> {
        let solution = self.solution();
        let mut entries: Vec<(Timestamp, i64, ThreadEntry)> = self
            .messages
            .iter()
            .map(|message| {
                let solved = solution == Some(message.seq);
                let entry = ThreadEntry::Message(self.message(visitor, message, solved));
                (message.created_at, message.seq, entry)
            })
            .collect();
        entries.extend(
            self.events
                .iter()
                .zip(1..)
                .filter_map(|((at, event), seq)| {
                    let entry = ThreadEntry::Event(event_line(visitor, *at, event)?);
                    Some((*at, seq, entry))
                }),
        );
        entries.sort_by_key(|(at, seq, _)| (*at, *seq));
        entries.into_iter().map(|(.., entry)| entry).collect()
    }

    /// The public message that came with the last "resolved".
    fn solution(&self) -> Option<i64> {
        let (at, seq) = self
            .events
            .iter()
            .zip(1_i64..)
            .filter(|((_, event), _)| {
                matches!(
                    event,
                    TicketEvent::StatusChanged {
                        new: Status::Resolved,
                        ..
                    }
                )
            })
            .map(|((at, _), seq)| (*at, seq))
            .last()?;
        self.messages
            .iter()
            .rev()
            .find(|m| m.seq < seq && m.created_at == at && m.author_kind == AuthorKind::Agent)
            .map(|m| m.seq)
    }

    fn message(&self, visitor: &Visitor, message: &StoredMessage, solution: bool) -> Message {
        let author = message.author_id.and_then(|id| self.people.get(&id));
        let ours = message.author_kind == AuthorKind::Agent;
        let mine = !ours && (message.author_id == self.reader || self.reader.is_none());
        let name = author.map_or_else(
            || Text::new("ticket-author-erased").render(visitor.lang),
            |person| person.name.clone(),
        );
        let shown = if mine {
            Text::new("ticket-author-you").render(visitor.lang)
        } else {
            name.clone()
        };
        Message {
            id: format!("message-{}", message.seq),
            author: shown,
            meta: ours.then(|| visitor.company.name.clone()),
            initials: initials(&name),
            hue: hue(&name),
            time: visitor.calendar().moment(message.created_at),
            datetime: message.created_at.rfc3339(),
            mine,
            solution,
            html: stored_html(message),
            files: self
                .files
                .iter()
                .filter(|file| file.message_id == message.id)
                .map(|file| file_link(visitor, self.base, file))
                .collect(),
        }
    }
}

/// The rendered text of a message; what was stored passes the sanitiser once more, and is shown
/// as it was typed should that refuse.
pub(crate) fn stored_html(message: &StoredMessage) -> SafeHtml {
    SafeHtml::sanitise_message(&message.html)
        .unwrap_or_else(|_| SafeHtml::plain_text(&message.body))
}

pub(super) fn file_link(visitor: &Visitor, base: &str, file: &Attachment) -> FileLink {
    let kind = if blobs::is_picture(&file.media_type) {
        "image".to_owned()
    } else {
        let extension = file.name.rsplit_once('.').map_or("", |(_, end)| end);
        extension.chars().take(4).collect()
    };
    FileLink {
        name: file.name.clone(),
        size: file_size(visitor.lang, file.size.unsigned_abs()),
        kind,
        href: format!("{base}/files/{}", file.public_id),
    }
}

/// What the customer is told of the history. Who moved what inside the desk is not theirs.
fn event_line(visitor: &Visitor, at: Timestamp, event: &TicketEvent) -> Option<Event> {
    let (icon, key) = match event {
        TicketEvent::StatusChanged { reason, new, .. } => match (reason, new.stage()) {
            (Reason::Confirmed, _) => ("circle-check", "ticket-event-confirmed"),
            (Reason::TimePassed, _) => ("circle-check", "ticket-event-time-passed"),
            (Reason::Reopened, _) => ("rotate-ccw", "ticket-event-reopened"),
            (_, Stage::Waiting) => ("hourglass", "ticket-event-waiting"),
            (_, Stage::Resolved) => ("circle-check", "ticket-event-resolved"),
            _ => return None,
        },
        _ => return None,
    };
    Some(Event {
        icon: icon.to_owned(),
        time: visitor.calendar().moment(at),
        datetime: at.rfc3339(),
        text: Text::new(key).render(visitor.lang),
    })
}

/// What may come with a message.
pub(super) fn file_limits(visitor: &Visitor) -> FileLimits {
    let company = &visitor.company;
    FileLimits {
        max_files: u32::try_from(company.max_files).unwrap_or(u32::MAX),
        max_file_bytes: company.max_file_bytes,
        max_file_label: file_size(visitor.lang, company.max_file_bytes),
    }
}
