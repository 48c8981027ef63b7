//! What of the history belongs to the audit: who came in, who was kept out, who was given rights,
//! what was taken along, what was set.
//!
//! The audit is no list of its own. An event that belongs to it carries its area, so that an
//! index finds the few of them among the events of all tickets.

use super::History;
use crate::platform::random;

crate::text_enum! {
    /// A part of the audit.
    Area {
        /// Coming in and leaving, and what one comes in with.
        SignIn = "sign_in",
        /// What was refused.
        Denial = "denial",
        /// Who may do what.
        Rights = "rights",
        /// What was taken out of the portal, or brought back.
        Export = "export",
        /// How the portal is set.
        Settings = "settings",
    }
}

/// A kind of event that belongs to the audit.
#[derive(Clone, Copy, Debug)]
pub struct Audited {
    /// The stream.
    pub stream: &'static str,
    /// The kind in that stream.
    pub kind: &'static str,
    /// The part that it belongs to.
    pub area: Area,
}

impl Audited {
    /// A kind of a stream.
    #[must_use]
    pub const fn new(stream: &'static str, kind: &'static str, area: Area) -> Self {
        Self { stream, kind, area }
    }
}

impl History {
    /// The part of the audit that an event belongs to, if it does.
    #[must_use]
    pub fn area(&self, stream: &str, kind: &str) -> Option<Area> {
        self.audited
            .iter()
            .find(|audited| audited.stream == stream && audited.kind == kind)
            .map(|audited| audited.area)
    }
}

/// A key for a stream that nothing else has, as for something that happens once and has no row: a
/// denial, an export. 53 bits, which every reader of JSON keeps.
#[must_use]
pub fn draw_id() -> i64 {
    i64::from_be_bytes(random::bytes()) & ((1 << 53) - 1)
}
