//! Looking changes nothing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use guichet::platform::db::Conn;

use super::rows::ROWS;
use super::stage::{Stage, everybody};
use crate::support::{Browser, Page, TestApp};

/// Pages that one crawl opens at most.
const PAGES: usize = 400;

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Content {
    #[diesel(sql_type = Nullable<Text>)]
    content: Option<String>,
}

fn tables(conn: &mut Conn) -> Vec<String> {
    let tables = names(
        conn,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        "SELECT table_name AS name FROM information_schema.tables \
         WHERE table_schema = current_schema()",
    );
    assert!(tables.len() > 15, "{tables:?}");
    // When the tables were made is no matter.
    let own = tables.into_iter().filter(|table| !table.starts_with("__"));
    own.collect()
}

/// The names of all columns of all tables.
pub fn columns(app: &TestApp) -> BTreeSet<String> {
    let mut conn = app.connect();
    let tables = tables(&mut conn);
    let all = tables.iter().flat_map(|table| columns_of(&mut conn, table));
    all.collect()
}

/// Every row of every table but for when a session was last used, and that somebody was refused
/// something.
pub fn dump(app: &TestApp) -> BTreeMap<String, String> {
    let mut conn = app.connect();
    tables(&mut conn)
        .into_iter()
        .map(|table| {
            let content = content(&mut conn, &table);
            (table, content)
        })
        .collect()
}

fn columns_of(conn: &mut Conn, table: &str) -> Vec<String> {
    names(
        conn,
        &format!("SELECT name FROM pragma_table_info('{table}')"),
        &format!(
            "SELECT column_name AS name FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = '{table}' \
             ORDER BY ordinal_position"
        ),
    )
}

fn content(conn: &mut Conn, table: &str) -> String {
    let columns = columns_of(conn, table);
    let (quoted, together): (fn(&str) -> String, &str) = match conn {
        Conn::Sqlite(_) => (
            |column| format!("quote(\"{column}\")"),
            "group_concat(line, ';')",
        ),
        Conn::Postgres(_) => (
            |column| format!("quote_nullable(\"{column}\"::text)"),
            "string_agg(line, ';')",
        ),
    };
    let line: Vec<String> = columns
        .iter()
        .filter(|column| (table, column.as_str()) != ("sessions", "seen_at"))
        .map(|column| quoted(column))
        .collect();
    let without = match table {
        "events" => "WHERE stream <> 'denial'",
        _ => "",
    };
    let query = format!(
        "SELECT {together} AS content \
         FROM (SELECT {} AS line FROM \"{table}\" {without} ORDER BY 1) AS lines",
        line.join(" || ',' || ")
    );
    let found: Content = diesel::sql_query(query).get_result(conn).expect("a query");
    found.content.unwrap_or_default()
}

fn names(conn: &mut Conn, sqlite: &str, postgres: &str) -> Vec<String> {
    let query = match conn {
        Conn::Sqlite(_) => sqlite,
        Conn::Postgres(_) => postgres,
    };
    let found: Vec<Name> = diesel::sql_query(query).load(conn).expect("a query");
    found.into_iter().map(|row| row.name).collect()
}

/// Opens every address of the table and whatever the pages lead to.
pub fn crawl<'b>(stage: &Stage, browser: &'b Browser<'b>) -> Vec<Page<'b>> {
    let mut queue: VecDeque<String> = ROWS
        .iter()
        .filter(|row| row.method == "GET")
        .map(|row| stage.path(row.address))
        .collect();
    let mut known: BTreeSet<String> = queue.iter().cloned().collect();
    let mut pages = Vec::new();
    while let Some(path) = queue.pop_front() {
        let page = browser.get_once(&path);
        let mut found = page.attributes("[href], [src]", "href");
        found.extend(page.attributes("[src]", "src"));
        found.extend(page.location().map(str::to_owned));
        for path in found {
            let path = path.split('#').next().unwrap_or_default().to_owned();
            let ours = path.starts_with('/') && !path.starts_with("/language/");
            if ours && known.len() < PAGES && known.insert(path.clone()) {
                queue.push_back(path);
            }
        }
        pages.push(page);
    }
    assert!(known.len() < PAGES, "the crawl ended before its pages did");
    pages
}

#[test]
fn opening_every_page_changes_no_row() {
    for role in everybody() {
        let stage = Stage::new();
        let browser = stage.browser(role);
        let before = dump(&stage.portal.app);
        let pages = crawl(&stage, &browser);
        assert!(pages.len() > ROWS.iter().filter(|row| row.method == "GET").count());
        let broken: Vec<_> = pages
            .iter()
            .filter(|page| page.status >= 500)
            .map(|page| &page.path)
            .collect();
        assert!(broken.is_empty(), "{broken:?}");
        assert_eq!(dump(&stage.portal.app), before, "as {role}");
    }
}
