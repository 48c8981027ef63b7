//! Forgetting a person, on request.
//!
//! Invariants:
//! * what tells who somebody was goes in one transaction: from the account, the requests, what was
//!   typed and not sent, the mails and the history alike, so that a history replayed still gives
//!   the row;
//! * numbers, times and who did what stay, under a pseudonym;
//! * who was erased is remembered by marks that name nobody ([`list`]), so that a backup from before
//!   forgets them again when it is restored, before anything is served;
//! * files follow at once (`clearing`): index, outbox, contents, and the pages of the database.

mod clearing;
mod identity;
pub mod list;
mod mails;
mod replay;
mod requests;

pub use clearing::clear;
pub(super) use clearing::{SCHEDULE, open};
pub use replay::{Replayed, replay};

use diesel::prelude::*;
use serde_json::json;

use self::identity::{Identity, pseudonym};
use crate::accounts::commands::erase_account;
use crate::accounts::{PersonId, get_person};
use crate::drafts;
use crate::organisations::{OrganisationError, set_membership};
use crate::platform::db::{StorageError, Tx};
use crate::platform::events::redact_mentions;
use crate::platform::i18n::Lang;
use crate::platform::secret::SecretKey;
use crate::schema::{deflections, erasures};
use crate::teams::{TeamError, members_of, set_members, teams_of};
use crate::tickets::commands::TicketError;

/// The settings of the company keep the addresses that are in use: they are changed there.
const KEPT_STREAM: &str = "company";

/// How a person is to be forgotten.
#[derive(Clone)]
pub struct Erasing {
    /// Signs the mark of the address.
    pub key: SecretKey,
    /// The portal's language, for the pseudonym.
    pub lang: Lang,
    /// Whether the texts of requests stay, without the person's name and address.
    pub keep_texts: bool,
}

/// How much was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Requests that something was taken out of.
    pub requests: usize,
    /// Texts of messages.
    pub texts: usize,
    /// Files.
    pub files: usize,
    /// Mails.
    pub mails: usize,
}

/// Forgets a person. Somebody who was erased before is left alone.
///
/// # Errors
/// When the database refuses. Whether it is the last manager is for the caller to ask
/// ([`crate::accounts::commands::may_be_erased`]).
pub fn erase(tx: &mut Tx<'_>, id: PersonId, how: &Erasing) -> Result<Erased, StorageError> {
    let person = get_person(tx.conn, id)?;
    if person.is_erased() {
        return Ok(Erased::default());
    }
    let identity = Identity::of(&person, how.lang);
    let mut erased = requests::erase(tx, id, &identity, how.keep_texts).map_err(storage)?;
    drafts::discard_all(tx, id, &person.email)?;
    diesel::update(deflections::table.filter(deflections::person_id.eq(id)))
        .set((
            deflections::subject.eq(""),
            deflections::person_id.eq(None::<PersonId>),
        ))
        .execute(tx.conn)?;
    leave(tx, id)?;
    erased.mails = mails::erase(tx, id, &identity, how.keep_texts)?;
    let data = json!({
        "keep_texts": how.keep_texts,
        "requests": erased.requests,
        "texts": erased.texts,
        "files": erased.files,
        "mails": erased.mails,
    });
    erase_account(tx, id, &pseudonym(id, how.lang), data)?;
    let unnamed = identity.unnamed();
    redact_mentions(tx, &identity.address, KEPT_STREAM, &|_, data, facts| {
        unnamed.scrub_value(data);
        unnamed.scrub_value(facts);
    })?;
    let (person_mark, address_mark) = (
        list::person_mark(id, person.created_at),
        list::address_mark(&how.key, &person.email),
    );
    diesel::insert_into(erasures::table)
        .values((
            erasures::person_mark.eq(person_mark),
            erasures::address_mark.eq(address_mark),
            erasures::erased_at.eq(tx.now),
            erasures::keep_texts.eq(how.keep_texts),
        ))
        .execute(tx.conn)?;
    Ok(erased)
}

/// Takes somebody out of their company and their teams.
fn leave(tx: &mut Tx<'_>, id: PersonId) -> Result<(), StorageError> {
    set_membership(tx, id, None).map_err(|error| match error {
        OrganisationError::Storage(error) => error,
        other @ OrganisationError::NameTaken => StorageError::Other(other.to_string()),
    })?;
    for team in teams_of(tx.conn, id)? {
        let mut members = members_of(tx.conn, team)?;
        members.retain(|member| *member != id);
        set_members(tx, team, &members).map_err(|error| match error {
            TeamError::Storage(error) => error,
            other @ TeamError::NameTaken => StorageError::Other(other.to_string()),
        })?;
    }
    Ok(())
}

pub(super) fn storage(error: TicketError) -> StorageError {
    match error {
        TicketError::Storage(error) => error,
        other => StorageError::Other(other.to_string()),
    }
}
