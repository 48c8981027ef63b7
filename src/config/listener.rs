//! Rocket's own settings, each looked at by itself: Rocket would stop at the first that it cannot
//! use, and say so when everything else has been opened.

use std::net::IpAddr;

use rocket::Config;
use rocket::config::{Ident, LogLevel, Shutdown};
use rocket::data::Limits;
use rocket::figment::Figment;
use rocket::figment::error::Kind;
use rocket::figment::value::magic::RelativePathBuf;
use rocket::figment::value::{Dict, Value};
use serde::de::DeserializeOwned;

use super::Fault;
use super::source::{HIDDEN, as_text, is_slip, meant, without_secret};

/// What Rocket takes, and the table that is ours.
const KNOWN: [&str; 15] = [
    "address",
    "port",
    "workers",
    "max_blocking",
    "keep_alive",
    "ident",
    "ip_header",
    "limits",
    "temp_dir",
    "log_level",
    "shutdown",
    "cli_colors",
    "tls",
    "profile",
    OURS,
];
const OURS: &str = "guichet";
/// Profiles that a file has without being asked for them.
const PROFILES: [&str; 4] = ["default", "debug", "release", "global"];

/// All of Rocket's settings that cannot be used.
pub(super) fn faults(figment: &Figment) -> Vec<Fault> {
    let check = Checked { figment };
    let found = [
        check.read::<IpAddr>("address", "an address such as 127.0.0.1 or 0.0.0.0"),
        check.read::<u16>("port", "a whole number from 0 to 65535"),
        check.read::<usize>("workers", "a whole number of threads"),
        check.read::<usize>("max_blocking", "a whole number of threads"),
        check.read::<u32>("keep_alive", "a whole number of seconds"),
        check.read::<Ident>("ident", "a name, or false"),
        check.read::<Limits>("limits", "sizes such as { form = \"64KiB\" }"),
        check.read::<RelativePathBuf>("temp_dir", "a folder"),
        check.read::<LogLevel>("log_level", "off, critical, normal or debug"),
        check.read::<Shutdown>("shutdown", "settings such as { grace = 5, mercy = 5 }"),
        check.colours(),
        check.header(),
        check.tls(),
    ];
    let mut faults: Vec<Fault> = found.into_iter().flatten().collect();
    // Whatever else it does not take.
    if let Err(error) = Config::try_from(figment) {
        for error in error {
            let key = error.path.join(".");
            let named = |fault: &Fault| key.split('.').next() == Some(fault.key.as_str());
            if !faults.iter().any(named) {
                faults.push(check.fault(&key, &accepted(&error.kind)));
            }
        }
    }
    faults.extend(check.unknown());
    faults.extend(check.misplaced());
    faults
}

/// What would be accepted. The value that was not may be a secret, and is not repeated.
fn accepted(kind: &Kind) -> String {
    match kind {
        Kind::InvalidType(_, expected)
        | Kind::InvalidValue(_, expected)
        | Kind::InvalidLength(_, expected) => expected.clone(),
        Kind::UnknownVariant(_, known) | Kind::UnknownField(_, known) => known.join(", "),
        _ => "a readable setting".to_owned(),
    }
}

struct Checked<'f> {
    figment: &'f Figment,
}

impl Checked<'_> {
    fn read<T: DeserializeOwned>(&self, key: &str, expected: &str) -> Option<Fault> {
        let value = self.figment.find_value(key).ok()?;
        let refused = self.figment.extract_inner::<T>(key).is_err();
        // A list or a table that it cannot use is still not nothing.
        (refused && !matches!(value, Value::Empty(..))).then(|| self.fault(key, expected))
    }

    fn colours(&self) -> Option<Fault> {
        let text = as_text(self.figment.find_value("cli_colors").ok()?);
        let known = ["true", "false", "1", "0"].contains(&text.as_str());
        (!known).then(|| self.fault("cli_colors", "true or false"))
    }

    /// Rocket would believe anybody who sends that header.
    fn header(&self) -> Option<Fault> {
        let text = as_text(self.figment.find_value("ip_header").ok()?);
        (text != "false").then(|| {
            let expected = "nothing: name your proxies in trusted_proxies instead";
            self.fault("ip_header", expected)
        })
    }

    /// It would be passed over, and passwords cross the network in clear.
    fn tls(&self) -> Option<Fault> {
        let given = self.figment.find_value("tls").ok()?;
        let expected = "nothing: a proxy with TLS stands in front, see README.md";
        (!matches!(given, Value::Empty(..))).then(|| self.fault("tls", expected))
    }

    /// Settings that would set nothing.
    fn unknown(&self) -> Vec<Fault> {
        let given: Dict = self.figment.extract().unwrap_or_default();
        let unknown = given.keys().filter(|key| !KNOWN.contains(&key.as_str()));
        let refused = unknown.map(|key| Fault {
            // It may be a secret of another program, or of what Rocket was used for before.
            value: HIDDEN.to_owned(),
            ..self.fault(key, &meant(KNOWN.into_iter(), key, "no such setting"))
        });
        refused.collect()
    }

    /// Tables that are read as profiles, and would set nothing for one that is never chosen.
    fn misplaced(&self) -> Vec<Fault> {
        let chosen = self.figment.profile();
        let tables = self.figment.profiles().filter(|table| *table != chosen);
        let mut faults = Vec::new();
        for table in tables.map(|table| table.as_str().as_str()) {
            let expected = if table == OURS {
                "[default.guichet]: a table without a profile sets nothing".to_owned()
            } else if PROFILES
                .iter()
                .any(|known| known != &table && is_slip(known, table))
            {
                meant(PROFILES.into_iter(), table, "a profile that is chosen")
            } else {
                continue;
            };
            faults.push(Fault {
                key: format!("[{table}]"),
                variable: "ROCKET_PROFILE".to_owned(),
                value: HIDDEN.to_owned(),
                expected,
            });
        }
        faults
    }

    fn fault(&self, key: &str, expected: &str) -> Fault {
        let value = self.figment.find_value(key);
        Fault {
            key: key.to_owned(),
            variable: format!("ROCKET_{}", key.to_uppercase().replace('.', "_")),
            value: value
                .map(|value| without_secret(key, &as_text(value)))
                .unwrap_or_default(),
            expected: expected.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use rocket::figment::providers::{Format, Toml};

    use super::super::Faults;
    use super::*;

    fn keys(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut figment = Figment::from(Config::default()).merge(("ip_header", false));
        for (key, value) in pairs {
            figment = figment.merge((*key, *value));
        }
        let found = faults(&figment).into_iter();
        found.map(|fault| (fault.key, fault.value)).collect()
    }

    #[test]
    fn each_is_named_with_its_value() {
        assert_eq!(keys(&[]), []);
        let wrong = [
            ("address", "here"),
            ("port", "eighty"),
            ("workers", "-1"),
            ("max_blocking", "x"),
            ("keep_alive", "long"),
            ("limits", "64"),
            ("log_level", "loud"),
            ("shutdown", "now"),
            ("cli_colors", "maybe"),
            ("ip_header", "X-Real-IP"),
            ("tls", "true"),
        ];
        let expected = wrong.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(keys(&wrong), expected);
    }

    #[test]
    fn all_are_named_at_once() {
        let found = keys(&[("port", "eighty"), ("tls", "no"), ("prot", "80")]);
        let found: Vec<_> = found.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(found, ["port", "tls", "prot"]);
    }

    #[test]
    fn a_table_that_sets_nothing_is_named() {
        let of = |file: &str| {
            let figment = Figment::from(Config::default())
                .merge(("ip_header", false))
                .merge(Toml::string(file).nested());
            let found = faults(&figment).into_iter();
            found
                .map(|fault| format!("{}: {}", fault.key, fault.expected))
                .collect::<Vec<_>>()
        };
        let ours = of("[guichet]\ncompany_name = 'Orvelle'");
        assert_eq!(
            ours,
            ["[guichet]: [default.guichet]: a table without a profile sets nothing"]
        );
        let slip = of("[defualt.guichet]\ncompany_name = 'Orvelle'");
        assert_eq!(slip.len(), 1);
        assert!(slip[0].ends_with("default may be meant"), "{slip:?}");
        // Other profiles wait until they are chosen.
        assert_eq!(of("[staging]\nport = 81\n[release]\nport = 80"), [""; 0]);
    }

    #[test]
    fn a_setting_that_rocket_does_not_have_is_named() {
        let figment = Figment::from(Config::default()).merge(("ip_header", false));
        let found = faults(&figment.merge(("prot", 8001)));
        assert_eq!(
            (found[0].key.as_str(), found[0].value.as_str()),
            ("prot", "…")
        );
        assert_eq!(found[0].expected, "no such setting; port may be meant");
    }

    #[test]
    fn what_rocket_was_told_elsewhere_is_not_repeated() {
        let file = "[default]\n\
             secret_key = 'hunter2'\n\
             address = 'http://user:hunter2@host'\n\
             keep_alive = { hunter2 = 'hunter2' }\n\
             [default.databases.portal]\n\
             url = 'postgres://user:hunter2@db.example/portal'\n\
             [default.tls]\n\
             key = 'hunter2'\n\
             certs = 'hunter2'\n\
             [default.limits]\n\
             form = 'hunter2'\n";
        let figment = Figment::from(Config::default())
            .merge(("ip_header", false))
            .merge(Toml::string(file).nested());
        let found = faults(&figment);
        let keys: Vec<_> = found.iter().map(|fault| fault.key.as_str()).collect();
        for key in [
            "secret_key",
            "databases",
            "tls",
            "limits",
            "address",
            "keep_alive",
        ] {
            assert!(keys.contains(&key), "{key} in {keys:?}");
        }
        let said = Faults(found).to_string();
        assert!(!said.contains("hunter2"), "{said}");
        assert!(said.contains("…@host"), "{said}");
    }

    #[test]
    fn a_header_that_anybody_may_send_is_refused() {
        let figment = Figment::from(Config::default());
        let found = faults(&figment.clone().merge(("ip_header", "X-Real-IP")));
        assert!(found[0].expected.contains("trusted_proxies"));
        assert_eq!(faults(&figment.merge(("ip_header", false))), []);
    }
}
