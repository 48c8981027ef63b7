//! Changing calendars.
//!
//! The hours that customers see stand in one place, the calendar that is shown. `company` keeps a
//! copy of them beside its settings, because every page prints them and no page can wait for a
//! query: the copy is written here, in the same transaction, and nowhere else.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde_json::json;

use super::model::{CalendarId, CalendarRow};
use super::queries::{get_calendar, get_version, list_calendars};
use crate::platform::company::hours::WeekHours;
use crate::platform::company::store::{self, Chosen};
use crate::platform::company::{Group, Key, Values};
use crate::platform::db::{StorageError, Tx};
use crate::platform::events::{Draft, next_seq};
use crate::platform::text::fold;
use crate::schema::{calendar_versions, calendars};
use crate::sla::calendar::{Calendar, PublicHolidays};

/// Name of the stream in the history.
pub const STREAM: &str = "calendar";

/// The calendar that a new installation has: a word of both languages.
const FIRST_NAME: &str = "Support";
/// Its hours, where `Rocket.toml` says nothing.
const FIRST_HOURS: &str = "mon-fri 09:00-18:00";

/// What a calendar is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarInput {
    /// Its name.
    pub name: String,
    /// What it says.
    pub content: Calendar,
}

/// Why a calendar was not changed.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    /// Another one has this name.
    #[error("the name is taken")]
    NameTaken,
    /// Somebody changed it after the form was opened.
    #[error("it was changed meanwhile")]
    Overtaken,
    /// It is the last one.
    #[error("there must be a calendar")]
    LastOne,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<DieselError> for CalendarError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Self::NameTaken,
            other => Self::Storage(other.into()),
        }
    }
}

/// Makes a calendar.
///
/// # Errors
/// See [`CalendarError`].
pub fn create_calendar(
    tx: &mut Tx<'_>,
    input: &CalendarInput,
) -> Result<CalendarId, CalendarError> {
    let id: CalendarId = diesel::insert_into(calendars::table)
        .values((
            calendars::name.eq(&input.name),
            calendars::folded_name.eq(fold(&input.name)),
            calendars::shown.eq(false),
            calendars::follows_file.eq(false),
            calendars::created_at.eq(tx.now),
            calendars::version.eq(1),
        ))
        .returning(calendars::id)
        .get_result(tx.conn)?;
    add_version(tx, id, 1, input)?;
    record(
        tx,
        id,
        "created",
        json!({ "version": 1, "name": input.name }),
    )?;
    Ok(id)
}

/// Changes what a calendar says: adds a version. `seen` is the version that whoever changes it has
/// seen. Answers whether anything is different now.
///
/// # Errors
/// See [`CalendarError`].
pub fn change_calendar(
    tx: &mut Tx<'_>,
    id: CalendarId,
    seen: i64,
    input: &CalendarInput,
) -> Result<bool, CalendarError> {
    let row = get_calendar(tx.conn, id)?;
    if row.version != seen {
        return Err(CalendarError::Overtaken);
    }
    let old = get_version(tx.conn, id, row.version)?;
    if (&old.name, &old.content) == (&input.name, &input.content) {
        return Ok(false);
    }
    let version = row.version + 1;
    let still = calendars::table
        .find(id)
        .filter(calendars::version.eq(row.version));
    let changed = diesel::update(still)
        .set((
            calendars::name.eq(&input.name),
            calendars::folded_name.eq(fold(&input.name)),
            calendars::follows_file.eq(row.follows_file && tx.actor.person().is_none()),
            calendars::version.eq(version),
        ))
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(CalendarError::Overtaken);
    }
    add_version(tx, id, version, input)?;
    record(
        tx,
        id,
        "changed",
        json!({ "version": version, "name": input.name }),
    )?;
    if row.shown {
        publish(tx, &input.content.week)?;
    }
    Ok(true)
}

/// Shows the hours of a calendar to customers, and those of no other, or shows none.
///
/// # Errors
/// See [`CalendarError`].
pub fn show_calendar(tx: &mut Tx<'_>, id: CalendarId, shown: bool) -> Result<(), CalendarError> {
    let row = get_calendar(tx.conn, id)?;
    if row.shown == shown || row.archived_at.is_some() {
        return Ok(());
    }
    for other in list_calendars(tx.conn)? {
        if other.shown && other.id != id {
            set_shown(tx, &other, false)?;
        }
    }
    set_shown(tx, &row, shown)?;
    let week = get_version(tx.conn, id, row.version)?.content.week;
    publish(tx, &if shown { week } else { WeekHours::default() })?;
    Ok(())
}

fn set_shown(tx: &mut Tx<'_>, row: &CalendarRow, shown: bool) -> QueryResult<()> {
    diesel::update(calendars::table.find(row.id))
        .set((
            calendars::shown.eq(shown),
            calendars::follows_file.eq(row.follows_file && tx.actor.person().is_none()),
        ))
        .execute(tx.conn)?;
    let kind = if shown { "shown" } else { "hidden" };
    record(tx, row.id, kind, json!({}))
}

/// Gives a calendar up, or takes it back. What was counted by it stays.
///
/// # Errors
/// See [`CalendarError`].
pub fn archive_calendar(
    tx: &mut Tx<'_>,
    id: CalendarId,
    archived: bool,
) -> Result<(), CalendarError> {
    let row = get_calendar(tx.conn, id)?;
    if row.archived_at.is_some() == archived {
        return Ok(());
    }
    let others = list_calendars(tx.conn)?.into_iter();
    let others = others.filter(|other| other.id != id && other.archived_at.is_none());
    if archived && others.count() == 0 {
        return Err(CalendarError::LastOne);
    }
    if row.shown && archived {
        show_calendar(tx, id, false)?;
    }
    diesel::update(calendars::table.find(id))
        .set((
            calendars::archived_at.eq(archived.then_some(tx.now)),
            calendars::follows_file.eq(false),
        ))
        .execute(tx.conn)?;
    let kind = if archived { "archived" } else { "restored" };
    Ok(record(tx, id, kind, json!({}))?)
}

/// A new installation gets a calendar. As long as no manager has changed it, it has the hours that
/// the file (or the settings, before there were calendars) gives.
///
/// # Errors
/// See [`CalendarError`].
pub fn ensure_calendar(tx: &mut Tx<'_>, file: &Values) -> Result<(), CalendarError> {
    let all = list_calendars(tx.conn)?;
    let zone = file.or_built_in(Key::TimeZone).parse();
    let zone = zone.unwrap_or(chrono_tz::Europe::Paris);
    if all.is_empty() {
        let chosen = store::get_chosen(tx.conn, Group::Contact)?.values;
        let chosen = chosen.get(Key::SupportHours).map(str::to_owned);
        let given = chosen.as_deref().or(file.get(Key::SupportHours));
        let given = given.and_then(|text| text.parse::<WeekHours>().ok());
        let given = given.filter(|week| !week.is_empty());
        let week = given.clone().or_else(|| FIRST_HOURS.parse().ok());
        let public = if zone == chrono_tz::Europe::Paris {
            PublicHolidays::France
        } else {
            PublicHolidays::None
        };
        let content = Calendar {
            public,
            ..Calendar::of_week(zone, week.unwrap_or_default())
        };
        let name = FIRST_NAME.to_owned();
        let id = create_calendar(tx, &CalendarInput { name, content })?;
        diesel::update(calendars::table.find(id))
            .set(calendars::follows_file.eq(chosen.is_none()))
            .execute(tx.conn)?;
        return show_calendar(tx, id, given.is_some());
    }
    let Some(row) = all.into_iter().find(|row| row.follows_file) else {
        return Ok(());
    };
    let old = get_version(tx.conn, row.id, row.version)?;
    let given: WeekHours = file
        .or_built_in(Key::SupportHours)
        .parse()
        .unwrap_or_default();
    if given.is_empty() {
        return show_calendar(tx, row.id, false);
    }
    let content = Calendar {
        zone,
        week: given,
        ..old.content
    };
    let name = old.name;
    change_calendar(tx, row.id, row.version, &CalendarInput { name, content })?;
    show_calendar(tx, row.id, true)
}

/// Writes the copy of the hours that pages show.
fn publish(tx: &mut Tx<'_>, week: &WeekHours) -> Result<(), CalendarError> {
    let old = store::get_chosen(tx.conn, Group::Hours)?;
    let mut values = Values::default();
    values.set(Key::SupportHours, week.to_string());
    if old.values == values {
        return Ok(());
    }
    let version = old.version + 1;
    if store::put_chosen(tx, Group::Hours, &Chosen { version, values })? {
        Ok(())
    } else {
        Err(CalendarError::Overtaken)
    }
}

fn add_version(
    tx: &mut Tx<'_>,
    id: CalendarId,
    number: i64,
    input: &CalendarInput,
) -> QueryResult<()> {
    let content = serde_json::to_string(&input.content)
        .map_err(|error| DieselError::SerializationError(Box::new(error)))?;
    diesel::insert_into(calendar_versions::table)
        .values((
            calendar_versions::calendar_id.eq(id.0),
            calendar_versions::number.eq(number),
            calendar_versions::name.eq(&input.name),
            calendar_versions::content.eq(content),
            calendar_versions::at.eq(tx.now),
            calendar_versions::author_id.eq(tx.actor.person()),
        ))
        .execute(tx.conn)
        .map(drop)
}

fn record(
    tx: &mut Tx<'_>,
    id: CalendarId,
    kind: &'static str,
    data: serde_json::Value,
) -> QueryResult<()> {
    let seq = next_seq(tx.conn, STREAM, id.0)?;
    tx.record(Draft::chosen(STREAM, id.0, seq, kind, data))
        .map(drop)
}
