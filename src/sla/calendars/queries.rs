//! Reading calendars.

use diesel::prelude::*;
use diesel::result::Error as DieselError;

use super::model::{CalendarId, CalendarRow, CalendarVersion, VersionRow};
use crate::accounts::PersonId;
use crate::platform::db::{Conn, Timestamp};
use crate::schema::{calendar_versions, calendars};

/// All calendars, those that are given up last.
///
/// # Errors
/// When the database refuses.
pub fn list_calendars(conn: &mut Conn) -> QueryResult<Vec<CalendarRow>> {
    let mut all: Vec<CalendarRow> = calendars::table
        .order(calendars::folded_name.asc())
        .select(CalendarRow::as_select())
        .load(conn)?;
    all.sort_by_key(|calendar| calendar.archived_at.is_some());
    Ok(all)
}

/// All calendars with what they say now, those that are given up last.
///
/// # Errors
/// When the database refuses.
pub fn list_current(conn: &mut Conn) -> QueryResult<Vec<(CalendarRow, CalendarVersion)>> {
    // An outer join goes from the few calendars to the key of one version each; an inner one may be
    // turned round, and would read all versions that ever were.
    let mut stored: Vec<(CalendarRow, Option<Stored>)> = calendars::table
        .left_join(
            calendar_versions::table.on(calendar_versions::calendar_id
                .eq(calendars::id)
                .and(calendar_versions::number.eq(calendars::version))),
        )
        .order(calendars::folded_name.asc())
        .select((CalendarRow::as_select(), COLUMNS.nullable()))
        .load(conn)?;
    stored.sort_by_key(|(calendar, _)| calendar.archived_at.is_some());
    let current = |(row, stored): (CalendarRow, Option<Stored>)| {
        let version = read(stored.ok_or(DieselError::NotFound)?)?;
        Ok((row, version))
    };
    stored.into_iter().map(current).collect()
}

/// One calendar.
///
/// # Errors
/// `NotFound`, or when the database refuses.
pub fn get_calendar(conn: &mut Conn, id: CalendarId) -> QueryResult<CalendarRow> {
    calendars::table
        .find(id)
        .select(CalendarRow::as_select())
        .first(conn)
}

type Stored = (i64, String, String, Timestamp, Option<i64>);

const COLUMNS: (
    calendar_versions::number,
    calendar_versions::name,
    calendar_versions::content,
    calendar_versions::at,
    calendar_versions::author_id,
) = (
    calendar_versions::number,
    calendar_versions::name,
    calendar_versions::content,
    calendar_versions::at,
    calendar_versions::author_id,
);

fn read((number, name, content, at, author): Stored) -> QueryResult<CalendarVersion> {
    let content = serde_json::from_str(&content)
        .map_err(|error| DieselError::DeserializationError(Box::new(error)))?;
    Ok(CalendarVersion {
        number,
        name,
        content,
        at,
        author: author.map(PersonId),
    })
}

/// What a version of a calendar says.
///
/// # Errors
/// `NotFound`, or when the database refuses.
pub fn get_version(conn: &mut Conn, id: CalendarId, number: i64) -> QueryResult<CalendarVersion> {
    let stored: Stored = calendar_versions::table
        .find((id.0, number))
        .select(COLUMNS)
        .first(conn)?;
    read(stored)
}

/// The latest versions of a calendar, the latest first.
///
/// # Errors
/// When the database refuses.
pub fn list_versions(conn: &mut Conn, id: CalendarId, most: i64) -> QueryResult<Vec<VersionRow>> {
    calendar_versions::table
        .filter(calendar_versions::calendar_id.eq(id.0))
        .order(calendar_versions::number.desc())
        .limit(most)
        .select(VersionRow::as_select())
        .load(conn)
}
