//! What was measured, as a page to read.

use std::path::Path;
use std::time::Duration;
use std::{fs, io};

use super::alone;
use super::fast::{self, Throughput};
use super::figures::{Line, Submits, kilobytes, median, megabytes, ms, percent};
use super::process::Memory;
use super::slow_disk::SYNC;

/// What people wrote about the figures stands below this line and stays.
const NOTES: &str = "## Notes\n";

/// What stands above the rows that are answered as fast as possible.
const FAST: &str = "\n## As fast as it answers\n\n\
    Eight clients, for five seconds each: the median of three runs, by turns with Rocket's bare hello; \
    below, one run. Requests without cookies for a page that all guests see alike, such as the first \
    page and the article, are answered from the front's shelf, which keeps the finished answer and asks \
    nobody behind it; with any cookie, they go on to the program. The cookie here is that of a customer \
    who is signed in. What one person may look for in a second is limited, so many customers search by \
    turns, signed in, and all agents do (`benches/portal/by_turns.lua` has `wrk` do the same). Requests \
    are filed by our client only, above: each takes a token and a key of its own, which `wrk` cannot \
    fetch. Where anything but the page was answered, the number of errors takes the place of the \
    figure.\n\n\
    | | by `wrk` | of hello | by our client | of hello | processor | of hello |\n\
    | --- | --: | --: | --: | --: | --: | --: |\n";

/// All of it.
#[derive(Default)]
pub struct Report {
    /// Tickets, articles, tickets in later years.
    sizes: [usize; 3],
    /// From start to first page, of each start.
    pub ready: Vec<Duration>,
    pub memory_idle: Memory,
    pub memory_loaded: Memory,
    /// After the loads of the desk with many more tickets.
    pub memory_grown: Memory,
    /// Bytes of the first page, and of all that a first visit transfers.
    pub first_visit: [usize; 2],
    /// The framework's bare hello, then ours.
    pub compared: Vec<Throughput>,
    /// What else was asked for as fast as it is answered.
    pub others: Vec<Throughput>,
    pub lines: Vec<Line>,
    /// The desk with many more tickets.
    pub grown: Vec<Line>,
    pub submits: Submits,
    /// On a disk whose syncs take [`SYNC`].
    pub slow_submits: Submits,
    /// Database, index, all: in bytes.
    pub disk: [u64; 3],
}

/// A goal, what was measured, and whether that is good enough.
struct Verdict {
    goal: String,
    measured: String,
    held: bool,
}

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
            FAST.to_owned(),
            self.as_fast(&self.compared),
            "| **once, by themselves** | | | | | | |\n".to_owned(),
            self.as_fast(&self.others),
            format!("\n## The rest\n\n| | |\n| --- | --: |\n{}", self.facts()),
        ]
        .concat()
    }

    /// Rows beside the bare hello.
    fn as_fast(&self, rows: &[Throughput]) -> String {
        let hello = self.compared.first();
        rows.iter().map(|row| row.row(hello)).collect()
    }

    /// What is to be reached; what was not measured this time is left out.
    fn verdicts(&self) -> Vec<Verdict> {
        let mut verdicts: Vec<Verdict> = Vec::new();
        verdicts.extend(self.article_of_hello());
        let targets = self.lines.iter().filter_map(|line| {
            let goal = format!("{}, p99: under {}", line.name, ms(line.target?));
            let verdict = Verdict::new(goal, ms(line.p99()), line.p99() < line.target?);
            Some(verdict.without(line.errors()))
        });
        verdicts.extend(targets);
        verdicts.extend(self.grown.iter().filter_map(|line| self.as_it_grows(line)));
        for (submits, disk) in self.disks() {
            if let Some(share) = submits.share() {
                let goal = format!("durable requests, of the syncs of {disk}: at least 70 %");
                let verdict = Verdict::new(goal, percent(share), share >= 0.7);
                verdicts.push(verdict.without(submits.errors()));
            }
        }
        let ready = median(&self.ready);
        let resident = self.memory_loaded.all;
        let [_, visit] = self.first_visit;
        verdicts.extend([
            Verdict::new(
                "start to first page, indexes warm: under a second",
                ms(ready),
                ready < Duration::from_secs(1),
            ),
            Verdict::new(
                "resident memory after the loads: under 120 MB",
                megabytes(resident),
                resident < 120_000_000,
            ),
            Verdict::new(
                "first visit to the portal, all files: under 60 kB",
                kilobytes(visit),
                visit < 60_000,
            ),
        ]);
        verdicts
    }

    /// What was filed on which disk.
    fn disks(&self) -> [(&Submits, String); 2] {
        let slow = format!("a disk that takes {} ms for each", SYNC.as_millis());
        [
            (&self.submits, "this disk".to_owned()),
            (&self.slow_submits, slow),
        ]
    }

    /// An article's share of the bare hello's throughput, by `wrk` where it is installed.
    fn article_of_hello(&self) -> Option<Verdict> {
        let hello = self.compared.first()?;
        let article = self.compared.iter().find(|row| row.name == fast::ARTICLE)?;
        let by_wrk = article.by_wrk().zip(hello.by_wrk());
        let rates = by_wrk.or_else(|| article.by_us().zip(hello.by_us()));
        let goal = "article, of the bare hello's throughput: at least 33 %";
        let verdict = match rates.map(|(article, hello)| article / hello) {
            Some(share) => Verdict::new(goal, percent(share), share >= 1.0 / 3.0),
            None => Verdict::new(goal, "nothing".to_owned(), false),
        };
        Some(verdict.without(article.errors() + hello.errors()))
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
        let verdict = Verdict::new(goal, figure, times <= 2.0);
        Some(verdict.without(many.errors() + before.errors()))
    }

    fn facts(&self) -> String {
        let [database, index, all] = self.disk.map(megabytes);
        let [page, visit] = self.first_visit.map(kilobytes);
        let memory = |Memory { all, own, most }| {
            let [all, own, most] = [all, own, most].map(megabytes);
            format!("{all}, {own}, {most}")
        };
        let many = self.sizes[2];
        let ready: Vec<_> = self.ready.iter().map(|time| ms(*time)).collect();
        let mut facts: Vec<_> = (self.disks().iter())
            .flat_map(|(submits, disk)| submits.facts(disk))
            .collect();
        facts.extend([
            ("start to first page, each of them".into(), ready.join(", ")),
            (
                "memory when idle, the program's own of it, the most until then".into(),
                memory(self.memory_idle),
            ),
            (
                "memory after the loads, the program's own of it, the most until then".into(),
                memory(self.memory_loaded),
            ),
            (
                format!("the same with {many} tickets, after the loads of the desk"),
                memory(self.memory_grown),
            ),
            (
                "first visit to the portal on the wire: the page, all".into(),
                format!("{page}, {visit}"),
            ),
            (
                "on disk: database, indexes, all".into(),
                format!("{database}, {index}, {all}"),
            ),
            // Proved before anything is measured: there would be no report otherwise.
            (alone::PROVED.into(), "yes".into()),
        ]);
        facts
            .iter()
            .map(|(name, figure)| format!("| {name} | {figure} |\n"))
            .collect()
    }
}

impl Verdict {
    fn new(goal: impl Into<String>, measured: String, held: bool) -> Self {
        Self {
            goal: goal.into(),
            measured,
            held,
        }
    }

    /// The same where so many requests got another answer than the expected one, or none: refusals
    /// are fast, so any of them falls short of the goal.
    fn without(self, errors: usize) -> Self {
        match errors {
            0 => self,
            _ => Self {
                measured: format!("{}, **{errors} errors**", self.measured),
                held: false,
                ..self
            },
        }
    }

    fn row(&self) -> String {
        let Self {
            goal,
            measured,
            held,
        } = self;
        let (what, goal) = goal.rsplit_once(": ").unwrap_or((goal, ""));
        let held = if *held { "yes" } else { "**falls short**" };
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
