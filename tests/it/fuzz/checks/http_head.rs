//! What the front lets pass is read in one way: by the library that serves it and by a reader that
//! knows nothing of it, however the bytes arrive.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use guichet::platform::front::gate::Gate;
use guichet::platform::front::head::{Extent, Framing, Refusal, extent, inspect};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderValue, TRANSFER_ENCODING};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::runtime::Runtime;

/// Largest head here: small, so that small inputs reach it.
const MAX_HEAD: usize = 1_000;
const MOST: usize = 12 * 1024;

/// The first byte says in which pieces the rest arrives.
pub fn check(data: &[u8]) {
    let (how, rest) = data.split_first().unwrap_or((&0, &[]));
    let bytes = super::unfold(rest, MOST);
    check_extent(&bytes, usize::from(*how));
    let whole = serve(&bytes, 0);
    let pieces = serve(&bytes, 1 + usize::from(*how));
    let shown = String::from_utf8_lossy(&bytes);
    assert_eq!(pieces.requests, whole.requests, "{shown:?}");
    let (expected, refusal) = reference(&bytes);
    // The library may refuse what the gate let pass, and a client may ask it to stop; it never sees
    // anything else.
    assert!(
        whole.requests.len() <= expected.len(),
        "{whole:?} but {expected:?}"
    );
    for (seen, expected) in whole.requests.iter().zip(&expected) {
        assert_eq!(seen.head, expected.head, "{shown:?}");
        match (&seen.body, &expected.body) {
            (Some(seen), Some(expected)) => assert_eq!(seen, expected, "{shown:?}"),
            (Some(_), None) => panic!("a body was read that is not all there: {shown:?}"),
            (None, _) => {}
        }
    }
    for served in [whole, pieces] {
        match served.refusal {
            None => {}
            // Of a head that is too large and broken behind that, either may be seen first.
            Some(_) if bytes.len() > MAX_HEAD => assert!(refusal.is_some(), "{shown:?}"),
            seen => assert_eq!(seen, refusal, "{shown:?}"),
        }
    }
}

/// Where the bytes are cut makes no difference.
fn check_extent(bytes: &[u8], piece: usize) {
    let whole = extent(bytes, 0);
    let (mut seen, mut found) = (0, Extent::Partial);
    while found == Extent::Partial && seen < bytes.len() {
        let end = (seen + 1 + piece % 17).min(bytes.len());
        found = extent(&bytes[..end], seen);
        seen = end;
    }
    assert_eq!(found, whole);
    if let Extent::Complete(length) = whole {
        assert!(bytes[..length].ends_with(b"\r\n\r\n"));
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Seen {
    /// Method, target and header lines, names in lower case.
    head: Vec<Vec<u8>>,
    /// None when it could not be read to its end.
    body: Option<Vec<u8>>,
}

#[derive(Debug, PartialEq, Eq)]
struct Served {
    requests: Vec<Seen>,
    refusal: Option<Refusal>,
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime")
});

/// Serves what arrives, as the front does; `piece` is 0 for all at once.
fn serve(bytes: &[u8], piece: usize) -> Served {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let wire = Wire {
        bytes: bytes.to_vec(),
        at: 0,
        piece,
        turn: 0,
    };
    RUNTIME.block_on(async {
        let gate = Gate::new(wire, MAX_HEAD, Duration::from_secs(60));
        let service = service_fn(|request: Request<Incoming>| {
            let seen = Arc::clone(&seen);
            Box::pin(async move {
                let head = head_of(&request);
                let is_last = request.headers().contains_key(TRANSFER_ENCODING);
                let body = request.into_body().collect().await;
                let body = body.ok().map(|body| body.to_bytes().to_vec());
                seen.lock().expect("one thread").push(Seen { head, body });
                let mut answer = Response::new(Full::new(Bytes::from_static(b"ok")));
                // As the relay says it: nothing may follow chunks.
                if is_last {
                    let close = HeaderValue::from_static("close");
                    answer.headers_mut().insert(CONNECTION, close);
                }
                Ok::<_, Infallible>(answer)
            })
        });
        let mut connection = http1::Builder::new()
            .half_close(true)
            .serve_connection(TokioIo::new(gate), service);
        // A client that breaks off is an error of the connection and of nothing else.
        let _: hyper::Result<()> =
            std::future::poll_fn(|context| connection.poll_without_shutdown(context)).await;
        let gate = connection.into_parts().io.into_inner();
        Served {
            requests: std::mem::take(&mut *seen.lock().expect("one thread")),
            refusal: gate.refusal(),
        }
    })
}

fn head_of(request: &Request<Incoming>) -> Vec<Vec<u8>> {
    let mut head = vec![
        request.method().as_str().as_bytes().to_vec(),
        target(request.uri().to_string().as_bytes()),
    ];
    let mut lines: Vec<Vec<u8>> = request
        .headers()
        .iter()
        .map(|(name, value)| [name.as_str().as_bytes(), b": ", value.as_bytes()].concat())
        .collect();
    lines.sort();
    head.extend(lines);
    head
}

/// What a request is for. A fragment is none of a server's business, and an address that is no
/// path is written anew.
fn target(text: &[u8]) -> Vec<u8> {
    let path = text.split(|&b| b == b'#').next().unwrap_or_default();
    if path.starts_with(b"/") {
        path.to_vec()
    } else {
        Vec::new()
    }
}

/// The requests in these bytes by the letter of RFC 9112, cut at every CR LF, and how they end.
fn reference(bytes: &[u8]) -> (Vec<Seen>, Option<Refusal>) {
    let (mut requests, mut rest) = (Vec::new(), bytes);
    loop {
        let length = match extent(rest, 0) {
            Extent::Complete(length) if length <= MAX_HEAD => length,
            Extent::Partial if rest.len() <= MAX_HEAD => return (requests, None),
            Extent::Broken => return (requests, Some(Refusal::Malformed)),
            _ => return (requests, Some(Refusal::HeadTooLarge)),
        };
        let (head, after) = rest.split_at(length);
        let framing = match inspect(head) {
            Ok(framing) => framing,
            Err(refusal) => return (requests, Some(refusal)),
        };
        let head = lines_of(&head[..length - 4]);
        match framing {
            Framing::Length(body) => {
                let body = usize::try_from(body).unwrap_or(usize::MAX);
                let content = after.get(..body).map(<[u8]>::to_vec);
                rest = after.get(body..).unwrap_or_default();
                requests.push(Seen {
                    head,
                    body: content,
                });
            }
            Framing::Chunked => {
                requests.push(Seen {
                    head,
                    body: unchunked(after),
                });
                return (requests, None);
            }
        }
    }
}

fn lines_of(head: &[u8]) -> Vec<Vec<u8>> {
    let text: Vec<&[u8]> = split(head);
    let mut words = text[0].split(|&b| b == b' ');
    let mut lines = vec![
        words.next().unwrap_or_default().to_vec(),
        target(words.next().unwrap_or_default()),
    ];
    assert_eq!(
        (words.next().map(<[u8]>::len), words.next()),
        (Some(8), None),
        "HTTP/1.x"
    );
    let mut headers: Vec<Vec<u8>> = text[1..]
        .iter()
        .map(|line| {
            let colon = line
                .iter()
                .position(|&b| b == b':')
                .expect("a header has a colon");
            let value = line[colon + 1..].trim_ascii();
            [line[..colon].to_ascii_lowercase().as_slice(), b": ", value].concat()
        })
        .collect();
    headers.sort();
    lines.extend(headers);
    lines
}

fn split(head: &[u8]) -> Vec<&[u8]> {
    let (mut lines, mut rest) = (Vec::new(), head);
    while let Some(at) = rest.windows(2).position(|pair| pair == b"\r\n") {
        lines.push(&rest[..at]);
        rest = &rest[at + 2..];
    }
    lines.push(rest);
    lines
}

/// A body in chunks; none when it does not end.
fn unchunked(bytes: &[u8]) -> Option<Vec<u8>> {
    let (mut body, mut rest) = (Vec::new(), bytes);
    loop {
        let end = rest.iter().position(|&b| b == b'\n')?;
        let line = std::str::from_utf8(rest[..end].split(|&b| b == b';').next()?).ok()?;
        let size = usize::from_str_radix(line.trim(), 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size + 2..)?;
    }
}

/// A client that sends in pieces and takes every answer.
struct Wire {
    bytes: Vec<u8>,
    at: usize,
    /// 0 for all at once.
    piece: usize,
    turn: usize,
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.turn += 1;
        if self.piece > 0 && self.turn.is_multiple_of(2) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let piece = match self.piece {
            0 => usize::MAX,
            1 => 1,
            piece => 1 + (piece * self.turn) % 61,
        };
        let left = &self.bytes[self.at..];
        let count = piece.min(left.len()).min(out.remaining());
        out.put_slice(&left[..count]);
        self.at += count;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
