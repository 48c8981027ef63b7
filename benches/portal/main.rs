//! How fast the portal is on this machine, beside what the web framework and the disk can do.
//!
//! `scripts/bench` runs it and keeps the table in `docs/benchmarks.md`. Words choose what is
//! measured, by the names in the table, and then nothing is written: `scripts/bench queue`. The word
//! `alone` has it show that the program is one file, and measure nothing.

mod alone;
mod client;
mod disk;
mod fast;
mod figures;
mod grown;
mod hello;
mod load;
mod pages;
mod people;
mod process;
mod report;
mod rows;
mod slow_disk;
mod submits;
mod wire;
mod world;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;

use figures::Line;
use hello::Hello;
use load::{Measured, as_fast_as_answered, at_rate};
use pages::Pages;
use people::People;
use process::Process;
use report::Report;
use rows::Row;
use slow_disk::SlowDisk;
use world::{Served, World};

/// What the program itself uses: the framework's hello is compared with it on the same terms.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Each load runs so often, for so long, after the program has been asked for a while.
const RUNS: usize = 3;
const TIME: Duration = Duration::from_secs(5);
const WARM_UP: Duration = Duration::from_secs(1);
/// Clients of a load at a constant rate.
const CLIENTS: usize = 16;
/// Who files requests at the same time.
const WRITERS: usize = 8;

/// The word for what is measured as fast as it is answered.
const THROUGHPUT: &str = "throughput";

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.iter().any(|word| word == "hello") {
        return hello::serve();
    }
    if let [word, folder] = words.as_slice()
        && word == "syncs"
    {
        let syncs = disk::syncs_per_second(Path::new(folder), WRITERS, TIME / 2)?;
        println!("{syncs}");
        return Ok(());
    }
    // `cargo test --benches` and the like only want to see that it builds.
    if !words.iter().any(|word| word == "--bench") {
        return Ok(());
    }
    let wanted = Wanted(words.into_iter().filter(|w| !w.starts_with("--")).collect());
    alone::prove()?;
    if wanted.0 == ["alone"] {
        println!("{}: yes", alone::PROVED);
        return Ok(());
    }
    bench(&wanted)
}

/// Measures what is wanted, and reports.
fn bench(wanted: &Wanted) -> Outcome<()> {
    let number = |key: &str, default: usize| {
        std::env::var(key).map_or(Ok(default), |value| value.parse::<usize>())
    };
    let (tickets, articles, many) = (
        number("BENCH_TICKETS", 20_000)?,
        number("BENCH_ARTICLES", 1_000)?,
        number("BENCH_MANY_TICKETS", 500_000)?,
    );
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    eprintln!("making {tickets} tickets and {articles} articles, {many} tickets of them, once");
    let world = World::of(&root, tickets, articles)?;
    world.serve()?.settle()?;
    let grown = world.grown(&root, many)?;
    grown.serve()?.settle()?;
    let mut report = Report::new([tickets, articles, many]);
    if wanted.has("fill") && !wanted.0.is_empty() {
        return Ok(());
    }
    measure(&world.copied(&root)?, wanted, &mut report)?;
    let served = grown.serve()?;
    served.settle()?;
    let rows = rows::desk(&grown, &served)?;
    report.grown = run(served.process(), wanted, &rows, " (many)")?;
    report.memory_grown = served.process().memory()?;
    drop(served);
    if wanted.0.is_empty() {
        let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/benchmarks.md");
        report.write(&target)?;
        eprintln!("written to {}", target.display());
    } else {
        print!("{}", report.text());
    }
    Ok(())
}

/// What is to be measured: everything, unless there are words.
struct Wanted(Vec<String>);

impl Wanted {
    fn has(&self, name: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|word| name.contains(word.as_str()))
    }
}

fn measure(world: &World, wanted: &Wanted, report: &mut Report) -> Outcome<()> {
    let mut people = People::default();
    if wanted.has(submits::NAME) || wanted.has(THROUGHPUT) {
        people = People::of(world)?;
    }
    let mut served = world.serve()?;
    for _ in 0..RUNS {
        drop(served);
        served = world.serve()?;
        report.ready.push(served.ready);
    }
    served.settle()?;
    report.memory_idle = served.process().memory()?;
    report.first_visit = wire::first_visit(&mut served.client())?;
    let hello = Hello::start()?;
    if wanted.has(THROUGHPUT) {
        report.compared = fast::compared(&hello, world, &served)?;
    }
    let floor = Row::new("bare hello", 200, Pages::one("/", "").ask());
    report.lines = run(hello.process(), wanted, &[floor], "")?;
    drop(hello);
    let mut rows = rows::portal(world, &served, &people)?;
    rows.extend(rows::desk(world, &served)?);
    rows.push(rows::desk_search(world, &served, &people)?);
    (report.lines).extend(run(served.process(), wanted, &rows, "")?);
    if wanted.has(THROUGHPUT) {
        report.others = fast::others(served.process(), &rows)?;
    }
    if wanted.has(submits::NAME) {
        file_requests(world, &served, &people.customers, report)?;
    }
    report.memory_loaded = served.process().memory()?;
    report.disk = world.disk()?;
    drop(served);
    if wanted.has(submits::NAME) {
        file_requests_slowly(world, &people.customers, report)?;
    }
    Ok(())
}

/// Each row at its rate, the runs one after the other.
fn run(process: Process, wanted: &Wanted, rows: &[Row], suffix: &str) -> Outcome<Vec<Line>> {
    let mut lines = Vec::new();
    for row in rows {
        if !wanted.has(&format!("{}{suffix}", row.name)) {
            continue;
        }
        eprintln!("{}, {} a second", row.name, row.per_second);
        let load = |time| at_rate(process.port, row.per_second, time, CLIENTS, &*row.ask);
        load(WARM_UP);
        let before = process.processor_time()?;
        let runs: Vec<Measured> = (0..RUNS).map(|_| load(TIME)).collect();
        let used = process.processor_time()? - before;
        lines.push(Line::new(row, runs, used));
    }
    Ok(lines)
}

/// Requests filed as fast as they are taken, by turns with the bare disk, then at a constant rate.
fn file_requests(
    world: &World,
    served: &Served,
    sessions: &[String],
    report: &mut Report,
) -> Outcome<()> {
    let row = Row::new(
        submits::NAME,
        50,
        submits::filing(served, sessions, "fast")?,
    );
    for _ in 0..RUNS {
        eprintln!("requests filed by {WRITERS} at once");
        let syncs = disk::syncs_per_second(&world.data(), WRITERS, TIME / 2)?;
        let load = as_fast_as_answered(served.port, TIME, WRITERS, &*row.ask);
        report.submits.take(syncs, load);
    }
    let wanted = Wanted(Vec::new());
    (report.lines).extend(run(served.process(), &wanted, &[row], "")?);
    Ok(())
}

/// The same when the disk takes its time.
fn file_requests_slowly(world: &World, sessions: &[String], report: &mut Report) -> Outcome<()> {
    let library = tempfile::tempdir()?;
    let disk = SlowDisk::make(library.path())?;
    let served = world.serve_on(&disk)?;
    served.settle()?;
    let row = Row::new(
        submits::SLOW_NAME,
        50,
        submits::filing(&served, sessions, "slow")?,
    );
    let before = world.tickets()?;
    let mut acknowledged = 0;
    for _ in 0..RUNS {
        eprintln!("requests filed by {WRITERS} at once, on a slow disk");
        let syncs = disk.syncs_per_second(&world.data())?;
        let load = as_fast_as_answered(served.port, TIME, WRITERS, &*row.ask);
        acknowledged += load.count();
        report.slow_submits.take(syncs, load);
    }
    let filed = world.tickets()? - before;
    if filed != acknowledged {
        return Err(format!("{acknowledged} requests were acknowledged, {filed} filed").into());
    }
    let wanted = Wanted(Vec::new());
    (report.lines).extend(run(served.process(), &wanted, &[row], "")?);
    Ok(())
}
