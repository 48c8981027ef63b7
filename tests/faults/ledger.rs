//! What was acknowledged, and whether it is all there.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use guichet::platform::blobs::{Blobs, Condition};
use guichet::platform::db::Conn;

use super::customer::Request;
use super::place::Place;
use super::tools::{Outcome, ensure};

/// What the senders know.
#[derive(Default)]
pub struct Ledger {
    /// By reference.
    pub acknowledged: Vec<(String, Request)>,
    /// Sent, and not answered with an acknowledgement: may be there or not.
    pub unsure: Vec<Request>,
    /// Other answers, by status.
    pub refused: BTreeMap<u16, usize>,
    /// No answer at all.
    pub broken: usize,
}

#[derive(QueryableByName)]
struct Stored {
    #[diesel(sql_type = Text)]
    reference: String,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Text)]
    body: String,
}

/// A file of a request, as the database knows it.
#[derive(QueryableByName)]
pub struct Content {
    #[diesel(sql_type = Text)]
    reference: String,
    #[diesel(sql_type = Text)]
    sha256: String,
    #[diesel(sql_type = BigInt)]
    size: i64,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

impl Ledger {
    pub fn absorb(&mut self, other: Self) {
        self.acknowledged.extend(other.acknowledged);
        self.unsure.extend(other.unsure);
        for (status, count) in other.refused {
            *self.refused.entry(status).or_default() += count;
        }
        self.broken += other.broken;
    }

    /// Server errors.
    pub fn failed(&self) -> usize {
        self.refused.range(500..).map(|(_, count)| count).sum()
    }

    /// Compares with the database: nothing lost, nothing twice, nothing half, the file sound and
    /// every request what its history says. Answers how many were acknowledged.
    pub fn verify(&self, place: &Place) -> Outcome<String> {
        let contents = self.verify_rows(place)?;
        let blobs = Blobs::new(&place.data());
        for content in &contents {
            let size = u64::try_from(content.size)?;
            let condition = blobs.condition(&content.sha256, size);
            ensure(condition == Condition::Sound, || {
                let reference = &content.reference;
                format!("a file of {reference} is {}", condition.as_str())
            })?;
        }
        let figure = format!("acknowledged {}, lost 0", self.acknowledged.len());
        Ok(match self.with_files() {
            0 => figure,
            files => format!("{figure}, files {files}"),
        })
    }

    /// How many were acknowledged with a file.
    fn with_files(&self) -> usize {
        let requests = self.acknowledged.iter().map(|(_, request)| request);
        requests.filter(|request| request.file.is_some()).count()
    }

    /// As [`Ledger::verify`], where the contents of files were damaged on purpose. Answers what the
    /// database says of them.
    pub fn verify_rows(&self, place: &Place) -> Outcome<Vec<Content>> {
        let mut conn = place.connect()?;
        let stored: Vec<Stored> = rows(
            &mut conn,
            "SELECT t.reference, t.subject, m.body FROM tickets t JOIN messages m ON m.ticket_id = t.id \
             WHERE m.id = (SELECT MIN(id) FROM messages WHERE ticket_id = t.id)",
        )?;
        let contents: Vec<Content> = rows(
            &mut conn,
            "SELECT t.reference, a.sha256, a.size FROM attachments a JOIN messages m ON m.id = a.message_id \
             JOIN tickets t ON t.id = m.ticket_id AND t.id = a.ticket_id",
        )?;
        self.nothing_lost(&stored, &contents)?;
        self.nothing_twice(&stored)?;
        nothing_half(&mut conn)?;
        sound(&mut conn)?;
        drop(conn);
        place.run(&["ticket", "replay"])?;
        Ok(contents)
    }

    /// Each acknowledged request has its text, and the file that was sent with it and no other.
    fn nothing_lost(&self, stored: &[Stored], contents: &[Content]) -> Outcome<()> {
        let by_reference: HashMap<_, _> = stored
            .iter()
            .map(|row| (row.reference.as_str(), row))
            .collect();
        let mut files: HashMap<&str, Vec<&str>> = HashMap::new();
        for row in contents {
            let files = files.entry(row.reference.as_str()).or_default();
            files.push(row.sha256.as_str());
        }
        let is_whole = |reference: &str, request: &Request| {
            let files = files.get(reference).map_or(&[][..], Vec::as_slice);
            by_reference.get(reference).is_some_and(|row| {
                row.subject == request.subject
                    && row.body == request.body
                    && files.iter().copied().eq(request.file.as_deref())
            })
        };
        let lost: Vec<_> = self
            .acknowledged
            .iter()
            .filter(|(reference, request)| !is_whole(reference, request))
            .map(|(reference, _)| reference)
            .collect();
        ensure(lost.is_empty(), || {
            format!(
                "{} of {} acknowledged lost or not whole: {:?}",
                lost.len(),
                self.acknowledged.len(),
                &lost[..lost.len().min(5)]
            )
        })
    }

    fn nothing_twice(&self, stored: &[Stored]) -> Outcome<()> {
        let mut by_subject: HashMap<&str, usize> = HashMap::new();
        for row in stored {
            *by_subject.entry(row.subject.as_str()).or_default() += 1;
        }
        let acknowledged = self.acknowledged.iter().map(|(_, request)| request);
        let twice: Vec<_> = acknowledged
            .chain(&self.unsure)
            .map(|request| &request.subject)
            .filter(|subject| by_subject.get(subject.as_str()).is_some_and(|n| *n > 1))
            .collect();
        ensure(twice.is_empty(), || format!("stored twice: {twice:?}"))
    }
}

/// Whatever is stored, acknowledged or not, is stored whole: a query each that counts what lacks
/// something. Every request of a fault comes from a form, so each is acknowledged by a mail.
const HALF: [(&str, &str); 4] = [
    (
        "requests without a text",
        "SELECT COUNT(*) AS n FROM tickets WHERE id NOT IN (SELECT ticket_id FROM messages)",
    ),
    (
        "requests not filed once in their history",
        "SELECT COUNT(*) AS n FROM tickets t WHERE 1 <> (SELECT COUNT(*) FROM events e \
         WHERE e.stream = 'ticket' AND e.stream_id = t.id AND e.kind = 'filed')",
    ),
    (
        "histories without a request",
        "SELECT COUNT(*) AS n FROM events e WHERE e.stream = 'ticket' \
         AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.id = e.stream_id)",
    ),
    (
        "requests not acknowledged by one mail",
        "SELECT COUNT(*) AS n FROM tickets t WHERE 1 <> (SELECT COUNT(*) FROM mails m \
         WHERE m.kind = 'notifications/acknowledgement' AND m.thread = 'ticket-' || t.id)",
    ),
];

fn nothing_half(conn: &mut Conn) -> Outcome<()> {
    for (what, query) in HALF {
        let half = count(conn, query)?;
        ensure(half == 0, || format!("{half} {what}"))?;
    }
    Ok(())
}

/// What the engine says of its own file.
pub fn sound(conn: &mut Conn) -> Outcome<()> {
    let Conn::Sqlite(sqlite) = conn else {
        return Ok(());
    };
    let lines: Vec<Line> = diesel::sql_query("PRAGMA integrity_check").load(sqlite)?;
    let lines: Vec<_> = lines.into_iter().map(|line| line.integrity_check).collect();
    ensure(lines == ["ok"], || format!("integrity: {lines:?}"))?;
    let loose: Vec<Loose> = diesel::sql_query(
        "SELECT \"table\" AS name, COUNT(*) AS n FROM pragma_foreign_key_check GROUP BY 1",
    )
    .load(sqlite)?;
    let loose: Vec<_> = loose.into_iter().map(|row| (row.name, row.n)).collect();
    ensure(loose.is_empty(), || {
        format!("rows that refer to nothing: {loose:?}")
    })
}

/// Rows of a table that refer to others that are not there.
#[derive(QueryableByName)]
struct Loose {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

pub fn rows<T>(conn: &mut Conn, query: &str) -> Outcome<Vec<T>>
where
    T: diesel::deserialize::QueryableByName<diesel::sqlite::Sqlite>
        + diesel::deserialize::QueryableByName<diesel::pg::Pg>
        + 'static,
{
    Ok(match conn {
        Conn::Sqlite(conn) => diesel::sql_query(query).load(conn)?,
        Conn::Postgres(conn) => diesel::sql_query(query).load(conn)?,
    })
}

/// The number that a query answers as `n`.
pub fn count(conn: &mut Conn, query: &str) -> Outcome<i64> {
    let rows: Vec<Count> = rows(conn, query)?;
    Ok(rows.first().map_or(0, |row| row.n))
}
