//! What was measured, as a page to read.

use std::path::Path;
use std::time::Duration;
use std::{fs, io};

use super::figures::{Line, Submits, Throughput, kilobytes, median, megabytes, ms, percent};

/// What people wrote about the figures stands below this line and stays.
const NOTES: &str = "## Notes\n";

/// All of it.
#[derive(Default)]
pub struct Report {
    /// Tickets, articles, tickets in later years.
    sizes: [usize; 3],
    /// From start to first page, of each start.
    pub ready: Vec<Duration>,
    /// Resident memory, in bytes: all, and the program's own.
    pub resident_idle: [u64; 2],
    pub resident_loaded: [u64; 2],
    /// Bytes of the first page, and of all that a first visit transfers.
    pub first_visit: [usize; 2],
    /// The framework's bare hello, then ours.
    pub throughput: Vec<Throughput>,
    pub lines: Vec<Line>,
    /// The desk with many more tickets.
    pub grown: Vec<Line>,
    pub submits: Submits,
    /// Database, index, all: in bytes.
    pub disk: [u64; 3],
}

/// A goal, what was measured, and whether that is good enough.
struct Verdict(String, String, bool);

impl Report {
    pub fn new(sizes: [usize; 3]) -> Self {
        Self {
            sizes,
            ..Self::default()
        }
    }

    pub fn write(&self, target: &Path) -> io::Result<()> {
        let text = self.text();
        print!("{text}");
        let notes = fs::read_to_string(target).unwrap_or_default();
        let notes = notes.split_once(NOTES).map_or("", |(_, notes)| notes);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(target, format!("{text}\n{NOTES}{notes}"))
    }

    /// The page, without the notes.
    pub fn text(&self) -> String {
        let [tickets, articles, many] = self.sizes;
        [
            format!(
                "# Benchmarks\n\nMade by `scripts/bench` from a release build: {tickets} tickets \
                 of three or four messages, {articles} articles, SQLite with `synchronous=FULL`, \
                 on {}. The program, its database and the clients that measure it share these \
                 cores.\n\n",
                machine()
            ),
            "## What is to be reached\n\n| | goal | measured | held |\n| --- | --- | --- | --- |\n"
                .to_owned(),
            self.verdicts().iter().map(Verdict::row).collect(),
            "\n## Answers at a constant rate\n\nTimes count from when a request was due, not from \
             when a client was free to send it. Three runs together; the last figure of each run \
             stands beside. \"Processor\" is what the program used for an answer, \"size\" what \
             it sent, head included.\n\n\
             | | a second | p50 | p95 | p99 | of each run | longest | errors | processor | size |\n\
             | --- | --: | --: | --: | --: | --- | --: | --: | --: | --: |\n"
                .to_owned(),
            self.lines.iter().map(Line::row).collect(),
            format!("| **with {many} tickets**, the others closed in earlier years | | | | | | | | | |\n"),
            self.grown.iter().map(Line::row).collect(),
            "\n## As fast as it answers\n\nEight clients, the median of three runs, by turns with \
             Rocket's bare hello.\n\n\
             | | by `wrk` | of hello | by our client | of hello | processor | of hello |\n\
             | --- | --: | --: | --: | --: | --: | --: |\n"
                .to_owned(),
            self.throughput
                .iter()
                .map(|page| page.row(self.throughput.first()))
                .collect(),
            format!("\n## The rest\n\n| | |\n| --- | --: |\n{}", self.facts()),
        ]
        .concat()
    }

    /// What is to be reached; what was not measured this time is left out.
    fn verdicts(&self) -> Vec<Verdict> {
        let mut verdicts: Vec<Verdict> = Vec::new();
        let shares = self.article_of_hello();
        verdicts.extend(shares.map(|share| {
            let goal = "article, of the bare hello's throughput: at least 33 %";
            Verdict(goal.to_owned(), percent(share), share >= 1.0 / 3.0)
        }));
        let targets = self.lines.iter().filter_map(|line| {
            let goal = format!("{}, p99: under {}", line.name, ms(line.target?));
            Some(Verdict(goal, ms(line.p99()), line.p99() < line.target?))
        });
        verdicts.extend(targets);
        verdicts.extend(self.grown.iter().filter_map(|line| self.as_it_grows(line)));
        if let Some(share) = self.submits.share() {
            let goal = "durable requests, of the disk's syncs: at least 70 %";
            verdicts.push(Verdict(goal.to_owned(), percent(share), share >= 0.7));
        }
        let ready = median(&self.ready);
        let [resident, _] = self.resident_loaded;
        let [_, visit] = self.first_visit;
        verdicts.extend([
            Verdict(
                "start to first page, indexes warm: under a second".into(),
                ms(ready),
                ready < Duration::from_secs(1),
            ),
            Verdict(
                "resident memory after the loads: under 120 MB".into(),
                megabytes(resident),
                resident < 120_000_000,
            ),
            Verdict(
                "first visit to the portal, all files: under 60 kB".into(),
                kilobytes(visit),
                visit < 60_000,
            ),
        ]);
        verdicts
    }

    /// An article's share of the bare hello's throughput, by `wrk` where it is installed.
    fn article_of_hello(&self) -> Option<f64> {
        let (hello, article) = (self.throughput.first()?, self.throughput.last()?);
        let by_wrk = article.by_wrk().zip(hello.by_wrk());
        let (article, hello) = by_wrk.unwrap_or((article.by_us(), hello.by_us()));
        Some(article / hello)
    }

    /// A page that has to be nearly as fast when there are many more tickets.
    fn as_it_grows(&self, many: &Line) -> Option<Verdict> {
        many.target?;
        let before = self.lines.iter().find(|line| line.name == many.name)?;
        let times = many.p99().as_secs_f64() / before.p99().as_secs_f64();
        let goal = format!(
            "{} with {} tickets: at most twice that",
            many.name, self.sizes[2]
        );
        let figure = format!("{}, {times:.1} times", ms(many.p99()));
        Some(Verdict(goal, figure, times <= 2.0))
    }

    fn facts(&self) -> String {
        let [database, index, all] = self.disk.map(megabytes);
        let [page, visit] = self.first_visit.map(kilobytes);
        let [idle, own] = self.resident_idle.map(megabytes);
        let [loaded, own_loaded] = self.resident_loaded.map(megabytes);
        let ready: Vec<_> = self.ready.iter().map(|time| ms(*time)).collect();
        let mut facts = self.submits.facts();
        facts.extend([
            ("start to first page, each of them".into(), ready.join(", ")),
            (
                "memory when idle, the program's own of it".into(),
                format!("{idle}, {own}"),
            ),
            (
                "memory after the loads, the program's own of it".into(),
                format!("{loaded}, {own_loaded}"),
            ),
            (
                "first visit to the portal on the wire: the page, all".into(),
                format!("{page}, {visit}"),
            ),
            (
                "on disk: database, indexes, all".into(),
                format!("{database}, {index}, {all}"),
            ),
        ]);
        facts
            .iter()
            .map(|(name, figure)| format!("| {name} | {figure} |\n"))
            .collect()
    }
}

impl Verdict {
    fn row(&self) -> String {
        let Self(goal, measured, held) = self;
        let (what, goal) = goal.rsplit_once(": ").unwrap_or((goal, ""));
        let held = if *held { "yes" } else { "**no**" };
        format!("| {what} | {goal} | {measured} | {held} |\n")
    }
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find(|line| line.starts_with("model name"));
    let name = name.and_then(|line| line.split_once(": "));
    let name = name.map_or("an unknown processor", |(_, name)| name);
    format!("{cores} cores of {name}")
}
