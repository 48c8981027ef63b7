//! What people have typed and not sent yet, with the files they chose for it.
//!
//! Invariants:
//! * there is one draft for each owner and place, and every query names its owner: somebody
//!   else's is absent. An owner is a person, or a browser in which nobody is signed in;
//! * a save that did not know the newest revision changes nothing and is told what it collided
//!   with ([`Saved::Conflict`]): no text replaces another unseen. What looks before it changes is
//!   one owner's one after the other ([`crate::platform::db::Tx::take_turn`]);
//! * sending takes the draft away in the transaction that keeps what was sent ([`take`]);
//! * the content of a file outlives its draft by a day, so that a backup that is being written
//!   still finds what its rows name.
//!
//! It deliberately does not know what the forms are about: [`Place`] is a word and a number, and
//! whoever owns the form decides who may reach it.

mod commands;
mod handover;
mod leftovers;
mod model;
mod queries;

pub use commands::{Save, Saved, attach, discard, discard_all, give_up, hold, save};
pub use handover::{Submission, adopt, take};
pub use leftovers::{KEPT, KEPT_OF_GUEST, sweep};
pub use model::{Draft, DraftFile, DraftId, Fields, Owner, Place};
pub use queries::{find, find_file};

use crate::platform::slice::Slice;

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice {
        schedules: &[leftovers::EXPIRE, leftovers::SWEEP],
        adopt: Some(adopt),
        hold_files: Some(hold),
        contents: Some(queries::list_contents),
        ..Slice::named("drafts")
    }
}
