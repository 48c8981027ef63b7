//! Running the binary.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::support::FreshDatabase;

/// How long a process may take before the test fails: far longer than it ever should.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder to run the program in: `data`, `kb` and, on PostgreSQL, a schema of its own.
pub struct Place {
    // First: the schema goes while its address is still known.
    pub database: FreshDatabase,
    folder: tempfile::TempDir,
}

/// What a command said, and how it ended.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Place {
    pub fn new() -> Self {
        Self::with(FreshDatabase::in_folder)
    }

    /// On the embedded database, whatever engine is under test.
    pub fn embedded() -> Self {
        Self::with(FreshDatabase::file_in)
    }

    fn with(database: fn(&Path) -> FreshDatabase) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir_all(folder.path().join("data")).expect("a data folder");
        std::fs::create_dir_all(folder.path().join("kb")).expect("a folder of articles");
        Self {
            database: database(&folder.path().join("data")),
            folder,
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The program, not yet started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("GUICHET_DATABASE_URL", self.database.address())
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Said {
        finish(self.command(arguments))
    }

    /// Starts to serve on a free port and waits until it listens.
    pub fn serve(&self) -> Server {
        self.serve_at(free_port(), &[])
    }

    pub fn serve_at(&self, port: u16, environment: &[(&str, &str)]) -> Server {
        let mut command = self.command(&["serve"]);
        command.envs(environment.iter().copied());
        launch(command, port)
    }

    /// Serves with a signal ignored that would end the program.
    pub fn serve_that_ignores(&self, signal: &str) -> Server {
        let script = format!("trap '' {signal}; exec \"$0\" serve");
        let mut command = self.command(&[]);
        let program = command.get_program().to_owned();
        let environment: Vec<_> = command
            .get_envs()
            .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
            .collect();
        command = Command::new("sh");
        command
            .arg("-c")
            .arg(script)
            .arg(program)
            .current_dir(self.path())
            .env_clear()
            .envs(environment);
        launch(command, free_port())
    }
}

/// Starts a program that serves and waits until it listens.
fn launch(mut command: Command, port: u16) -> Server {
    command
        .env("ROCKET_PORT", port.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let out = lines(child.stdout.take().expect("piped"));
    let err = lines(child.stderr.take().expect("piped"));
    let mut server = Server {
        child,
        port,
        out,
        err,
        said: String::new(),
    };
    server.wait_for("Guichet listens on");
    server
}

/// A port that nobody listens on just now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// Runs a command to its end.
pub fn finish(mut command: Command) -> Said {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let out = whole(child.stdout.take().expect("piped"));
    let err = whole(child.stderr.take().expect("piped"));
    let status = wait(&mut child);
    Said {
        code: status.code(),
        out: out.recv().expect("the output"),
        err: err.recv().expect("the errors"),
    }
}

/// A program that serves. It is killed when the test ends.
pub struct Server {
    child: Child,
    pub port: u16,
    out: Receiver<String>,
    err: Receiver<String>,
    /// What it has printed so far.
    pub said: String,
}

impl Server {
    /// Waits for a line that holds a text.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) {
        let begun = Instant::now();
        while !self.said.contains(text) {
            match self
                .out
                .recv_timeout(PATIENCE.saturating_sub(begun.elapsed()))
            {
                Ok(line) => self.said.push_str(&line),
                Err(_) => panic!(
                    "no {text:?} in {:?}; errors: {:?}",
                    self.said,
                    self.errors()
                ),
            }
        }
    }

    /// Waits for a warning or error that holds a text.
    #[track_caller]
    pub fn wait_for_error(&self, text: &str) -> String {
        let begun = Instant::now();
        let mut heard = String::new();
        while !heard.contains(text) {
            match self
                .err
                .recv_timeout(PATIENCE.saturating_sub(begun.elapsed()))
            {
                Ok(line) => heard.push_str(&line),
                Err(_) => panic!("no {text:?} in {heard:?}"),
            }
        }
        heard
    }

    /// Everything on standard error so far.
    pub fn errors(&self) -> String {
        self.err.try_iter().collect()
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().expect("it runs");
        wait(&mut self.child);
    }

    /// Asks it to stop, as a service manager does.
    pub fn ask_to_stop(&self) {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status();
        assert!(asked.is_ok_and(|status| status.success()), "it runs");
    }

    /// Asks it to stop and waits until it has.
    pub fn stop(mut self) -> (ExitStatus, String) {
        self.ask_to_stop();
        let status = wait(&mut self.child);
        (status, self.errors())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone, when the test ended it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn wait(child: &mut Child) -> ExitStatus {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a process of ours") {
            return status;
        }
        if begun.elapsed() > PATIENCE {
            let _ = child.kill();
            panic!("the program does not end");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn whole(mut stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        let read = stream.read_to_string(&mut text);
        drop(sender.send(read.map(|_| text).unwrap_or_default()));
    });
    receiver
}

fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line + "\n").is_err() {
                return;
            }
        }
    });
    receiver
}
