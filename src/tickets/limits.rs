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

    /// What the form says, above its fields.
    pub fn errors(self) -> FormErrors {
        let minutes = i64::try_from(self.seconds.div_ceil(60)).unwrap_or(i64::MAX);
        FormErrors::one("", Message::new("new-too-many").number("minutes", minutes))
    }

    /// Tells programs, too.
    pub fn announce(self, page: Reply) -> Reply {
        page.with_header("Retry-After", self.seconds.to_string())
    }
}

/// Counts one message of somebody, by the form that it was written in, and its files.
///
/// # Errors
/// When they wrote too much already.
pub(super) fn check(site: &Site, who: &Person, form: &str, files: usize) -> Result<(), Wait> {
    let action = if who.role.is_agent() {
        Action::DeskMessage
    } else {
        Action::Message
    };
    let limiter = &site.limiter;
    limiter
        .check_once(action, &who.id, form)
        .and_then(|()| limiter.check_all(Action::File, &who.id, files))
        .map_err(Wait::for_seconds)
}
