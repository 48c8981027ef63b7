//! The form of a request type, in and out.

use super::commands::RequestTypeInput;
use super::model::RequestType;
use crate::platform::i18n::Message;
use crate::platform::web::form::FormErrors;
use crate::platform::web::{Check, Fields, FormState};
use crate::teams::TeamId;

/// Characters of a name, at most.
const MAX_NAME: usize = 80;
/// Characters of a hint, at most.
const MAX_HINT: usize = 200;
/// Characters of a key, at most.
const MAX_KEY: usize = 40;

/// Icons of the sprite that a kind of request may have.
pub(super) const ICONS: [&str; 18] = [
    "ticket",
    "triangle-alert",
    "message-circle",
    "circle-help",
    "zap",
    "wifi",
    "router",
    "phone",
    "mail",
    "key-round",
    "receipt",
    "credit-card",
    "package",
    "wrench",
    "users",
    "building-2",
    "calendar",
    "flag",
];

/// The stored texts of the tickets' priorities, most urgent first.
pub(super) const PRIORITIES: [&str; 4] = ["urgent", "high", "normal", "low"];

/// Reads the form. The key of a kind that exists is given: it never changes.
///
/// # Errors
/// Everything that is wrong.
pub(super) fn read(fields: &Fields, key: Option<&str>) -> Result<RequestTypeInput, FormErrors> {
    let mut check = Check::new(fields);
    let name_fr = check.line("name_fr", MAX_NAME);
    let name_en = check.line("name_en", MAX_NAME);
    let hint_fr = check.optional_line("hint_fr", MAX_HINT);
    let hint_en = check.optional_line("hint_en", MAX_HINT);
    let icon = one_of(&mut check, "icon", &ICONS);
    let default_team_id: Option<TeamId> = check.optional_choice("team");
    let default_priority = one_of(&mut check, "priority", &PRIORITIES);
    let key = match key {
        Some(key) => key.to_owned(),
        None => new_key(&mut check),
    };
    let position = check.optional_choice("position").unwrap_or(1).clamp(1, 999);
    check.finish(RequestTypeInput {
        key,
        name_fr,
        name_en,
        hint_fr,
        hint_en,
        icon,
        position,
        default_team_id,
        default_priority,
    })
}

fn one_of(check: &mut Check<'_>, name: &str, known: &[&str]) -> String {
    let value = check.raw(name);
    if !known.contains(&value) {
        check.error(name, Message::new("form-choice"));
    }
    value.to_owned()
}

fn new_key(check: &mut Check<'_>) -> String {
    let key = check.line("slug", MAX_KEY);
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !key.is_empty() && !key.chars().all(plain) {
        check.error("slug", Message::new("forms-key-invalid"));
    }
    key
}

/// The form of a kind as it stands.
pub(super) fn form(kind: &RequestType) -> FormState {
    let team = kind.default_team_id.map(|id| id.to_string());
    FormState::empty()
        .with("version", kind.version.to_string())
        .with("slug", &kind.key)
        .with("name_fr", &kind.name_fr)
        .with("name_en", &kind.name_en)
        .with("hint_fr", &kind.hint_fr)
        .with("hint_en", &kind.hint_en)
        .with("icon", &kind.icon)
        .with("team", team.unwrap_or_default())
        .with("priority", &kind.default_priority)
        .with("position", kind.position.to_string())
}
