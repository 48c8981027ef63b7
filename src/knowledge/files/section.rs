//! `_section.md`: what a section is called.

use serde::Deserialize;

use super::FileFault;
use crate::knowledge::model::{GENERAL, Section, section_key};
use crate::platform::i18n::{Lang, Message};
use crate::platform::text::{clean_line, front_matter};

/// Icon of a section that names none.
const ICON: &str = "book-open";
/// Place of a section that names none: after those that do.
const LAST: i32 = 1_000;

#[derive(Default, Deserialize)]
struct Meta {
    title: String,
    summary: Option<String>,
    icon: Option<String>,
    position: Option<i32>,
}

/// A section as its file describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionFile {
    /// The file.
    pub path: String,
    /// The section.
    pub section: Section,
}

impl SectionFile {
    /// Reads a `_section.md` that lies at `<lang>/<key>/_section.md`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(path: &str, source: &str) -> Result<Self, FileFault> {
        let mut parts = path.split('/');
        let place = (parts.next(), parts.next(), parts.next(), parts.next());
        let (Some(lang), Some(key), Some(_), None) = place else {
            return Err(FileFault::whole(
                path,
                Message::new("kb-fault-section-place"),
            ));
        };
        let language = lang
            .parse::<Lang>()
            .map_err(|_| FileFault::whole(path, Message::new("kb-fault-language")))?;
        let text = |error| FileFault::text(path, 0, &error);
        let (yaml, _, _) = front_matter::split(source).map_err(text)?;
        let meta: Meta = front_matter::parse(yaml.unwrap_or("{}")).map_err(text)?;
        let icon = meta.icon.map(|icon| clean_line(&icon));
        Ok(Self {
            path: path.to_owned(),
            section: Section {
                title: clean_line(&meta.title),
                summary: clean_line(&meta.summary.unwrap_or_default()),
                icon: icon
                    .filter(|icon| is_icon(icon))
                    .unwrap_or_else(|| ICON.to_owned()),
                position: meta.position.unwrap_or(LAST),
                ..untitled(language, &section_key(key))
            },
        })
    }
}

/// A section that has no file: its title is made of its key.
#[must_use]
pub fn untitled(language: Lang, key: &str) -> Section {
    let title = if key == GENERAL {
        Message::new("knowledge-general").render(language)
    } else {
        capitalised(&key.replace(['-', '_'], " "))
    };
    Section {
        language,
        key: key.to_owned(),
        title,
        summary: String::new(),
        icon: ICON.to_owned(),
        position: LAST,
    }
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

fn is_icon(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_named_by_its_file_or_by_its_folder() {
        let source = "---\ntitle: Comptes et accès\nicon: key\nposition: 4\n---\n";
        let read = SectionFile::parse("fr/comptes/_section.md", source)
            .unwrap()
            .section;
        assert_eq!(
            (read.title.as_str(), read.icon.as_str()),
            ("Comptes et accès", "key")
        );
        assert_eq!(
            (read.language, read.key.as_str(), read.position),
            (Lang::Fr, "comptes", 4)
        );
        assert_eq!(untitled(Lang::En, "voice-mail").title, "Voice mail");
    }

    #[test]
    fn a_section_file_out_of_place_is_refused() {
        for path in [
            "_section.md",
            "fr/_section.md",
            "fr/a/b/_section.md",
            "de/a/_section.md",
        ] {
            assert!(
                SectionFile::parse(path, "---\ntitle: A\n---\n").is_err(),
                "{path}"
            );
        }
        let fault = SectionFile::parse("fr/a/_section.md", "---\nicon: key\n---\n").unwrap_err();
        assert_eq!(fault.reason.key(), "kb-fault-missing-key");
    }
}
