//! Names of attached files, as shown and as offered for download.

use std::fmt;

use serde::{Serialize, Serializer};

use super::plain::clean_line;

/// Longest file name, in characters.
const NAME_MAX: usize = 120;
/// Longest ending after the dot that is kept when a name is cut, in characters.
const EXTENSION_MAX: usize = 16;
/// What a file is called when nothing of its name can be kept.
const UNNAMED: &str = "document";

/// A file name that is safe to show, to put in a header and to save under.
///
/// Holds no path separator, control, bidirectional or zero-width character, none of
/// `: * ? " < > |`, no leading dot, no trailing dot or space; 1 to 120 characters, not a device
/// name of Windows. It is a label: stored files are found by their identifier.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileName(String);

impl FileName {
    /// Makes a file name of whatever a browser or a mail called the file. A path is reduced to its
    /// last part, a name that is too long is cut before its extension. Idempotent.
    pub fn new(raw: &str) -> Self {
        let line = clean_line(raw);
        let last = line.rsplit(['/', '\\']).next().unwrap_or_default();
        let spelt: String = last
            .chars()
            .map(|c| if is_reserved(c) { '_' } else { c })
            .collect();
        let name = cut(trim(&spelt));
        if name.is_empty() {
            Self(UNNAMED.to_owned())
        } else if is_device(&name) {
            Self(cut(&format!("_{name}")))
        } else {
            Self(name)
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the last dot, as written; `None` when there is no dot after the first character.
    pub fn extension(&self) -> Option<&str> {
        self.0.rsplit_once('.').map(|(_, extension)| extension)
    }
}

fn is_reserved(c: char) -> bool {
    matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|')
}

/// Drops what hides a file (leading dots) and what Windows drops by itself (trailing dots).
fn trim(name: &str) -> &str {
    name.trim_start_matches(['.', ' '])
        .trim_end_matches(['.', ' '])
}

/// At most [`NAME_MAX`] characters of `name`, the extension among them when it is a short one.
fn cut(name: &str) -> String {
    if name.chars().count() <= NAME_MAX {
        return name.to_owned();
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.chars().count() <= EXTENSION_MAX => (stem, extension),
        _ => (name, ""),
    };
    let dotted = if extension.is_empty() {
        0
    } else {
        1 + extension.chars().count()
    };
    let kept: String = stem.chars().take(NAME_MAX - dotted).collect();
    let kept = trim(&kept);
    if extension.is_empty() {
        kept.to_owned()
    } else {
        format!("{kept}.{extension}")
    }
}

/// Names that Windows opens as a device, whatever their extension.
fn is_device(name: &str) -> bool {
    let stem = name
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_ascii_lowercase();
    match stem.as_str() {
        "con" | "prn" | "aux" | "nul" | "conin$" | "conout$" => true,
        _ => stem
            .strip_prefix("com")
            .or_else(|| stem.strip_prefix("lpt"))
            .is_some_and(is_port),
    }
}

/// One digit; Windows takes the superscript ones of Latin-1 for the same.
fn is_port(text: &str) -> bool {
    let mut chars = text.chars();
    let digit = chars.next();
    digit.is_some_and(|c| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³'))
        && chars.next().is_none()
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for FileName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(raw: &str) -> String {
        FileName::new(raw).as_str().to_owned()
    }

    #[test]
    fn paths_are_reduced_to_their_last_part() {
        assert_eq!(name("../../etc/passwd"), "passwd");
        assert_eq!(name(r"C:\Users\Claire\facture.pdf"), "facture.pdf");
        assert_eq!(name("dossier/"), UNNAMED);
    }

    #[test]
    fn hostile_spellings_become_harmless() {
        assert_eq!(name("\"><img onerror=x>.txt"), "___img onerror=x_.txt");
        assert_eq!(name("facture\u{202E}fdp.exe"), "facturefdp.exe");
        assert_eq!(name(".htaccess"), "htaccess");
        assert_eq!(
            name("x\u{200B}.php\r\nSet-Cookie: a"),
            "x.php Set-Cookie_ a"
        );
        assert_eq!(name("..."), UNNAMED);
        assert_eq!(name("NUL.txt"), "_NUL.txt");
        assert_eq!(name("com¹.txt"), "_com¹.txt");
        assert_eq!(name("CONIN$"), "_CONIN$");
        assert_eq!(name("communes.csv"), "communes.csv");
    }

    #[test]
    fn long_names_keep_their_extension() {
        let long = name(&format!("{}.pdf", "é".repeat(300)));
        assert_eq!(long.chars().count(), NAME_MAX);
        assert!(long.ends_with("é.pdf"));
        assert_eq!(name(&"a".repeat(300)).len(), NAME_MAX);
        assert_eq!(FileName::new("photo.JPG").extension(), Some("JPG"));
    }

    proptest! {
        #[test]
        fn names_keep_their_promise(raw in any::<String>()) {
            let once = FileName::new(&raw);
            prop_assert_eq!(FileName::new(once.as_str()), once.clone());
            let text = once.as_str();
            prop_assert!((1..=NAME_MAX).contains(&text.chars().count()));
            prop_assert!(!text.contains(['/', '\\', '"', '<', '\0', '\r', '\n']) && !text.starts_with('.'));
        }

        #[test]
        fn long_names_keep_their_promise(stem in "[a. é_]{100,200}", tail in "[a. ]{0,20}") {
            let once = FileName::new(&format!("{stem}.{tail}"));
            prop_assert_eq!(FileName::new(once.as_str()), once.clone());
            prop_assert!(once.as_str().chars().count() <= NAME_MAX);
        }
    }
}
