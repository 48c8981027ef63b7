//! Forms are read within bounds, the same however they arrive; nothing typed is lost, and what is
//! given back with a message can be sent again.

use std::collections::BTreeMap;
use std::io;
use std::pin::Pin;
use std::sync::LazyLock;
use std::task::{Context, Poll};

use guichet::platform::i18n::{Lang, catalog};
use guichet::platform::web::body::{Body, Files};
use guichet::platform::web::form::{Check, Fields, FormErrors, FormState, is_email};
use guichet::platform::web::posted::Refusal;
use guichet::tickets::Priority;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tempfile::TempDir;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::runtime::Runtime;

const MOST: usize = 160 * 1024;
/// Up to this length a form is read the same whether it arrives at once or byte by byte; beyond
/// it, how much stood before the first part may decide.
const HEAD: usize = 16 * 1024;
const BOUNDARY: &str = "----edge";

/// The first byte says what the form is and how it arrives, the rest is its body.
pub fn check(data: &[u8]) {
    let (how, rest) = data.split_first().unwrap_or((&0, &[]));
    let body = super::unfold(rest, MOST);
    match how & 3 {
        0 => check_urlencoded(&body),
        1 => check_multipart(&body, *how),
        _ => check_round_trip(&body, *how),
    }
}

fn check_urlencoded(body: &[u8]) {
    let mut read = Body::default();
    let outcome = read.urlencoded(body);
    assert!(
        matches!(outcome, Ok(()) | Err(Refusal::TooLarge)),
        "{outcome:?}"
    );
    let pairs: Vec<(&str, &str)> = read.fields.iter().collect();
    assert!(pairs.len() <= 500);
    let again = encoded(&pairs);
    let mut second = Body::default();
    second
        .urlencoded(again.as_bytes())
        .expect("no more fields than before");
    assert_eq!(second.fields.iter().collect::<Vec<_>>(), pairs, "{again:?}");
    check_fields(&read.fields);
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    let escape = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// A form as a browser writes it comes back as it was: a line of the input is a field's name and its
/// value, or behind an @ a file's name and its content.
fn check_round_trip(body: &[u8], how: u8) {
    let mut form = Vec::new();
    let mut expected: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut files, mut names) = (Vec::new(), Vec::new());
    for line in body.split(|&b| b == b'\n').take(60) {
        let mut columns = line.splitn(2, |&b| b == b'=');
        let name = String::from_utf8_lossy(columns.next().unwrap_or_default()).into_owned();
        let value = columns.next().unwrap_or_default();
        let file_name = name.strip_prefix('@').map(str::to_owned);
        names.push(name.clone());
        form.extend_from_slice(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"").as_bytes(),
        );
        form.extend_from_slice(as_browsers_write(&name).as_bytes());
        form.push(b'"');
        if let Some(file_name) = &file_name {
            form.extend_from_slice(b"; filename=\"");
            form.extend_from_slice(as_browsers_write(file_name).as_bytes());
            form.extend_from_slice(b"\"\r\nContent-Type: text/plain");
        }
        form.extend_from_slice(b"\r\n\r\n");
        form.extend_from_slice(value);
        form.extend_from_slice(b"\r\n");
        match file_name {
            // What a browser sends of an input without a file.
            Some(file_name) if file_name.is_empty() && value.is_empty() => {}
            Some(file_name) => files.push((as_it_arrives(&file_name), value.len() as u64)),
            None => {
                let value = String::from_utf8_lossy(value).into_owned();
                let name = as_it_arrives(&name);
                expected.entry(name).or_default().push(value);
            }
        }
    }
    form.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let borders = |part: &[u8]| part == BOUNDARY.as_bytes();
    if !names.iter().all(|name| is_of_a_form(name)) || body.windows(BOUNDARY.len()).any(borders) {
        return;
    }
    let read = read(&form, how);
    if read.outcome == "Err(TooLarge)" {
        return;
    }
    assert_eq!(
        read.outcome,
        "Ok(())",
        "{:?}",
        String::from_utf8_lossy(&form)
    );
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in read.fields.iter() {
        found
            .entry(name.to_owned())
            .or_default()
            .push(value.to_owned());
    }
    assert_eq!(found, expected);
    assert_eq!(read.files, files);
}

/// Whether a name can be sent: the head of a part takes no control characters, and so much.
fn is_of_a_form(name: &str) -> bool {
    name.len() <= 1_000 && !name.contains(char::is_control)
}

/// What was typed with the letters of an escape cannot be told from one.
fn as_it_arrives(name: &str) -> String {
    name.replace("%22", "\"")
        .replace("%0D", "\r")
        .replace("%0A", "\n")
}

/// The escapes of RFC 7578's successor, the WHATWG's "multipart/form-data encoding algorithm".
fn as_browsers_write(name: &str) -> String {
    name.replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace('"', "%22")
}

fn check_multipart(body: &[u8], how: u8) {
    let whole = read(body, 0xFF);
    assert!(
        ["Ok(())", "Err(Malformed)", "Err(TooLarge)"].contains(&&*whole.outcome),
        "{}",
        whole.outcome
    );
    check_fields(&whole.fields);
    if body.len() <= HEAD {
        let pieces = read(body, how);
        assert_eq!(
            pieces.outcome,
            whole.outcome,
            "{:?}",
            String::from_utf8_lossy(body)
        );
        assert_eq!(
            pieces.fields.iter().collect::<Vec<_>>(),
            whole.fields.iter().collect::<Vec<_>>()
        );
        assert_eq!(pieces.files, whole.files);
    }
}

struct Read {
    outcome: String,
    fields: Fields,
    /// Names and lengths.
    files: Vec<(String, u64)>,
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime")
});
static FOLDER: LazyLock<TempDir> = LazyLock::new(super::front_matter::folder);

/// Reads a form that arrives in pieces as `how` says. Of files three are kept, of a hundred bytes.
fn read(form: &[u8], how: u8) -> Read {
    let folder = tempfile::tempdir_in(FOLDER.path()).expect("there is room");
    let files = Files {
        folder: folder.path().to_owned(),
        most: 3,
        max_bytes: 100,
    };
    let mut body = Body::default();
    let arriving = Arriving {
        bytes: form,
        pieces: how >> 2,
        turn: 0,
    };
    let is_ours = |fields: &Fields| fields.get("csrf") == "good";
    let outcome = RUNTIME.block_on(body.multipart(arriving, BOUNDARY, &files, is_ours));
    let on_disk = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert!(body.fields.iter().count() <= 500);
    let kept: Vec<_> = body
        .uploads
        .iter()
        .filter_map(|upload| Some((upload, upload.path.as_ref()?)))
        .collect();
    if outcome.is_ok() {
        assert_eq!(kept.len(), on_disk, "every file has its upload");
    }
    assert!(kept.len() <= 3 && on_disk <= 3);
    assert!(
        kept.is_empty() || body.trusted == Some(true),
        "only what is ours is stored"
    );
    for (upload, path) in kept {
        let content = std::fs::read(path).expect("it was stored");
        assert_eq!(content.len() as u64, upload.size);
        assert!(
            upload.size <= 100
                && content.starts_with(&upload.head[..upload.head.len().min(content.len())])
        );
    }
    Read {
        outcome: format!("{outcome:?}"),
        files: body
            .uploads
            .iter()
            .map(|upload| (upload.name.clone(), upload.size))
            .collect(),
        fields: std::mem::take(&mut body.fields),
    }
}

/// A body that comes in pieces of one to some bytes, with pauses; or all at once.
struct Arriving<'a> {
    bytes: &'a [u8],
    /// 63 for all at once.
    pieces: u8,
    turn: usize,
}

impl AsyncRead for Arriving<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.turn += 1;
        if self.pieces < 63 && self.turn.is_multiple_of(3) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let piece = match self.pieces {
            63 => self.bytes.len(),
            pieces => 1 + (usize::from(pieces) * self.turn) % 97,
        };
        let count = piece.min(out.remaining()).min(self.bytes.len());
        let (now, later) = self.bytes.split_at(count);
        out.put_slice(now);
        self.bytes = later;
        Poll::Ready(Ok(()))
    }
}

/// Reads fields as the program's forms do.
fn checked(fields: &Fields) -> Result<(), FormErrors> {
    let mut check = Check::new(fields);
    let line = check.line("subject", 150);
    assert!(
        !line.contains(char::is_control) && line.trim() == line,
        "{line:?}"
    );
    let text = check.text("body", 2_000);
    assert!(
        !text.contains(|c: char| c.is_control() && c != '\n' && c != '\t'),
        "{text:?}"
    );
    let email = check.email("email");
    assert!(check.is_clean() || !email.contains(char::is_control));
    if check.is_clean() {
        assert!(is_email(&email));
        let mailbox = email.parse::<lettre::message::Mailbox>();
        assert!(mailbox.is_ok(), "{email:?} cannot be written to");
    }
    let _: Option<Priority> = check.optional_choice("priority");
    let name = check.optional_line("name", 60);
    assert!(check.finish(()).is_err() || name.chars().count() <= 60);
    let mut check = Check::new(fields);
    let _ = (
        check.line("subject", 150),
        check.text("body", 2_000),
        check.email("email"),
    );
    let _: Option<Priority> = check.optional_choice("priority");
    let _ = check.optional_line("name", 60);
    check.finish(())
}

fn check_fields(fields: &Fields) {
    let Err(errors) = checked(fields) else {
        return;
    };
    for lang in [Lang::Fr, Lang::En] {
        let state = FormState::refused(fields, &errors, lang);
        assert!(!state.values.keys().any(|name| name.contains("password")));
        assert!(!state.key.is_empty());
        for (field, key) in errors.keys() {
            assert!(catalog().has(lang, key), "{key}");
            assert!(!state.errors[field].is_empty());
        }
        assert_eq!(state.summary.len(), errors.keys().len());
    }
    // What stands in the fields afterwards has lost what cannot be seen, so that sending it again
    // mends that fault at least.
    let state = FormState::refused(fields, &errors, Lang::Fr);
    let mut again = Fields::default();
    for (name, value) in state.values {
        again.push(name, value);
    }
    if let Err(errors) = checked(&again) {
        assert!(
            errors
                .keys()
                .iter()
                .all(|(_, key)| *key != "form-invisible"),
            "{:?}",
            errors.keys()
        );
    }
}
