//! The parts of a multipart form (RFC 7578), read within bounds whatever its sender writes.
//!
//! The parser gathers everything up to the end of a part's head and looks through all of it again
//! at every turn; and in one turn it takes whatever has arrived. So what it is given is rationed:
//! outside the content of a part no more than a head may take, and one mouthful a turn. And while it
//! waits for the first part, it looks twice for more but only once at what has come: a form that
//! arrives whole in between would count as cut off. So it learns of the end in a turn of its own.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::{AsyncRead, ReadBuf};

use super::disposition::parameter;
use super::posted::Refusal;

/// Bytes that may come between the contents of two parts, besides what arrived with the first.
const HEAD: usize = 16 * 1024;
/// Bytes that are handed over before the parser has to give way.
const MOUTHFUL: usize = 64 * 1024;
/// Bytes read at a time.
const READ: usize = 4 * 1024;
/// Characters of a boundary, at most (RFC 2046, section 5.1.1).
const BOUNDARY: usize = 70;

/// What the parser may have just now.
#[derive(Default)]
struct Ration {
    inside: AtomicBool,
    /// Bytes left outside the content of parts.
    outside: AtomicUsize,
    /// Whether all of those were handed over, so that the parser may look at them.
    is_spent: AtomicBool,
}

/// A body that is handed over in rations.
struct Rationed<R> {
    body: R,
    ration: Arc<Ration>,
    /// Bytes handed over in this turn.
    handed: usize,
    /// Whether the body is at its end, and the parser had a turn since.
    is_over: bool,
}

impl<R: AsyncRead + Unpin> AsyncRead for Rationed<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.handed >= MOUTHFUL {
            self.handed = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let inside = self.ration.inside.load(Ordering::Relaxed);
        let left = if inside {
            READ
        } else {
            self.ration.outside.load(Ordering::Relaxed)
        };
        if left == 0 {
            if self.ration.is_spent.swap(true, Ordering::Relaxed) {
                return Poll::Ready(Err(io::Error::other("the head of a part is too long")));
            }
            self.handed = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let mut bytes = [0; READ];
        let most = left.min(READ).min(buffer.remaining());
        let mut read = ReadBuf::new(&mut bytes[..most]);
        let Poll::Ready(outcome) = Pin::new(&mut self.body).poll_read(context, &mut read) else {
            self.handed = 0;
            return Poll::Pending;
        };
        outcome?;
        let count = read.filled().len();
        if count == 0 && !std::mem::replace(&mut self.is_over, true) {
            self.handed = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        buffer.put_slice(read.filled());
        self.handed += count;
        if !inside {
            self.ration.outside.store(left - count, Ordering::Relaxed);
        }
        Poll::Ready(Ok(()))
    }
}

/// The parts of a form, one after the other.
pub(super) struct Parts<'r> {
    form: multer::Multipart<'r>,
    ration: Arc<Ration>,
}

/// One part. It has to be read to its end before the next.
pub(super) struct Part<'r> {
    /// Name of the form's field; empty when it has none.
    pub name: String,
    /// Name of the file, if it is one.
    pub file_name: Option<String>,
    content: multer::Field<'r>,
}

impl<'r> Parts<'r> {
    /// Begins to read a body.
    ///
    /// # Errors
    /// `Malformed` for a boundary that no browser makes.
    pub fn of(body: impl AsyncRead + Unpin + Send + 'r, boundary: &str) -> Result<Self, Refusal> {
        if boundary.is_empty() || boundary.len() > BOUNDARY {
            return Err(Refusal::Malformed);
        }
        let ration = Arc::new(Ration::default());
        let body = Rationed {
            body,
            ration: Arc::clone(&ration),
            handed: 0,
            is_over: false,
        };
        let form = multer::Multipart::with_reader(body, boundary);
        Ok(Self { form, ration })
    }

    /// The next part, when its head has been read.
    ///
    /// # Errors
    /// `Malformed`, or `TooLarge` when the body ends early.
    pub async fn next(&mut self) -> Result<Option<Part<'r>>, Refusal> {
        self.ration.outside.store(HEAD, Ordering::Relaxed);
        self.ration.is_spent.store(false, Ordering::Relaxed);
        self.ration.inside.store(false, Ordering::Relaxed);
        let part = self.form.next_field().await.map_err(|e| refusal(&e))?;
        self.ration.inside.store(true, Ordering::Relaxed);
        Ok(part.map(Part::of))
    }
}

impl<'r> Part<'r> {
    /// The parser takes a backslash before the closing quote for an escape, and the file for a text.
    fn of(content: multer::Field<'r>) -> Self {
        let header = content.headers().get("Content-Disposition");
        let header = header.map_or(&b""[..], |header| header.as_bytes());
        Self {
            name: parameter(header, "name").unwrap_or_default(),
            file_name: parameter(header, "filename"),
            content,
        }
    }

    /// More of its content.
    ///
    /// # Errors
    /// As [`Parts::next`].
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Refusal> {
        self.content.chunk().await.map_err(|e| refusal(&e))
    }
}

/// The parser's own words repeat what the sender wrote around the contents: they stay out of the log.
fn refusal(error: &multer::Error) -> Refusal {
    let (reason, refusal) = match error {
        multer::Error::IncompleteStream | multer::Error::IncompleteFieldData { .. } => {
            ("it was cut off", Refusal::TooLarge)
        }
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => {
            ("it is too large", Refusal::TooLarge)
        }
        _ => ("it is malformed", Refusal::Malformed),
    };
    tracing::debug!(reason, "a form could not be read");
    refusal
}

#[cfg(test)]
mod tests {
    use std::task::ready;

    use super::*;

    /// A body that is all there at once, and counts what is taken of it.
    struct Flood<'a> {
        bytes: &'a [u8],
        taken: Arc<AtomicUsize>,
    }

    impl AsyncRead for Flood<'_> {
        fn poll_read(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            let before = buffer.filled().len();
            ready!(Pin::new(&mut self.bytes).poll_read(context, buffer))?;
            let count = buffer.filled().len() - before;
            self.taken.fetch_add(count, Ordering::Relaxed);
            Poll::Ready(Ok(()))
        }
    }

    /// Reads a whole form: each part's name and length, and how many bytes were taken.
    async fn read(body: &[u8]) -> (Result<Vec<(String, usize)>, Refusal>, usize) {
        let taken = Arc::new(AtomicUsize::new(0));
        let flood = Flood {
            bytes: body,
            taken: Arc::clone(&taken),
        };
        let parts = async {
            let mut parts = Parts::of(flood, "edge")?;
            let mut found = Vec::new();
            while let Some(mut part) = parts.next().await? {
                let (name, mut length) = (part.name.clone(), 0);
                while let Some(chunk) = part.chunk().await? {
                    length += chunk.len();
                }
                found.push((name, length));
            }
            Ok(found)
        };
        (parts.await, taken.load(Ordering::Relaxed))
    }

    fn part(name: &str, content: &str) -> String {
        format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{content}\r\n")
    }

    #[tokio::test]
    async fn what_stands_outside_of_contents_is_bounded() {
        let million = "a".repeat(1_000_000);
        for flood in [
            format!("{million}\r\n{}--edge--\r\n", part("a", "b")),
            format!("--edge\r\nX: {million}\r\n\r\nb\r\n--edge--\r\n"),
            format!("{}--edge--\r\n", part(&million, "b")),
            format!("{}--edge\r\nX: {million}\r\n\r\n", part("a", "b")),
            format!("--edge{}\r\n\r\n", " ".repeat(1_000_000)),
        ] {
            let (read, taken) = read(flood.as_bytes()).await;
            assert!(matches!(read, Err(Refusal::Malformed)), "{read:?}");
            assert!(taken < 100 * 1024, "{taken} bytes were taken");
        }
    }

    #[tokio::test]
    async fn contents_are_read_whole_whatever_their_length() {
        let lengths = [0, 1, READ, MOUTHFUL - 1, MOUTHFUL, MOUTHFUL + 1, 3_000_000];
        let mut form = String::new();
        for length in lengths {
            form += &part(&length.to_string(), &"\r".repeat(length));
        }
        let (read, _) = read((form + "--edge--\r\n").as_bytes()).await;
        let expected = lengths.map(|length| (length.to_string(), length));
        assert_eq!(read.expect("it is a form"), expected);
    }

    /// A body that is not there yet at the first look, and all there at the second.
    struct Late<'a>(&'a [u8], bool);

    impl AsyncRead for Late<'_> {
        fn poll_read(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            if !std::mem::replace(&mut self.1, true) {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Pin::new(&mut self.0).poll_read(context, buffer)
        }
    }

    #[tokio::test]
    async fn a_form_that_arrives_between_two_looks_is_whole() {
        let body = part("a", "b") + "--edge--\r\n";
        let mut parts = Parts::of(Late(body.as_bytes(), false), "edge").expect("a boundary");
        let mut part = parts.next().await.expect("a form").expect("a part");
        assert_eq!(part.name, "a");
        assert_eq!(
            part.chunk().await.expect("a form").as_deref(),
            Some(&b"b"[..])
        );
    }

    #[tokio::test]
    async fn a_turn_takes_one_mouthful() {
        let body = part("a", &"b".repeat(1_000_000)) + "--edge--\r\n";
        let taken = Arc::new(AtomicUsize::new(0));
        let flood = Flood {
            bytes: body.as_bytes(),
            taken: Arc::clone(&taken),
        };
        let mut parts = Parts::of(flood, "edge").expect("a boundary");
        let mut part = parts.next().await.expect("a form").expect("a part");
        let before = taken.load(Ordering::Relaxed);
        part.chunk().await.expect("a form").expect("content");
        let turn = taken.load(Ordering::Relaxed) - before;
        assert!(turn <= 2 * MOUTHFUL, "{turn} bytes in a turn");
    }

    #[test]
    fn boundaries_have_their_length() {
        for (boundary, good) in [
            ("", false),
            (&"b".repeat(70), true),
            (&"b".repeat(71), false),
        ] {
            assert_eq!(Parts::of(tokio::io::empty(), boundary).is_ok(), good);
        }
    }
}
