//! A form whose session had ended becomes its sender's draft once they have signed in again.

use diesel::{OptionalExtension, QueryResult};

use super::{Spot, file_ids};
use crate::accounts::{PersonId, get_person};
use crate::drafts::{self, Save, Saved};
use crate::platform::db::Tx;
use crate::platform::web::idempotency::{self, submission_key};
use crate::platform::web::kept::{HELD, Kept};

/// Keeps the form as the draft of the person with this key. Answers the page on which they find
/// it. What another window of theirs wrote since is not replaced: there is no such page then.
///
/// # Errors
/// When the database refuses.
pub fn take_up(tx: &mut Tx<'_>, person: i64, kept: &Kept) -> QueryResult<Option<String>> {
    let fields = kept.to_fields();
    let Some(me) = get_person(tx.conn, PersonId(person)).optional()? else {
        return Ok(None);
    };
    let Some(spot) = Spot::of(tx.conn, &me, &fields)? else {
        return Ok(None);
    };
    let key = submission_key(&fields, me.actor(), spot.address());
    if idempotency::was_accepted(tx.conn, &key)? {
        return Ok(Some(spot.href()));
    }
    let save = Save {
        held: file_ids(&fields, HELD),
        ..spot.form.cut(&fields)
    };
    let owner = me.id.into();
    let mut saved = drafts::save(tx, &owner, spot.place(), &save)?;
    if saved == Saved::Gone {
        let anew = Save {
            revision: 0,
            ..save
        };
        saved = drafts::save(tx, &owner, spot.place(), &anew)?;
    }
    Ok(match saved {
        Saved::Kept(_) | Saved::Empty => Some(spot.href()),
        Saved::Conflict(_) | Saved::Gone => None,
    })
}
