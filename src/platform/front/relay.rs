//! Passing requests on to the program behind, and its answers back.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::header::{
    CONNECTION, EXPECT, HeaderName, HeaderValue, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use hyper::http::uri::{PathAndQuery, Scheme, Uri};
use hyper::{HeaderMap, Request, Response, Version, http};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::head::Refusal;
use super::names::Names;
use super::peer::TrustedProxies;
use super::program::Connector;
use super::shelf::{Shelf, Wish};

/// What a connection has of its own, besides those that [`CONNECTION`] names: RFC 9110, 7.6.1.
const HOP_BY_HOP: [HeaderName; 7] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// The body of an answer: the program's, or one of ours.
pub(super) type AnswerBody = Either<Incoming, Full<Bytes>>;

/// How long a connection to the program behind is kept for the next request: two open files, which
/// a rush must not hold on to.
const IDLE: Duration = Duration::from_secs(5);

/// The way to the program behind.
pub(super) struct Relay {
    connections: Client<Connector, Incoming>,
    program: SocketAddr,
    peer_header: HeaderName,
    trusted: TrustedProxies,
    shelf: Shelf,
    names: Names,
    /// Whether the portal's public address is https.
    pub(super) https: bool,
}

impl Relay {
    /// To the program that listens on `port` of this machine and reads the client's address in
    /// `peer_header`.
    pub(super) fn new(
        port: u16,
        peer_header: HeaderName,
        trusted: TrustedProxies,
        shelf: Shelf,
        public_url: &str,
    ) -> Self {
        let program = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Self {
            connections: Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(IDLE)
                .set_host(false)
                .build(Connector(program)),
            program,
            peer_header,
            trusted,
            shelf,
            names: Names::of(public_url),
            https: public_url.starts_with("https://"),
        }
    }

    /// The program's answer to a request from `peer`, or why there is none.
    pub(super) async fn pass_on(
        &self,
        peer: IpAddr,
        request: Request<Incoming>,
    ) -> Response<AnswerBody> {
        // Where chunks end is for the library alone to know, so nothing may follow them.
        let is_last = request.headers().contains_key(TRANSFER_ENCODING);
        // What name was asked for is for a proxy to judge where there is one: many say their own.
        let is_ours = self.trusted.contains(peer) || self.names.are_in(&request);
        let wish = Wish::of(&request).filter(|_| is_ours);
        if let Some(kept) = wish.as_ref().and_then(|wish| self.shelf.find(wish)) {
            return kept.map(Either::Right);
        }
        let answer = match self.prepare(peer, request) {
            Ok(_) if !is_ours => Err(Refusal::Misdirected),
            Ok(request) => self.fetch(request, wish).await.map_err(|error| {
                let refusal = reason(&*error);
                if refusal == Refusal::Unavailable {
                    tracing::error!(%error, "a request could not be passed on");
                }
                refusal
            }),
            Err(_) => Err(Refusal::Malformed),
        };
        match answer {
            Ok(mut answer) => {
                if is_last {
                    let close = HeaderValue::from_static("close");
                    answer.headers_mut().insert(CONNECTION, close);
                }
                answer
            }
            Err(refusal) => refusal.answer(self.https).map(Either::Right),
        }
    }

    /// Asks the program.
    async fn fetch(
        &self,
        request: Request<Incoming>,
        wish: Option<Wish>,
    ) -> Result<Response<AnswerBody>, Box<dyn Error + Send + Sync>> {
        let mut answer = self.connections.request(request).await?;
        remove_hop_by_hop(answer.headers_mut());
        Ok(self.shelf.note(wish, answer).await?)
    }

    fn prepare(
        &self,
        peer: IpAddr,
        mut request: Request<Incoming>,
    ) -> Result<Request<Incoming>, http::Error> {
        let client = self.trusted.client(peer, request.headers());
        let headers = request.headers_mut();
        remove_hop_by_hop(headers);
        // It was answered here.
        headers.remove(EXPECT);
        headers.insert(
            self.peer_header.clone(),
            HeaderValue::try_from(client.to_string())?,
        );
        let path = request.uri().path_and_query().cloned();
        *request.uri_mut() = Uri::builder()
            .scheme(Scheme::HTTP)
            .authority(self.program.to_string())
            .path_and_query(path.unwrap_or_else(|| PathAndQuery::from_static("/")))
            .build()?;
        *request.version_mut() = Version::HTTP_11;
        Ok(request)
    }
}

fn remove_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
}

/// Why there is no answer: a body that stands still or cannot be read is the client's doing,
/// anything else is ours.
fn reason(error: &(dyn Error + 'static)) -> Refusal {
    let mut refusal = Refusal::Unavailable;
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.downcast_ref().is_some_and(hyper::Error::is_user) {
            refusal = Refusal::Malformed;
        }
        let stood_still = |error: &io::Error| {
            refusal == Refusal::Malformed && error.kind() == ErrorKind::TimedOut
        };
        if error.downcast_ref().is_some_and(stood_still) {
            refusal = Refusal::TooSlow;
        }
        cause = error.source();
    }
    refusal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_a_connection_is_not_passed_on() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "close, X-One"),
            ("connection", "x-two"),
            ("x-one", "1"),
            ("x-two", "2"),
            ("x-three", "3"),
            ("te", "trailers"),
            ("upgrade", "h2c"),
            ("keep-alive", "timeout=5"),
            ("content-length", "0"),
        ] {
            headers.append(name, HeaderValue::from_static(value));
        }
        remove_hop_by_hop(&mut headers);
        let left: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        assert_eq!(left, ["x-three", "content-length"]);
    }
}
