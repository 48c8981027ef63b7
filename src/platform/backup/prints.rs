//! Whether a table has the rows that an archive holds, word for word.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::BackupError;
use super::catalogue::{Column, Kind};

/// What rows come to, in whatever order: how many they are, and the sum of their digests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Print {
    rows: u64,
    sum: u128,
}

impl Print {
    /// Adds a row as either engine writes it: they differ in spaces, and in how they escape.
    pub(super) fn add(&mut self, columns: &[Column], line: &str) -> Result<(), BackupError> {
        let unreadable = |error| BackupError::damaged(format!("a row cannot be read: {error}"));
        let mut values: Vec<Value> = serde_json::from_str(line).map_err(unreadable)?;
        for (value, column) in values.iter_mut().zip(columns) {
            settle(value, column.kind);
        }
        let digest = Sha256::digest(Value::Array(values).to_string());
        let (half, _) = digest
            .split_first_chunk::<16>()
            .expect("a digest has 32 bytes");
        self.rows += 1;
        self.sum = self.sum.wrapping_add(u128::from_be_bytes(*half));
        Ok(())
    }
}

/// What the engines write in more than one way.
fn settle(value: &mut Value, kind: Kind) {
    let Value::String(text) = value else {
        return;
    };
    match kind {
        Kind::Instant if text.contains('.') => {
            let length = text.trim_end_matches('0').trim_end_matches('.').len();
            text.truncate(length);
        }
        Kind::Real => {
            if let Ok(number) = text.parse::<f64>() {
                *text = number.to_string();
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(lines: &[&str]) -> Print {
        let columns = [
            ("id", Kind::Integer),
            ("name", Kind::Text),
            ("at", Kind::Instant),
            ("share", Kind::Real),
        ]
        .map(|(name, kind)| Column {
            name: name.to_owned(),
            kind,
        });
        let mut print = Print::default();
        for line in lines {
            print.add(&columns, line).expect("a row");
        }
        print
    }

    #[test]
    fn rows_are_the_same_in_any_order_and_as_either_engine_writes_them() {
        let here = [
            r#"[1,"Élan\u001f","2026-12-01 10:00:00.120","0.5"]"#,
            r#"[2,null,"2026-12-01 10:00:00",null]"#,
        ];
        let there = [
            r#"[2, null, "2026-12-01 10:00:00", null]"#,
            r#"[1, "\u00c9lan\u001F", "2026-12-01 10:00:00.120000", "0.50000000000000000"]"#,
        ];
        assert_eq!(print(&here), print(&there));
    }

    #[test]
    fn no_letter_and_no_row_is_other() {
        let row = r#"[1,"Claire","2026-12-01 10:00:00.12",null]"#;
        for other in [
            r#"[2,"Claire","2026-12-01 10:00:00.12",null]"#,
            r#"[1,"claire","2026-12-01 10:00:00.12",null]"#,
            r#"[1,null,"2026-12-01 10:00:00.12",null]"#,
            r#"[1,"","2026-12-01 10:00:00.12",null]"#,
            r#"[1,"Claire","2026-12-01 10:00:00.13",null]"#,
        ] {
            assert_ne!(print(&[row]), print(&[other]), "{other}");
        }
        assert_ne!(print(&[row]), print(&[row, row]));
        assert_ne!(print(&[row]), print(&[]));
    }
}
