//! Who reads a page of the desk, and how things are said to them.

use crate::accounts::{Agent, PersonId};
use crate::platform::db::Timestamp;
use crate::platform::i18n::{Calendar, Lang, Message};
use crate::tickets::desk_pages::Moment;

/// What the making of a page needs to know about its reader.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader {
    pub me: PersonId,
    pub lang: Lang,
    pub calendar: Calendar,
    /// The instant of the request.
    pub now: Timestamp,
}

impl Reader {
    pub fn of(agent: &Agent) -> Self {
        Self {
            me: agent.me.id,
            lang: agent.lang,
            calendar: agent.calendar(),
            now: agent.now,
        }
    }

    /// A text without arguments.
    pub fn say(&self, key: &str) -> String {
        Message::new(key).render(self.lang)
    }

    /// Day and hour.
    pub fn moment(&self, at: Timestamp) -> Moment {
        Moment {
            text: self.calendar.moment(at),
            datetime: at.rfc3339(),
        }
    }

    /// The hour alone for today, else the day.
    pub fn stamp(&self, at: Timestamp) -> Moment {
        Moment {
            text: self.calendar.stamp(at),
            datetime: at.rfc3339(),
        }
    }
}
