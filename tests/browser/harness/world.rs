//! The program as it is served, with its articles, its background work and some staff.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use guichet::accounts::commands::add_with_password;
use guichet::accounts::factor::make_recovery_codes;
use guichet::accounts::{NewPerson, Person, Role, find_person_by_email, passwords};
use guichet::app;
use guichet::config::Settings;
use guichet::knowledge::job;
use guichet::platform::clock::Clock;
use guichet::platform::company::Key;
use guichet::platform::db::{Actor, StorageError, Tx};
use guichet::platform::i18n::Lang;
use guichet::platform::schedule::Runner;
use guichet::platform::web::Site;
use mail_parser::MessageParser;
use rocket::fairing::AdHoc;
use rocket::figment::Figment;
use rocket::{Ignite, Rocket, Route, Shutdown};
use tokio::sync::{OnceCell, oneshot};
use tokio::task::JoinHandle;

use super::{RUNTIME, Screen};
use crate::support::{self, PASSWORD};

/// How long a mail may take: it leaves within a second of being ordered.
const POST: Duration = Duration::from_secs(15);

/// Data of a program that has read the articles and knows the staff; each world is a copy.
static FURNISHED: OnceCell<tempfile::TempDir> = OnceCell::const_new();

/// A program that serves.
pub struct World {
    /// Its parts.
    pub site: Arc<Site>,
    /// Where it is reached, without a slash at the end.
    pub address: String,
    read: Mutex<Vec<PathBuf>>,
    /// Routes that the program does not have.
    beside: Vec<Route>,
    port: u16,
    running: tokio::sync::Mutex<Option<Running>>,
    // Last: the program writes into it until it has ended.
    folder: tempfile::TempDir,
}

/// What serves, and works in the background.
struct Running {
    runner: Runner,
    shutdown: Shutdown,
    served: JoinHandle<Result<Rocket<Ignite>, rocket::Error>>,
}

impl World {
    pub(super) async fn open() -> Self {
        let furnished = FURNISHED.get_or_init(furnish).await;
        let folder = tempfile::tempdir().expect("a temporary folder");
        copy(furnished.path(), folder.path()).expect("the temporary folder can be written");
        Self::serve(folder, open_site).await
    }

    /// A program with routes beside its own.
    pub async fn with_routes(beside: Vec<Route>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self::serve_beside(folder, open_site, beside).await
    }

    /// Serves what `open` makes of a folder and the address.
    pub async fn serve(
        folder: tempfile::TempDir,
        open: impl FnOnce(&Path, &str) -> Arc<Site>,
    ) -> Self {
        Self::serve_beside(folder, open, Vec::new()).await
    }

    async fn serve_beside(
        folder: tempfile::TempDir,
        open: impl FnOnce(&Path, &str) -> Arc<Site>,
        beside: Vec<Route>,
    ) -> Self {
        let port = free_port();
        let address = format!("http://127.0.0.1:{port}");
        let site = open(folder.path(), &address);
        let world = Self {
            site,
            address,
            read: Mutex::default(),
            beside,
            port,
            running: tokio::sync::Mutex::default(),
            folder,
        };
        world.start().await;
        world
    }

    /// Begins to serve, at the same address each time.
    pub async fn start(&self) {
        let runner =
            Runner::start(&self.site, &app::schedules()).expect("the system gives threads");
        let (ready, liftoff) = oneshot::channel();
        let ready = Mutex::new(Some(ready));
        let rocket = app::build(Arc::clone(&self.site), figment(self.port))
            .mount("/", self.beside.clone())
            .attach(AdHoc::on_liftoff("ready", move |_| {
                let ready = ready.lock().unwrap_or_else(PoisonError::into_inner).take();
                Box::pin(async move {
                    if let Some(ready) = ready {
                        let _ = ready.send(());
                    }
                })
            }))
            .ignite()
            .await
            .expect("the program ignites");
        let shutdown = rocket.shutdown();
        let served = RUNTIME.spawn(rocket.launch());
        liftoff.await.expect("the program listens");
        *self.running.lock().await = Some(Running {
            runner,
            shutdown,
            served,
        });
    }

    /// Ends serving and waits until it has; nobody is told.
    pub async fn stop(&self) {
        let Some(running) = self.running.lock().await.take() else {
            return;
        };
        running.shutdown.notify();
        let ended = running.served.await.expect("the server does not panic");
        ended.expect("the server ends in peace");
        // It waits for its threads.
        let stopped = tokio::task::spawn_blocking(move || drop(running.runner)).await;
        stopped.expect("the background work ends");
    }

    /// Ends the program and waits until it has.
    pub async fn close(self) {
        self.stop().await;
    }

    /// Runs a command, as the program itself.
    pub async fn write<T, E>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> T
    where
        T: Send + 'static,
        E: From<diesel::result::Error> + From<StorageError> + std::fmt::Debug + Send + 'static,
    {
        let done = self.site.db.write(Actor::System, work).await;
        done.expect("the command is done")
    }

    /// Somebody with an account, whose password is [`PASSWORD`].
    pub async fn person(&self, name: &str, role: Role, screen: Screen) -> Person {
        let new = somebody(name, role, screen.lang);
        let hash = passwords::hash(PASSWORD);
        self.write(move |tx| add_with_password(tx, &new, &hash))
            .await
    }

    /// New recovery codes for whoever has this address.
    pub async fn new_recovery_codes(&self, email: &str) -> Vec<String> {
        let (key, email) = (self.site.key.clone(), email.to_owned());
        self.write(move |tx| {
            let person = find_person_by_email(tx.conn, &email)?.expect("they are known");
            make_recovery_codes(tx, &key, person.id).map_err(StorageError::from)
        })
        .await
    }

    /// The first address of the portal in the next mail to somebody, in the order of sending.
    pub async fn mailed_link(&self, to: &str) -> String {
        let found = tokio::time::timeout(POST, async {
            loop {
                if let Some(text) = self.next_mail(to) {
                    return text;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        let text = found
            .await
            .unwrap_or_else(|_| panic!("no mail to {to} came"));
        let link = text
            .split_whitespace()
            .find(|word| word.starts_with(&self.address));
        link.unwrap_or_else(|| panic!("no link in {text}"))
            .to_owned()
    }

    /// The text of the oldest mail to somebody that was not read yet.
    fn next_mail(&self, to: &str) -> Option<String> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = std::fs::read_dir(self.folder.path().join("data/outbox")).ok()?;
        let files = folder.flatten().map(|entry| entry.path());
        let mut files: Vec<PathBuf> = files
            .filter(|path| path.extension().is_some_and(|e| e == "eml") && !read.contains(path))
            .collect();
        files.sort_by_key(|path| number(path));
        files.into_iter().find_map(|path| {
            let bytes = std::fs::read(&path).ok()?;
            let mail = MessageParser::default().parse(&bytes)?;
            let address = mail.to()?.first()?.address()?;
            let text = (address == to).then(|| mail.body_text(0))??.into_owned();
            read.push(path);
            Some(text)
        })
    }
}

/// Their address is their first name.
pub fn somebody(name: &str, role: Role, language: Lang) -> NewPerson {
    let first = name.split(' ').next().unwrap_or(name).to_lowercase();
    NewPerson {
        email: format!("{first}@tilleuls.example"),
        name: name.to_owned(),
        role,
        language,
        time_zone: String::new(),
    }
}

async fn furnish() -> tempfile::TempDir {
    let made = tokio::task::spawn_blocking(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let site = open_site(folder.path(), "http://127.0.0.1");
        (job::ARTICLES.run)(&site).expect("the articles can be read");
        folder
    });
    made.await.expect("the program opens")
}

fn open_site(folder: &Path, address: &str) -> Arc<Site> {
    let mut settings = Settings {
        kb_dir: Path::new(env!("CARGO_MANIFEST_DIR")).join("src/demo/kb"),
        public_url: address.to_owned(),
        ..support::settings(folder)
    };
    for (key, value) in [
        (Key::CompanyName, "Tilleuls"),
        (Key::CompanySuffix, "assistance"),
        (Key::Phone, "01 99 00 12 34"),
    ] {
        settings.company.set(key, value);
    }
    app::open(settings, Clock::System).expect("the program opens")
}

fn figment(port: u16) -> Figment {
    Figment::from(rocket::Config::debug_default())
        .merge(("log_level", "off"))
        .merge(("ip_header", false))
        .merge(("port", port))
        .merge(("shutdown.ctrlc", false))
        .merge(("shutdown.signals", Vec::<String>::new()))
        // The journey is over: nobody waits for an answer any more.
        .merge(("shutdown.grace", 0))
        .merge(("shutdown.mercy", 0))
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0));
    let address = listener.and_then(|listener| listener.local_addr());
    address.expect("the system gives a port").port()
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Mails are numbered in the order in which they were ordered.
fn number(path: &Path) -> u64 {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let digits = name.split('-').next().unwrap_or_default();
    digits.parse().unwrap_or(u64::MAX)
}
