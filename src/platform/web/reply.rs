//! Answers of handlers.

use std::sync::Mutex;

use rocket::Request;
use rocket::http::{ContentType, Cookie, Header, Status};
use rocket::request::{self, FromRequest};
use rocket::response::{Responder, Response};
use sha2::{Digest, Sha256};

use super::errors;
use super::form::Upload;
use super::guest_pages;
use super::posted::Stranded;
use crate::platform::db::StorageError;
use crate::platform::i18n::Message;

/// What a handler returns.
pub type Outcome = Result<Reply, Failure>;

/// An answer that went as intended (a form sent back with its errors is one, too).
pub struct Reply {
    status: Status,
    body: Body,
    cookies: Vec<Cookie<'static>>,
    headers: Vec<Header<'static>>,
    flash: Option<(FlashKind, Message)>,
}

enum Body {
    Html(String),
    Json(String),
    Bytes(ContentType, Vec<u8>),
    File(ContentType, tokio::fs::File, usize),
    Redirect(String),
    Guest(guest_pages::Sent),
}

/// The tone of a message for the next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlashKind {
    /// It was done.
    Ok,
    /// Something to know.
    Info,
    /// It was not done.
    Danger,
}

impl FlashKind {
    /// The word that templates and the cookie use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Info => "info",
            Self::Danger => "danger",
        }
    }
}

impl Reply {
    fn new(status: Status, body: Body) -> Self {
        Self {
            status,
            body,
            cookies: Vec::new(),
            headers: Vec::new(),
            flash: None,
        }
    }

    /// A page.
    #[must_use]
    pub fn html(status: Status, html: String) -> Self {
        Self::new(status, Body::Html(html))
    }

    /// Data for a program.
    ///
    /// # Errors
    /// When the value cannot be written as JSON.
    pub fn json(value: &impl serde::Serialize) -> Outcome {
        serde_json::to_string(value)
            .map(|json| Self::new(Status::Ok, Body::Json(json)))
            .map_err(|e| Failure::internal(&e))
    }

    /// Bytes of a type.
    #[must_use]
    pub fn bytes(content_type: ContentType, bytes: Vec<u8>) -> Self {
        Self::new(Status::Ok, Body::Bytes(content_type, bytes))
    }

    /// A file of a known length, read as it is sent.
    #[must_use]
    pub fn file(content_type: ContentType, file: tokio::fs::File, length: usize) -> Self {
        Self::new(Status::Ok, Body::File(content_type, file, length))
    }

    /// Nothing to say.
    #[must_use]
    pub fn no_content() -> Self {
        Self::new(
            Status::NoContent,
            Body::Bytes(ContentType::Plain, Vec::new()),
        )
    }

    /// To another page, with a GET (303). The target is one of our own paths.
    #[must_use]
    pub fn see_other(path: impl ToString) -> Self {
        Self::new(Status::SeeOther, Body::Redirect(path.to_string()))
    }

    /// To where this page now lives (301).
    #[must_use]
    pub fn moved(path: impl ToString) -> Self {
        Self::new(Status::MovedPermanently, Body::Redirect(path.to_string()))
    }

    /// Shows a message on the next page.
    #[must_use]
    pub fn with_flash(mut self, kind: FlashKind, message: Message) -> Self {
        self.flash = Some((kind, message));
        self
    }

    /// Answers with another status.
    #[must_use]
    pub fn with_status(mut self, status: Status) -> Self {
        self.status = status;
        self
    }

    /// Lets the browser keep this page and ask each time whether it still holds (RFC 9110,
    /// section 13.1.2). A page that sets a cookie is always sent whole.
    #[must_use]
    pub fn revalidated(self, known: &IfNoneMatch) -> Self {
        let digest = match &self.body {
            Body::Html(text) | Body::Json(text) => Sha256::digest(text),
            Body::Bytes(_, bytes) => Sha256::digest(bytes),
            Body::File(..) | Body::Redirect(_) | Body::Guest(_) => return self,
        };
        let tag = etag(&digest);
        let unchanged = known.names(&tag) && self.cookies.is_empty();
        let reply = if unchanged {
            Self {
                headers: self.headers,
                ..Self::new(
                    Status::NotModified,
                    Body::Bytes(ContentType::Plain, Vec::new()),
                )
            }
        } else {
            self
        };
        reply
            .with_header("ETag", tag)
            .with_header("Cache-Control", "private, no-cache")
    }

    /// A page that all guests see alike.
    #[must_use]
    pub fn guest(page: guest_pages::Sent) -> Self {
        Self::new(Status::Ok, Body::Guest(page))
    }

    /// The page, if it is one that says the same to everybody: nothing is set with it.
    ///
    /// # Errors
    /// The answer itself, if it is something else.
    pub fn into_plain_html(self) -> Result<String, Box<Self>> {
        let plain = self.status == Status::Ok
            && self.cookies.is_empty()
            && self.headers.is_empty()
            && self.flash.is_none();
        match self.body {
            Body::Html(html) if plain => Ok(html),
            body => Err(Box::new(Self { body, ..self })),
        }
    }

    /// Sets a cookie.
    #[must_use]
    pub fn with_cookie(mut self, cookie: Cookie<'static>) -> Self {
        self.cookies.push(cookie);
        self
    }

    /// Sets a header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push(Header::new(name, value.into()));
        self
    }
}

/// The tag of an answer by the digest of its bytes (RFC 9110, section 8.8.3).
#[must_use]
pub fn etag(digest: &[u8]) -> String {
    format!("\"{}\"", data_encoding::HEXLOWER.encode(&digest[..16]))
}

/// The versions of a page that a browser has kept.
#[derive(Clone, Debug, Default)]
pub struct IfNoneMatch(String);

impl IfNoneMatch {
    /// Whether a tag is among them.
    #[must_use]
    pub fn names(&self, tag: &str) -> bool {
        // A proxy that compresses weakens the tag; the page is the same (section 8.8.3.2).
        self.0
            .split(',')
            .any(|known| known.trim().trim_start_matches("W/") == tag)
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for IfNoneMatch {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Self::Error> {
        let header = request.headers().get_one("If-None-Match");
        request::Outcome::Success(Self(header.unwrap_or_default().to_owned()))
    }
}

impl<'r> Responder<'r, 'static> for Reply {
    fn respond_to(self, request: &'r Request<'_>) -> rocket::response::Result<'static> {
        let mut response = Response::build();
        response.status(self.status);
        match self.body {
            Body::Html(html) => {
                response.header(ContentType::HTML);
                response.sized_body(html.len(), std::io::Cursor::new(html));
            }
            Body::Json(json) => {
                response.header(ContentType::JSON);
                response.sized_body(json.len(), std::io::Cursor::new(json));
            }
            Body::Bytes(content_type, bytes) => {
                response.header(content_type);
                response.sized_body(bytes.len(), std::io::Cursor::new(bytes));
            }
            Body::File(content_type, file, length) => {
                response.header(content_type);
                response.sized_body(length, file);
            }
            Body::Guest(page) => {
                response.merge(page.answer(request));
            }
            Body::Redirect(path) => {
                response.header(Header::new("Location", path));
            }
        }
        for header in self.headers {
            response.header(header);
        }
        for cookie in self.cookies {
            response.header_adjoin(&cookie);
        }
        if let Some((kind, message)) = &self.flash
            && let Some(cookie) = errors::flash_cookie(request, *kind, message)
        {
            response.header_adjoin(&cookie);
        }
        response.ok()
    }
}

/// Why a handler has no answer. What a person can cause is told to them; the rest is logged
/// under a number that they can quote.
#[derive(Debug)]
pub enum Failure {
    /// There is no such thing, or it is not theirs: nobody can tell which.
    NotFound,
    /// What was asked for is answered at another of our addresses, for now.
    Elsewhere(String),
    /// Nobody is signed in, or not any more: the sign-in keeps what was typed, and these files.
    SignedOut(Vec<Upload>),
    /// Signed in, but without the right.
    Forbidden,
    /// Too many tries; the seconds to wait.
    TooMany(u64),
    /// It was there, and what is left of it is of no use; the reason, for the log.
    Damaged(String),
    /// It cannot be stored or read just now.
    Unavailable(String),
    /// A defect.
    Internal(String),
}

impl Failure {
    /// A defect, with its reason for the log.
    #[must_use]
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Database(error) => error.into(),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

impl From<diesel::result::Error> for Failure {
    fn from(error: diesel::result::Error) -> Self {
        match error {
            diesel::result::Error::NotFound => Self::NotFound,
            other => Self::Unavailable(other.to_string()),
        }
    }
}

impl From<tera::Error> for Failure {
    fn from(error: tera::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

impl<'r> Responder<'r, 'static> for Failure {
    fn respond_to(self, request: &'r Request<'_>) -> rocket::response::Result<'static> {
        let id = errors::request_id(request);
        let (status, wait) = match self {
            Self::Elsewhere(path) => return Reply::see_other(&path).respond_to(request),
            // The catcher of the accounts answers.
            Self::SignedOut(uploads) => {
                request.local_cache(|| Stranded(Mutex::new(uploads)));
                return Err(Status::Unauthorized);
            }
            Self::NotFound => (Status::NotFound, None),
            Self::Forbidden => (Status::Forbidden, None),
            Self::TooMany(seconds) => (Status::TooManyRequests, Some(seconds)),
            Self::Damaged(reason) => {
                tracing::error!(request = id, %reason, "damaged");
                (Status::Gone, None)
            }
            Self::Unavailable(reason) => {
                tracing::error!(request = id, %reason, "unavailable");
                (Status::ServiceUnavailable, Some(errors::RETRY_AFTER))
            }
            Self::Internal(reason) => {
                tracing::error!(request = id, %reason, "internal error");
                (Status::InternalServerError, None)
            }
        };
        let mut response = errors::page(request, status).respond_to(request)?;
        if let Some(seconds) = wait {
            response.set_header(Header::new("Retry-After", seconds.to_string()));
        }
        Ok(response)
    }
}
