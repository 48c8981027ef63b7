//! An empty database for one test.

use std::path::Path;

use diesel::RunQueryDsl;
use guichet::platform::db::{Conn, DatabaseUrl};
use guichet::platform::random;

/// A file, or a schema on the PostgreSQL server that `TEST_DATABASE_URL` names. It is
/// removed when this is dropped.
pub struct FreshDatabase {
    url: DatabaseUrl,
    schema: Option<(DatabaseUrl, String)>,
}

impl FreshDatabase {
    /// A file in `folder`, whatever engine is under test.
    pub fn file_in(folder: &Path) -> Self {
        Self {
            url: DatabaseUrl::Sqlite(folder.join("guichet.db")),
            schema: None,
        }
    }

    /// A database of its own; a file is made in `folder`.
    pub fn in_folder(folder: &Path) -> Self {
        let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
            return Self::file_in(folder);
        };
        let schema = format!("test_{}", random::public_id());
        let base = DatabaseUrl::parse(&server).expect("TEST_DATABASE_URL is an address");
        execute(&base, &format!("CREATE SCHEMA {schema}"));
        let joint = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{joint}options=-csearch_path%3D{schema}");
        Self {
            url: DatabaseUrl::Postgres(url),
            schema: Some((base, schema)),
        }
    }

    /// Its address.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Its address with everything that is needed to reach it.
    pub fn address(&self) -> String {
        match &self.url {
            DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => url.clone(),
        }
    }

    /// A connection beside the program's own.
    pub fn connect(&self) -> Conn {
        self.url.connect().expect("the database can be opened")
    }
}

impl Drop for FreshDatabase {
    fn drop(&mut self) {
        if let Some((base, schema)) = &self.schema {
            execute(base, &format!("DROP SCHEMA {schema} CASCADE"));
        }
    }
}

fn execute(url: &DatabaseUrl, statement: &str) {
    let mut conn = url.connect().expect("the database server can be reached");
    diesel::sql_query(statement)
        .execute(&mut conn)
        .expect("the server lets tests make schemas");
}
