//! What a client is told that never reaches the program behind.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use hyper::{Response, StatusCode};

use super::head::Refusal;
use crate::platform::i18n::{Lang, catalog};

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::Tunnel => StatusCode::NOT_IMPLEMENTED,
            Self::TooManyConnections | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Version => StatusCode::HTTP_VERSION_NOT_SUPPORTED,
        }
    }

    /// In both languages: which one somebody reads may be in the very head that was refused.
    fn text(self) -> String {
        let key = match self {
            Self::Malformed | Self::Tunnel | Self::Version => "front-malformed",
            Self::TooSlow => "front-too-slow",
            Self::HeadTooLarge => "front-head-too-large",
            Self::TooManyConnections => "front-too-many-connections",
            Self::Unavailable => "front-unavailable",
        };
        Lang::ALL
            .iter()
            .map(|&lang| catalog().text(lang, key, None) + "\n")
            .collect()
    }

    /// The answer, after which the connection ends.
    pub(super) fn answer(self) -> Response<Full<Bytes>> {
        let mut answer = Response::new(Full::from(self.text()));
        *answer.status_mut() = self.status();
        let headers = answer.headers_mut();
        let mut set =
            |name, value| headers.insert(name, hyper::http::HeaderValue::from_static(value));
        set(CONTENT_TYPE, "text/plain; charset=utf-8");
        set(CACHE_CONTROL, "no-store");
        set(CONNECTION, "close");
        if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            set(RETRY_AFTER, "5");
        }
        answer
    }

    /// The same as bytes, for a client whose request the HTTP library never saw.
    pub(super) fn answer_bytes(self) -> Vec<u8> {
        let text = self.text();
        let mut head = format!(
            "HTTP/1.1 {}\r\nContent-Length: {}\r\n",
            self.status(),
            text.len()
        );
        for (name, value) in self.answer().headers() {
            head += &format!("{name}: {}\r\n", value.to_str().unwrap_or_default());
        }
        (head + "\r\n" + &text).into_bytes()
    }
}
