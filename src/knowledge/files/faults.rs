//! What is wrong with a file, said so that its author can mend it.

use crate::platform::i18n::Message;
use crate::platform::text::TextError;
use crate::platform::text::front_matter::Fault;

/// A file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFault {
    /// Path below the folder of the articles; `.` is the folder itself.
    pub path: String,
    /// Line of the file, from 1; 0 when the fault is of the whole file.
    pub line: i32,
    /// What is wrong.
    pub reason: Message,
}

impl FileFault {
    /// A fault of the whole file.
    #[must_use]
    pub fn whole(path: &str, reason: Message) -> Self {
        Self::at(path, 0, reason)
    }

    /// A fault on a line.
    #[must_use]
    pub fn at(path: &str, line: usize, reason: Message) -> Self {
        Self {
            path: path.to_owned(),
            line: i32::try_from(line).unwrap_or(i32::MAX),
            reason,
        }
    }

    /// What the text module refused. `before` is the number of lines above the text that it was
    /// given, so that the line is one of the file.
    #[must_use]
    pub fn text(path: &str, before: usize, error: &TextError) -> Self {
        let (line, reason) = match error {
            TextError::SourceTooLong { max, .. } => (0, too_long("kb-fault-too-long", *max)),
            TextError::OutputTooLong { max } => (0, too_long("kb-fault-output-too-long", *max)),
            TextError::NestedTooDeep { line, max } => (
                before + line,
                Message::new("kb-fault-nested").number("max", count(*max)),
            ),
            TextError::TableTooLarge { line, max } => (
                before + line,
                Message::new("kb-fault-table").number("max", count(*max)),
            ),
            TextError::TookTooLong => (0, Message::new("kb-fault-time")),
            TextError::TooManyAttributes { line, .. } | TextError::TagMalformed { line } => {
                (before + line, Message::new("kb-fault-html"))
            }
            TextError::FrontMatterUnclosed => (1, Message::new("kb-fault-unclosed")),
            TextError::FrontMatter { line, fault } => (*line, front_matter(fault)),
        };
        Self::at(path, line, reason)
    }
}

fn too_long(key: &str, max: usize) -> Message {
    Message::new(key).number("max", count(max / 1024))
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn front_matter(fault: &Fault) -> Message {
    match fault {
        Fault::DuplicateKey(key) => Message::new("kb-fault-duplicate-key").text("name", key),
        Fault::MissingKey(key) => Message::new("kb-fault-missing-key").text("name", key),
        Fault::UnknownKey(key) => Message::new("kb-fault-unknown-key").text("name", key),
        Fault::UnknownValue(value) => Message::new("kb-fault-unknown-value").text("value", value),
        Fault::WrongKind(what) => Message::new("kb-fault-wrong-kind").text("what", what),
        Fault::TooLarge => Message::new("kb-fault-too-large"),
        Fault::Syntax(what) => Message::new("kb-fault-syntax").text("what", what),
    }
}
