//! The time zones that a profile offers.

use crate::platform::i18n::{Lang, Message};
use crate::platform::web::widgets::SelectOption;

/// France and its territories first, then the rest of the world by name. Anything else that
/// the IANA database knows can be set by an import and stays.
const OFFERED: [&str; 44] = [
    "Europe/Paris",
    "America/Cayenne",
    "America/Guadeloupe",
    "America/Martinique",
    "America/Miquelon",
    "Indian/Mayotte",
    "Indian/Reunion",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "Pacific/Wallis",
    "Africa/Abidjan",
    "Africa/Algiers",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Dakar",
    "Africa/Johannesburg",
    "Africa/Kinshasa",
    "Africa/Tunis",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Toronto",
    "America/Vancouver",
    "Asia/Beirut",
    "Asia/Dubai",
    "Asia/Ho_Chi_Minh",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Europe/Athens",
    "Europe/Berlin",
    "Europe/Brussels",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Luxembourg",
    "Europe/Madrid",
    "Europe/Rome",
    "Europe/Zurich",
    "Pacific/Auckland",
    "UTC",
];

/// Whether a zone can be chosen. The empty text means the portal's own.
pub(super) fn is_offered(zone: &str) -> bool {
    zone.is_empty() || OFFERED.contains(&zone)
}

/// The zones that have names, with the one that is set if it is none of them.
#[must_use]
pub fn named_options(set: &str) -> Vec<SelectOption> {
    let other = Some(set).filter(|zone| !is_offered(zone));
    let zones = other.into_iter().chain(OFFERED);
    zones
        .map(|zone| SelectOption::new(zone, zone.replace('_', " ")))
        .collect()
}

/// The choices, the portal's own zone first.
pub(super) fn options(set: &str, lang: Lang) -> Vec<SelectOption> {
    let portal = SelectOption::new("", Message::new("profile-time-zone-portal").render(lang));
    std::iter::once(portal).chain(named_options(set)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_is_in_the_iana_database() {
        for zone in OFFERED {
            assert!(zone.parse::<chrono_tz::Tz>().is_ok(), "{zone}");
        }
    }

    #[test]
    fn a_zone_that_is_set_stays_a_choice() {
        let values = |set| {
            options(set, Lang::Fr)
                .into_iter()
                .map(|o| o.value)
                .collect::<Vec<_>>()
        };
        assert!(values("Asia/Kathmandu").contains(&"Asia/Kathmandu".to_owned()));
        assert_eq!(values("UTC").len(), OFFERED.len() + 1);
    }
}
