//! What a client is told that never reaches the program behind.

use std::sync::OnceLock;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};

use super::head::Refusal;
use crate::platform::i18n::{Lang, catalog};
use crate::platform::random;
use crate::platform::text::SafeHtml;
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

    /// Those in which there is nothing wrong with what was sent: somebody at a browser may well read
    /// the answer, and go on from it.
    const READ: [Self; 2] = [Self::TooManyConnections, Self::Unavailable];

    fn is_read(self) -> bool {
        Self::READ.contains(&self)
    }

    /// The pages among these answers, for whoever looks at all pages there are.
    #[must_use]
    pub fn pages() -> Vec<String> {
        Self::READ.into_iter().map(Self::page).collect()
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Malformed | Self::Tunnel | Self::Version => "front-malformed",
            Self::TooSlow => "front-too-slow",
            Self::HeadTooLarge => "front-head-too-large",
            Self::TooManyConnections => "front-too-many-connections",
            Self::Unavailable => "front-unavailable",
            Self::Misdirected => "front-misdirected",
        }
    }

    /// In both languages: which one somebody reads may be in the very head that was refused. The
    /// same bytes for everybody, made once: whoever is refused must cost next to nothing.
    fn body(self) -> Bytes {
        static CROWDED: OnceLock<Bytes> = OnceLock::new();
        static UNAVAILABLE: OnceLock<Bytes> = OnceLock::new();
        let page = || Bytes::from(self.page());
        match self {
            Self::TooManyConnections => CROWDED.get_or_init(page).clone(),
            Self::Unavailable => UNAVAILABLE.get_or_init(page).clone(),
            _ => Bytes::from(self.text()),
        }
    }

    fn text(self) -> String {
        Lang::ALL
            .iter()
            .map(|&lang| catalog().text(lang, self.key(), None) + "\n")
            .collect()
    }

    /// A page that needs no other file: there may be no connection left for one. The empty address
    /// is the page that was asked for.
    fn page(self) -> String {
        let parts = Lang::ALL.iter().map(|&lang| {
            let text = |key| SafeHtml::escape(&catalog().text(lang, key, None));
            format!(
                "<section lang=\"{lang}\"><h1>{}</h1><p>{}</p>\
                 <p><a href=\"\">{}</a> · <a href=\"/\">{}</a></p></section>\n",
                text("front-title"),
                text(self.key()),
                text("front-again"),
                text("front-home"),
            )
        });
        let parts: String = parts.collect();
        let first = Lang::ALL[0];
        let title = SafeHtml::escape(&catalog().text(first, "front-title", None));
        format!(
            "<!doctype html>\n<html lang=\"{first}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\">\
             <meta name=\"color-scheme\" content=\"light dark\">\
             <meta name=\"robots\" content=\"noindex\"><title>{title}</title></head>\
             <body><main>\n{parts}</main></body></html>\n"
        )
    }

    /// The answer, after which the connection ends. It is protected like every other, for a portal
    /// whose public address is https or not.
    pub(super) fn answer(self, https: bool) -> Response<Full<Bytes>> {
        let mut answer = Response::new(Full::new(self.body()));
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
        let kind = match self.is_read() {
            true => "text/html; charset=utf-8",
            false => "text/plain; charset=utf-8",
        };
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from(RETRY_SECONDS));
        }
        answer
    }

    /// The same as bytes, for a client whose request the HTTP library never saw.
    pub(super) fn answer_bytes(self, https: bool) -> Vec<u8> {
        let body = self.body();
        let mut head = format!(
            "HTTP/1.1 {}\r\nContent-Length: {}\r\n",
            self.status(),
            body.len()
        );
        for (name, value) in self.answer(https).headers() {
            head += &format!("{name}: {}\r\n", value.to_str().unwrap_or_default());
        }
        let mut bytes = (head + "\r\n").into_bytes();
        bytes.extend_from_slice(&body);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_at_a_bad_time_is_sent_a_page_and_who_is_unreadable_a_line() {
        for refusal in Refusal::READ {
            let answer = refusal.answer(true);
            assert_eq!(answer.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
            assert_eq!(answer.headers()[RETRY_AFTER], "5");
            let page = String::from_utf8(refusal.body().to_vec()).expect("text");
            for part in [
                "<html lang=\"fr\">",
                "<section lang=\"en\">",
                "href=\"/\"",
                "href=\"\"",
            ] {
                assert!(page.contains(part), "{part} in {page}");
            }
            for lang in Lang::ALL {
                let text = catalog().text(*lang, refusal.key(), None);
                assert!(page.contains(SafeHtml::escape(&text).as_str()), "{page}");
            }
            // The policy lets nothing inline run, and no file may be asked for.
            for part in ["style", "script", "src=", "<link"] {
                assert!(!page.contains(part), "{part} in {page}");
            }
            let sent = refusal.answer_bytes(true);
            assert!(sent.ends_with(page.as_bytes()));
            let length = format!("Content-Length: {}\r\n", page.len());
            assert!(String::from_utf8_lossy(&sent).contains(&length));
        }
        let answer = Refusal::Malformed.answer(true);
        assert_eq!(answer.headers()[CONTENT_TYPE], "text/plain; charset=utf-8");
        assert!(!Refusal::Malformed.text().contains('<'));
    }
}
