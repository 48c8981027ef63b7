//! What was acknowledged, and whether it is all there.

use std::collections::{BTreeMap, HashMap};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
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
        let mut conn = place.connect()?;
        let stored: Vec<Stored> = rows(
            &mut conn,
            "SELECT t.reference, t.subject, m.body FROM tickets t JOIN messages m ON m.ticket_id = t.id \
             WHERE m.id = (SELECT MIN(id) FROM messages WHERE ticket_id = t.id)",
        )?;
        let mut by_reference = HashMap::new();
        let mut by_subject: HashMap<&str, usize> = HashMap::new();
        for row in &stored {
            by_reference.insert(row.reference.as_str(), row);
            *by_subject.entry(row.subject.as_str()).or_default() += 1;
        }
        let lost: Vec<_> = self
            .acknowledged
            .iter()
            .filter(|(reference, request)| {
                by_reference
                    .get(reference.as_str())
                    .is_none_or(|row| row.subject != request.subject || row.body != request.body)
            })
            .map(|(reference, _)| reference)
            .collect();
        ensure(lost.is_empty(), || {
            format!(
                "{} of {} acknowledged lost: {:?}",
                lost.len(),
                self.acknowledged.len(),
                &lost[..lost.len().min(5)]
            )
        })?;
        let all = self
            .acknowledged
            .iter()
            .map(|(_, request)| request)
            .chain(&self.unsure);
        let twice: Vec<_> = all
            .filter(|request| {
                by_subject
                    .get(request.subject.as_str())
                    .is_some_and(|n| *n > 1)
            })
            .map(|request| &request.subject)
            .collect();
        ensure(twice.is_empty(), || format!("stored twice: {twice:?}"))?;
        let half = count(&mut conn, "SELECT COUNT(*) AS n FROM tickets WHERE id NOT IN (SELECT ticket_id FROM messages)")?
            + count(&mut conn, "SELECT (SELECT COUNT(*) FROM tickets) - (SELECT COUNT(*) FROM events WHERE kind = 'filed') AS n")?.abs();
        ensure(half == 0, || format!("{half} requests are half stored"))?;
        sound(&mut conn)?;
        drop(conn);
        place.run(&["ticket", "replay"])?;
        Ok(format!("acknowledged {}, lost 0", self.acknowledged.len()))
    }
}

/// What the engine says of its own file.
pub fn sound(conn: &mut Conn) -> Outcome<()> {
    let Conn::Sqlite(sqlite) = conn else {
        return Ok(());
    };
    let lines: Vec<Line> = diesel::sql_query("PRAGMA integrity_check").load(sqlite)?;
    let lines: Vec<_> = lines.into_iter().map(|line| line.integrity_check).collect();
    ensure(lines == ["ok"], || format!("integrity: {lines:?}"))?;
    sqlite.batch_execute("PRAGMA foreign_key_check")?;
    Ok(())
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
