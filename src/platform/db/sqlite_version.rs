//! Which SQLite library answers.

use diesel::{QueryResult, RunQueryDsl, sql_query, sql_types};

use super::connection::Conn;
use super::database::OpenError;

/// Before this version a checkpoint racing a write could corrupt the file (the "WAL-reset"
/// defect).
const OLDEST: [u32; 3] = [3, 51, 3];

#[derive(diesel::QueryableByName)]
struct Version {
    #[diesel(sql_type = sql_types::Text)]
    version: String,
}

/// Refuses a library that can damage its file. It is the library itself that says its version: the
/// program may have been linked with another one than it was compiled for.
///
/// # Errors
/// [`OpenError::OldSqlite`], or when the library does not answer.
pub(super) fn check(conn: &mut Conn) -> Result<(), OpenError> {
    let Conn::Sqlite(_) = conn else {
        return Ok(());
    };
    let version = ask(conn).map_err(|error| OpenError::OldSqlite(error.to_string()))?;
    if is_sound(&version) {
        Ok(())
    } else {
        Err(OpenError::OldSqlite(version))
    }
}

fn ask(conn: &mut Conn) -> QueryResult<String> {
    let version: Version = sql_query("SELECT sqlite_version() AS version").get_result(conn)?;
    Ok(version.version)
}

fn is_sound(version: &str) -> bool {
    let numbers: Vec<u32> = version.split('.').map_while(|n| n.parse().ok()).collect();
    numbers.as_slice() >= OLDEST.as_slice()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::DatabaseUrl;

    #[test]
    fn the_library_is_asked() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("a.db").display());
        let url = DatabaseUrl::parse(&url).expect("an address");
        let mut conn = url.connect().expect("it opens");
        let version = ask(&mut conn).expect("it answers");
        let number = libsqlite3_sys::SQLITE_VERSION_NUMBER;
        let bound = format!(
            "{}.{}.{}",
            number / 1_000_000,
            number / 1_000 % 1_000,
            number % 1_000
        );
        assert_eq!(version, bound, "linked and compiled for are one");
        check(&mut conn).expect("it is sound");
    }

    #[test]
    fn old_and_strange_versions_are_refused() {
        for old in ["3.51.2", "3.46.1", "3.9.99", "2.99.99", "", "x", "3"] {
            assert!(!is_sound(old), "{old}");
        }
        for sound in ["3.51.3", "3.51.10", "3.52.0", "4.0.0"] {
            assert!(is_sound(sound), "{sound}");
        }
    }
}
