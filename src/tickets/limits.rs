//! How much one person may write.

use crate::accounts::{Person, Visitor};
use crate::platform::i18n::Message;
use crate::platform::web::form::FormErrors;
use crate::platform::web::limits::Action;
use crate::platform::web::{Reply, Site};

/// Somebody wrote too much in a short time. Nothing of it is lost: it may be sent again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wait {
    seconds: u64,
}

impl Wait {
    /// Until a number of seconds has passed.
    pub fn for_seconds(seconds: u64) -> Self {
        Self { seconds }
    }

    /// What its sender is told.
    pub fn message(self) -> Message {
        let minutes = i64::try_from(self.seconds.div_ceil(60)).unwrap_or(i64::MAX);
        Message::new("new-too-many").number("minutes", minutes)
    }

    /// The same, above the fields of a form.
    pub fn errors(self) -> FormErrors {
        FormErrors::one("", self.message())
    }

    /// Tells programs, too.
    pub fn announce(self, page: Reply) -> Reply {
        page.with_header("Retry-After", self.seconds.to_string())
    }
}

/// Counts one message of somebody, by the form that it was written in.
///
/// # Errors
/// When they wrote too much already.
pub(super) fn count_message(site: &Site, who: &Person, form: &str) -> Result<(), Wait> {
    let action = if who.role.is_agent() {
        Action::DeskMessage
    } else {
        Action::Message
    };
    let counted = site.limiter.check_once(action, &who.id, form);
    counted.map_err(Wait::for_seconds)
}

/// Counts a draft that a guest begins, once for their browser: all guests share the room for them.
///
/// # Errors
/// When too many were begun where they come from.
pub(super) fn count_draft(visitor: &Visitor, revision: i64) -> Result<(), Wait> {
    if visitor.person.is_some() || revision != 0 {
        return Ok(());
    }
    let (limiter, browser) = (&visitor.site.limiter, visitor.browser_mark());
    let counted = limiter.check_once(Action::GuestDraft, &visitor.address, &browser);
    counted.map_err(Wait::for_seconds)
}

/// Counts files that somebody sends, before they are kept.
///
/// # Errors
/// When they sent too many already.
pub(super) fn count_files(visitor: &Visitor, files: usize) -> Result<(), Wait> {
    let limiter = &visitor.site.limiter;
    let counted = limiter.check_all(Action::File, &visitor.limit_key(), files);
    counted.map_err(Wait::for_seconds)
}
