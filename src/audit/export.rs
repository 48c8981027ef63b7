//! The audit as a table for other programs.

use diesel::QueryResult;

use super::names::Names;
use super::narrate::{narrate, place};
use super::queries::{Entry, Filter, page_of_entries};
use crate::platform::db::{Actor, Conn, Direction, PageRequest};
use crate::platform::i18n::Lang;
use crate::platform::text::Csv;

/// Events in one file, at most: the newest of them.
pub(super) const MOST: usize = 100_000;

/// Events read at a time.
const BATCH: i64 = 2_000;

/// Names of the columns: for programs, the same in every language.
const COLUMNS: [&str; 13] = [
    "id",
    "time",
    "area",
    "event",
    "result",
    "who",
    "who_id",
    "who_email",
    "about",
    "about_id",
    "text",
    "from",
    "origin",
];

/// Everything that a filter finds, newest first.
pub(super) fn write(conn: &mut Conn, filter: &Filter, lang: Lang) -> QueryResult<String> {
    let mut csv = Csv::new();
    csv.row(COLUMNS);
    let mut request = PageRequest {
        size: BATCH,
        from: None,
    };
    let mut written = 0;
    loop {
        let page = page_of_entries(conn, filter, &request)?;
        let names = Names::load(conn, &page.rows)?;
        for entry in page.rows.iter().take(MOST - written) {
            csv.row(row(entry, &names, lang));
        }
        written += page.rows.len();
        match page.next {
            Some(cursor) if written < MOST => request.from = Some((Direction::After, cursor)),
            _ => return Ok(csv.into_text()),
        }
    }
}

fn row(entry: &Entry, names: &Names, lang: Lang) -> [String; COLUMNS.len()] {
    let event = &entry.event;
    let about = names.about(entry, lang);
    let (who, email) = match event.actor {
        Actor::Person(id) => {
            let known = names.people.get(&crate::accounts::PersonId(id));
            let email = known.map(|person| person.email.clone());
            (names.person(id).label, email.unwrap_or_default())
        }
        other => (other.kind().to_owned(), String::new()),
    };
    let result = if entry.is_refused() {
        "refused"
    } else {
        "done"
    };
    let stream = &event.stream;
    [
        event.id.to_string(),
        event.at.rfc3339(),
        entry.area.to_string(),
        format!("{stream}.{}", event.kind),
        result.to_owned(),
        who,
        event
            .actor
            .person()
            .map_or_else(String::new, |id| id.to_string()),
        email,
        about.map_or_else(String::new, |about| about.label),
        format!("{stream}:{}", event.stream_id),
        narrate(entry, names, lang),
        place(event),
        event.cause.origin.clone(),
    ]
}
