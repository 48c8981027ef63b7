//! What was found, as a page to read.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;
use std::{fs, thread};

use super::faults::Fault;
use super::place::Engine;
use super::tools::Outcome;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Holds,
    Broken,
    NotRun,
}

impl Verdict {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Broken => "BROKEN",
            Self::NotRun => "not run",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Holds, Self::Broken, Self::NotRun]
            .into_iter()
            .find(|verdict| verdict.as_str() == text)
    }
}

/// One fault on one engine.
pub struct Line {
    pub fault: &'static Fault,
    pub engine: Engine,
    pub verdict: Verdict,
    pub figure: String,
}

/// What people wrote about it stands below this line and stays.
const NOTES: &str = "## Notes\n";
const HEAD: &str = "| | Fault | What was done | Engine | Figure | |\n|---|---|---|---|---|---|\n";

/// Writes the page of a whole run.
pub fn write(target: &Path, lines: &[Line], took: Duration) -> Outcome<()> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut text = String::from("# Faults\n\n");
    writeln!(
        text,
        "Made by `scripts/faults` in {} minutes, on {cores} cores, {}, with a build without \
         optimisations. After each fault that files requests (F24 files none), everything that was \
         acknowledged is compared with the database and the folder of files (subject, text, the row of its \
         file and the content by its hash), every request there is must have been filed once in its history and \
         be acknowledged by exactly one mail, nothing may be there twice or in halves, SQLite checks its \
         file, and every request must be what its history says. PostgreSQL is \
         a server of its own for each fault: limits, clocks and failing calls are the program's alone.\n",
        took.as_secs().div_ceil(60),
        system(),
    )?;
    text += HEAD;
    text.extend(lines.iter().map(Line::row));
    let notes = fs::read_to_string(target).unwrap_or_default();
    let notes = notes.split_once(NOTES).map_or("", |(_, notes)| notes);
    Ok(fs::write(target, format!("{text}\n{NOTES}{notes}"))?)
}

/// Replaces the rows of faults that were run by themselves; one that is new comes in its place.
pub fn amend(target: &Path, lines: &[Line]) -> Outcome<()> {
    let page = fs::read_to_string(target).unwrap_or_default();
    let mut rows: Vec<String> = page.split_inclusive('\n').map(str::to_owned).collect();
    for line in lines {
        let (beginning, engine) = (line.beginning(), format!("| {} |", line.engine.as_str()));
        let old = rows
            .iter_mut()
            .find(|row| row.starts_with(&beginning) && row.contains(&engine));
        if let Some(old) = old {
            *old = line.row();
            continue;
        }
        // The line under the head of the table comes before the first.
        let is_before = |row: &String| {
            row.starts_with("|---") || row.starts_with("| F") && row.get(..5) <= beginning.get(..5)
        };
        let before = rows.iter().rposition(is_before);
        let before = before.ok_or("the page has no table yet: run all faults once")?;
        rows.insert(before + 1, line.row());
    }
    Ok(fs::write(target, rows.concat())?)
}

impl Line {
    fn beginning(&self) -> String {
        format!("| {} | ", self.fault.id)
    }

    fn row(&self) -> String {
        format!(
            "{}{} | {} | {} | {} | {} |\n",
            self.beginning(),
            self.fault.name,
            self.fault.done,
            self.engine.as_str(),
            self.figure.replace('|', "/"),
            self.verdict.as_str()
        )
    }
}

fn system() -> String {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release.lines().find_map(|line| line.strip_prefix("NAME="));
    let name = name.unwrap_or("an unknown system").trim_matches('"');
    name.split(' ').next().unwrap_or(name).to_owned()
}
