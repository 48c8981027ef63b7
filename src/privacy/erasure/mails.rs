//! What was sent to somebody, or waits to be.

use diesel::prelude::*;
use serde_json::Value;

use super::identity::Identity;
use crate::accounts::{Person, PersonId};
use crate::platform::db::{Backend, Timestamp, Tx};
use crate::platform::mail::{MailId, MailStatus};
use crate::schema::mails;
use crate::tickets::queries::list_ids_of;

/// Ids in one statement, at most.
const CHUNK: usize = 500;

/// Takes a person out of the mails: those to them are blank and do not leave any more, those about
/// their requests as well, and the others lose their name. Answers how many were blanked.
pub(super) fn erase(
    tx: &mut Tx<'_>,
    id: PersonId,
    identity: &Identity,
    keep_texts: bool,
) -> QueryResult<usize> {
    let to_them: Vec<MailId> = mails::table
        .filter(mails::to_address.eq(&identity.address))
        .select(mails::id)
        .load(tx.conn)?;
    blank(tx, &to_them)?;
    for chunk in to_them.chunks(CHUNK) {
        diesel::update(mails::table.filter(mails::id.eq_any(chunk)))
            .set((
                mails::to_address.eq(Person::erased_address(id)),
                mails::to_name.eq(""),
            ))
            .execute(tx.conn)?;
    }
    let mut count = to_them.len();
    if !keep_texts {
        let threads: Vec<String> = list_ids_of(tx.conn, id)?
            .into_iter()
            .map(crate::tickets::TicketId::mail_thread)
            .collect();
        for chunk in threads.chunks(CHUNK) {
            let about: Vec<MailId> = mails::table
                .filter(mails::thread.eq_any(chunk))
                .filter(mails::to_address.ne(Person::erased_address(id)))
                .select(mails::id)
                .load(tx.conn)?;
            blank(tx, &about)?;
            count += about.len();
        }
    }
    rename(tx, identity)?;
    Ok(count)
}

/// Nothing is left of what these said; those that have not left will not.
fn blank(tx: &mut Tx<'_>, ids: &[MailId]) -> QueryResult<()> {
    for chunk in ids.chunks(CHUNK) {
        let these = || mails::table.filter(mails::id.eq_any(chunk));
        diesel::update(these())
            .set((
                mails::subject.eq(""),
                mails::data.eq("{}"),
                mails::last_error.eq(None::<String>),
            ))
            .execute(tx.conn)?;
        diesel::update(these().filter(mails::status.ne(MailStatus::Sent)))
            .set((
                mails::status.eq(MailStatus::Dropped),
                mails::leased_until.eq(None::<Timestamp>),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// Mails to others that name the person: somebody who answered them, or whom they wrote about.
fn rename(tx: &mut Tx<'_>, identity: &Identity) -> QueryResult<()> {
    let mut naming = mails::table
        .select((mails::id, mails::subject, mails::data))
        .into_boxed::<Backend>();
    let words = [&identity.address, &identity.name].map(|word| as_written(word));
    // One reading of all that there is, whichever word is found.
    for word in words.iter().filter(|word| !word.is_empty()) {
        let pattern = format!("%{word}%");
        naming = naming.or_filter(
            mails::data
                .like(pattern.clone())
                .escape('\\')
                .or(mails::subject.like(pattern).escape('\\')),
        );
    }
    let found: Vec<(MailId, String, String)> = naming.load(tx.conn)?;
    for (id, subject, data) in found {
        let mut value: Value = serde_json::from_str(&data)
            .map_err(|e| diesel::result::Error::DeserializationError(Box::new(e)))?;
        identity.scrub_value(&mut value);
        diesel::update(mails::table.find(id))
            .set((
                mails::subject.eq(identity.scrub(&subject).unwrap_or(subject)),
                mails::data.eq(value.to_string()),
                // One that waits in the outbox folder is written there anew.
                mails::exported_at.eq(None::<Timestamp>),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// A word as it stands in the JSON of a mail, and in a pattern.
fn as_written(word: &str) -> String {
    let written = Value::from(word).to_string();
    written
        .trim_matches('"')
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}
