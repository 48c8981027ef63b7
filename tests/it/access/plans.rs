//! How the database finds what the pages show: through an index, however large the tables grow.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use guichet::platform::db::Conn;

use super::places::MORE_PLACES;
use super::rows::ROWS;
use super::stage::Stage;
use super::table::token;
use super::twice::{FORMS, Filled, ready};
use crate::support::{PASSWORD, note_statements, queries};

/// Tables that stay as small as a company, or as our own history: they may be read whole.
const SMALL: [&str; 13] = [
    "__diesel_schema_migrations",
    "article_faults",
    "calendars",
    // A row for each group of settings.
    "company_settings",
    "organisations",
    "request_types",
    // Whoever waits for a letter: emptied every few seconds.
    "reset_requests",
    "sections",
    "sign_up_requests",
    "sign_in_rules",
    "sla_policies",
    "team_members",
    "teams",
];
/// Pages that show all there is.
const WHOLE: [&str; 2] = ["/manage/articles", "/manage/organisations"];
/// What forms read whole because it can be anywhere: the route, the table, a word of the statement
/// that no other has, and why.
const EVERYWHERE: [(&str, &str, &str, &str); 2] = [
    (
        "/manage/people/<id>/erasure",
        "events",
        " LIKE ",
        "what others did may name whoever is erased",
    ),
    (
        "/manage/people/<id>/erasure",
        "mails",
        " LIKE ",
        "so may what was written to others",
    ),
];
/// Forms that are done once, so that [`FORMS`] does not have them.
const DONE_ONCE: [Filled; 4] = [
    (
        "/sign-in",
        "guest",
        &[("email", "claire@tilleuls.example"), ("password", PASSWORD)],
    ),
    (
        "/profile/password",
        "owner",
        &[
            ("current_password", PASSWORD),
            ("password", "les tilleuls en juin"),
        ],
    ),
    ("/profile/data", "owner", &[("current_password", PASSWORD)]),
    (
        "/manage/people/<id>/data",
        "manager",
        &[("current_password", PASSWORD)],
    ),
];

#[test]
fn nothing_reads_a_whole_table() {
    note_statements();
    let mut faults = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let roles = ["guest", "owner", "agent", "manager"];
    // Once more while there is no index, when every search asks the database.
    let indexed = roles.map(|role| (role, Stage::new as fn() -> Stage));
    let unindexed = roles.map(|role| (role, Stage::without_index as fn() -> Stage));
    for (role, furnished) in indexed.into_iter().chain(unindexed) {
        let stage = furnished();
        // Without an index the program is not ready, and says so.
        stage.portal.app.expect_server_errors();
        for (place, statement) in all_statements(&stage, role) {
            if statement.contains("(1=0)") || !seen.insert(statement.clone()) {
                continue;
            }
            for scan in stage.portal.app.read(|conn| scans(conn, &statement)) {
                faults.insert(format!("{place} as {role}: {scan}\n    {statement}"));
            }
        }
    }
    assert!(seen.len() > 100, "only {} statements were seen", seen.len());
    let fell_back =
        |statement: &String| statement.contains("lower(") && statement.contains("BETWEEN");
    assert!(
        seen.iter().any(fell_back),
        "no search did without the index"
    );
    let faults: Vec<_> = faults.into_iter().collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A form that lacks something is refused before most of its statements: here each is accepted.
#[test]
fn no_form_that_is_done_reads_a_whole_table() {
    note_statements();
    let mut faults = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for form in FORMS.iter().chain(&DONE_ONCE) {
        let (route, role, _) = form;
        let stage = Stage::new();
        for statement in statements_of(&stage, form) {
            if statement.contains("(1=0)") || !seen.insert(statement.clone()) {
                continue;
            }
            let everywhere = |table: &str| {
                EVERYWHERE.iter().any(|(form, whole, word, _)| {
                    form == route && *whole == table && statement.contains(word)
                })
            };
            for scan in stage.portal.app.read(|conn| scans(conn, &statement)) {
                if !read_whole(&scan).is_some_and(everywhere) {
                    faults.insert(format!("{route} as {role}: {scan}\n    {statement}"));
                }
            }
        }
    }
    let writes = |table: &str| {
        seen.iter()
            .any(|text| !text.starts_with("SELECT") && text.contains(table))
    };
    for table in ["tickets", "attachments", "people", "teams", "mails"] {
        assert!(writes(table), "no form wrote to {table}");
    }
    let faults: Vec<_> = faults.into_iter().collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What an accepted form asks the database.
fn statements_of(stage: &Stage, form: &Filled) -> Vec<String> {
    let (route, role, _) = form;
    let (path, mut sent) = ready(stage, form);
    let browser = stage.browser(role);
    sent.push(("csrf".to_owned(), token(&browser)));
    let sent: Vec<(&str, &str)> = sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let app = &stage.portal.app;
    queries(app);
    let page = browser.post(&path, &sent);
    let accepted = matches!(page.status, 200 | 303);
    assert!(accepted, "{route} as {role}: {}", page.status);
    queries(app)
}

/// Where a row goes that others name, the engine looks for them by itself: no statement tells.
#[test]
fn what_names_a_row_that_goes_is_found_by_an_index() {
    let stage = Stage::new();
    let faults = stage.portal.app.read(|conn| {
        let mut faults = Vec::new();
        for child in children(conn)? {
            let (table, column) = child.split_once('.').expect("a table and a column");
            let value = match conn {
                Conn::Sqlite(_) => "?",
                Conn::Postgres(_) => "$1",
            };
            let statement = format!("SELECT 1 FROM {table} WHERE {column} = {value}");
            faults.extend(scans(conn, &statement)?);
        }
        Ok(faults)
    });
    assert_eq!(faults, Vec::<String>::new());
}

/// The columns that name rows of tables whose rows are deleted.
fn children(conn: &mut Conn) -> QueryResult<Vec<String>> {
    const DELETED: &str = "('drafts', 'people', 'second_factors')";
    let children: Vec<String> = match conn {
        Conn::Sqlite(conn) => sql::<Text>(&format!(
            "SELECT m.name || '.' || f.\"from\" FROM sqlite_master m
             JOIN pragma_foreign_key_list(m.name) f
             WHERE m.type = 'table' AND f.\"table\" IN {DELETED}"
        ))
        .load(conn)?,
        Conn::Postgres(conn) => sql::<Text>(&format!(
            "SELECT c.conrelid::regclass::text || '.' || a.attname::text FROM pg_constraint c
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
             WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace
                 AND c.confrelid::regclass::text IN {DELETED}"
        ))
        .load(conn)?,
    };
    assert!(children.len() > 10, "{children:?}");
    Ok(children)
}

/// What every route of the program asks the database, its forms included, and where.
fn all_statements(stage: &Stage, role: &str) -> Vec<(String, String)> {
    let browser = stage.browser(role);
    let app = &stage.portal.app;
    queries(app);
    let mut all = Vec::new();
    let mut note = |place: &str| {
        let asked = queries(app).into_iter();
        all.extend(asked.map(|statement| (place.to_owned(), statement)));
    };
    let pages = ROWS.iter().filter(|row| row.method == "GET");
    for row in pages.filter(|row| !WHOLE.contains(&row.route)) {
        browser.get_once(&stage.path(row.address));
        note(row.route);
    }
    for address in MORE_PLACES {
        browser.get_once(&stage.path(address));
        note(address);
    }
    let forms = ROWS.iter().filter(|row| row.method != "GET");
    for row in forms.filter(|row| !WHOLE.contains(&row.route)) {
        let token = token(&browser);
        queries(app);
        let fields = [row.fields, &[("csrf", token.as_str())]].concat();
        browser.post(&stage.path(row.address), &fields);
        note(row.route);
    }
    all
}

/// What a statement reads from one end to the other.
fn scans(conn: &mut Conn, statement: &str) -> QueryResult<Vec<String>> {
    // It looks for nothing. SQLite's plan has what naming rows would be looked for if it replaced one.
    if statement.starts_with("INSERT INTO") && !statement.contains("SELECT") {
        return Ok(Vec::new());
    }
    let steps = plan(conn, statement, &["seqscan", "bitmapscan"])?;
    // In the order of an index, and no further than the page is long.
    let walks =
        statement.contains(" LIMIT ") && !steps.iter().any(|step| step.contains("ORDER BY"));
    // A table that the statement makes itself, of a row for each step, or of one row.
    let own = |table: &str| {
        table == "CONSTANT"
            || statement.contains(&format!("WITH RECURSIVE {table} "))
            || statement.ends_with(&format!(" LIMIT ?) AS {table}"))
    };
    let is_fault = |step: &str, condition: Option<&str>| {
        let in_order = walks && step.to_ascii_uppercase().contains(" USING ");
        read_whole(step)
            .or_else(|| reads_on(step, condition))
            .is_some_and(|table| !(SMALL.contains(&table) || own(table) || in_order))
    };
    let faults = steps.iter().enumerate().filter(|(at, step)| {
        let condition = steps.get(at + 1).map(String::as_str);
        is_fault(step, condition)
    });
    Ok(faults.map(|(_, step)| step.clone()).collect())
}

/// How the engine finds what a statement asks for, whatever its values. On a server, the ways in `off`
/// are the last resort: the tables of a test are so small that the planner would always choose them.
pub fn plan(conn: &mut Conn, statement: &str, off: &[&str]) -> QueryResult<Vec<String>> {
    match conn {
        Conn::Sqlite(conn) => {
            let steps = sql::<(Integer, Integer, Integer, Text)>(&format!(
                "EXPLAIN QUERY PLAN {statement}"
            ))
            .load::<(i32, i32, i32, String)>(conn)?;
            Ok(steps.into_iter().map(|(_, _, _, step)| step).collect())
        }
        Conn::Postgres(conn) => explain_postgres(conn, statement, off),
    }
}

fn explain_postgres(
    conn: &mut PgConnection,
    statement: &str,
    off: &[&str],
) -> QueryResult<Vec<String>> {
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
    for way in off {
        conn.batch_execute(&format!("SET enable_{way} = off"))?;
    }
    conn.batch_execute(&format!(
        "SET plan_cache_mode = force_generic_plan; PREPARE asked AS {statement}"
    ))?;
    let steps = sql::<Text>(&format!("EXPLAIN EXECUTE asked{values}")).load::<String>(conn)?;
    conn.batch_execute("DEALLOCATE asked; RESET plan_cache_mode")?;
    for way in off {
        conn.batch_execute(&format!("RESET enable_{way}"))?;
    }
    Ok(steps)
}

/// The table that a step of a plan reads from one end to the other, in the words of either engine.
fn read_whole(step: &str) -> Option<&str> {
    let (_, rest) = step
        .split_once("SCAN ")
        .or_else(|| step.split_once("Seq Scan on "))?;
    rest.split_whitespace().next()
}

/// The table that a step enters by its key, at one end or from one row on: where that row stands is
/// the caller's choice, so it may be the first. What has both ends is as long as the caller says.
/// A server tells the condition in the line after the step.
fn reads_on<'a>(step: &'a str, condition: Option<&str>) -> Option<&'a str> {
    if let Some((table, way)) = step
        .split_once("SEARCH ")
        .and_then(|(_, rest)| rest.split_once(" USING INTEGER PRIMARY KEY "))
    {
        let is_open = ["(rowid>?)", "(rowid<?)"].contains(&way.trim());
        return is_open.then(|| table.split_whitespace().next()).flatten();
    }
    let (_, rest) = step
        .split_once("Scan using ")
        .or_else(|| step.split_once("Scan Backward using "))
        .or_else(|| step.split_once("Bitmap Index Scan on "))?;
    let table = rest.split_whitespace().next()?.strip_suffix("_pkey")?;
    let condition = condition?.trim().strip_prefix("Index Cond: ")?;
    let (above, below) = (condition.contains('>'), condition.contains('<'));
    (above != below && !condition.contains(" = ")).then_some(table)
}

#[test]
fn a_range_with_one_end_counts_as_the_whole() {
    let keyed = "SEARCH tickets USING INTEGER PRIMARY KEY ";
    let sqlite = |way: &str| reads_on(&format!("{keyed}{way}"), None).map(str::to_owned);
    assert_eq!(sqlite("(rowid>?)").as_deref(), Some("tickets"));
    assert_eq!(sqlite("(rowid<?)").as_deref(), Some("tickets"));
    assert_eq!(sqlite("(rowid>? AND rowid<?)"), None);
    assert_eq!(sqlite("(rowid=?)"), None);
    let by_key = "  ->  Index Scan using tickets_pkey on tickets  (cost=0.14..8.16 rows=1)";
    for (condition, whole) in [
        ("        Index Cond: (id >= '0'::bigint)", true),
        ("        Index Cond: ((id >= $1) AND (id <= $2))", false),
        ("        Index Cond: (id = $1)", false),
        ("        Index Cond: (id = ANY ($1))", false),
    ] {
        assert_eq!(
            reads_on(by_key, Some(condition)).is_some(),
            whole,
            "{condition}"
        );
    }
    let other = "Index Scan using tickets_by_requester on tickets";
    assert_eq!(
        reads_on(other, Some("Index Cond: (requester_id >= $1)")),
        None
    );
}
