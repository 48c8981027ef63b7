//! What was measured, as a page to read.

use std::path::Path;
use std::process::Command;
use std::time::Duration;
use std::{fs, io};

use super::load::Measured;

/// One load at a constant rate.
pub struct Line {
    pub name: &'static str,
    pub rate: u32,
    pub measured: Measured,
}

/// One page as fast as it is answered.
pub struct Closed {
    pub name: &'static str,
    pub measured: Measured,
    /// Answers a second by `wrk`'s count, where it is installed.
    pub wrk: Option<f64>,
}

/// All of it.
#[derive(Default)]
pub struct Report {
    tickets: usize,
    articles: usize,
    pub ready: Duration,
    pub resident_idle: u64,
    pub resident_loaded: u64,
    /// Bytes of a first visit to the home page.
    pub home: usize,
    /// The framework's bare hello, then ours.
    pub closed: Vec<Closed>,
    pub lines: Vec<Line>,
    /// The desk with many more tickets, and how many.
    pub grown: (usize, Vec<Line>),
    pub submits: Measured,
    pub writers: usize,
    pub syncs: f64,
    /// Database, index, all: in bytes.
    pub disk: [u64; 3],
}

impl Report {
    pub fn new(tickets: usize, articles: usize) -> Self {
        Self {
            tickets,
            articles,
            ..Self::default()
        }
    }

    pub fn write(&self, target: &Path) -> io::Result<()> {
        let text = self.text();
        print!("{text}");
        // What people wrote about the figures stands below this line and stays.
        const NOTES: &str = "## Notes\n";
        let notes = fs::read_to_string(target).unwrap_or_default();
        let notes = notes.split_once(NOTES).map_or("", |(_, notes)| notes);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(target, format!("{text}\n{NOTES}{notes}"))
    }

    fn text(&self) -> String {
        let mut text = format!(
            "# Benchmarks\n\nMade by `scripts/bench`: {} tickets of three or four messages, {} \
             articles, {}. The program, the database and the clients share the machine.\n\n",
            self.tickets,
            self.articles,
            machine()
        );
        text.push_str(
            "At a constant rate; times count from when a request was due.\n\n\
             | | a second | p50 | p95 | p99 | longest | errors |\n\
             | --- | --: | --: | --: | --: | --: | --: |\n",
        );
        text.extend(self.lines.iter().map(Line::row));
        let (tickets, lines) = &self.grown;
        text.push_str(&format!(
            "| **with {tickets} tickets**, most closed in earlier years | | | | | | |\n"
        ));
        text.extend(lines.iter().map(Line::row));
        text.push_str(
            "\nAs fast as it answers, eight clients.\n\n\
             | | a second | of hello | by `wrk` | of hello |\n\
             | --- | --: | --: | --: | --: |\n",
        );
        let hello = self.closed.first();
        text.extend(self.closed.iter().map(|closed| closed.row(hello)));
        text.push_str(&format!("\n| | |\n| --- | --: |\n{}", self.facts()));
        text
    }

    fn facts(&self) -> String {
        let submits = self.submits.rate();
        let megabytes = |bytes: u64| format!("{} MB", bytes / 1_000_000);
        #[expect(clippy::cast_precision_loss, reason = "a size")]
        let home = self.home as f64 / 1000.0;
        let [database, index, all] = self.disk.map(|bytes| bytes / 1_000_000);
        let facts = [
            (
                format!("requests filed, durable, {} writers", self.writers),
                format!("{submits:.0} a second"),
            ),
            (
                format!("syncs of this disk, {} writers", self.writers),
                format!("{:.0} a second", self.syncs),
            ),
            ("start to first page, indexes warm".into(), ms(self.ready)),
            ("memory, idle".into(), megabytes(self.resident_idle)),
            (
                "memory, after the loads".into(),
                megabytes(self.resident_loaded),
            ),
            (
                "first visit to the portal, on the wire".into(),
                format!("{home:.1} kB"),
            ),
            (
                "on disk: database, indexes, all".into(),
                format!("{database}, {index}, {all} MB"),
            ),
        ];
        facts
            .iter()
            .map(|(name, figure)| format!("| {name} | {figure} |\n"))
            .collect()
    }
}

impl Line {
    fn row(&self) -> String {
        let Self {
            name,
            rate,
            measured,
        } = self;
        format!(
            "| {name} | {rate} | {} | {} | {} | {} | {} |\n",
            ms(measured.percentile(0.5)),
            ms(measured.percentile(0.95)),
            ms(measured.percentile(0.99)),
            ms(measured.longest()),
            measured.errors
        )
    }
}

impl Closed {
    fn row(&self, hello: Option<&Self>) -> String {
        let percent = |ours: f64, hellos: Option<f64>| {
            hellos.map_or_else(String::new, |hello| {
                format!("{:.0} %", 100.0 * ours / hello)
            })
        };
        let rate = self.measured.rate();
        let wrk = self.wrk.map_or_else(String::new, |wrk| format!("{wrk:.0}"));
        let of_wrk = self.wrk.map_or_else(String::new, |wrk| {
            percent(wrk, hello.and_then(|hello| hello.wrk))
        });
        format!(
            "| {} | {rate:.0} | {} | {wrk} | {of_wrk} |\n",
            self.name,
            percent(rate, hello.map(|hello| hello.measured.rate())),
        )
    }
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find(|line| line.starts_with("model name"));
    let name = name.and_then(|line| line.split_once(": "));
    let name = name.map_or("an unknown processor", |(_, name)| name);
    format!("{cores} cores of {name}")
}

/// Answers a second by `wrk`'s own count; none where it is not installed.
pub fn wrk(port: u16, path: &str) -> Option<f64> {
    let out = Command::new("wrk")
        .args(["-t1", "-c8", "-d5s"])
        .arg(format!("http://127.0.0.1:{port}{path}"))
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let line = text.lines().find(|line| line.contains("Requests/sec"))?;
    line.split_whitespace().last()?.parse().ok()
}
