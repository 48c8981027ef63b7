//! Answers that are the same for every guest, kept at the public address itself.
//!
//! The program behind makes such a page once (`web/guest_pages`); to fetch it from there costs
//! several times what it costs to send. So the program says with it what it was made from, and the
//! front sends it again for as long as that is what the portal is made of: an incident, when
//! everybody opens the same article, needs neither a connection nor a task of the program.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Either, Full};
use hyper::body::{Body, Incoming};
use hyper::header::{
    ACCEPT_ENCODING, AUTHORIZATION, COOKIE, DATE, HeaderName, HeaderValue, IF_MATCH,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE, RANGE, SET_COOKIE, VARY,
};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::relay::AnswerBody;
use crate::platform::random;
use crate::platform::web::compression::Coding;
use crate::platform::web::guest_pages::{MADE_FROM, Made};
use crate::platform::web::headers::REQUEST_ID;
use crate::platform::web::witness;

/// Bytes kept at most, and answers expected.
const CAPACITY: u64 = 16_000_000;
const ANSWERS_EXPECTED: usize = 1_000;
/// Bytes of an answer, at most.
const LARGEST: u64 = 500_000;

/// With any of these the answer may be another one.
const PERSONAL: [HeaderName; 7] = [
    AUTHORIZATION,
    COOKIE,
    IF_MATCH,
    IF_MODIFIED_SINCE,
    IF_NONE_MATCH,
    IF_UNMODIFIED_SINCE,
    RANGE,
];

/// What the portal is made of at present.
pub type Present = Arc<dyn Fn() -> Made + Send + Sync>;

/// All that the answer to a guest depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Wish {
    path: String,
    coding: Option<Coding>,
}

impl Wish {
    /// What a request wishes, if it is one that could be any guest's.
    pub(super) fn of(request: &Request<impl Body>) -> Option<Self> {
        let headers = request.headers();
        let anybodys = request.method() == Method::GET
            && request.uri().query().is_none()
            && request.body().is_end_stream()
            && PERSONAL.iter().all(|name| !headers.contains_key(name));
        let accepted = match headers.get(ACCEPT_ENCODING) {
            Some(accepted) => accepted.to_str().ok()?,
            None => "",
        };
        // An address with a host before the path is no browser's.
        let path = request
            .uri()
            .authority()
            .is_none()
            .then(|| request.uri().path());
        path.filter(|_| anybodys).map(|path| Self {
            path: path.to_owned(),
            coding: Coding::best(accepted),
        })
    }
}

/// An answer, and what it was made from.
struct Kept {
    made: Made,
    headers: HeaderMap,
    bytes: Bytes,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Wish, Arc<Kept>> for Weight {
    fn weight(&self, wish: &Wish, kept: &Arc<Kept>) -> u64 {
        const HEAD: usize = 2_000;
        (wish.path.len() + HEAD + kept.bytes.len()) as u64
    }
}

/// The answers that are kept.
pub(super) struct Shelf {
    present: Present,
    kept: Cache<Wish, Arc<Kept>, Weight>,
}

impl Shelf {
    pub(super) fn new(present: Present) -> Self {
        Self {
            present,
            kept: Cache::with_weighter(ANSWERS_EXPECTED, CAPACITY, Weight),
        }
    }

    /// The answer to a wish, if it still is what would be answered.
    pub(super) fn find(&self, wish: &Wish) -> Option<Response<Full<Bytes>>> {
        let kept = self.kept.get(wish)?;
        (kept.made == (self.present)()).then(|| kept.answer())
    }

    /// Takes note of the program's answer to a wish, if it is one for all guests, and passes it on.
    /// What it was made from is for nobody else.
    ///
    /// # Errors
    /// When the answer breaks off.
    pub(super) async fn note(
        &self,
        wish: Option<Wish>,
        mut answer: Response<Incoming>,
    ) -> Result<Response<AnswerBody>, hyper::Error> {
        let made = answer.headers_mut().remove(MADE_FROM);
        let made: Option<Made> = made.and_then(|made| made.to_str().ok()?.parse().ok());
        let (Some(wish), Some(made), true) = (wish, made, is_for_all(&answer)) else {
            return Ok(answer.map(Either::Left));
        };
        let (head, body) = answer.into_parts();
        let bytes = body.collect().await?.to_bytes();
        let mut headers = head.headers.clone();
        headers.remove(DATE);
        let kept = Kept {
            made,
            headers,
            bytes: bytes.clone(),
        };
        self.kept.insert(wish, Arc::new(kept));
        Ok(Response::from_parts(head, Either::Right(Full::new(bytes))))
    }
}

/// Whether everybody who asks in the same way gets the same.
fn is_for_all(answer: &Response<impl Body>) -> bool {
    let mut varies = answer.headers().get_all(VARY).into_iter();
    let by_coding = varies.next().is_some_and(|by| by == "Accept-Encoding");
    let size = answer.body().size_hint().exact();
    answer.status() == StatusCode::OK
        && !answer.headers().contains_key(SET_COOKIE)
        && (by_coding && varies.next().is_none())
        && size.is_some_and(|size| size <= LARGEST)
}

impl Kept {
    fn answer(&self) -> Response<Full<Bytes>> {
        let mut answer = Response::new(Full::new(self.bytes.clone()));
        *answer.headers_mut() = self.headers.clone();
        let number = random::public_id();
        witness::note_kept(&number);
        let number = HeaderValue::try_from(number).expect("letters and digits");
        let name = HeaderName::try_from(REQUEST_ID).expect("our own names are valid");
        answer.headers_mut().insert(name, number);
        answer
    }
}
