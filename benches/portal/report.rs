//! What was measured, as a page to read.

use std::fmt::Write as _;
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
    pub hello: Measured,
    pub closed: Vec<(&'static str, Measured)>,
    /// The same as another program sees it, where it is installed.
    pub closed_wrk: Vec<(&'static str, Option<String>)>,
    pub lines: Vec<Line>,
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
        let mut text = String::from("# Benchmarks\n\n");
        let mut line = |written: std::fmt::Arguments<'_>| {
            text.write_fmt(written).expect("memory takes it");
            text.push('\n');
        };
        line(format_args!(
            "Made by `scripts/bench`: {} tickets, {} articles, {}. The program, the database and the \
             clients share the machine.\n",
            self.tickets,
            self.articles,
            machine()
        ));
        line(format_args!(
            "At a constant rate; times count from when a request was due.\n"
        ));
        line(format_args!(
            "| | a second | p50 | p95 | p99 | longest | errors |"
        ));
        line(format_args!("| --- | --: | --: | --: | --: | --: | --: |"));
        for Line {
            name,
            rate,
            measured,
        } in &self.lines
        {
            line(format_args!(
                "| {name} | {rate} | {} | {} | {} | {} | {} |",
                ms(measured.percentile(0.5)),
                ms(measured.percentile(0.95)),
                ms(measured.percentile(0.99)),
                ms(measured.longest()),
                measured.errors
            ));
        }
        let hello = self.hello.rate();
        line(format_args!("\nAs fast as it answers, eight clients.\n"));
        line(format_args!(
            "| | a second | of the framework's bare hello | wrk |"
        ));
        line(format_args!("| --- | --: | --: | --: |"));
        line(format_args!("| bare hello | {hello:.0} | 100 % | |"));
        for ((name, measured), (_, wrk)) in self.closed.iter().zip(&self.closed_wrk) {
            let rate = measured.rate();
            line(format_args!(
                "| {name} | {rate:.0} | {:.0} % | {} |",
                100.0 * rate / hello,
                wrk.as_deref().unwrap_or("")
            ));
        }
        let submits = self.submits.rate();
        line(format_args!(
            "| requests filed, durable, {} writers | {submits:.0} | {:.0} % of {:.0} syncs a second | |\n",
            self.writers,
            100.0 * submits / self.syncs,
            self.syncs
        ));
        line(format_args!("| | |\n| --- | --: |"));
        line(format_args!(
            "| start to first page, indexes warm | {} |",
            ms(self.ready)
        ));
        line(format_args!(
            "| memory, idle | {} MB |",
            self.resident_idle / 1_000_000
        ));
        line(format_args!(
            "| memory, after the loads | {} MB |",
            self.resident_loaded / 1_000_000
        ));
        #[expect(clippy::cast_precision_loss, reason = "a size")]
        let home = self.home as f64 / 1000.0;
        line(format_args!(
            "| first visit to the portal, on the wire | {home:.1} kB |"
        ));
        let [database, index, all] = self.disk.map(|bytes| bytes / 1_000_000);
        line(format_args!(
            "| on disk: database, indexes, all | {database}, {index}, {all} MB |"
        ));
        text
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
pub fn wrk(port: u16, path: &str) -> Option<String> {
    let out = Command::new("wrk")
        .args(["-t1", "-c8", "-d5s"])
        .arg(format!("http://127.0.0.1:{port}{path}"))
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let line = text.lines().find(|line| line.contains("Requests/sec"))?;
    line.split_whitespace().last().map(str::to_owned)
}
