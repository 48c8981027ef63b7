//! What every test stands on: the whole program in a folder of its own, and a browser.

#![allow(
    dead_code,
    reason = "a set of tools; not every one is in use at every time"
)]

mod archive;
mod browser;
mod database;
mod form;
mod people;
mod statements;

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Mutex, PoisonError};

use chrono::{Duration, TimeZone};
use chrono_tz::Europe::Paris;
use guichet::app;
use guichet::config::{self, Settings};
use guichet::platform::clock::Clock;
use guichet::platform::db::{Actor, StorageError, Timestamp, Tx};
use guichet::platform::i18n::Lang;
use guichet::platform::mail::{Composed, Mail, Sender, compose};
use guichet::platform::web::Site;
use rocket::fairing::AdHoc;
use rocket::figment::Figment;
use rocket::figment::providers::Serialized;
use rocket::local::blocking::Client;

#[allow(unused_imports, reason = "the same")]
pub use archive::entries;
#[allow(unused_imports, reason = "the same")]
pub use browser::{Browser, Page, Sent};
pub use database::FreshDatabase;
#[allow(unused_imports, reason = "the same")]
pub use form::{File, FilledForm};
#[allow(unused_imports, reason = "the same")]
pub use people::{Factor, PASSWORD};
#[allow(unused_imports, reason = "the same")]
pub use statements::{note_statements, queries, statements};

/// The address of the portal in tests.
pub const PUBLIC_URL: &str = "http://portal.example";

/// The program, opened on an empty database, with a clock that stands still.
///
/// Dropping it fails the test if a 5xx was served that the test did not announce with
/// [`TestApp::expect_server_errors`].
pub struct TestApp {
    /// The program's parts.
    pub site: Arc<Site>,
    /// Stands at Thursday 19 November 2026, 16:00 in Paris, until it is moved.
    pub clock: Clock,
    client: Client,
    served: Arc<Mutex<Vec<(u16, String)>>>,
    may_fail: std::cell::Cell<bool>,
    browsers: AtomicU16,
    // Last: files and tables go after everything that uses them.
    database: FreshDatabase,
    folder: tempfile::TempDir,
}

impl TestApp {
    /// The program with its usual settings.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// The program with some settings changed.
    pub fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = FreshDatabase::in_folder(folder.path());
        let mut settings = settings(folder.path());
        settings.database_url = database.url().clone();
        change(&mut settings);
        let clock = Clock::manual(thursday_afternoon());
        let site = app::open(settings, clock.clone()).expect("the program opens");
        let served = Arc::new(Mutex::new(Vec::new()));
        let rocket = app::build(Arc::clone(&site), figment()).attach(witness(&served));
        Self {
            client: Client::untracked(rocket).unwrap_or_else(|e| panic!("does not ignite: {e}")),
            site,
            clock,
            served,
            may_fail: std::cell::Cell::new(false),
            browsers: AtomicU16::new(0),
            database,
            folder,
        }
    }

    /// A browser without cookies, that asks for French, on a network address of its own.
    pub fn browser(&self) -> Browser<'_> {
        self.browser_in(Lang::Fr)
    }

    /// A browser that asks for pages in a language.
    pub fn browser_in(&self, lang: Lang) -> Browser<'_> {
        let number = self.browsers.fetch_add(1, Ordering::SeqCst);
        Browser::new(self, lang, number)
    }

    /// Runs queries.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&mut guichet::platform::db::Conn) -> diesel::QueryResult<T>,
    ) -> T {
        self.site
            .db
            .read_blocking(|conn| work(conn).map_err(StorageError::from))
            .expect("the query works")
    }

    /// Runs a command, as the program itself, and expects it to be done.
    pub fn write<T, E>(&self, work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> T
    where
        T: Send + 'static,
        E: From<diesel::result::Error> + From<StorageError> + std::fmt::Debug + Send + 'static,
    {
        self.write_as(Actor::System, work)
    }

    /// Runs a command as somebody and expects it to be done.
    pub fn write_as<T, E>(
        &self,
        actor: Actor,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> T
    where
        T: Send + 'static,
        E: From<diesel::result::Error> + From<StorageError> + std::fmt::Debug + Send + 'static,
    {
        self.site
            .db
            .write_blocking(actor, work)
            .expect("the command is done")
    }

    /// Runs periodic work of this name once.
    pub fn run(&self, name: &str) {
        let schedules = app::schedules();
        let schedule = schedules
            .iter()
            .find(|schedule| schedule.name == name)
            .unwrap_or_else(|| panic!("no schedule {name:?}"));
        (schedule.run)(&self.site).expect("the schedule runs");
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// From here on a 5xx is part of the test.
    pub fn expect_server_errors(&self) {
        self.may_fail.set(true);
    }

    /// Another node on the same database, with a data folder of its own.
    pub fn another_node(&self) -> Arc<Site> {
        let mut settings = settings(&self.folder.path().join("another"));
        settings.database_url = self.database.url().clone();
        app::open(settings, self.clock.clone()).expect("the other node opens")
    }

    /// A mail as it would leave.
    pub fn compose(&self, mail: &Mail) -> Composed {
        let sender = Sender {
            company: &self.site.company.get(),
            settings: &self.site.settings,
        };
        compose(mail, &self.site.templates, &sender).expect("the templates and the data agree")
    }

    /// A connection beside the program's own.
    pub fn connect(&self) -> guichet::platform::db::Conn {
        self.database.connect()
    }

    /// The same program once more, for requests that are to run side by side.
    pub fn program(&self) -> rocket::Rocket<rocket::Build> {
        app::build(Arc::clone(&self.site), figment())
    }

    fn client(&self) -> &Client {
        &self.client
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if std::thread::panicking() || self.may_fail.get() {
            return;
        }
        let served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(served.is_empty(), "server errors were served: {served:?}");
    }
}

/// Settings of a program that keeps everything in `folder`.
pub fn settings(folder: &std::path::Path) -> Settings {
    let data_dir = folder.join("data").display().to_string();
    let kb_dir = folder.join("kb").display().to_string();
    let figment = Figment::new()
        .merge(Serialized::default("guichet.data_dir", data_dir))
        .merge(Serialized::default("guichet.kb_dir", kb_dir))
        .merge(Serialized::default("guichet.public_url", PUBLIC_URL));
    config::load(&figment).expect("the settings of tests are valid")
}

/// Thursday 19 November 2026, 16:00 in Paris.
pub fn thursday_afternoon() -> Timestamp {
    let at = Paris
        .with_ymd_and_hms(2026, 11, 19, 16, 0, 0)
        .single()
        .expect("an hour that exists once");
    Timestamp::from_utc(at.to_utc())
}

fn figment() -> Figment {
    Figment::from(rocket::Config::debug_default())
        .merge(("log_level", "off"))
        .merge(("ip_header", false))
}

/// Notes every answer that says the program failed.
fn witness(served: &Arc<Mutex<Vec<(u16, String)>>>) -> AdHoc {
    let served = Arc::clone(served);
    AdHoc::on_response("witness", move |request, response| {
        let served = Arc::clone(&served);
        Box::pin(async move {
            let code = response.status().code;
            if code >= 500 {
                served
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push((code, request.uri().to_string()));
            }
        })
    })
}
