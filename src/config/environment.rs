//! What the environment says about the settings.

use rocket::figment::providers::{Env, Serialized};
use rocket::figment::value::Value;
use rocket::figment::{Figment, Profile};

/// Rocket's settings that are texts: a name may consist of digits, too.
const ROCKETS_TEXTS: [&str; 2] = ["ident", "temp_dir"];

/// Lets the environment override settings.
pub(super) fn override_with(figment: Figment) -> Figment {
    let rockets = Env::prefixed("ROCKET_").ignore(&["PROFILE"]).global();
    let texts = Env::prefixed("ROCKET_").only(&ROCKETS_TEXTS);
    let texts = pairs(&texts).filter(|(_, text)| is_taken_for_a_number(text));
    let ours = Env::prefixed("GUICHET_")
        .map(|key| format!("guichet.{}", key.as_str().to_ascii_lowercase()).into());
    let figment = as_written(figment.merge(rockets), texts);
    as_written(figment, pairs(&ours)).select(Profile::from_env_or(
        "ROCKET_PROFILE",
        rocket::Config::default().profile,
    ))
}

fn pairs(variables: &Env) -> impl Iterator<Item = (String, String)> {
    variables.iter().map(|(key, text)| (key.to_string(), text))
}

/// Figment makes a number of whatever looks like one, and of `+33 1` or `007` there is then no way
/// back. What a setting means is for its own reader to say.
fn as_written(figment: Figment, texts: impl Iterator<Item = (String, String)>) -> Figment {
    texts.fold(figment, |figment, (key, text)| {
        figment.merge(Serialized::global(&key, text))
    })
}

fn is_taken_for_a_number(text: &str) -> bool {
    matches!(text.parse(), Ok(Value::Num(..)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{Faults, load};
    use crate::platform::company::Key;

    fn said(variables: &[(&str, &str)]) -> Figment {
        let pairs = variables.iter();
        let pairs = pairs.map(|(key, text)| (format!("guichet.{key}"), (*text).to_owned()));
        as_written(Figment::new(), pairs)
    }

    #[test]
    fn a_text_arrives_as_it_was_written() {
        let written = [
            (Key::Phone, "+33199004820"),
            (Key::CompanyName, "007"),
            (Key::CompanySuffix, "1.50"),
            (Key::HoursNoteFr, "[sauf] {jours} \"fériés\", 'x'"),
            (Key::HoursNoteEn, "true"),
        ];
        let settings = load(&said(&written.map(|(key, text)| (key.as_str(), text)))).unwrap();
        for (key, text) in written {
            assert_eq!(settings.company.get(key), Some(text));
        }
        let settings = load(&said(&[("data_dir", "007"), ("kb_dir", "1e3")])).unwrap();
        assert_eq!(settings.data_dir, Path::new("007"));
        assert_eq!(settings.kb_dir, Path::new("1e3"));
    }

    #[test]
    fn the_environment_comes_before_the_file() {
        let figment = Figment::from(Serialized::default("guichet.phone", "01"))
            .merge(Serialized::default("guichet.company_name", "Orvelle"));
        let texts = [("guichet.phone".to_owned(), "+02".to_owned())];
        let settings = load(&as_written(figment, texts.into_iter())).unwrap();
        assert_eq!(settings.company.get(Key::Phone), Some("+02"));
        assert_eq!(settings.company.get(Key::CompanyName), Some("Orvelle"));
    }

    #[test]
    fn a_number_is_whole() {
        for text in ["1.5", "2.0", "1e1", "0x10", "1_0", "1,5", "", "[3]", "many"] {
            let Faults(faults) = load(&said(&[
                ("max_files", text),
                ("max_head_kb", text),
                ("keep_mails_days", text),
            ]))
            .unwrap_err();
            assert_eq!(faults.len(), 3, "{text}");
            for fault in faults {
                assert_eq!(fault.value, text, "{}", fault.key);
                assert!(fault.expected.starts_with("a whole number from "), "{text}");
            }
        }
        let settings = load(&said(&[("max_files", "07"), ("max_head_kb", " 8 ")])).unwrap();
        assert_eq!(settings.company.get(Key::MaxFiles), Some("7"));
        assert_eq!(settings.front.max_head_bytes, 8000);
    }

    #[test]
    fn only_what_figment_would_spoil_is_given_to_rocket_again() {
        for text in ["007", "+7", "1.50", " 7 "] {
            assert!(is_taken_for_a_number(text), "{text}");
        }
        for text in ["false", "Guichet", "/tmp/7", ""] {
            assert!(!is_taken_for_a_number(text), "{text}");
        }
    }
}
