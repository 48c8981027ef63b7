//! Settings, from `Rocket.toml` and the environment, validated once at start.
//!
//! Keys stand under `[default.guichet]` in `Rocket.toml`; `GUICHET_COMPANY_NAME` in the
//! environment overrides `company_name`. All faults are reported together, each with its
//! key, its value and what would be accepted.

mod environment;
mod file;
mod listener;
mod retention;
mod session;
mod source;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use rocket::figment::Figment;
use rocket::figment::providers::{Format, Serialized, Toml};
use rocket::figment::value::{Dict, Value};

use crate::platform::company::{Key, Values, key};
use crate::platform::db::DatabaseUrl;
use crate::platform::front::Limits;
use crate::platform::host::is_this_machine;
use crate::platform::log::LogFormat;

pub use self::retention::Retention;
pub use self::session::{SessionLimit, SessionLimits};

use self::source::{Source, as_text};

/// Name of the configuration file.
const FILE: &str = "Rocket.toml";

/// Everything that can be set from outside.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder of the embedded database, the files, the indexes and the key.
    pub data_dir: PathBuf,
    /// Where the data is.
    pub database_url: DatabaseUrl,
    /// Folder of the articles.
    pub kb_dir: PathBuf,
    /// Folder whose `templates/` and `static/` replace and add to the built-in ones.
    pub override_dir: Option<PathBuf>,
    /// Address under which people reach the portal, without a slash at the end.
    pub public_url: String,
    /// What the file says about the company, until managers choose something else.
    pub company: Values,
    /// Letters before a ticket's number.
    pub reference_prefix: String,
    /// Address of the mail server, with its user and password; none keeps mails waiting.
    pub smtp_url: Option<String>,
    /// How long people stay signed in.
    pub sessions: SessionLimits,
    /// How long what is not kept for ever is kept.
    pub retention: Retention,
    /// File with the marks of those who were erased: what a backup from before has to forget.
    pub erasure_list: PathBuf,
    /// What a client may cost, and which proxies are believed.
    pub front: Limits,
    /// Where metrics are read; none offers them to nobody.
    pub metrics_address: Option<SocketAddr>,
    /// What the log looks like.
    pub log_format: LogFormat,
}

impl Settings {
    /// Whether people reach the portal over TLS: cookies and headers depend on it.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// An absolute address for a path that begins with a slash.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }
}

/// A setting that cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// The key, as in `Rocket.toml`; or that file with the line that cannot be read.
    pub key: String,
    /// What sets it in the environment; nothing sets a file.
    pub variable: String,
    /// The value found.
    pub value: String,
    /// What would be accepted.
    pub expected: String,
}

/// All settings that cannot be used.
#[derive(Debug, thiserror::Error)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the configuration has {} fault(s):", self.0.len())?;
        for Fault {
            key,
            variable,
            value,
            expected,
        } in &self.0
        {
            if variable.is_empty() {
                writeln!(f, "  {key}: expected {expected}")?;
                continue;
            }
            writeln!(
                f,
                "  {key} = {value:?} (Rocket.toml, or {variable}): expected {expected}"
            )?;
        }
        Ok(())
    }
}

/// Rocket's own settings and ours, from `Rocket.toml` in the working folder and the environment.
#[must_use]
pub fn figment() -> Figment {
    environment::override_with(built_in().merge(Toml::file(FILE).nested()))
}

fn built_in() -> Figment {
    Figment::from(rocket::Config::default())
        .merge(Serialized::default("ip_header", false))
        .merge(Serialized::default("log_level", "off"))
}

/// The configuration file, which may stand in a folder above the working one.
#[must_use]
pub fn file() -> Option<PathBuf> {
    let folder = std::env::current_dir().ok()?;
    let mut places = folder.ancestors().map(|folder| folder.join(FILE));
    places.find(|path| path.is_file())
}

/// The settings of this folder and environment, Rocket's own checked with them.
///
/// # Errors
/// All faults at once.
pub fn from_environment() -> Result<Settings, Faults> {
    let mut figment = figment();
    let mut faults = file::faults(&figment);
    if !faults.is_empty() {
        // What the environment says is looked at none the less.
        figment = environment::override_with(built_in());
    }
    faults.extend(listener::faults(&figment));
    match load(&figment) {
        Ok(settings) if faults.is_empty() => Ok(settings),
        Ok(_) => Err(Faults(faults)),
        Err(Faults(ours)) => {
            faults.extend(ours);
            Err(Faults(faults))
        }
    }
}

/// Reads and validates the settings.
///
/// # Errors
/// All faults at once.
pub fn load(figment: &Figment) -> Result<Settings, Faults> {
    let (dict, other) = match figment.find_value("guichet") {
        Ok(Value::Dict(_, dict)) => (dict, None),
        Ok(other) => (Dict::new(), Some(other)),
        Err(_) => (Dict::new(), None),
    };
    let mut source = Source::new(dict);
    source.faults = file::faults(figment);
    if let Some(other) = other {
        let expected = "a table of settings, [default.guichet]";
        source.fault("guichet", &as_text(other), expected);
    }
    let settings = read(&mut source);
    source.refuse_unknown();
    if source.faults.is_empty() {
        Ok(settings)
    } else {
        Err(Faults(source.faults))
    }
}

fn read(s: &mut Source) -> Settings {
    let data_dir = path(s, "data_dir", FOLDER).unwrap_or_else(|| "data".into());
    Settings {
        database_url: s
            .given(
                "database_url",
                "sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME",
                |text| DatabaseUrl::parse(text).ok(),
            )
            .unwrap_or_else(|| DatabaseUrl::Sqlite(data_dir.join("guichet.db"))),
        erasure_list: path(s, "erasure_list", "the name of a file")
            .unwrap_or_else(|| data_dir.join("erasures.jsonl")),
        data_dir,
        kb_dir: path(s, "kb_dir", FOLDER).unwrap_or_else(|| "kb".into()),
        override_dir: s.given("override_dir", "a folder that can be read", |folder| {
            std::fs::read_dir(folder).is_ok().then(|| folder.into())
        }),
        public_url: s.parse_with(
            "public_url",
            "http:// or https:// and a host name, without a path",
            "http://127.0.0.1:8000",
            public_url,
        ),
        company: company(s),
        reference_prefix: s.parse_with(
            "reference_prefix",
            "one to six capital letters",
            "GU",
            reference_prefix,
        ),
        smtp_url: s.optional_with(
            "smtp_url",
            "smtps:// or smtp://…?tls=required with a host name; smtp:// alone for a server that \
             asks for no password, or on this machine",
            smtp_url,
        ),
        sessions: SessionLimits::read(s),
        retention: Retention::read(s),
        front: front(s),
        metrics_address: s.optional_with(
            "metrics_address",
            "an address of this machine with a port, such as 127.0.0.1:9100",
            |text| text.parse().ok(),
        ),
        log_format: s.parse("log_format", "text or json", LogFormat::Text.as_str()),
    }
}

const FOLDER: &str = "the name of a folder";

/// Nothing would be the working folder: there the database, or the articles, would land by accident.
fn path(s: &mut Source, key: &str, expected: &str) -> Option<PathBuf> {
    s.given(key, expected, |text| {
        (!text.is_empty()).then(|| PathBuf::from(text))
    })
}

/// What the log looks like, before anything else is known: what cannot be used is a fault later,
/// with all others.
#[must_use]
pub fn log_format() -> LogFormat {
    let given: Option<String> = figment().extract_inner("guichet.log_format").ok();
    given
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(LogFormat::Text)
}

/// The settings that managers can change in the browser, too. They rule there; here they are told
/// apart from nothing set at all.
fn company(s: &mut Source) -> Values {
    let mut values = Values::default();
    for &key in Key::ALL.iter().filter(|key| key.is_in_file()) {
        let accepted = |text: &str| key.accepts(text).then(|| text.to_owned());
        let value = match key.bounds() {
            Some(_) => s.given_number(key.as_str(), &key.expected(), accepted),
            None => s.given(key.as_str(), &key.expected(), accepted),
        };
        if let Some(value) = value {
            values.set(key, value);
        }
    }
    let offered = key::languages(values.or_built_in(Key::Languages));
    let default = values
        .get(Key::DefaultLanguage)
        .and_then(|lang| lang.parse().ok());
    if let (Some(offered), Some(default)) = (offered, default)
        && !offered.contains(&default)
    {
        s.fault(
            Key::DefaultLanguage.as_str(),
            default.as_str(),
            "one of languages",
        );
    }
    values
}

fn front(s: &mut Source) -> Limits {
    Limits {
        head_timeout: Duration::from_secs(s.number("head_timeout_seconds", 1..=600, 20)),
        transfer_timeout: Duration::from_secs(s.number("transfer_timeout_seconds", 1..=600, 30)),
        max_head_bytes: 1000 * s.number::<usize>("max_head_kb", 4..=256, 32),
        max_connections: s.number("max_connections", 1..=100_000, 1000),
        max_connections_per_address: s.number("max_connections_per_address", 1..=100_000, 100),
        trusted_proxies: s.parse(
            "trusted_proxies",
            "addresses or networks such as 192.0.2.7 or 10.0.0.0/8, separated by commas",
            "",
        ),
    }
}

fn public_url(text: &str) -> Option<String> {
    let text = text.trim_end_matches('/');
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))?;
    let plain = !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']);
    plain.then(|| text.to_owned())
}

fn reference_prefix(text: &str) -> Option<String> {
    let valid = (1..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase());
    valid.then(|| text.to_owned())
}

fn smtp_url(text: &str) -> Option<String> {
    let readable = lettre::SmtpTransport::from_url(text).is_ok();
    (readable && !tells_password(text)).then(|| text.to_owned())
}

/// Whether a password would cross a network in clear.
fn tells_password(smtp_url: &str) -> bool {
    let Some(rest) = smtp_url.strip_prefix("smtp://") else {
        return false;
    };
    let (place, options) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = place.split('/').next().unwrap_or_default();
    let Some((_, host)) = authority.rsplit_once('@') else {
        return false;
    };
    let secured = options.split('&').any(|option| option == "tls=required");
    !secured && !is_this_machine(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Result<Settings, Faults> {
        let mut figment = Figment::new();
        for (key, value) in pairs {
            figment = figment.merge(Serialized::default(&format!("guichet.{key}"), value));
        }
        load(&figment)
    }

    #[test]
    fn a_password_never_crosses_a_network_in_clear() {
        for refused in [
            "smtp://guichet:secret@mail.example:25",
            "smtp://guichet:secret@mail.example",
            "smtp://guichet:secret@mail.example?tls=opportunistic",
            "smtp://guichet:secret@192.0.2.1:25",
            "smtp://guichet:secret@localhost.example",
        ] {
            assert!(with(&[("smtp_url", refused)]).is_err(), "{refused}");
        }
        for taken in [
            "smtps://guichet:secret@mail.example:465",
            "smtp://guichet:secret@mail.example:587?tls=required",
            "smtp://mail.example:25",
            "smtp://guichet:secret@localhost:1025",
            "smtp://guichet:secret@127.0.0.1:1025",
            "smtp://guichet:secret@[::1]:1025",
        ] {
            assert!(with(&[("smtp_url", taken)]).is_ok(), "{taken}");
        }
    }

    #[test]
    fn nothing_set_is_a_working_configuration() {
        let settings = with(&[]).unwrap();
        assert_eq!(settings.public_url, "http://127.0.0.1:8000");
        assert_eq!(settings.company, Values::default());
        assert!(!settings.is_https());
    }

    #[test]
    fn all_faults_are_named_together() {
        let Faults(faults) = with(&[
            ("time_zone", "Paris"),
            ("max_files", "1000"),
            ("override_dir", "no/such/folder"),
            ("head_timeout_seconds", "0"),
            ("keep_mails_days", "0"),
            ("keep_closed_files_days", "a year"),
            ("trusted_proxies", "10.0.0.0/40"),
            ("metrics_address", "9100"),
            ("log_format", "xml"),
            ("public_url", "portal.example/help"),
            ("colour", "blue"),
        ])
        .unwrap_err();
        let keys: Vec<_> = faults.iter().map(|f| f.key.as_str()).collect();
        assert_eq!(
            keys,
            [
                "override_dir",
                "public_url",
                "time_zone",
                "max_files",
                "keep_mails_days",
                "keep_closed_files_days",
                "head_timeout_seconds",
                "trusted_proxies",
                "metrics_address",
                "log_format",
                "colour",
            ]
        );
        assert!(faults.iter().all(|f| !f.expected.is_empty()));
    }

    #[test]
    fn nothing_is_no_name_of_a_folder_or_file() {
        let Faults(faults) = with(&[
            ("data_dir", ""),
            ("erasure_list", ""),
            ("kb_dir", " "),
            ("override_dir", ""),
            ("log_format", "xml"),
        ])
        .unwrap_err();
        let said: Vec<_> = (faults.iter())
            .map(|f| (f.key.as_str(), f.value.as_str(), f.expected.as_str()))
            .collect();
        let expected = [
            ("data_dir", "", FOLDER),
            ("erasure_list", "", "the name of a file"),
            ("kb_dir", "", FOLDER),
            ("override_dir", "", "a folder that can be read"),
            ("log_format", "xml", "text or json"),
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn an_address_of_another_database_is_no_name_of_a_file() {
        for (address, shown) in [
            ("mysql://user:hunter2@db/guichet", "…@db/guichet"),
            ("postgress://user:hunter2@db/guichet", "…@db/guichet"),
            ("mysql:user:hunter2@db", "…@db"),
            ("postgres:guichet", "postgres:guichet"),
            ("file:guichet.db", "file:guichet.db"),
            ("", ""),
        ] {
            let set = [("database_url", address), ("log_format", "xml")];
            let Faults(faults) = with(&set).unwrap_err();
            let keys: Vec<_> = faults.iter().map(|f| f.key.as_str()).collect();
            assert_eq!(keys, ["database_url", "log_format"], "{address}");
            assert_eq!(faults[0].value, shown);
            assert!(faults[0].expected.contains("sqlite:PATH"));
        }
        // Any folder will do, whatever its name looks like.
        let settings = with(&[("data_dir", "s3://data")]).unwrap();
        let file = PathBuf::from("s3://data/guichet.db");
        assert_eq!(settings.database_url, DatabaseUrl::Sqlite(file));
    }

    #[test]
    fn a_text_of_the_file_stands_in_quotes() {
        let file = "[default.guichet]\n\
             phone = +33199004820\n\
             company_suffix = 1.50\n\
             data_dir = 7\n\
             reference_prefix = 7\n\
             max_files = 2.0\n\
             keep_mails_days = 1.5\n\
             max_head_kb = 8\n\
             max_file_mb = 8\n";
        let Faults(faults) = load(&Figment::new().merge(Toml::string(file).nested())).unwrap_err();
        let said: Vec<_> = (faults.iter())
            .map(|f| (f.key.as_str(), f.value.as_str()))
            .collect();
        let expected = [
            ("data_dir", "7"),
            ("company_suffix", "1.5"),
            ("phone", "33199004820"),
            ("max_files", "2.0"),
            ("reference_prefix", "7"),
            ("keep_mails_days", "1.5"),
        ];
        assert_eq!(said, expected);
        for fault in faults {
            let is_number = ["max_files", "keep_mails_days"].contains(&fault.key.as_str());
            let accepted = &fault.expected;
            assert_eq!(
                accepted.starts_with("a whole number"),
                is_number,
                "{fault:?}"
            );
            assert_eq!(accepted.ends_with(", in quotes"), !is_number, "{fault:?}");
        }
    }

    #[test]
    fn what_belongs_to_the_business_is_kept_unless_somebody_says_otherwise() {
        let kept = with(&[]).unwrap().retention;
        assert_eq!((kept.closed_files, kept.closed_texts), (None, None));
        assert_eq!((kept.mails, kept.idle_people), (30, None));
        let kept = with(&[
            ("keep_closed_files_days", "1095"),
            ("keep_closed_texts_days", "0"),
        ]);
        let kept = kept.unwrap().retention;
        assert_eq!((kept.closed_files, kept.closed_texts), (Some(1095), None));
    }

    #[test]
    fn proxies_are_a_list_however_it_is_written() {
        let figment = Figment::new().merge(Serialized::default(
            "guichet.trusted_proxies",
            ["192.0.2.7", "10.0.0.0/8"],
        ));
        let listed = load(&figment).unwrap().front.trusted_proxies;
        let written = with(&[("trusted_proxies", "192.0.2.7, 10.0.0.0/8")]).unwrap();
        assert_eq!(listed, written.front.trusted_proxies);
        assert!(listed.contains([10, 1, 2, 3].into()));
    }

    #[test]
    fn the_default_language_is_one_that_is_offered() {
        let Faults(faults) = with(&[("languages", "fr"), ("default_language", "en")]).unwrap_err();
        assert_eq!(faults[0].key, "default_language");
        let settings = with(&[("languages", "en"), ("default_language", "en")]).unwrap();
        assert_eq!(settings.company.get(Key::Languages), Some("en"));
    }

    #[test]
    fn a_secret_is_not_repeated_in_a_fault() {
        let faults = with(&[
            ("smtp_url", "smtp//user:hunter2@mail.example"),
            (
                "database_url",
                "postgress://user:hunter2@db.example/guichet",
            ),
            ("smpt_url", "smtps://user:hunter2@host"),
            ("smtp_password", "hunter2"),
            ("smtp_pass", "hunter2"),
            ("smtp_uri", "smtps://user:hunter2@host"),
            ("database_dsn", "host=db password=hunter2"),
            ("smtp_login", "hunter2"),
            ("public_url", "portal.example/?password=hunter2&tls=x"),
            ("trusted_proxies", "http://user:hunter2@proxy"),
        ]);
        let said = faults.unwrap_err().to_string();
        assert!(!said.contains("hunter2"), "{said}");
        // What is no secret is.
        for place in ["…@db.example/guichet", "…@mail.example", "…@proxy", "tls=x"] {
            assert!(said.contains(place), "{place} in {said}");
        }
    }

    #[test]
    fn a_misspelt_setting_is_told_the_one_that_was_meant() {
        let Faults(faults) = with(&[("max_file", "3"), ("colour", "blue")]).unwrap_err();
        let said: Vec<_> = (faults.iter())
            .map(|f| (f.key.as_str(), f.value.as_str(), f.expected.as_str()))
            .collect();
        assert_eq!(said[0].0, "colour");
        assert_eq!(said[0].1, "…", "it may be a secret");
        assert!(!said[0].2.contains("mean"), "{said:?}");
        assert_eq!((said[1].0, said[1].1), ("max_file", "3"));
        assert!(said[1].2.contains("max_files"), "{said:?}");
    }

    #[test]
    fn a_section_of_another_kind_is_not_passed_over() {
        let figment = Figment::new().merge(Serialized::default("guichet", 3));
        let Faults(faults) = load(&figment).unwrap_err();
        assert_eq!(
            (faults[0].key.as_str(), faults[0].value.as_str()),
            ("guichet", "3")
        );
    }
}
