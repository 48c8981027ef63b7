//! Taking texts and files out of a request for good.
//!
//! What was written is replaced in the row, in the history and in the index alike, so that replaying
//! the history still gives the row. The contents of files go with the next sweep.

use diesel::prelude::*;
use serde_json::json;

use super::{MessageText, TicketError};
use crate::drafts;
use crate::platform::db::Tx;
use crate::platform::events::redact_stream;
use crate::platform::i18n::{Lang, Message as Text};
use crate::schema::{attachments, messages};
use crate::tickets::events::{STREAM, TicketEvent};
use crate::tickets::model::{MessageId, TicketId};
use crate::tickets::store::{self, Why};

/// What is taken out of a request.
#[derive(Clone, Debug, Default)]
pub struct Redaction {
    /// Messages whose text goes.
    pub messages: Vec<MessageId>,
    /// Messages that keep a text, which is another one.
    pub rewritten: Vec<(MessageId, String)>,
    /// Messages whose files go.
    pub files: Vec<MessageId>,
    /// What the subject is replaced with.
    pub subject: Option<String>,
}

/// How much went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Redacted {
    /// Texts.
    pub texts: usize,
    /// Files.
    pub files: usize,
}

/// What stands where a text was taken out.
#[must_use]
pub fn removed_text(lang: Lang) -> String {
    Text::new("redacted-text").render(lang)
}

/// Takes texts and files out of a request. Nothing is recorded when there is nothing to take.
///
/// # Errors
/// See [`TicketError`].
pub fn redact(
    tx: &mut Tx<'_>,
    id: TicketId,
    redaction: &Redaction,
) -> Result<Redacted, TicketError> {
    let mut state = store::load(tx.conn, id)?;
    let subject = redaction.subject.clone();
    let subject = subject.filter(|new| *new != state.ticket.subject);
    let files = remove_files(tx, id, &redaction.files)?;
    let texts = redaction.messages.len();
    if texts + files + redaction.rewritten.len() == 0 && subject.is_none() {
        return Ok(Redacted::default());
    }
    let gone = MessageText::from(format!("*{}*", removed_text(state.ticket.language)));
    set_text(tx, &redaction.messages, &gone)?;
    for (message, text) in &redaction.rewritten {
        set_text(tx, &[*message], &MessageText::from(text.as_str()))?;
    }
    if let Some(subject) = &subject {
        redact_stream(tx, STREAM, id.0, &|kind, data, _| {
            if kind == "filed" || (kind == "redacted" && data.get("subject").is_some()) {
                data["subject"] = json!(subject);
            }
        })?;
        // Before the event: the row is what the history says by now.
        state.ticket.subject.clone_from(subject);
    }
    let event = TicketEvent::Redacted {
        messages: texts,
        files,
        subject,
    };
    store::happen(tx, &mut state, &event, Why::default())?;
    store::mark_for_search(tx, id)?;
    Ok(Redacted { texts, files })
}

fn set_text(tx: &mut Tx<'_>, ids: &[MessageId], text: &MessageText) -> QueryResult<()> {
    diesel::update(messages::table.filter(messages::id.eq_any(ids)))
        .set((
            messages::body.eq(&text.source),
            messages::html.eq(text.html.as_str()),
        ))
        .execute(tx.conn)
        .map(drop)
}

fn remove_files(tx: &mut Tx<'_>, id: TicketId, of: &[MessageId]) -> QueryResult<usize> {
    // With the request, so that nobody else's files are looked through.
    let these = || {
        attachments::table
            .filter(attachments::ticket_id.eq(id))
            .filter(attachments::message_id.eq_any(of))
    };
    let contents: Vec<(String, i64)> = these()
        .select((attachments::sha256, attachments::size))
        .load(tx.conn)?;
    diesel::delete(these()).execute(tx.conn)?;
    drafts::give_up(tx, &contents)?;
    Ok(contents.len())
}
