//! The `mails` table: what is to be sent, what was, and what could not be.

use diesel::prelude::*;
use serde_json::Value;

use crate::platform::db::{Timestamp, Tx};
use crate::platform::i18n::{Args, Lang, catalog};
use crate::platform::random;
use crate::platform::text::clean_line;
use crate::schema::mails;

crate::id_type! {
    /// Key of a mail.
    MailId
}

crate::text_enum! {
    /// How far a mail has come.
    MailStatus {
        /// It has not left: its turn comes, or no server is configured.
        Waiting = "waiting",
        /// A server took charge of it.
        Sent = "sent",
        /// It was waiting when the backup was made that this site was restored from: it may have
        /// left since, so somebody has to say that it shall leave.
        Held = "held",
        /// It was refused for good, or for too long.
        Failed = "failed",
        /// Its recipient was shut out while it waited: it did not leave and will not.
        Dropped = "dropped",
    }
}

/// A mail to one person, as a slice orders it.
#[derive(Clone, Debug)]
pub struct Letter {
    /// `slice/name`: the templates `templates/<slice>/mails/<name>.html` and `.txt`, and the
    /// text `mail-<slice>-<name>-subject`.
    pub kind: &'static str,
    /// Address of the one recipient.
    pub to_address: String,
    /// Their name.
    pub to_name: String,
    /// Language of the whole mail.
    pub lang: Lang,
    /// A JSON object. Its fields stand at the top level of the templates; those that are texts
    /// or whole numbers are arguments of the subject.
    pub data: Value,
    /// Mails to one recipient with the same name here belong to one conversation.
    pub thread: Option<String>,
    /// Whether `data` lets its holder in (a reset link): it is blanked once it is not needed,
    /// and shown to nobody. The subject must not repeat it.
    pub secret: bool,
}

/// A mail as it stands in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = mails)]
pub struct Mail {
    /// Key.
    pub id: MailId,
    /// The part of the Message-ID before the @; the host is that of the public address.
    pub message_id: String,
    /// As in [`Letter::kind`].
    pub kind: String,
    /// Address of the recipient.
    pub to_address: String,
    /// Name of the recipient.
    pub to_name: String,
    /// Language of the mail.
    pub language: Lang,
    /// JSON, as in [`Letter::data`]; `{}` once it was blanked. `by_person` says that somebody
    /// wrote the text themselves.
    pub data: String,
    /// Subject, one line.
    pub subject: String,
    /// As in [`Letter::thread`].
    pub thread: Option<String>,
    /// As `message_id`, of the first mail of the conversation.
    pub in_reply_to: Option<String>,
    /// As in [`Letter::secret`].
    pub secret: bool,
    /// How far it has come.
    pub status: MailStatus,
    /// How often a worker has taken it up.
    pub attempts: i32,
    /// Not before this instant.
    pub next_attempt_at: Timestamp,
    /// Until then a worker has it in hand.
    pub leased_until: Option<Timestamp>,
    /// When it was written to the outbox folder, for want of a server.
    pub exported_at: Option<Timestamp>,
    /// When an attempt failed for the first time, if none has worked since.
    pub failing_since: Option<Timestamp>,
    /// Why it did not leave, in the server's words.
    pub last_error: Option<String>,
    /// When it was ordered.
    pub created_at: Timestamp,
    /// When a server took charge of it.
    pub sent_at: Option<Timestamp>,
}

impl Mail {
    /// Whether somebody can have it sent.
    #[must_use]
    pub fn can_be_retried(&self) -> bool {
        matches!(self.status, MailStatus::Failed | MailStatus::Held) && !self.is_blanked()
    }

    /// Whether its content is gone: it can be neither shown nor sent again.
    #[must_use]
    pub fn is_blanked(&self) -> bool {
        self.data == BLANK
    }
}

/// What is left of the data of a secret mail.
pub(super) const BLANK: &str = "{}";

/// Takes back a mail ordered earlier in this very transaction, because a later one says the
/// same and more. What other transactions ordered stays.
///
/// # Errors
/// When the database refuses.
pub fn supersede(tx: &mut Tx<'_>, kind: &str, thread: &str) -> QueryResult<()> {
    diesel::delete(
        mails::table
            .filter(mails::kind.eq(kind))
            .filter(mails::thread.eq(thread))
            .filter(mails::status.eq(MailStatus::Waiting))
            .filter(mails::attempts.eq(0))
            .filter(mails::created_at.eq(tx.now)),
    )
    .execute(tx.conn)
    .map(drop)
}

/// Orders a mail in the caller's transaction. It leaves some moments after the commit.
///
/// # Errors
/// When the database refuses.
pub fn enqueue(tx: &mut Tx<'_>, letter: Letter) -> QueryResult<MailId> {
    let to_address = clean_line(&letter.to_address);
    let in_reply_to = match &letter.thread {
        Some(thread) => find_thread_start(tx, thread, &to_address)?,
        None => None,
    };
    diesel::insert_into(mails::table)
        .values((
            mails::message_id.eq(random::token()),
            mails::kind.eq(letter.kind),
            mails::to_address.eq(to_address),
            mails::to_name.eq(clean_line(&letter.to_name)),
            mails::language.eq(letter.lang),
            mails::data.eq(letter.data.to_string()),
            mails::subject.eq(subject(letter.kind, letter.lang, &letter.data)),
            mails::thread.eq(letter.thread),
            mails::in_reply_to.eq(in_reply_to),
            mails::secret.eq(letter.secret),
            mails::status.eq(MailStatus::Waiting),
            mails::attempts.eq(0),
            mails::next_attempt_at.eq(tx.now),
            mails::created_at.eq(tx.now),
        ))
        .returning(mails::id)
        .get_result(tx.conn)
}

fn find_thread_start(
    tx: &mut Tx<'_>,
    thread: &str,
    to_address: &str,
) -> QueryResult<Option<String>> {
    mails::table
        .filter(mails::thread.eq(thread))
        .filter(mails::to_address.eq(to_address))
        .order(mails::id.asc())
        .select(mails::message_id)
        .first(tx.conn)
        .optional()
}

/// The subject of a kind of mail, on one line.
fn subject(kind: &str, lang: Lang, data: &Value) -> String {
    let mut args = Args::new();
    for (name, value) in data.as_object().into_iter().flatten() {
        match value {
            Value::String(text) => args.set(name.as_str(), text.as_str()),
            Value::Number(number) if number.is_i64() => args.set(name.as_str(), number.as_i64()),
            _ => {}
        }
    }
    let key = format!("mail-{}-subject", kind.replace('/', "-"));
    clean_line(&catalog().text(lang, &key, Some(&args)))
}
