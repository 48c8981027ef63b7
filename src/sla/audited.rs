//! What of this slice's history belongs to the audit: how calendars and policies are set. What
//! happens to the promises about a ticket is that ticket's own history.

use super::calendars::commands::STREAM as CALENDAR;
use super::policies::commands::STREAM as POLICY;
use crate::platform::events::{Area, Audited};

pub(super) const AUDITED: &[Audited] = &[
    Audited::new(CALENDAR, "created", Area::Settings),
    Audited::new(CALENDAR, "changed", Area::Settings),
    Audited::new(CALENDAR, "shown", Area::Settings),
    Audited::new(CALENDAR, "hidden", Area::Settings),
    Audited::new(CALENDAR, "archived", Area::Settings),
    Audited::new(CALENDAR, "restored", Area::Settings),
    Audited::new(POLICY, "created", Area::Settings),
    Audited::new(POLICY, "changed", Area::Settings),
    Audited::new(POLICY, "moved", Area::Settings),
    Audited::new(POLICY, "archived", Area::Settings),
    Audited::new(POLICY, "restored", Area::Settings),
];
