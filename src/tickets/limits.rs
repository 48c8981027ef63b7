//! How much one person may write.

use crate::accounts::Person;
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

/// Counts files that somebody sends, before they are kept.
///
/// # Errors
/// When they sent too many already.
pub(super) fn count_files(site: &Site, who: &Person, files: usize) -> Result<(), Wait> {
    let counted = site.limiter.check_all(Action::File, &who.id, files);
    counted.map_err(Wait::for_seconds)
}
