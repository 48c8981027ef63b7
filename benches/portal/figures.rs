//! What single loads showed.

use std::process::Command;
use std::time::Duration;

use super::Outcome;
use super::load::{Measured, as_fast_as_answered};
use super::process::Process;
use super::rows::{ACCEPT, Row, fixed};

/// One load at a constant rate.
pub struct Line {
    pub name: &'static str,
    /// What 99 of 100 answers have to stay under.
    pub target: Option<Duration>,
    per_second: u32,
    all: Measured,
    /// The time that 99 of 100 answers stayed under, in each run.
    each: Vec<Duration>,
    /// Processor time of an answer.
    processor: Duration,
}

impl Line {
    /// The runs of a row, and the processor time that the program used meanwhile.
    pub fn new(row: &Row, runs: Vec<Measured>, used: Duration) -> Self {
        let each = runs.iter().map(|run| run.percentile(0.99)).collect();
        let mut all = Measured::default();
        runs.into_iter().for_each(|run| all.join(run));
        if let Some(error) = &all.first_error {
            eprintln!("  {} errors, the first: {error}", all.errors);
        }
        Self {
            name: row.name,
            target: row.target,
            per_second: row.per_second,
            processor: per_answer(used, all.count()),
            all,
            each,
        }
    }

    pub fn p99(&self) -> Duration {
        self.all.percentile(0.99)
    }

    pub fn row(&self) -> String {
        let each: Vec<_> = self.each.iter().map(|time| ms(*time)).collect();
        format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
            self.name,
            self.per_second,
            ms(self.all.percentile(0.5)),
            ms(self.all.percentile(0.95)),
            ms(self.p99()),
            each.join(", "),
            ms(self.all.longest()),
            self.all.errors,
            ms(self.processor),
            kilobytes(self.all.bytes()),
        )
    }
}

/// One page as fast as it is answered.
pub struct Throughput {
    pub name: &'static str,
    pub process: Process,
    pub path: &'static str,
    /// Answers a second of each run, as our client and as `wrk` counts.
    by_us: Vec<f64>,
    by_wrk: Vec<f64>,
    /// Processor time of an answer, of each run.
    processor: Vec<Duration>,
}

impl Throughput {
    pub const fn of(name: &'static str, process: Process, path: &'static str) -> Self {
        Self {
            name,
            process,
            path,
            by_us: Vec::new(),
            by_wrk: Vec::new(),
            processor: Vec::new(),
        }
    }

    /// Once more.
    pub fn measure(&mut self, clients: usize, time: Duration) -> Outcome<()> {
        let before = self.process.processor_time()?;
        let ask = fixed(self.path, "");
        let load = as_fast_as_answered(self.process.port, time, clients, &*ask);
        if let Some(error) = load.first_error {
            return Err(error.into());
        }
        let used = self.process.processor_time()? - before;
        self.processor.push(per_answer(used, load.count()));
        self.by_us.push(load.rate());
        let url = format!("http://127.0.0.1:{}{}", self.process.port, self.path);
        self.by_wrk.extend(wrk(clients, time, &url));
        Ok(())
    }

    /// Answers a second, as our client counts.
    pub fn by_us(&self) -> f64 {
        median(&self.by_us)
    }

    /// Answers a second, as `wrk` counts; none where it is not installed.
    pub fn by_wrk(&self) -> Option<f64> {
        (!self.by_wrk.is_empty()).then(|| median(&self.by_wrk))
    }

    pub fn row(&self, hello: Option<&Self>) -> String {
        let Some(hello) = hello else {
            return String::new();
        };
        let wrk = self.by_wrk().zip(hello.by_wrk());
        let wrk = wrk.map_or_else(
            || " | ".to_owned(),
            |(ours, hellos)| format!("{ours:.0} | {}", percent(ours / hellos)),
        );
        let (processor, hellos) = (median(&self.processor), median(&hello.processor));
        format!(
            "| {} | {wrk} | {:.0} | {} | {} | {:.1} times |\n",
            self.name,
            self.by_us(),
            percent(self.by_us() / hello.by_us()),
            ms(processor),
            processor.as_secs_f64() / hellos.as_secs_f64(),
        )
    }
}

/// Requests filed as fast as they are taken, and syncs of the bare disk.
#[derive(Default)]
pub struct Submits {
    pub writers: usize,
    filed: Vec<f64>,
    syncs: Vec<f64>,
}

impl Submits {
    /// A run of both.
    pub fn take(&mut self, syncs: f64, filed: Measured) {
        if let Some(error) = &filed.first_error {
            eprintln!("  {} errors, the first: {error}", filed.errors);
        }
        self.syncs.push(syncs);
        self.filed.push(filed.rate());
    }

    /// Requests for each sync that the disk could have done.
    pub fn share(&self) -> Option<f64> {
        (!self.filed.is_empty()).then(|| median(&self.filed) / median(&self.syncs))
    }

    pub fn facts(&self) -> Vec<(String, String)> {
        if self.filed.is_empty() {
            return Vec::new();
        }
        let each = |rates: &[f64]| {
            let rates: Vec<_> = rates.iter().map(|rate| format!("{rate:.0}")).collect();
            format!("{} a second", rates.join(", "))
        };
        let writers = self.writers;
        vec![
            (
                format!("requests filed, durable, {writers} writers, each run"),
                each(&self.filed),
            ),
            (
                format!("syncs of this disk, {writers} writers, each run"),
                each(&self.syncs),
            ),
        ]
    }
}

/// Answers a second by `wrk`'s own count; none where it is not installed.
fn wrk(clients: usize, time: Duration, url: &str) -> Option<f64> {
    let headers = ACCEPT.lines().flat_map(|header| ["-H", header]);
    let out = Command::new("wrk")
        .args(["-t1".to_owned(), format!("-c{clients}")])
        .arg(format!("-d{}s", time.as_secs()))
        .args(headers)
        .arg(url)
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let line = text.lines().find(|line| line.contains("Requests/sec"))?;
    line.split_whitespace().last()?.parse().ok()
}

fn per_answer(used: Duration, answers: usize) -> Duration {
    used / u32::try_from(answers.max(1)).unwrap_or(u32::MAX)
}

/// The middle one; nothing of nothing.
pub fn median<T: PartialOrd + Copy + Default>(values: &[T]) -> T {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

pub fn ms(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1000.0;
    if ms < 1.0 {
        format!("{ms:.2} ms")
    } else {
        format!("{ms:.1} ms")
    }
}

pub fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

pub fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}

pub fn kilobytes(bytes: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a size")]
    let kilobytes = bytes as f64 / 1000.0;
    format!("{kilobytes:.1} kB")
}
