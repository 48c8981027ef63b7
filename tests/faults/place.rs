//! A folder to run the program in, with people who can sign in, on either engine.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use diesel::connection::SimpleConnection;
use guichet::platform::db::{Conn, DatabaseUrl};

use super::cluster::Cluster;
use super::tools::{Outcome, ensure, run, step};

/// Of everybody.
pub const PASSWORD: &str = "pelargonium-en-pot-7";
/// Agents, with numbers from 0.
pub const AGENTS: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Sqlite, Self::Postgres]
            .into_iter()
            .find(|engine| engine.as_str() == text)
    }
}

pub struct Place {
    pub folder: PathBuf,
    pub engine: Engine,
    cluster: Option<Cluster>,
}

impl Place {
    /// Makes what every fault begins with, under a root folder. The server, if any, is stopped.
    pub fn prepare(root: &Path, engine: Engine) -> Outcome<()> {
        let place = Self::in_folder(&root.join(format!("template-{}", engine.as_str())), engine)?;
        fs::create_dir_all(place.data())?;
        write_articles(&place.folder.join("kb/en/net"))?;
        place.start_cluster("")?;
        let agents = (0..AGENTS).map(|number| (format!("agent{number}"), "agent"));
        let customer = ("customer".to_owned(), "customer");
        for (name, role) in agents.chain([customer]) {
            place.add_person(&name, role)?;
        }
        place
            .cluster
            .as_ref()
            .map_or(Ok(()), |cluster| cluster.stop("fast"))
    }

    /// A copy of what was prepared.
    pub fn copy(root: &Path, id: &str, engine: Engine) -> Outcome<Self> {
        let template = root.join(format!("template-{}", engine.as_str()));
        let folder = root.join(format!("{id}-{}", engine.as_str()));
        run(Command::new("cp").arg("-a").arg(&template).arg(&folder))?;
        Self::in_folder(&folder, engine)
    }

    fn in_folder(folder: &Path, engine: Engine) -> Outcome<Self> {
        fs::create_dir_all(folder)?;
        let cluster = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(Cluster::at(&folder.join("pg"))?),
        };
        Ok(Self {
            folder: folder.to_owned(),
            engine,
            cluster,
        })
    }

    pub fn cluster(&self) -> Outcome<&Cluster> {
        self.cluster.as_ref().ok_or_else(|| "no server here".into())
    }

    /// Starts the server, if this place has one.
    pub fn start_cluster(&self, settings: &str) -> Outcome<()> {
        self.cluster
            .as_ref()
            .map_or(Ok(()), |cluster| cluster.start(settings))
    }

    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub fn database_url(&self) -> String {
        match &self.cluster {
            Some(cluster) => cluster.url(),
            None => "sqlite:data/guichet.db".to_owned(),
        }
    }

    /// The program, not yet started. `wrapper` comes before it on the command line.
    pub fn command(&self, wrapper: &[&str], arguments: &[&str]) -> Command {
        const PROGRAM: &str = env!("CARGO_BIN_EXE_guichet");
        step();
        let mut command = match wrapper {
            [] => Command::new(PROGRAM),
            [first, rest @ ..] => {
                let mut command = Command::new(first);
                command.args(rest).arg(PROGRAM);
                command
            }
        };
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env("GUICHET_DATABASE_URL", self.database_url())
            .env("GUICHET_DEFAULT_LANGUAGE", "en")
            .env("FAILPOINT_FILE", "failpoint")
            .env("FAILPOINT_NO_LIMITS", "1")
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null());
        command
    }

    /// What fails from now on (`name panic`, `name abort`), or nothing.
    pub fn failpoint(&self, order: &str) -> Outcome<()> {
        let draft = self.folder.join("failpoint.new");
        fs::write(&draft, order)?;
        Ok(fs::rename(draft, self.folder.join("failpoint"))?)
    }

    /// Runs a command of the program to its end.
    pub fn output(&self, arguments: &[&str]) -> Outcome<Output> {
        Ok(self.command(&[], arguments).output()?)
    }

    /// Runs a command of the program that must succeed.
    pub fn run(&self, arguments: &[&str]) -> Outcome<String> {
        run(&mut self.command(&[], arguments))
    }

    /// A connection of our own to the database.
    pub fn connect(&self) -> Outcome<Conn> {
        let url = match &self.cluster {
            Some(cluster) => DatabaseUrl::parse(&cluster.url())?,
            None => DatabaseUrl::Sqlite(self.data().join("guichet.db")),
        };
        Ok(url.connect()?)
    }

    /// Statements, for what no page can do.
    pub fn execute(&self, statements: &str) -> Outcome<()> {
        match self.connect()? {
            Conn::Sqlite(mut conn) => conn.batch_execute(statements)?,
            Conn::Postgres(mut conn) => conn.batch_execute(statements)?,
        }
        Ok(())
    }

    fn add_person(&self, name: &str, role: &str) -> Outcome<()> {
        let email = format!("{name}@faults.example");
        let mut command = self.command(&[], &["user", "add", "--password-stdin"]);
        command.args(["--email", &email, "--name", name, "--role", role]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        if let Some(mut input) = child.stdin.take() {
            writeln!(input, "{PASSWORD}")?;
        }
        let status = child.wait()?;
        ensure(status.success(), || format!("adding {name}: {status}"))
    }
}

fn write_articles(folder: &Path) -> Outcome<()> {
    fs::create_dir_all(folder)?;
    let section = "---\ntitle: Network\nsummary: Lines.\nicon: wifi\n---\n";
    fs::write(folder.join("_section.md"), section)?;
    let article =
        "---\ntitle: The marzipan line drops\nsummary: What to look at.\n---\n\nThe cable.\n";
    Ok(fs::write(folder.join("line.md"), article)?)
}
