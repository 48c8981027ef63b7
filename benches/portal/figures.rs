//! What single loads showed.

use std::time::Duration;

use super::WRITERS;
use super::load::Measured;
use super::rows::Row;

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

    /// Requests without the answer that was expected.
    pub const fn errors(&self) -> usize {
        self.all.errors
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

/// Requests filed as fast as they are taken, and syncs of the bare disk.
#[derive(Default)]
pub struct Submits {
    filed: Vec<f64>,
    syncs: Vec<f64>,
    errors: usize,
}

impl Submits {
    /// A run of both.
    pub fn take(&mut self, syncs: f64, filed: Measured) {
        if let Some(error) = &filed.first_error {
            eprintln!("  {} errors, the first: {error}", filed.errors);
        }
        self.errors += filed.errors;
        self.syncs.push(syncs);
        self.filed.push(filed.rate());
    }

    /// Requests that were not taken.
    pub const fn errors(&self) -> usize {
        self.errors
    }

    /// Requests for each sync that the disk could have done.
    pub fn share(&self) -> Option<f64> {
        (!self.filed.is_empty()).then(|| median(&self.filed) / median(&self.syncs))
    }

    /// The figures of a disk, as it is called.
    pub fn facts(&self, disk: &str) -> Vec<(String, String)> {
        if self.filed.is_empty() {
            return Vec::new();
        }
        let each = |rates: &[f64]| {
            let rates: Vec<_> = rates.iter().map(|rate| format!("{rate:.0}")).collect();
            format!("{} a second", rates.join(", "))
        };
        vec![
            (
                format!("requests filed, durable, {WRITERS} writers, {disk}, each run"),
                each(&self.filed),
            ),
            (
                format!("syncs of {disk}, {WRITERS} writers, each run"),
                each(&self.syncs),
            ),
        ]
    }
}

/// Processor time of one of the answers.
pub fn per_answer(used: Duration, answers: usize) -> Duration {
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
    let percent = 100.0 * share;
    if percent < 10.0 {
        format!("{percent:.1} %")
    } else {
        format!("{percent:.0} %")
    }
}

pub fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}

pub fn kilobytes(bytes: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a size")]
    let kilobytes = bytes as f64 / 1000.0;
    format!("{kilobytes:.1} kB")
}
