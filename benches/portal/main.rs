//! How fast the portal is on this machine, beside what the web framework and the disk can do.
//!
//! `scripts/bench` runs it and keeps the table in `docs/benchmarks.md`. Words choose what is
//! measured, by the names in the table, and then nothing is written: `scripts/bench queue`.

mod client;
mod disk;
mod figures;
mod grown;
mod hello;
mod load;
mod process;
mod report;
mod rows;
mod submits;
mod wire;
mod world;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;

use figures::{Line, Throughput};
use hello::Hello;
use load::{Measured, as_fast_as_answered, at_rate};
use process::Process;
use report::Report;
use rows::Row;
use world::{Served, World};

/// What the program itself uses: the framework's hello is compared with it on the same terms.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Each load runs so often, for so long, after the program has been asked for a while.
const RUNS: usize = 3;
const TIME: Duration = Duration::from_secs(5);
const WARM_UP: Duration = Duration::from_secs(1);
/// Clients of a load at a constant rate.
const CLIENTS: usize = 16;
/// Clients of a load that is answered as fast as possible.
const FAST_CLIENTS: usize = 8;
/// Who files requests at the same time.
const WRITERS: usize = 8;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.iter().any(|word| word == "hello") {
        return hello::serve();
    }
    // `cargo test --benches` and the like only want to see that it builds.
    if !words.iter().any(|word| word == "--bench") {
        return Ok(());
    }
    let wanted = Wanted(words.into_iter().filter(|w| !w.starts_with("--")).collect());
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
    measure(&world.copied(&root)?, &wanted, &mut report)?;
    let served = grown.serve()?;
    served.settle()?;
    report.grown = run(
        served.process(),
        &wanted,
        rows::desk(&grown, &served)?,
        " (many)",
    )?;
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
    let mut sessions = Vec::new();
    if wanted.has(submits::NAME) {
        sessions = submits::customers(world)?;
    }
    let mut served = world.serve()?;
    for _ in 0..RUNS {
        drop(served);
        served = world.serve()?;
        report.ready.push(served.ready);
    }
    served.settle()?;
    report.resident_idle = served.resident()?;
    report.first_visit = wire::first_visit(&mut served.client())?;
    let hello = Hello::start()?;
    if wanted.has("throughput") {
        throughput(&hello, &served, report)?;
    }
    let floor = Row::new("bare hello", 200, rows::fixed("/", ""));
    report.lines = run(hello.process(), wanted, vec![floor], "")?;
    drop(hello);
    for rows in [
        rows::portal(world, &served)?,
        rows::desk(world, &served)?,
        vec![rows::desk_search(world, &served)?],
    ] {
        report
            .lines
            .extend(run(served.process(), wanted, rows, "")?);
    }
    if wanted.has(submits::NAME) {
        file_requests(world, &served, &sessions, report)?;
    }
    report.resident_loaded = served.resident()?;
    report.disk = world.disk()?;
    Ok(())
}

/// Each row at its rate, the runs one after the other.
fn run(process: Process, wanted: &Wanted, rows: Vec<Row>, suffix: &str) -> Outcome<Vec<Line>> {
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
        lines.push(Line::new(&row, runs, used));
    }
    Ok(lines)
}

/// The framework's hello, the first page and an article by turns, so that all meet the same
/// machine.
fn throughput(hello: &Hello, served: &Served, report: &mut Report) -> Outcome<()> {
    let mut pages = [
        Throughput::of("bare hello", hello.process(), "/"),
        Throughput::of("portal's first page", served.process(), "/fr"),
        Throughput::of("article", served.process(), rows::ARTICLE),
    ];
    for page in &pages {
        let ask = rows::fixed(page.path, "");
        as_fast_as_answered(page.process.port, WARM_UP, FAST_CLIENTS, &*ask);
    }
    for _ in 0..RUNS {
        for page in &mut pages {
            eprintln!("{}, as fast as it answers", page.name);
            page.measure(FAST_CLIENTS, TIME)?;
        }
    }
    report.throughput = pages.into();
    Ok(())
}

/// Requests filed at a constant rate, then as fast as they are taken, by turns with the bare disk.
fn file_requests(
    world: &World,
    served: &Served,
    sessions: &[String],
    report: &mut Report,
) -> Outcome<()> {
    let row = Row::new(submits::NAME, 50, submits::filing(served, sessions)?);
    report.submits.writers = WRITERS;
    for _ in 0..RUNS {
        eprintln!("requests filed by {WRITERS} at once");
        let syncs = disk::syncs_per_second(&world.data(), WRITERS, TIME / 2)?;
        let load = as_fast_as_answered(served.port, TIME, WRITERS, &*row.ask);
        report.submits.take(syncs, load);
    }
    let rows = vec![row];
    let wanted = Wanted(Vec::new());
    report
        .lines
        .extend(run(served.process(), &wanted, rows, "")?);
    Ok(())
}
