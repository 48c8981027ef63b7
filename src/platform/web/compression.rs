//! Answers are sent small to whoever accepts it (RFC 9110, section 12.5.3).
//!
//! Compressing pages that hold secrets can leak them (BREACH); ours hold one, the token of their
//! forms, and it differs in each page.

use async_compression::Level;
use async_compression::brotli::EncoderParams;
use async_compression::tokio::bufread::{BrotliEncoder, GzipEncoder};
use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::{ContentType, Header, Status};
use rocket::{Request, Response};
use tokio::io::{AsyncRead, AsyncReadExt};

/// Below this, headers outweigh what is saved. Bytes.
const WORTHWHILE: usize = 860;
/// Brotli's and gzip's level for pages: a third of a millisecond for a long one. The next one takes
/// twice as long or more, a quarter of all that a list costs, and saves a twentieth.
const QUICKLY: Level = Level::Precise(3);
/// The level for pages that are kept.
pub const PAGES: Level = Level::Precise(6);

/// A way to make an answer small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Coding {
    /// RFC 7932.
    Brotli,
    /// RFC 1952.
    Gzip,
}

impl Coding {
    const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    /// Its name in headers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// The best that a request accepts. A weight of zero is a refusal; other weights do not
    /// matter, because everyone who accepts both is served best with the smaller.
    #[must_use]
    pub fn accepted(request: &Request<'_>) -> Option<Self> {
        Self::best(request.headers().get_one("Accept-Encoding")?)
    }

    /// The best that a list of accepted codings names.
    #[must_use]
    pub fn best(accepted: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|coding| accepts(accepted, coding.name()))
    }

    /// The bytes, small.
    ///
    /// # Errors
    /// Never while memory lasts; the encoders read like files.
    pub async fn compress(self, bytes: &[u8], level: Level) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Brotli => {
                let params = EncoderParams::default()
                    .quality(level)
                    .window_size(window(bytes.len()))
                    .size_hint(bytes.len());
                read(BrotliEncoder::with_params(bytes, params)).await
            }
            Self::Gzip => read(GzipEncoder::with_quality(bytes, level)).await,
        }
    }
}

/// The smallest of Brotli's windows that sees a text of this many bytes whole, as a power of two
/// (RFC 7932, section 9.1). The usual one, of four megabytes, is cleared for every page: that took
/// longer than the compression.
fn window(bytes: usize) -> i32 {
    const SMALLEST: u32 = 10;
    const LARGEST: u32 = 22;
    let power = bytes.saturating_add(16).next_power_of_two().ilog2();
    power.clamp(SMALLEST, LARGEST).cast_signed()
}

async fn read(mut encoder: impl AsyncRead + Unpin) -> std::io::Result<Vec<u8>> {
    let mut small = Vec::new();
    encoder.read_to_end(&mut small).await?;
    Ok(small)
}

fn accepts(header: &str, name: &str) -> bool {
    header.split(',').any(|offer| {
        let (coding, weight) = offer.split_once(';').unwrap_or((offer, ""));
        let refused = weight
            .trim()
            .strip_prefix("q=")
            .is_some_and(|q| q.trim().parse::<f32>().is_ok_and(|q| q <= 0.0));
        coding.trim().eq_ignore_ascii_case(name) && !refused
    })
}

/// Whether an answer of this type shrinks.
#[must_use]
pub fn shrinks(content_type: &ContentType) -> bool {
    content_type.is_html()
        || content_type.is_css()
        || content_type.is_javascript()
        || content_type.is_json()
        || content_type.is_svg()
}

/// Makes pages small on their way out. What is sent already small, and what is streamed from a
/// file, passes untouched.
pub struct Compression;

#[rocket::async_trait]
impl Fairing for Compression {
    fn info(&self) -> Info {
        Info {
            name: "compression",
            kind: Kind::Response,
        }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        let shrinks = response.content_type().is_some_and(|kind| shrinks(&kind));
        let settled = response.status() == Status::NotModified
            || response.headers().contains("Content-Encoding");
        if !shrinks || settled {
            return;
        }
        // What says more than this of itself keeps it.
        if !response.headers().contains("Vary") {
            response.set_header(Header::new("Vary", "Accept-Encoding"));
        }
        let Some(coding) = Coding::accepted(request) else {
            return;
        };
        let whole = response.body().preset_size();
        if whole.is_none_or(|size| size < WORTHWHILE) {
            return;
        }
        let Ok(bytes) = response.body_mut().to_bytes().await else {
            return;
        };
        match coding.compress(&bytes, QUICKLY).await {
            Ok(small) => {
                response.set_header(Header::new("Content-Encoding", coding.name()));
                weaken(response);
                response.set_sized_body(small.len(), std::io::Cursor::new(small));
            }
            Err(error) => {
                tracing::error!(%error, "an answer could not be made small");
                response.set_sized_body(bytes.len(), std::io::Cursor::new(bytes));
            }
        }
    }
}

/// The small answer has other bytes than the one that the tag was made from (section 8.8.1).
fn weaken(response: &mut Response<'_>) {
    let strong = response.headers().get_one("ETag").map(str::to_owned);
    if let Some(tag) = strong.filter(|tag| !tag.starts_with("W/")) {
        response.set_header(Header::new("ETag", format!("W/{tag}")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_accept() {
        for (header, name, accepted) in [
            ("gzip, deflate, br, zstd", "br", true),
            ("gzip;q=1.0, br;q=0", "br", false),
            ("gzip;q=1.0, br;q=0.000", "br", false),
            ("BR;q=0.5", "br", true),
            ("brotli", "br", false),
            ("", "gzip", false),
            ("identity", "gzip", false),
        ] {
            assert_eq!(accepts(header, name), accepted, "{header}");
        }
    }

    #[tokio::test]
    async fn what_is_made_small_comes_back_whole() {
        use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder};
        let page = "<p>Le Wi-Fi est très lent.</p>".repeat(200);
        for coding in Coding::ALL {
            let small = coding
                .compress(page.as_bytes(), QUICKLY)
                .await
                .expect("it is compressed");
            assert!(small.len() < page.len() / 10);
            let back = match coding {
                Coding::Brotli => read(BrotliDecoder::new(small.as_slice())).await,
                Coding::Gzip => read(GzipDecoder::new(small.as_slice())).await,
            };
            assert_eq!(back.expect("it is decompressed"), page.as_bytes());
        }
    }
}
