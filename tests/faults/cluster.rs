//! A PostgreSQL server of our own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::tools::{Lacking, Outcome, is_root, run};

pub struct Cluster {
    folder: PathBuf,
}

impl Cluster {
    /// Makes one in a folder that does not exist yet, or takes the one that is there. It is stopped.
    pub fn at(folder: &Path) -> Outcome<Self> {
        let this = Self {
            folder: folder.to_owned(),
        };
        if !folder.exists() {
            let bin = programs()?;
            fs::create_dir_all(folder)?;
            if is_root() {
                run(Command::new("chown").arg("postgres").arg(folder))?;
            }
            let data = folder.join("data");
            let data = data.to_string_lossy().into_owned();
            this.run(
                &bin.join("initdb"),
                &[
                    "-D",
                    &data,
                    "-U",
                    "guichet",
                    "--auth=trust",
                    "-E",
                    "UTF8",
                    "--locale=C",
                ],
            )?;
        }
        Ok(this)
    }

    /// Starts it; `settings` as on its command line.
    pub fn start(&self, settings: &str) -> Outcome<()> {
        let socket = self.folder.display();
        let options =
            format!("-c listen_addresses='' -c unix_socket_directories='{socket}' {settings}");
        self.control(&["-w", "-o", &options, "start"])
    }

    pub fn stop(&self, mode: &str) -> Outcome<()> {
        self.control(&["-w", "-m", mode, "stop"])
    }

    /// Its address for programs.
    pub fn url(&self) -> String {
        let socket = self.folder.to_string_lossy().replace('/', "%2F");
        format!("postgres://guichet@{socket}/postgres")
    }

    fn control(&self, arguments: &[&str]) -> Outcome<()> {
        let (data, log) = (self.folder.join("data"), self.folder.join("log"));
        let (data, log) = (data.to_string_lossy(), log.to_string_lossy());
        let mut all = vec!["-D", &data, "-l", &log, "-s"];
        all.extend(arguments);
        self.run(&programs()?.join("pg_ctl"), &all)
    }

    /// PostgreSQL refuses to run as root.
    fn run(&self, program: &Path, arguments: &[&str]) -> Outcome<()> {
        let mut command = Command::new(if is_root() {
            "setpriv".as_ref()
        } else {
            program.as_os_str()
        });
        if is_root() {
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
            command.arg(program);
        }
        // What the server prints must not keep a pipe open.
        let out = fs::File::create(self.folder.join("said"))?;
        let status = command
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(std::process::Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            .status()?;
        let said = || fs::read_to_string(self.folder.join("said")).unwrap_or_default();
        super::tools::ensure(status.success(), || format!("{arguments:?}: {}", said()))
    }
}

/// Where the distribution keeps `initdb` and `pg_ctl`.
fn programs() -> Outcome<PathBuf> {
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut folders: Vec<_> = installed
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    folders.sort();
    folders.extend(
        std::env::var_os("PATH")
            .iter()
            .flat_map(std::env::split_paths),
    );
    let found = folders
        .into_iter()
        .rev()
        .find(|folder| folder.join("initdb").exists());
    found.ok_or_else(|| Lacking("needs PostgreSQL".to_owned()).into())
}
