//! Pages that all guests see alike: made once, sent to many, small already.
//!
//! A page is kept with what it was made from; another edition makes it anew. Losing one
//! costs nothing but the making.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rocket::http::{ContentType, Header, Status};
use rocket::{Request, Response};
use sha2::{Digest, Sha256};

use super::compression::{Coding, PAGES};
use super::reply::{IfNoneMatch, etag};
use crate::platform::i18n::Lang;

/// Bytes kept at most, and pages expected.
const CAPACITY: u64 = 32_000_000;
const PAGES_EXPECTED: usize = 2_000;

/// What makes two guests see the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GuestView {
    /// Path and query.
    pub path: String,
    /// The page's language.
    pub lang: Lang,
    /// `auto`, `light` or `dark`.
    pub theme: String,
}

/// What a page was made from: it holds as long as nothing of it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// Edition of the articles.
    pub edition: u64,
    /// Revision of the company's settings.
    pub company: i64,
    /// Edition of the files that replace built-in ones.
    pub overrides: u64,
}

/// The header in which the front is told what a page was made from. It goes no further.
pub const MADE_FROM: &str = "X-Guichet-Made-From";

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            edition,
            company,
            overrides,
        } = self;
        write!(f, "{edition}.{company}.{overrides}")
    }
}

/// What is not what [`Made`] prints.
#[derive(Debug)]
pub struct NotMade;

impl FromStr for Made {
    type Err = NotMade;

    fn from_str(text: &str) -> Result<Self, NotMade> {
        let (edition, rest) = text.split_once('.').ok_or(NotMade)?;
        let (company, overrides) = rest.split_once('.').ok_or(NotMade)?;
        Ok(Self {
            edition: edition.parse().map_err(|_| NotMade)?,
            company: company.parse().map_err(|_| NotMade)?,
            overrides: overrides.parse().map_err(|_| NotMade)?,
        })
    }
}

/// A page, ready to send.
pub struct GuestPage {
    made: Made,
    html: Vec<u8>,
    small: [Vec<u8>; 2],
    tag: String,
}

#[derive(Clone)]
struct Bytes;

impl Weighter<GuestView, Arc<GuestPage>> for Bytes {
    fn weight(&self, view: &GuestView, page: &Arc<GuestPage>) -> u64 {
        let [brotli, gzip] = &page.small;
        (view.path.len() + page.html.len() + brotli.len() + gzip.len()) as u64
    }
}

/// The pages that are kept.
pub struct GuestPages(Cache<GuestView, Arc<GuestPage>, Bytes>);

impl Default for GuestPages {
    fn default() -> Self {
        Self(Cache::with_weighter(PAGES_EXPECTED, CAPACITY, Bytes))
    }
}

impl GuestPages {
    /// The page that is made from this, if it is kept.
    #[must_use]
    pub fn find(&self, view: &GuestView, made: Made) -> Option<Arc<GuestPage>> {
        self.0.get(view).filter(|page| page.made == made)
    }

    /// Keeps a page.
    ///
    /// # Errors
    /// When it cannot be made small.
    pub async fn keep(
        &self,
        view: GuestView,
        made: Made,
        html: String,
    ) -> std::io::Result<Arc<GuestPage>> {
        let html = html.into_bytes();
        let small = [
            Coding::Brotli.compress(&html, PAGES).await?,
            Coding::Gzip.compress(&html, PAGES).await?,
        ];
        let page = Arc::new(GuestPage {
            made,
            tag: etag(&Sha256::digest(&html)),
            small,
            html,
        });
        self.0.insert(view, Arc::clone(&page));
        Ok(page)
    }
}

/// A page on its way to somebody who may have it already.
pub struct Sent {
    /// The page.
    pub page: Arc<GuestPage>,
    /// What they have.
    pub known: IfNoneMatch,
}

/// The bytes of a page, shared by everyone who is sent them.
struct Shared {
    page: Arc<GuestPage>,
    coding: Option<Coding>,
}

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        let Self { page, coding } = self;
        coding.map_or(&page.html, |coding| &page.small[coding as usize])
    }
}

impl Sent {
    /// The answer.
    #[must_use]
    pub fn answer(self, request: &Request<'_>) -> Response<'static> {
        let Self { page, known } = self;
        let mut response = Response::new();
        let coding = Coding::accepted(request);
        let weak = if coding.is_some() { "W/" } else { "" };
        response.set_header(Header::new("ETag", format!("{weak}{}", page.tag)));
        response.set_header(Header::new("Cache-Control", "private, no-cache"));
        response.set_header(Header::new("Vary", varies(request)));
        if known.names(&page.tag) {
            response.set_status(Status::NotModified);
            return response;
        }
        response.set_header(ContentType::HTML);
        response.set_header(Header::new(MADE_FROM, page.made.to_string()));
        if let Some(coding) = coding {
            response.set_header(Header::new("Content-Encoding", coding.name()));
        }
        let bytes = Shared { page, coding };
        let size = bytes.as_ref().len();
        response.set_sized_body(size, std::io::Cursor::new(bytes));
        response
    }
}

/// What else than its address a page for guests without cookies depends on.
fn varies(request: &Request<'_>) -> &'static str {
    let first = request.uri().path().segments().next();
    if first.is_some_and(|first| first.parse::<Lang>().is_ok()) {
        "Accept-Encoding"
    } else {
        "Accept-Encoding, Accept-Language"
    }
}
