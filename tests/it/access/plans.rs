//! How the database finds what the pages show: through an index, however large the tables grow.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use guichet::platform::db::Conn;

use super::rows::ROWS;
use super::stage::Stage;
use crate::support::{note_statements, statements};

/// Tables that stay as small as a company: they may be read whole.
const SMALL: [&str; 9] = [
    "article_faults",
    "calendars",
    "organisations",
    "request_types",
    "sections",
    "sign_in_rules",
    "sla_policies",
    "team_members",
    "teams",
];
/// Pages that show all there is.
const WHOLE: [&str; 2] = ["/manage/articles", "/manage/organisations"];

#[test]
fn no_page_reads_a_whole_table() {
    note_statements();
    let stage = Stage::new();
    let mut faults = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for role in ["guest", "owner", "agent", "manager"] {
        let browser = stage.browser(role);
        for row in ROWS.iter().filter(|row| row.method == "GET") {
            statements(&stage.portal.app);
            browser.get_once(&stage.path(row.address));
            for statement in statements(&stage.portal.app) {
                let asks = statement.starts_with("SELECT") && !statement.contains("(1=0)");
                if !asks || WHOLE.contains(&row.route) || !seen.insert(statement.clone()) {
                    continue;
                }
                let scans = stage.portal.app.read(|conn| scans(conn, &statement));
                for scan in scans {
                    faults.insert(format!("{} as {role}: {scan}\n    {statement}", row.route));
                }
            }
        }
    }
    assert!(seen.len() > 40, "only {} statements were seen", seen.len());
    let faults: Vec<_> = faults.into_iter().collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What a statement reads from one end to the other.
fn scans(conn: &mut Conn, statement: &str) -> QueryResult<Vec<String>> {
    let steps = match conn {
        Conn::Sqlite(conn) => {
            sql::<(Integer, Integer, Integer, Text)>(&format!("EXPLAIN QUERY PLAN {statement}"))
                .load::<(i32, i32, i32, String)>(conn)?
                .into_iter()
                .map(|(_, _, _, step)| step)
                .collect()
        }
        Conn::Postgres(conn) => explain_postgres(conn, statement)?,
    };
    // In the order of an index, and no further than the page is long.
    let walks =
        statement.contains(" LIMIT ") && !steps.iter().any(|step| step.contains("ORDER BY"));
    let is_fault = |step: &String| {
        let whole = read_whole(step);
        whole.is_some_and(|table| !(SMALL.contains(&table) || walks && step.contains(" USING ")))
    };
    Ok(steps.into_iter().filter(is_fault).collect())
}

/// The plan of a statement whatever its values, where reading a whole table is the last resort:
/// the tables of a test are so small that the planner would always choose to.
fn explain_postgres(conn: &mut PgConnection, statement: &str) -> QueryResult<Vec<String>> {
    let values = (1..)
        .take_while(|number| statement.contains(&format!("${number}")))
        .map(|_| "NULL")
        .collect::<Vec<_>>()
        .join(", ");
    let values = if values.is_empty() {
        values
    } else {
        format!("({values})")
    };
    conn.batch_execute(&format!(
        "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; \
         PREPARE asked AS {statement}"
    ))?;
    let steps = sql::<Text>(&format!("EXPLAIN EXECUTE asked{values}")).load::<String>(conn)?;
    conn.batch_execute("DEALLOCATE asked; RESET plan_cache_mode; RESET enable_seqscan")?;
    Ok(steps)
}

/// The table that a step of a plan reads from one end to the other, in the words of either engine.
fn read_whole(step: &str) -> Option<&str> {
    let (_, rest) = step
        .split_once("SCAN ")
        .or_else(|| step.split_once("Seq Scan on "))?;
    rest.split_whitespace().next()
}
