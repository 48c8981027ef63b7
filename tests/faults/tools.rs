//! Small things that many faults need.

use std::error::Error;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{fmt, fs, thread};

/// What a step of a fault answers.
pub type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// A fault cannot be made to happen on this machine.
#[derive(Debug)]
pub struct Lacking(pub String);

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Lacking {}

/// An error unless it holds.
pub fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Outcome<()> {
    if holds {
        return Ok(());
    }
    Err(otherwise().into())
}

/// Root, or the fault is not run.
pub fn need_root() -> Outcome<()> {
    if is_root() {
        return Ok(());
    }
    Err(Lacking("needs root".to_owned()).into())
}

pub fn is_root() -> bool {
    fs::read_to_string("/proc/self/status").is_ok_and(|text| {
        text.lines()
            .find(|line| line.starts_with("Uid:"))
            .is_some_and(|line| line.split_whitespace().nth(2) == Some("0"))
    })
}

/// Whether a program is there to be started.
pub fn has(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|paths| std::env::split_paths(&paths).any(|path| path.join(program).exists()))
}

/// The program, or the fault is not run.
pub fn need(program: &str) -> Outcome<()> {
    if has(program) {
        return Ok(());
    }
    Err(Lacking(format!("needs {program}")).into())
}

/// Runs a command that must succeed; answers what it printed.
pub fn run(command: &mut Command) -> Outcome<String> {
    let out = command.stdin(Stdio::null()).output()?;
    let (said, err) = (
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr),
    );
    ensure(out.status.success(), || {
        format!("{command:?}: {}: {said}{err}", out.status)
    })?;
    Ok(said.into_owned())
}

/// How many times as long things may take because others are at work on this machine, too: what
/// waits for a processor, for each of them.
fn slowness() -> f64 {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: f64 = load
        .split(' ')
        .next()
        .and_then(|load| load.parse().ok())
        .unwrap_or(1.0);
    let processors = thread::available_parallelism().map_or(1, usize::from);
    (load / processors as f64).clamp(1.0, MOST_SLOWNESS)
}

/// Nothing may take longer than that, however busy the machine is.
const MOST_SLOWNESS: f64 = 8.0;

/// Whether a time is over. Times are told for a machine that does nothing else.
pub fn is_over(begun: Instant, most: Duration) -> bool {
    let taken = begun.elapsed();
    taken >= most && taken >= most.mul_f64(slowness())
}

/// Whether steps are told, and when the last one was.
static TOLD: Mutex<Option<Instant>> = Mutex::new(None);

/// From now on [`step`] says so on standard output.
pub fn tell_steps() {
    *TOLD.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
}

/// Something was done: whoever waits for this fault may go on waiting. Told once a second at most.
pub fn step() {
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    if told.is_some_and(|last| last.elapsed() > Duration::from_secs(1)) {
        *told = Some(Instant::now());
        println!(".");
    }
}

/// Waits until something holds, for a time at most; answers how long it took.
pub fn wait_until(
    what: &str,
    most: Duration,
    mut holds: impl FnMut() -> bool,
) -> Outcome<Duration> {
    let begun = Instant::now();
    while !holds() {
        ensure(!is_over(begun, most), || {
            format!("{what}: not within {} s", begun.elapsed().as_secs())
        })?;
        thread::sleep(Duration::from_millis(20));
    }
    Ok(begun.elapsed())
}

/// A memory disk of so many megabytes over a folder.
pub fn mount_small(folder: &Path, megabytes: u32) -> Outcome<()> {
    need_root()?;
    run(Command::new("mount")
        .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"])
        .arg(folder))?;
    Ok(())
}

/// Fills the disk under a folder to its last byte, with one file; its name comes back.
pub fn fill(folder: &Path) -> Outcome<std::path::PathBuf> {
    use std::io::Write;
    let path = folder.join("ballast");
    let mut file = fs::File::create(&path)?;
    for piece in [1 << 20, 4096, 1] {
        let bytes = vec![7; piece];
        while file.write_all(&bytes).is_ok() {}
    }
    Ok(path)
}

/// `strace` on a running program, failing some of its calls until it is dropped.
pub struct Strace {
    child: Child,
    log: std::path::PathBuf,
}

impl Strace {
    /// `calls` by name, separated by commas; `what` as strace's `inject` understands it.
    pub fn attach(pid: u32, calls: &str, what: &str, log: &Path) -> Outcome<Self> {
        need("strace")?;
        fs::write(log, "")?;
        let child = Command::new("strace")
            .args(["-f", "-p", &pid.to_string(), "-o"])
            .arg(log)
            .args(["-e", &format!("trace={calls}")])
            .args(["-e", &format!("inject={calls}:{what}")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let tracer = format!("TracerPid:\t{}", child.id());
        let traced = || {
            let tasks = fs::read_dir(format!("/proc/{pid}/task"));
            tasks.is_ok_and(|mut tasks| {
                tasks.all(|task| {
                    task.and_then(|task| fs::read_to_string(task.path().join("status")))
                        .is_ok_and(|status| status.contains(&tracer))
                })
            })
        };
        let this = Self {
            child,
            log: log.to_owned(),
        };
        wait_until("strace attached", Duration::from_secs(10), traced)?;
        Ok(this)
    }

    /// How many calls were made to fail so far.
    pub fn injected(&self) -> usize {
        let log = fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&log).matches("(INJECTED)").count()
    }
}

impl Drop for Strace {
    fn drop(&mut self) {
        signal(self.child.id(), "INT");
        if let Err(error) = self.child.wait() {
            eprintln!("strace did not end: {error}");
        }
    }
}

/// Sends a signal by its name; whoever is gone already does not mind.
pub fn signal(pid: u32, name: &str) {
    let sent = Command::new("kill")
        .args([&format!("-{name}"), &pid.to_string()])
        .stderr(Stdio::null())
        .status();
    if let Err(error) = sent {
        eprintln!("kill: {error}");
    }
}

/// Where Debian keeps the library of `faketime`.
const FAKETIME: [&str; 3] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/faketime/libfaketimeMT.so.1",
];

/// The library that gives a program another clock. The command `faketime` stays in between, so that
/// killing it would not be killing the program.
pub fn faketime() -> Outcome<&'static str> {
    let found = FAKETIME.into_iter().find(|path| Path::new(path).exists());
    found.ok_or_else(|| Lacking("needs libfaketime".to_owned()).into())
}

/// Numbers that look random, the same in each run (Knuth's MMIX constants).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// From 0 to below a bound.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

pub fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

pub fn milliseconds(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}

/// The time that a share of them stayed under.
pub fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let place = (times.len() * percent).div_ceil(100).saturating_sub(1);
    times.get(place).copied().unwrap_or_default()
}
