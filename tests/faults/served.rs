//! The program while it serves.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::client::Client;
use super::place::Place;
use super::tools::{Outcome, ensure, signal, wait_until};

/// How it is started.
#[derive(Clone, Copy, Default)]
pub struct Start<'a> {
    /// Comes before the program on the command line.
    pub wrapper: &'a [&'a str],
    pub environment: &'a [(&'a str, &'a str)],
}

pub struct Served {
    child: Child,
    pub port: u16,
    /// From its start to its first page.
    pub ready: Duration,
}

impl Served {
    pub fn start(place: &Place) -> Outcome<Self> {
        Self::start_with(place, Start::default())
    }

    pub fn start_with(place: &Place, start: Start<'_>) -> Outcome<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?
            .local_addr()?
            .port();
        let log = File::options()
            .create(true)
            .append(true)
            .open(place.folder.join("log"))?;
        let begun = Instant::now();
        let mut child = place
            .command(start.wrapper, &["serve"])
            .env("ROCKET_PORT", port.to_string())
            .env("ROCKET_SHUTDOWN", "{grace=15,mercy=2}")
            .envs(start.environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let said = wait_for(&mut child, "Guichet listens on")?;
        ensure(said, || {
            let log = fs::read_to_string(place.folder.join("log")).unwrap_or_default();
            let last: Vec<&str> = log.lines().rev().take(3).collect();
            format!("it did not start: {}", last.join(" / "))
        })?;
        let page = Client::new(port, 0).get("/", "")?;
        ensure(page.status == 200, || {
            format!("{} at the first page", page.status)
        })?;
        Ok(Self {
            child,
            port,
            ready: begun.elapsed(),
        })
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) -> Outcome<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    pub fn ask_to_stop(&self) {
        signal(self.pid(), "TERM");
    }

    /// Waits for its end.
    pub fn ended(&mut self, most: Duration) -> Outcome<ExitStatus> {
        let mut status = None;
        wait_until("the end of the program", most, || {
            status = self.child.try_wait().ok().flatten();
            status.is_some()
        })?;
        status.ok_or_else(|| "it runs".into())
    }

    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Files that it has open.
    pub fn open_files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.pid())).map_or(0, Iterator::count)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("the program could not be stopped: {error}");
        }
    }
}

/// Whether the program said it before it ended.
fn wait_for(child: &mut Child, text: &str) -> Outcome<bool> {
    let out = child.stdout.take().ok_or("not piped")?;
    let mut reader = BufReader::new(out);
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        if line.contains(text) {
            // Read on, so that the program never waits for us.
            thread::spawn(move || drop(reader.read_to_end(&mut Vec::new())));
            return Ok(true);
        }
        line.clear();
    }
    Ok(false)
}
