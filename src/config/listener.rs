//! Rocket's own settings, each looked at by itself: Rocket would stop at the first that it cannot
//! use, and say so when everything else has been opened.

use std::net::IpAddr;

use rocket::Config;
use rocket::config::{Ident, LogLevel, Shutdown};
use rocket::data::Limits;
use rocket::figment::Figment;
use rocket::figment::value::magic::RelativePathBuf;
use rocket::figment::value::{Dict, Value};
use serde::de::DeserializeOwned;

use super::Fault;
use super::source::as_text;

/// All of Rocket's settings that cannot be used, or a file that cannot be read.
pub(super) fn faults(figment: &Figment) -> Vec<Fault> {
    if let Err(error) = figment.extract::<Dict>() {
        let problems = error.into_iter().map(|error| Fault {
            key: error.path.join("."),
            variable: super::FILE.to_owned(),
            value: String::new(),
            expected: format!("a readable setting ({})", error.kind),
        });
        return problems.collect();
    }
    let check = Checked { figment };
    let found = [
        check.read::<IpAddr>("address", "an address such as 127.0.0.1 or 0.0.0.0"),
        check.read::<u16>("port", "a number from 0 to 65535"),
        check.read::<usize>("workers", "a number of threads"),
        check.read::<usize>("max_blocking", "a number of threads"),
        check.read::<u32>("keep_alive", "a number of seconds"),
        check.read::<Ident>("ident", "a name, or false"),
        check.read::<Limits>("limits", "sizes such as { form = \"64KiB\" }"),
        check.read::<RelativePathBuf>("temp_dir", "a folder"),
        check.read::<LogLevel>("log_level", "off, critical, normal or debug"),
        check.read::<Shutdown>("shutdown", "settings such as { grace = 5, mercy = 5 }"),
        check.colours(),
        check.header(),
    ];
    let mut faults: Vec<Fault> = found.into_iter().flatten().collect();
    // Whatever else it does not take.
    if faults.is_empty()
        && let Err(error) = Config::try_from(figment)
    {
        faults.extend(error.into_iter().map(|error| {
            let key = error.path.join(".");
            check.fault(&key, &format!("a readable setting ({})", error.kind))
        }));
    }
    faults
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

    fn fault(&self, key: &str, expected: &str) -> Fault {
        let value = self.figment.find_value(key);
        Fault {
            key: key.to_owned(),
            variable: format!("ROCKET_{}", key.to_uppercase().replace('.', "_")),
            value: value.map(as_text).unwrap_or_default(),
            expected: expected.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
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
        ];
        let expected = wrong.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(keys(&wrong), expected);
    }

    #[test]
    fn a_header_that_anybody_may_send_is_refused() {
        let figment = Figment::from(Config::default());
        let found = faults(&figment.clone().merge(("ip_header", "X-Real-IP")));
        assert!(found[0].expected.contains("trusted_proxies"));
        assert_eq!(faults(&figment.merge(("ip_header", false))), []);
    }
}
