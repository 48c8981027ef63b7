//! Reading the audit.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::platform::db::{Conn, Cursor, Direction, KeysetPage, PageRequest, Timestamp};
use crate::platform::events::{Area, Recorded, Row};
use crate::schema::events;

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// Only this part.
    pub area: Option<Area>,
    /// Only what was refused, or only what was done.
    pub refused: Option<bool>,
    /// Only what this person did.
    pub actor: Option<i64>,
    /// Only what is about this: a stream and a key in it.
    pub about: Option<(String, i64)>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// Nothing that was recorded after this event.
    pub last: Option<i64>,
}

/// An event of the audit.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What happened.
    pub event: Recorded,
    /// The part that it belongs to.
    pub area: Area,
}

impl Entry {
    /// Whether somebody was refused.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.area == Area::Denial
    }
}

/// What is looked for, newest first.
///
/// # Errors
/// When the database refuses, or an event cannot be read.
pub fn page_of_entries(
    conn: &mut Conn,
    filter: &Filter,
    request: &PageRequest,
) -> QueryResult<KeysetPage<Entry>> {
    let mut query = events::table
        .select((Row::as_select(), events::audit))
        .filter(events::audit.is_not_null())
        .into_boxed();
    if let Some(area) = filter.area {
        query = query.filter(events::audit.eq(area));
    }
    match filter.refused {
        Some(true) => query = query.filter(events::audit.eq(Area::Denial)),
        Some(false) => query = query.filter(events::audit.ne(Area::Denial)),
        None => {}
    }
    if let Some(actor) = filter.actor {
        query = query.filter(events::actor_id.eq(actor));
    }
    if let Some((stream, id)) = &filter.about {
        query = query
            .filter(events::stream.eq(stream.clone()))
            .filter(events::stream_id.eq(*id));
    }
    if let Some(from) = filter.from {
        query = query.filter(events::at.ge(from));
    }
    if let Some(until) = filter.until {
        query = query.filter(events::at.lt(until));
    }
    if let Some(last) = filter.last {
        query = query.filter(events::id.le(last));
    }
    // Written so that an index is entered at the instant, not read up to it.
    query = match request.from {
        Some((Direction::After, cursor)) => {
            let (at, id) = (cursor.instant(), cursor.id);
            query
                .filter(events::at.le(at))
                .filter(events::at.lt(at).or(events::id.lt(id)))
        }
        Some((Direction::Before, cursor)) => {
            let (at, id) = (cursor.instant(), cursor.id);
            query
                .filter(events::at.ge(at))
                .filter(events::at.gt(at).or(events::id.gt(id)))
        }
        None => query,
    };
    query = if request.backwards() {
        query.order((events::at.asc(), events::id.asc()))
    } else {
        query.order((events::at.desc(), events::id.desc()))
    };
    let rows: Vec<(Row, Option<Area>)> = query.limit(request.limit()).load(conn)?;
    let entries = rows
        .into_iter()
        .filter_map(|(row, area)| Some((row, area?)))
        .map(|(row, area)| {
            let event = Recorded::try_from(row)?;
            Ok(Entry { event, area })
        })
        .collect::<QueryResult<Vec<_>>>()?;
    Ok(KeysetPage::build(request, entries, |entry| {
        Cursor::at(entry.event.at, entry.event.id)
    }))
}
