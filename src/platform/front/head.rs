//! What the head of a request must be like before anything else reads it.
//!
//! RFC 9112 leaves a server some freedom: a bare line feed may end a line, and of two statements
//! of a body's length one may win. Programs in a row that use it differently can be made to see
//! different requests in the same bytes, so here such a head is refused.

use httparse::{EMPTY_HEADER, Error, Header, Request};

use crate::platform::metrics::metrics;

/// Lines of a head, at most.
const MAX_HEADERS: usize = 100;

/// Why a request is not passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// It is not HTTP/1, or it is ambiguous.
    Malformed,
    /// The client took too long.
    TooSlow,
    /// Its head is larger than is allowed.
    HeadTooLarge,
    /// It asks for a tunnel.
    Tunnel,
    /// There are as many connections as are allowed.
    TooManyConnections,
    /// The program behind does not answer.
    Unavailable,
    /// It is for a version of HTTP that is not spoken here.
    Version,
    /// It is for a site that is not served here.
    Misdirected,
}

impl Refusal {
    /// The word for it in the log and in metrics.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooSlow => "too_slow",
            Self::HeadTooLarge => "head_too_large",
            Self::Tunnel => "tunnel",
            Self::TooManyConnections => "too_many_connections",
            Self::Unavailable => "unavailable",
            Self::Version => "version",
            Self::Misdirected => "misdirected",
        }
    }

    /// Counts it.
    pub(super) fn count(self) {
        metrics().refusals.with_label_values(&[self.as_str()]).inc();
    }
}

/// What follows the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// So many bytes, then the next request.
    Length(u64),
    /// Chunks.
    Chunked,
}

/// What the beginning of a request is so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The head goes on.
    Partial,
    /// The head has so many bytes.
    Complete(usize),
    /// It cannot become a head any more.
    Broken,
}

/// How far the head reaches in `bytes`, whose first `seen` bytes were looked at before. Every
/// line must end with CR LF, and neither may stand alone.
pub fn extent(bytes: &[u8], seen: usize) -> Extent {
    // Whoever speaks TLS to this port learns at once that it is wrong.
    if bytes
        .first()
        .is_some_and(|first| !first.is_ascii_uppercase())
    {
        return Extent::Broken;
    }
    for at in seen..bytes.len() {
        let after_cr = at > 0 && bytes[at - 1] == b'\r';
        match bytes[at] {
            b'\n' if !after_cr => return Extent::Broken,
            b'\n' if bytes[..at].ends_with(b"\r\n\r") => return Extent::Complete(at + 1),
            b'\n' => {}
            _ if after_cr => return Extent::Broken,
            _ => {}
        }
    }
    Extent::Partial
}

/// Judges a complete head.
///
/// # Errors
/// Why it is refused.
pub fn inspect(head: &[u8]) -> Result<Framing, Refusal> {
    let mut headers = [EMPTY_HEADER; MAX_HEADERS];
    let mut request = Request::new(&mut headers);
    let parsed = request.parse(head).map_err(|error| match error {
        Error::TooManyHeaders => Refusal::HeadTooLarge,
        Error::Version => Refusal::Version,
        _ => Refusal::Malformed,
    })?;
    if parsed.is_partial() {
        return Err(Refusal::Malformed);
    }
    if request.method == Some("CONNECT") {
        return Err(Refusal::Tunnel);
    }
    let is_1_1 = request.version == Some(1);
    // One request, one host: RFC 9112, 3.2.
    match all(request.headers, "host").count() {
        1 => {}
        0 if !is_1_1 => {}
        _ => return Err(Refusal::Malformed),
    }
    framing(request.headers, is_1_1)
}

fn framing(headers: &[Header<'_>], is_1_1: bool) -> Result<Framing, Refusal> {
    let mut lengths = all(headers, "content-length");
    let mut codings = all(headers, "transfer-encoding");
    match (
        lengths.next(),
        lengths.next(),
        codings.next(),
        codings.next(),
    ) {
        (None, None, None, None) => Ok(Framing::Length(0)),
        (Some(length), None, None, None) => parse_length(length).ok_or(Refusal::Malformed),
        (None, None, Some(coding), None) if is_1_1 && coding.eq_ignore_ascii_case(b"chunked") => {
            Ok(Framing::Chunked)
        }
        _ => Err(Refusal::Malformed),
    }
}

/// Digits and nothing else: no sign, no list.
fn parse_length(value: &[u8]) -> Option<Framing> {
    let digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
    let text = std::str::from_utf8(value).ok().filter(|_| digits)?;
    text.parse().ok().map(Framing::Length)
}

fn all<'h>(headers: &'h [Header<'h>], name: &'static str) -> impl Iterator<Item = &'h [u8]> {
    headers
        .iter()
        .filter(move |header| header.name.eq_ignore_ascii_case(name))
        .map(|header| header.value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn judged(lines: &str) -> Result<Framing, Refusal> {
        let head = format!("POST / HTTP/1.1\r\nHost: a.example\r\n{lines}\r\n");
        assert_eq!(extent(head.as_bytes(), 0), Extent::Complete(head.len()));
        inspect(head.as_bytes())
    }

    #[test]
    fn the_length_of_a_body_is_said_once_and_plainly() {
        assert_eq!(judged(""), Ok(Framing::Length(0)));
        assert_eq!(judged("Content-Length: 12\r\n"), Ok(Framing::Length(12)));
        let chunked = judged("Transfer-Encoding: Chunked\r\n");
        assert_eq!(chunked, Ok(Framing::Chunked));
        for lines in [
            "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n",
            "Content-Length: 1\r\nContent-Length: 2\r\n",
            "Content-Length: 1\r\nContent-Length: 1\r\n",
            "Content-Length: 1, 1\r\n",
            "Content-Length: +1\r\n",
            "Content-Length: 0x1\r\n",
            "Content-Length:\r\n",
            "Content-Length: 99999999999999999999\r\n",
            "Transfer-Encoding: gzip, chunked\r\n",
            "Transfer-Encoding: xchunked\r\n",
            "Transfer-Encoding: \"chunked\"\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
            "Transfer-Encoding : chunked\r\n",
            "X: 1\r\n Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding:\u{b}chunked\r\n",
            "Transfer-Encoding: chunked\0\r\n",
            "Host: b.example\r\n",
        ] {
            assert_eq!(judged(lines), Err(Refusal::Malformed), "{lines:?}");
        }
        let many = "X: 1\r\n".repeat(MAX_HEADERS);
        assert_eq!(judged(&many), Err(Refusal::HeadTooLarge));
    }

    #[test]
    fn other_first_lines_are_refused() {
        for (head, refusal) in [
            ("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", Refusal::Tunnel),
            ("PRI * HTTP/2.0\r\n\r\n", Refusal::Version),
            ("GET / HTTP/1.1\r\n\r\n", Refusal::Malformed),
            ("GET /\r\n\r\n", Refusal::Malformed),
            ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", Refusal::Malformed),
        ] {
            assert_eq!(inspect(head.as_bytes()), Err(refusal), "{head:?}");
        }
        let old = b"GET / HTTP/1.0\r\n\r\n";
        assert_eq!(inspect(old), Ok(Framing::Length(0)));
        let old = b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(inspect(old), Err(Refusal::Malformed));
    }

    #[test]
    fn a_line_ends_with_both() {
        for broken in [
            "GET / HTTP/1.1\n",
            "GET / HTTP/1.1\rHost",
            "GET / HTTP/1.1\r\nA: b\nC: d",
            "GET / HTTP/1.1\r\r",
            "\r\nGET",
            "\u{16}\u{3}\u{1}",
        ] {
            assert_eq!(extent(broken.as_bytes(), 0), Extent::Broken, "{broken:?}");
        }
    }

    proptest! {
        /// Where the bytes are cut on their way makes no difference.
        #[test]
        fn a_head_is_found_however_it_arrives(
            text in "(GET|[ -~])[ -~]{0,9}((\r\n|\r|\n)[A-C: ]{0,3}){0,5}(\r\n\r\n)?[ -~]{0,5}",
            cuts in prop::collection::vec(0_usize..60, 0..5),
        ) {
            let bytes = text.as_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.push(bytes.len());
            cuts.sort_unstable();
            let (mut seen, mut found) = (0, Extent::Partial);
            for cut in cuts {
                if found == Extent::Partial {
                    found = extent(&bytes[..cut], seen);
                    seen = cut;
                }
            }
            prop_assert_eq!(found, extent(bytes, 0));
        }

        /// No head makes it panic, and one that is let through has one length.
        #[test]
        fn whatever_is_let_through_is_unambiguous(
            lines in prop::collection::vec(
                ("(Content-Length|Transfer-Encoding|X|Host)", "[ \t]?", "(chunked|1|22|[ -~]{0,4})"),
                0..4,
            ),
        ) {
            let lines: String = lines.iter().map(|(n, s, v)| format!("{n}:{s}{v}\r\n")).collect();
            let head = format!("POST / HTTP/1.1\r\n{lines}\r\n");
            if inspect(head.as_bytes()).is_ok() {
                let lower = head.to_lowercase();
                let said = lower.matches("content-length:").count()
                    + lower.matches("transfer-encoding:").count();
                prop_assert!(said <= 1, "{head:?}");
                prop_assert_eq!(lower.matches("host:").count(), 1);
            }
        }
    }
}
