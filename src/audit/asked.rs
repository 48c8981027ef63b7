//! What a manager looks for, from the fields of a form or the parameters of an address.

use chrono::{Days, NaiveDate};
use diesel::QueryResult;

use super::queries::Filter;
use crate::accounts::{self, PersonId, find_person_by_email, people_by_id, strangers};
use crate::platform::db::Conn;
use crate::platform::events::Area;
use crate::platform::i18n::{Calendar, Message};
use crate::platform::secret::SecretKey;
use crate::platform::web::Check;
use crate::platform::web::form::{Fields, FormErrors, is_email};
use crate::platform::web::shell::as_parameter;

/// The fields, in the order in which they stand on the page.
pub(super) const NAMES: [&str; 6] = ["area", "result", "who", "about", "from", "until"];

/// Longest text of a field.
const MAX: usize = 200;

/// Whose events are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Somebody {
    /// By key, as links name them.
    Key(i64),
    /// By address, as people do.
    Address(String),
}

/// What is looked for, before anybody was found.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    plain: Filter,
    who: Option<Somebody>,
    about: Option<Somebody>,
}

impl Asked {
    /// Reads the fields.
    pub(super) fn read(fields: &Fields, calendar: &Calendar) -> Result<Self, FormErrors> {
        let mut check = Check::new(fields);
        let area = check.optional_choice::<Area>("area");
        let refused = match fields.get("result") {
            "" => None,
            "done" => Some(false),
            "refused" => Some(true),
            _ => {
                check.error("result", Message::new("form-choice"));
                None
            }
        };
        let (who, about) = (somebody(&mut check, "who"), somebody(&mut check, "about"));
        let (from, until) = (date(&mut check, "from"), date(&mut check, "until"));
        if from.zip(until).is_some_and(|(from, until)| until < from) {
            check.error("until", Message::new("audit-until-before"));
        }
        let next = until.and_then(|day| day.checked_add_days(Days::new(1)));
        let plain = Filter {
            area,
            refused,
            from: from.map(|day| calendar.begin_of(day)),
            until: next.map(|day| calendar.begin_of(day)),
            ..Filter::default()
        };
        check.finish(Self { plain, who, about })
    }

    /// Finds who is meant. An address that nobody has is looked for among those of whom it is known
    /// that they were tried.
    pub(super) fn resolve(
        self,
        conn: &mut Conn,
        key: &SecretKey,
    ) -> QueryResult<Result<Filter, FormErrors>> {
        let mut filter = self.plain;
        match self.who {
            Some(Somebody::Key(id)) => filter.actor = Some(id),
            Some(Somebody::Address(address)) => match find_person_by_email(conn, &address)? {
                Some(person) => filter.actor = Some(person.id.0),
                None => return Ok(Err(FormErrors::one("who", Message::new("audit-nobody")))),
            },
            None => {}
        }
        filter.about = match self.about {
            Some(Somebody::Key(id)) => Some((accounts::STREAM.to_owned(), id)),
            Some(Somebody::Address(address)) => Some(match find_person_by_email(conn, &address)? {
                Some(person) => (accounts::STREAM.to_owned(), person.id.0),
                None => {
                    let print = strangers::print(key, &address);
                    (strangers::STREAM.to_owned(), print)
                }
            }),
            None => None,
        };
        Ok(Ok(filter))
    }
}

fn somebody(check: &mut Check<'_>, name: &str) -> Option<Somebody> {
    let text = check.optional_line(name, MAX);
    if text.is_empty() {
        return None;
    }
    if let Ok(id) = text.parse() {
        return Some(Somebody::Key(id));
    }
    if !is_email(&text) {
        check.error(name, Message::new("form-email"));
        return None;
    }
    Some(Somebody::Address(text))
}

fn date(check: &mut Check<'_>, name: &str) -> Option<NaiveDate> {
    let text = check.optional_line(name, MAX);
    if text.is_empty() {
        return None;
    }
    // The years that both engines keep.
    let date = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
    let date = date.filter(|date| date.format("%Y").to_string().len() == 4);
    if date.is_none() {
        check.error(name, Message::new("audit-date"));
    }
    date
}

/// The parameters of an address, as fields of a form.
pub(super) fn fields_of<'a>(segments: impl Iterator<Item = (&'a str, &'a str)>) -> Fields {
    let mut fields = Fields::default();
    for (name, value) in segments.filter(|(name, _)| NAMES.contains(name)) {
        fields.push(name.to_owned(), value.to_owned());
    }
    fields
}

/// The address of the list with these fields.
pub(super) fn address(list: &str, fields: &Fields, cursor: Option<(&str, String)>) -> String {
    let given = NAMES
        .into_iter()
        .map(|name| (name, fields.get(name).to_owned()))
        .filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = given
        .chain(cursor)
        .map(|(name, value)| format!("{name}={}", as_parameter(&value)))
        .collect();
    match pairs.is_empty() {
        true => list.to_owned(),
        false => format!("{list}?{}", pairs.join("&")),
    }
}

/// The fields with the addresses of people whom they name by key: a link does, a reader does not.
pub(super) fn with_addresses(fields: Fields, conn: &mut Conn) -> QueryResult<Fields> {
    let key = |name: &str| fields.get(name).trim().parse::<i64>().ok().map(PersonId);
    let keys = [key("who"), key("about")];
    let people = people_by_id(conn, keys.into_iter().flatten())?;
    let mut shown = Fields::default();
    for name in NAMES {
        let person = key(name).filter(|_| matches!(name, "who" | "about"));
        let value = match person.and_then(|id| people.get(&id)) {
            Some(person) => person.email.clone(),
            None => fields.get(name).to_owned(),
        };
        shown.push(name.to_owned(), value);
    }
    Ok(shown)
}
