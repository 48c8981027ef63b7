//! Tables as text, for spreadsheets and programs (RFC 4180).
//!
//! A spreadsheet takes a cell that begins with certain characters for a formula, and a formula can
//! send what stands beside it elsewhere. Whatever people could have typed is in our tables, so such
//! a cell is made a text: by an apostrophe, which spreadsheets do not show.

/// What begins a formula, or is skipped before one; the wide ones too, which some programs take for
/// the plain ones.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A table that is being written.
pub struct Csv(String);

impl Default for Csv {
    fn default() -> Self {
        Self::new()
    }
}

impl Csv {
    /// An empty table. It begins with a mark without which some spreadsheets do not read UTF-8.
    #[must_use]
    pub fn new() -> Self {
        Self("\u{feff}".to_owned())
    }

    /// Adds a row.
    pub fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 {
                self.0.push(',');
            }
            self.cell(cell.as_ref());
        }
        self.0.push_str("\r\n");
    }

    fn cell(&mut self, text: &str) {
        self.0.push('"');
        if text.trim_start_matches(' ').starts_with(FORMULA) {
            self.0.push('\'');
        }
        self.0.push_str(&text.replace('"', "\"\""));
        self.0.push('"');
    }

    /// The table.
    #[must_use]
    pub fn into_text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(cells: &[&str]) -> String {
        let mut csv = Csv::new();
        csv.row(cells);
        let text = csv.into_text();
        text.strip_prefix('\u{feff}').expect("the mark").to_owned()
    }

    #[test]
    fn cells_are_quoted() {
        assert_eq!(
            written(&["a", "", "b, \"c\"\r\nd"]),
            "\"a\",\"\",\"b, \"\"c\"\"\r\nd\"\r\n"
        );
    }

    #[test]
    fn nothing_begins_a_formula() {
        for typed in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1",
        ] {
            assert!(written(&[typed]).starts_with("\"'"), "{typed:?}");
        }
        assert_eq!(written(&["a=b"]), "\"a=b\"\r\n");
    }

    proptest! {
        #[test]
        fn a_cell_comes_back_and_is_never_a_formula(text in any::<String>()) {
            let line = written(&[&text]);
            let cell = line
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix("\"\r\n"))
                .expect("one cell");
            let read = cell.replace("\"\"", "\"");
            prop_assert!(!read.starts_with(FORMULA));
            let marked = format!("'{text}");
            prop_assert!(read == text || read == marked);
            prop_assert_eq!(cell.matches('"').count() % 2, 0);
        }
    }
}
