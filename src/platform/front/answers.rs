//! What a client is told that never reaches the program behind.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};

use super::head::Refusal;
use crate::platform::i18n::{Lang, catalog};
use crate::platform::random;
use crate::platform::web::errors::RETRY_AFTER as RETRY_SECONDS;
use crate::platform::web::headers::{REQUEST_ID, protection};

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::Tunnel => StatusCode::NOT_IMPLEMENTED,
            Self::TooManyConnections | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Version => StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            Self::Misdirected => StatusCode::MISDIRECTED_REQUEST,
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
            Self::Misdirected => "front-misdirected",
        };
        Lang::ALL
            .iter()
            .map(|&lang| catalog().text(lang, key, None) + "\n")
            .collect()
    }

    /// The answer, after which the connection ends. It is protected like every other, for a portal
    /// whose public address is https or not.
    pub(super) fn answer(self, https: bool) -> Response<Full<Bytes>> {
        let mut answer = Response::new(Full::from(self.text()));
        *answer.status_mut() = self.status();
        let headers = answer.headers_mut();
        for (name, value) in protection(https) {
            let name = HeaderName::try_from(name).expect("our own names are valid");
            headers.insert(name, HeaderValue::from_static(value));
        }
        let number = random::public_id();
        tracing::debug!(request = number, reason = self.as_str(), "refused");
        self.count();
        let number = HeaderValue::try_from(number).expect("letters and digits");
        let name = HeaderName::try_from(REQUEST_ID).expect("our own names are valid");
        headers.insert(name, number);
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("text/plain; charset=utf-8"),
        );
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from(RETRY_SECONDS));
        }
        answer
    }

    /// The same as bytes, for a client whose request the HTTP library never saw.
    pub(super) fn answer_bytes(self, https: bool) -> Vec<u8> {
        let text = self.text();
        let mut head = format!(
            "HTTP/1.1 {}\r\nContent-Length: {}\r\n",
            self.status(),
            text.len()
        );
        for (name, value) in self.answer(https).headers() {
            head += &format!("{name}: {}\r\n", value.to_str().unwrap_or_default());
        }
        (head + "\r\n" + &text).into_bytes()
    }
}
