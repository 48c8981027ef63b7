//! A configuration file that cannot be read: where, and why.

use rocket::figment::Figment;
use rocket::figment::value::Dict;

use super::Fault;

/// What keeps the file from being read, if anything does.
pub(super) fn faults(figment: &Figment) -> Vec<Fault> {
    let Err(error) = figment.extract::<Dict>() else {
        return Vec::new();
    };
    let file =
        super::file().map_or_else(|| super::FILE.to_owned(), |file| file.display().to_string());
    let unreadable = |error: rocket::figment::Error| {
        let (line, reason) = told(&error.kind.to_string());
        Fault {
            key: line.map_or_else(|| file.clone(), |line| format!("{file}:{line}")),
            variable: String::new(),
            value: String::new(),
            expected: format!("a file of settings in TOML ({reason})"),
        }
    };
    error.into_iter().map(unreadable).collect()
}

/// The line and the reason in what the parser says. It shows the line itself, too, which may hold a
/// password.
fn told(message: &str) -> (Option<usize>, String) {
    let place = message.strip_prefix("TOML parse error at line ");
    let digits = place.and_then(|place| place.split(',').next());
    let line = digits.and_then(|digits| digits.parse().ok());
    let is_picture = |line: &&str| {
        let line = line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit());
        line.starts_with('|')
    };
    let lines = message.lines().skip(usize::from(place.is_some()));
    let reason: Vec<_> = lines.skip_while(is_picture).collect();
    let reason = reason.join(", ");
    // It names a value of the wrong kind.
    if reason.starts_with("invalid type") || reason.starts_with("invalid value") {
        return (line, "in tables such as [default.guichet]".to_owned());
    }
    (line, reason)
}

#[cfg(test)]
mod tests {
    use rocket::figment::providers::{Format, Toml};

    use super::*;

    fn fault(file: &str) -> Fault {
        let figment = Figment::from(rocket::Config::default());
        let found = faults(&figment.merge(Toml::string(file).nested()));
        let [fault] = found.try_into().expect("one fault");
        fault
    }

    #[test]
    fn a_syntax_error_is_told_with_its_line_and_without_its_text() {
        for (file, line, reason) in [
            ("[default.guichet\ndata_dir = 3", 1, "expected"),
            (
                "[default.guichet]\n\nsmtp_url = smtps://u:hunter2@host",
                3,
                "string",
            ),
            ("[default]\nport = 80\nport = 81", 3, "duplicate"),
            ("secret_key = 'hunter2'", 1, "[default.guichet]"),
        ] {
            let fault = fault(file);
            let place = format!("Rocket.toml:{line}");
            assert!(fault.key.ends_with(&place), "{fault:?}");
            assert!(fault.expected.contains(reason), "{fault:?}");
            let said = super::super::Faults(vec![fault]).to_string();
            assert!(!said.contains("hunter2") && said.contains(&place), "{said}");
        }
    }

    #[test]
    fn a_file_without_faults_has_none() {
        let figment = Figment::from(rocket::Config::default());
        let file = Toml::string("[default.guichet]\ndata_dir = 'data'").nested();
        assert_eq!(faults(&figment.merge(file)), []);
    }
}
