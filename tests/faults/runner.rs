//! Runs the faults, each in a process of its own and for a bounded time.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::faults::{FAULTS, Fault};
use super::place::{Engine, Place};
use super::report;
use super::report::{Line, Verdict};
use super::tools::{Lacking, Outcome, ensure, has, is_over, is_root, tell_steps};

/// What `scripts/faults` ends with when nothing is broken, and not everything was run.
const NOT_RUN: u8 = 2;

/// Runs those that are named, or all, and writes what was found into the report.
pub fn run_all(ids: &[String]) -> ExitCode {
    let lines = match try_run_all(ids) {
        Ok(lines) => lines,
        Err(error) => {
            eprintln!("faults: {error}");
            return ExitCode::FAILURE;
        }
    };
    let found = |verdict| lines.iter().filter(move |line| line.verdict == verdict);
    for line in found(Verdict::NotRun) {
        let (id, engine) = (line.fault.id, line.engine.as_str());
        eprintln!("not run: {id} on {engine}: {}", line.figure);
    }
    if found(Verdict::Broken).next().is_some() {
        ExitCode::FAILURE
    } else if found(Verdict::NotRun).next().is_some() {
        ExitCode::from(NOT_RUN)
    } else {
        ExitCode::SUCCESS
    }
}

fn try_run_all(ids: &[String]) -> Outcome<Vec<Line>> {
    for id in ids {
        ensure(FAULTS.iter().any(|fault| fault.id == id), || {
            format!("there is no fault {id}")
        })?;
    }
    let root = tempfile::Builder::new()
        .prefix("guichet-faults")
        .tempdir()?;
    // PostgreSQL's user must reach its folder.
    run_chmod(root.path())?;
    let begun = Instant::now();
    let wanted: Vec<&Fault> = FAULTS
        .iter()
        .filter(|fault| ids.is_empty() || ids.iter().any(|id| id == fault.id))
        .collect();
    let engines = [Engine::Sqlite, Engine::Postgres];
    let mut lines = Vec::new();
    for engine in engines {
        let here: Vec<_> = wanted
            .iter()
            .filter(|fault| fault.engines.contains(&engine))
            .collect();
        if here.is_empty() {
            continue;
        }
        let prepared = Place::prepare(root.path(), engine);
        for fault in here {
            eprint!("{} on {}: {} ... ", fault.id, engine.as_str(), fault.name);
            let begun = Instant::now();
            let (verdict, figure) = match &prepared {
                Ok(()) => isolated(fault, engine, root.path())?,
                Err(error) => judged(Err(error.to_string().into())),
            };
            eprintln!(
                "{} ({:.0} s): {figure}",
                verdict.as_str(),
                begun.elapsed().as_secs_f64()
            );
            lines.push(Line {
                fault,
                engine,
                verdict,
                figure,
            });
        }
    }
    lines.sort_by_key(|line| line.fault.id);
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/faults.md");
    if ids.is_empty() {
        report::write(&target, &lines, begun.elapsed())?;
    } else {
        report::amend(&target, &lines)?;
    }
    Ok(lines)
}

fn run_chmod(folder: &Path) -> Outcome<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(
        folder,
        fs::Permissions::from_mode(0o755),
    )?)
}

/// One fault in a process of its own. As root it gets namespaces, too, so that nothing that it
/// mounts or starts outlives it.
fn isolated(fault: &Fault, engine: Engine, root: &Path) -> Outcome<(Verdict, String)> {
    let answer = root.join("answer");
    let program = std::env::current_exe()?;
    let mut command = if is_root() && has("unshare") {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]);
        command.arg(program);
        command
    } else {
        Command::new(program)
    };
    let mut child = command
        .args(["one", fault.id, engine.as_str()])
        .arg(root)
        .stdin(Stdio::null())
        .stdout(File::create(&answer)?)
        .spawn()?;
    if let Some(reason) = is_stuck(&mut child, fault.deadline, &answer)? {
        child.kill()?;
        child.wait()?;
        return Ok((Verdict::Broken, reason));
    }
    let text = fs::read_to_string(&answer)?;
    let line = text.lines().last().and_then(|line| line.split_once('\t'));
    Ok(line
        .and_then(|(verdict, figure)| Some((Verdict::parse(verdict)?, figure.to_owned())))
        .unwrap_or((Verdict::Broken, "it ended without an answer".to_owned())))
}

/// How long a fault may do nothing once its time is over.
const PAUSE: Duration = Duration::from_secs(30);
/// How many times its time a fault may take if it goes on step by step.
const MOST: u32 = 4;

/// Waits for the end, and says why it did not wait for it: on a machine that has other work a fault
/// takes as long as it takes, but not without getting on.
fn is_stuck(child: &mut Child, deadline: Duration, answer: &Path) -> Outcome<Option<String>> {
    let begun = Instant::now();
    let (mut told, mut last_step) = (0, begun);
    while child.try_wait()?.is_none() {
        let tells = fs::metadata(answer)?.len();
        if tells > told {
            (told, last_step) = (tells, Instant::now());
        }
        let taken = begun.elapsed();
        if taken > deadline && is_over(last_step, PAUSE) {
            let idle = last_step.elapsed().as_secs();
            return Ok(Some(format!(
                "not done within {} s, and nothing done for {idle} s",
                taken.as_secs()
            )));
        }
        if taken > MOST * deadline {
            return Ok(Some(format!("not done within {} s", taken.as_secs())));
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(None)
}

/// The process of one fault: prints its verdict and figure.
pub fn run_one(id: &str, engine: &str, root: &Path) -> ExitCode {
    let fault = FAULTS.iter().find(|fault| fault.id == id);
    let (Some(fault), Some(engine)) = (fault, Engine::parse(engine)) else {
        return ExitCode::from(2);
    };
    tell_steps();
    let place = Place::copy(root, id, engine);
    let folder: Option<PathBuf> = place.as_ref().ok().map(|place| place.folder.clone());
    let (verdict, figure) = judged(place.and_then(|place| (fault.run)(&place)));
    if let (Verdict::Broken, Some(folder)) = (verdict, folder) {
        keep_log(&folder, id);
    }
    println!("{}\t{}", verdict.as_str(), figure.replace('\n', " / "));
    ExitCode::SUCCESS
}

/// What the program said, for whoever looks for the cause.
fn keep_log(folder: &Path, id: &str) {
    let target = std::env::temp_dir().join(format!("guichet-{id}.log"));
    match fs::copy(folder.join("log"), &target) {
        Ok(_) => eprintln!("{id}: what the program said is in {}", target.display()),
        Err(error) => eprintln!("{id}: {error}"),
    }
}

fn judged(outcome: Outcome<String>) -> (Verdict, String) {
    match outcome {
        Ok(figure) => (Verdict::Holds, figure),
        Err(error) if error.is::<Lacking>() => (Verdict::NotRun, error.to_string()),
        Err(error) => (Verdict::Broken, error.to_string()),
    }
}
