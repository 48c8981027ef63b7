//! The program under measurement: the demonstration, served by the program itself.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use diesel::prelude::*;
use guichet::platform::db::DatabaseUrl;
use guichet::schema::tickets;

use super::Outcome;
use super::client::{Client, form};
use super::process::Process;
use super::slow_disk::SlowDisk;

/// A folder with a demonstration of some size and a thousand articles.
pub struct World {
    folder: PathBuf,
    pub sign_ins: SignIns,
}

/// Addresses and passwords, as the program prints them.
#[derive(Clone, Default)]
pub struct SignIns {
    pub customer: (String, String),
    pub agent: (String, String),
}

/// The program while it serves.
pub struct Served {
    child: Child,
    pub port: u16,
    /// From its start to its first page.
    pub ready: Duration,
}

impl World {
    /// Makes the demonstration, or takes the one that an earlier run made.
    pub fn of(root: &Path, tickets: usize, articles: usize) -> io::Result<Self> {
        let folder = root.join(format!("world-{tickets}"));
        fs::create_dir_all(&folder)?;
        let printed = folder.join("sign-ins.txt");
        if !printed.exists() {
            let out = program(&folder)
                .args(["demo", "--no-serve", "--fresh", "--dir", "data"])
                .args(["--tickets", &tickets.to_string()])
                .stderr(Stdio::piped())
                .output()?;
            if !out.status.success() {
                return Err(io::Error::other(String::from_utf8_lossy(&out.stderr)));
            }
            fs::write(&printed, out.stdout)?;
        }
        multiply_articles(&folder.join("data/kb"), articles)?;
        Ok(Self {
            sign_ins: SignIns::parse(&fs::read_to_string(printed)?),
            folder,
        })
    }

    /// The same world with many more tickets.
    pub fn grown(&self, root: &Path, tickets: usize) -> Result<Self, Box<dyn std::error::Error>> {
        let folder = root.join(format!("world-{tickets}"));
        super::grown::grow(&self.data(), &folder.join("data"), tickets)?;
        Ok(Self {
            sign_ins: self.sign_ins.clone(),
            folder,
        })
    }

    /// The same world in another folder, to be written to: as it was at every run.
    pub fn copied(&self, root: &Path) -> io::Result<Self> {
        let folder = root.join("world-copied");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        copy(&self.folder, &folder, &|_| true)?;
        Ok(Self {
            sign_ins: self.sign_ins.clone(),
            folder,
        })
    }

    /// Serves it.
    pub fn serve(&self) -> io::Result<Served> {
        Served::start(self.program())
    }

    /// Serves it from a disk that takes its time.
    pub fn serve_on(&self, disk: &SlowDisk) -> io::Result<Served> {
        let mut command = self.program();
        disk.under(&mut command);
        Served::start(command)
    }

    /// What a demonstration sets is set here as well: the company's name and folders.
    fn program(&self) -> Command {
        let mut command = program(&self.folder);
        command
            .env("GUICHET_DATA_DIR", "data")
            .env("GUICHET_KB_DIR", "data/kb")
            .env("GUICHET_REFERENCE_PREFIX", "OR");
        command
    }

    /// Bytes on disk: database, index, all.
    pub fn disk(&self) -> io::Result<[u64; 3]> {
        let data = self.folder.join("data");
        let database = ["guichet.db", "guichet.db-wal"];
        let database = database.map(|name| fs::metadata(data.join(name)).map_or(0, |m| m.len()));
        Ok([
            database.iter().sum(),
            size_of(&data.join("index"))?,
            size_of(&data)?,
        ])
    }

    /// How many tickets its database has.
    pub fn tickets(&self) -> Outcome<usize> {
        let url = DatabaseUrl::Sqlite(self.data().join("guichet.db"));
        let count: i64 = tickets::table.count().get_result(&mut url.connect()?)?;
        Ok(usize::try_from(count)?)
    }

    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }
}

impl SignIns {
    fn parse(text: &str) -> Self {
        let of = |role: &str| {
            let line = text.lines().find(|line| line.trim().starts_with(role));
            let words: Vec<&str> = line.unwrap_or_default().split_whitespace().collect();
            match words.as_slice() {
                [.., address, password] => ((*address).to_owned(), (*password).to_owned()),
                _ => Default::default(),
            }
        };
        Self {
            customer: of("customer"),
            agent: of("agent"),
        }
    }
}

impl Served {
    /// Has a program serve on a free port.
    pub fn start(mut command: Command) -> io::Result<Self> {
        let port = free_port()?;
        let begun = Instant::now();
        let mut child = command
            .arg("serve")
            .env("ROCKET_PORT", port.to_string())
            .stdout(Stdio::piped())
            .spawn()?;
        wait_for(&mut child, "listens on")?;
        let ready = first_page(port, begun)?;
        Ok(Self { child, port, ready })
    }

    /// Where it listens and what it uses up.
    pub fn process(&self) -> Process {
        Process {
            port: self.port,
            id: self.child.id(),
        }
    }

    /// Waits until it has nothing left to do: articles and tickets are in its indexes.
    pub fn settle(&self) -> io::Result<()> {
        const LOOK: Duration = Duration::from_secs(2);
        for _ in 0..150 {
            let before = self.process().processor_time()?;
            thread::sleep(LOOK);
            if self.process().processor_time()? - before < LOOK / 20 {
                return Ok(());
            }
        }
        Err(io::Error::other("the program is never done"))
    }

    /// Somebody who has not asked for anything yet.
    pub fn client(&self) -> Client {
        Client::new(self.port, 0)
    }

    /// Signs somebody in and answers their cookies as a header line.
    pub fn sign_in(&self, (address, password): &(String, String)) -> io::Result<String> {
        let mut client = self.client();
        let page = client.get("/sign-in", "")?;
        let cookie = format!("Cookie: {}\r\n", page.cookies());
        let form = form(&[
            ("csrf", &page.hidden("csrf")),
            ("email", address),
            ("password", password),
        ]);
        let answer = client.post("/sign-in", &cookie, &form)?;
        if answer.status != 303 {
            return Err(io::Error::other(format!("{} signing in", answer.status)));
        }
        Ok(format!("Cookie: {}\r\n", answer.cookies()))
    }
}

impl Drop for Served {
    /// In order, so that the next start finds everything as it should be.
    fn drop(&mut self) {
        let asked = rustix::process::Pid::from_child(&self.child);
        let asked = rustix::process::kill_process(asked, rustix::process::Signal::TERM);
        let stopped = asked
            .map_err(io::Error::from)
            .and_then(|()| self.child.wait());
        if let Err(error) = stopped {
            eprintln!("the program could not be stopped: {error}");
        }
    }
}

/// A port that nobody listens on just now.
pub fn free_port() -> io::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port())
}

/// Waits for a line of a program.
pub fn wait_for(child: &mut Child, text: &str) -> io::Result<()> {
    let out = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let mut lines = BufReader::new(out).lines();
    for line in lines.by_ref() {
        if line?.contains(text) {
            // Read on, so that the program never waits for us.
            thread::spawn(move || lines.for_each(drop));
            return Ok(());
        }
    }
    Err(io::Error::other("the program ended before it served"))
}

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    command
        .current_dir(folder)
        // It logs as it does anywhere; nobody reads it.
        .stderr(Stdio::null())
        .stdin(Stdio::null());
    command
}

fn first_page(port: u16, begun: Instant) -> io::Result<Duration> {
    let answer = Client::new(port, 0).get("/", "")?;
    match answer.status {
        200 => Ok(begun.elapsed()),
        other => Err(io::Error::other(format!("{other} at the first page"))),
    }
}

/// Copies of the articles under other titles, half of them in each language, until there are so
/// many.
fn multiply_articles(kb: &Path, wanted: usize) -> io::Result<()> {
    let mut originals = Vec::new();
    for lang in ["fr", "en"] {
        for section in fs::read_dir(kb.join(lang))? {
            for file in fs::read_dir(section?.path())? {
                let path = file?.path();
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                if path.extension().is_some_and(|e| e == "md") && !name.starts_with('_') {
                    originals.push(path);
                }
            }
        }
    }
    originals.retain(|path| !path.to_string_lossy().contains("-copy-"));
    originals.sort();
    for number in originals.len()..wanted {
        let original = &originals[number % originals.len()];
        let copy = number / originals.len();
        let stem = original.file_stem().unwrap_or_default().to_string_lossy();
        let path = original.with_file_name(format!("{stem}-copy-{copy}.md"));
        if !path.exists() {
            fs::write(path, variant(&fs::read_to_string(original)?, copy))?;
        }
    }
    Ok(())
}

/// The same article for another site: what would join it to its original is left out.
fn variant(text: &str, copy: usize) -> String {
    let (head, body) = text.split_once("\n---\n").unwrap_or(("", text));
    let kept = head.lines().filter(|line| {
        let joins = ["translation:", "slug:", "questions:", "  - "];
        !joins.iter().any(|key| line.starts_with(key))
    });
    let renamed = kept.map(|line| match line.strip_prefix("title: \"") {
        Some(title) => format!("title: \"Site {copy} : {title}"),
        None => line.to_owned(),
    });
    format!("{}\n---\n{body}", renamed.collect::<Vec<_>>().join("\n"))
}

/// A folder with what is wanted of it.
pub fn copy(from: &Path, to: &Path, wanted: &dyn Fn(&str) -> bool) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.metadata()?.is_dir() {
            copy(&entry.path(), &target, wanted)?;
        } else if wanted(&entry.file_name().to_string_lossy()) {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn size_of(folder: &Path) -> io::Result<u64> {
    let mut total = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        total += if meta.is_dir() {
            size_of(&entry.path())?
        } else {
            meta.len()
        };
    }
    Ok(total)
}
