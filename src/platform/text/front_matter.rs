//! The block of YAML between two lines of hyphens at the head of a file.

use serde::de::DeserializeOwned;
use serde_saphyr::{DuplicateKeyPolicy, Error, MergeKeyPolicy, Options};

use super::budget::TextError;

/// Longest front matter, in bytes.
const YAML_BYTES: usize = 32 * 1024;
/// Line of the file on which the YAML begins, after the opening hyphens.
const FIRST_LINE: usize = 2;

/// What is wrong with a front matter. `Display` is for logs; forms translate the variant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A key stands twice in the same block.
    #[error("the key {0:?} is given twice")]
    DuplicateKey(String),
    /// A required key is absent.
    #[error("the key {0:?} is missing")]
    MissingKey(String),
    /// A key that the caller's type does not accept.
    #[error("the key {0:?} is not known")]
    UnknownKey(String),
    /// A value of a list of choices that is not among them.
    #[error("{0:?} is not one of the possible values")]
    UnknownValue(String),
    /// A value of another kind than expected; the text names both.
    #[error("{0}")]
    WrongKind(String),
    /// More keys, depth or repetition than a front matter has.
    #[error("it is too large")]
    TooLarge,
    /// Not YAML; the text is the parser's.
    #[error("{0}")]
    Syntax(String),
}

/// Parts a file into its front matter, its body and the line, counted from 1, on which the body
/// begins. Accepts CRLF line ends and a byte order mark. A file that does not begin with a line of
/// three hyphens is all body.
///
/// # Errors
/// [`TextError::FrontMatterUnclosed`] when no line of three hyphens ends the block.
pub fn split(source: &str) -> Result<(Option<&str>, &str, usize), TextError> {
    let source = source.strip_prefix('\u{FEFF}').unwrap_or(source);
    let mut lines = source.split_inclusive('\n');
    let Some(opening) = lines.next().filter(|line| is_fence(line)) else {
        return Ok((None, source, 1));
    };
    let start = opening.len();
    let mut end = start;
    for (index, line) in lines.enumerate() {
        if is_fence(line) {
            let body = &source[end + line.len()..];
            return Ok((Some(&source[start..end]), body, FIRST_LINE + index + 1));
        }
        end += line.len();
    }
    Err(TextError::FrontMatterUnclosed)
}

fn is_fence(line: &str) -> bool {
    line.trim_end() == "---"
}

/// Reads a front matter as parted by [`split`]. Keys that `T` does not name are its own affair
/// (ignored, collected or refused); a key given twice is always refused, so are merge keys.
///
/// # Errors
/// [`TextError::FrontMatter`] with the line of the file.
pub fn parse<T: DeserializeOwned>(yaml: &str) -> Result<T, TextError> {
    if yaml.len() > YAML_BYTES {
        return Err(TextError::FrontMatter {
            line: FIRST_LINE,
            fault: Fault::TooLarge,
        });
    }
    serde_saphyr::from_str_with_options(yaml, options()).map_err(|error| {
        let error = error.without_snippet();
        let line = error
            .location()
            .and_then(|place| usize::try_from(place.line()).ok());
        // The parser counts from 1 and says 0 when it does not know.
        TextError::FrontMatter {
            line: line_of_file(yaml, line.unwrap_or(1).max(1)) + FIRST_LINE - 1,
            fault: fault(error),
        }
    })
}

/// The line, as editors count it, that is the parser's `line`: YAML ends a line at a lone CR, too
/// (YAML 1.2.2, section 5.4).
fn line_of_file(yaml: &str, line: usize) -> usize {
    let bytes = yaml.as_bytes();
    let ends_line = |at: &usize| match bytes[*at] {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    };
    let Some(before) = line.checked_sub(2) else {
        return 1;
    };
    let end = (0..bytes.len()).filter(ends_line).nth(before);
    let start = end.map_or(bytes.len(), |end| end + 1);
    1 + bytes[..start].iter().filter(|&&b| b == b'\n').count()
}

fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 16,
            max_nodes: 4_000,
            max_events: 10_000,
            max_documents: 1,
            max_anchors: 16,
            max_aliases: 16,
        },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        with_snippet: false,
    }
}

fn fault(error: &Error) -> Fault {
    match error {
        Error::DuplicateMappingKey { key, .. } => {
            Fault::DuplicateKey(key.clone().unwrap_or_default())
        }
        Error::SerdeMissingField { field, .. } => Fault::MissingKey((*field).to_owned()),
        Error::SerdeUnknownField { field, .. } => Fault::UnknownKey(field.clone()),
        Error::SerdeUnknownVariant { variant, .. } => Fault::UnknownValue(variant.clone()),
        Error::Budget { .. } | Error::AliasReplayLimitExceeded { .. } => Fault::TooLarge,
        Error::SerdeInvalidType {
            unexpected,
            expected,
            ..
        }
        | Error::SerdeInvalidValue {
            unexpected,
            expected,
            ..
        } => Fault::WrongKind(format!("expected {expected}, found {unexpected}")),
        Error::InvalidScalar { ty, .. } => Fault::WrongKind(format!("expected {ty}")),
        Error::Message { msg, .. } => Fault::WrongKind(msg.clone()),
        other => Fault::Syntax(other.render_with_formatter(&serde_saphyr::UserMessageFormatter)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Meta {
        title: String,
        #[serde(default)]
        tags: Vec<String>,
        #[serde(default)]
        public: bool,
        #[serde(flatten)]
        other: BTreeMap<String, serde_json::Value>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        #[allow(dead_code)]
        weight: u8,
    }

    fn strict_fault(yaml: &str) -> (usize, Fault) {
        match parse::<Strict>(yaml) {
            Err(TextError::FrontMatter { line, fault }) => (line, fault),
            other => panic!("{yaml:?} gave {other:?}"),
        }
    }

    #[test]
    fn files_are_parted() {
        assert_eq!(
            split("---\na: 1\n---\n# T\n"),
            Ok((Some("a: 1\n"), "# T\n", 4))
        );
        assert_eq!(
            split("\u{FEFF}---\r\na: 1\r\n---\r\nT"),
            Ok((Some("a: 1\r\n"), "T", 4))
        );
        assert_eq!(split("---\n---"), Ok((Some(""), "", 3)));
        assert_eq!(split("# T\n---\n"), Ok((None, "# T\n---\n", 1)));
        assert_eq!(split(""), Ok((None, "", 1)));
        assert_eq!(split("---\na: 1\n"), Err(TextError::FrontMatterUnclosed));
    }

    #[test]
    fn keys_are_read_and_unknown_ones_kept() {
        let meta: Meta =
            parse("title: Panne\r\ntags: [a, \"b\"]\r\npublic: true\r\nsite: Lyon\r\n")
                .expect("valid");
        assert_eq!(meta.title, "Panne");
        assert_eq!(meta.tags, ["a", "b"]);
        assert!(meta.public);
        assert_eq!(meta.other["site"], "Lyon");
    }

    #[test]
    fn faults_name_their_line_and_reason() {
        assert_eq!(
            strict_fault("weight: 1\nweight: 2\n"),
            (3, Fault::DuplicateKey("weight".into()))
        );
        assert_eq!(
            strict_fault("weight: 1\nheight: 2\n"),
            (3, Fault::UnknownKey("height".into()))
        );
        assert_eq!(
            strict_fault("# a\r# b\r\nweight: 1\nheight: 2\n"),
            (4, Fault::UnknownKey("height".into())),
            "a lone CR ends no line of an editor"
        );
        assert_eq!(strict_fault("{}").1, Fault::MissingKey("weight".into()));
        assert!(matches!(
            strict_fault("\nweight: heavy\n"),
            (3, Fault::WrongKind(_))
        ));
        assert!(matches!(strict_fault("weight: [1\n").1, Fault::Syntax(_)));
        assert!(matches!(
            strict_fault("a: &a {weight: 1}\n<<: *a\n").1,
            Fault::Syntax(_) | Fault::UnknownKey(_)
        ));
    }

    #[test]
    fn bombs_are_refused() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..10 {
            bomb += &format!(
                "a{level}: &a{level} [{}]\n",
                vec![format!("*a{}", level - 1); 8].join(", ")
            );
        }
        let map = parse::<BTreeMap<String, serde_json::Value>>(&bomb);
        assert!(
            matches!(
                map,
                Err(TextError::FrontMatter {
                    fault: Fault::TooLarge,
                    ..
                })
            ),
            "{map:?}"
        );
        assert!(parse::<serde_json::Value>(&"[".repeat(5_000)).is_err());
        assert_eq!(strict_fault(&" ".repeat(YAML_BYTES + 1)).1, Fault::TooLarge);
    }

    proptest! {
        #[test]
        fn parts_are_of_the_file(source in "(---\n|---\r\n|a: 1\n|\u{FEFF}|text){0,8}") {
            if let Ok((yaml, body, line)) = split(&source) {
                prop_assert!(source.ends_with(body));
                prop_assert!(yaml.is_none_or(|yaml| source.contains(yaml)));
                let before = &source[..source.len() - body.len()];
                prop_assert_eq!(before.matches('\n').count() + 1, line.max(1) - usize::from(!before.is_empty() && !before.ends_with('\n') && yaml.is_some()));
            }
        }

        #[test]
        fn any_yaml_is_read_or_refused(yaml in any::<String>()) {
            let _ = parse::<serde_json::Value>(&yaml);
        }
    }
}
