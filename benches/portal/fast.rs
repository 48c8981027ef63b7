//! Pages as fast as they are answered, as our client and as `wrk` counts.

use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::figures::{median, ms, per_answer, percent};
use super::hello::Hello;
use super::load::as_fast_as_answered;
use super::pages::Pages;
use super::process::Process;
use super::rows::{self, ACCEPT, Row};
use super::world::{Served, World};
use super::{Outcome, RUNS, TIME, WARM_UP};

/// What the row is called whose share of the bare hello's throughput has a goal.
pub const ARTICLE: &str = "article";
/// Clients of a load.
const CLIENTS: usize = 8;

/// One row.
pub struct Throughput {
    pub name: &'static str,
    process: Process,
    pages: Pages,
    by_us: Counted,
    by_wrk: Counted,
    /// Processor time of an answer, of each run.
    processor: Vec<Duration>,
}

/// Answers a second of each run, and those that were not what was asked for.
#[derive(Default)]
struct Counted {
    rates: Vec<f64>,
    errors: usize,
}

/// The framework's hello, the first page and an article by turns, so that all meet the same
/// machine.
pub fn compared(hello: &Hello, world: &World, served: &Served) -> Outcome<Vec<Throughput>> {
    let customer = served.sign_in(&world.sign_ins.customer)?;
    let ours = |name, path, who| Throughput::of(name, served.process(), Pages::one(path, who));
    let mut rows = vec![
        Throughput::of("bare hello", hello.process(), Pages::one("/", "")),
        ours("portal's first page", "/fr", ""),
        ours(ARTICLE, rows::ARTICLE, ""),
        ours("article, with a cookie", rows::ARTICLE, &customer),
    ];
    rows.iter().for_each(Throughput::warm_up);
    for _ in 0..RUNS {
        rows.iter_mut().try_for_each(Throughput::measure)?;
    }
    Ok(rows)
}

/// What else is measured like this, once each.
pub fn others(process: Process, rows: &[Row]) -> Outcome<Vec<Throughput>> {
    let measured = rows.iter().filter_map(|row| {
        let mut row = Throughput::of(row.name, process, row.fast.clone()?);
        row.warm_up();
        Some(row.measure().map(|()| row))
    });
    measured.collect()
}

impl Throughput {
    fn of(name: &'static str, process: Process, pages: Pages) -> Self {
        Self {
            name,
            process,
            pages,
            by_us: Counted::default(),
            by_wrk: Counted::default(),
            processor: Vec::new(),
        }
    }

    fn warm_up(&self) {
        as_fast_as_answered(self.process.port, WARM_UP, CLIENTS, &*self.pages.ask());
    }

    /// Once more.
    fn measure(&mut self) -> Outcome<()> {
        eprintln!("{}, as fast as it answers", self.name);
        let before = self.process.processor_time()?;
        let ask = self.pages.ask();
        let load = as_fast_as_answered(self.process.port, TIME, CLIENTS, &*ask);
        let used = self.process.processor_time()? - before;
        if let Some(error) = &load.first_error {
            eprintln!("  {} errors, the first: {error}", load.errors);
        }
        self.processor.push(per_answer(used, load.count()));
        self.by_us.take(load.rate(), load.errors);
        if let Some((rate, errors)) = wrk(self.process.port, &self.pages)? {
            self.by_wrk.take(rate, errors);
        }
        Ok(())
    }

    /// Answers a second, as our client counts; none if some were not what was asked for.
    pub fn by_us(&self) -> Option<f64> {
        self.by_us.rate()
    }

    /// Answers a second, as `wrk` counts; none where it is not installed.
    pub fn by_wrk(&self) -> Option<f64> {
        self.by_wrk.rate()
    }

    /// Requests without the answer that was expected, whoever counts.
    pub const fn errors(&self) -> usize {
        self.by_us.errors + self.by_wrk.errors
    }

    pub fn row(&self, hello: Option<&Self>) -> String {
        let Some(hello) = hello else {
            return String::new();
        };
        let (processor, hellos) = (median(&self.processor), median(&hello.processor));
        format!(
            "| {} | {} | {} | {} | {:.1} times |\n",
            self.name,
            self.by_wrk.cells(&hello.by_wrk),
            self.by_us.cells(&hello.by_us),
            ms(processor),
            processor.as_secs_f64() / hellos.as_secs_f64(),
        )
    }
}

impl Counted {
    fn take(&mut self, rate: f64, errors: usize) {
        self.rates.push(rate);
        self.errors += errors;
    }

    /// Refusals are fast: a figure with some of them in it says nothing.
    fn rate(&self) -> Option<f64> {
        (self.errors == 0 && !self.rates.is_empty()).then(|| median(&self.rates))
    }

    fn cells(&self, hello: &Self) -> String {
        if self.errors > 0 {
            return format!("**{} errors** | ", self.errors);
        }
        let figures = self.rate().zip(hello.rate());
        figures.map_or_else(
            || " | ".to_owned(),
            |(ours, hellos)| format!("{ours:.0} | {}", percent(ours / hellos)),
        )
    }
}

/// Answers a second by `wrk`'s own count, and its errors; none where it is not installed.
fn wrk(port: u16, pages: &Pages) -> Outcome<Option<(f64, usize)>> {
    let mut command = Command::new("wrk");
    command
        .args(["-t1".to_owned(), format!("-c{CLIENTS}")])
        .arg(format!("-d{}s", TIME.as_secs()))
        .args(ACCEPT.lines().flat_map(|header| ["-H", header]));
    let list = tempfile::NamedTempFile::new()?;
    match pages.only() {
        Some((path, who)) => {
            command
                .args(who.lines().flat_map(|header| ["-H", header]))
                .arg(format!("http://127.0.0.1:{port}{path}"));
        }
        None => {
            std::fs::write(list.path(), pages.list())?;
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/portal/by_turns.lua");
            command
                .arg("-s")
                .arg(script)
                .arg(format!("http://127.0.0.1:{port}/"))
                .arg("--")
                .arg(list.path());
        }
    }
    let out = match command.output() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        out => out?,
    };
    let text = String::from_utf8_lossy(&out.stdout);
    let counted = counts(&text).ok_or_else(|| {
        let complaint = String::from_utf8_lossy(&out.stderr);
        format!("wrk counted nothing: {text}{complaint}")
    })?;
    Ok(Some(counted))
}

/// Answers a second and errors, of what `wrk` prints. It has a line for errors only if there are some.
fn counts(text: &str) -> Option<(f64, usize)> {
    let after = |name: &str| {
        let line = text.lines().find_map(|line| line.trim().strip_prefix(name));
        line.map(str::trim)
    };
    let rate = after("Requests/sec:")?.parse().ok()?;
    let refused = match after("Non-2xx or 3xx responses:") {
        Some(number) => number.parse().ok()?,
        None => 0,
    };
    // "connect 0, read 0, write 0, timeout 0"
    let broken = after("Socket errors:").unwrap_or_default();
    let broken: usize = broken
        .split([' ', ','])
        .filter_map(|word| word.parse::<usize>().ok())
        .sum();
    Some((rate, refused + broken))
}
