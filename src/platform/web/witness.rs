//! Every request is counted, timed, and leaves one line in the log.
//!
//! The line names the route as it was declared, never the address itself: secrets of links stand
//! in those. Who asked is a key, never a name or an address.

use std::sync::OnceLock;
use std::time::Instant;

use rocket::fairing::{Fairing, Info, Kind};
use rocket::{Data, Request, Response};

use super::errors::request_id;
use super::health;
use crate::platform::metrics::{metrics, seconds};

/// The route of what no route answers.
const NO_ROUTE: &str = "none";

/// A request that is under way.
struct UnderWay {
    begun: Instant,
    person: OnceLock<i64>,
}

impl UnderWay {
    fn begin() -> Self {
        metrics().requests_in_flight.inc();
        Self {
            begun: Instant::now(),
            person: OnceLock::new(),
        }
    }
}

/// However it ends: whoever hangs up gets no answer.
impl Drop for UnderWay {
    fn drop(&mut self) {
        metrics().requests_in_flight.dec();
    }
}

/// Has the line of this request name who sends it, by key.
pub fn name(request: &Request<'_>, person: i64) {
    // Once is enough: a request has one sender.
    let _ = request.local_cache(UnderWay::begin).person.set(person);
}

/// The method and route of a request, as they are declared.
#[must_use]
pub fn route_of<'r>(request: &'r Request<'_>) -> (&'static str, &'r str) {
    let route = request.route().map_or(NO_ROUTE, |route| route.uri.path());
    (request.method().as_str(), route)
}

/// Writes the lines.
pub struct Witness;

#[rocket::async_trait]
impl Fairing for Witness {
    fn info(&self) -> Info {
        Info {
            name: "witness",
            kind: Kind::Request | Kind::Response,
        }
    }

    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        request.local_cache(UnderWay::begin);
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        let under_way = request.local_cache(UnderWay::begin);
        let taken = under_way.begun.elapsed();
        let (method, route) = route_of(request);
        let status = response.status().code;
        let class = class(status);
        let counted = metrics();
        counted
            .requests
            .with_label_values(&[method, route, class])
            .inc();
        counted
            .request_seconds
            .with_label_values(&[method, route])
            .observe(seconds(taken));
        let request = request_id(request);
        let person = under_way.person.get().copied();
        let ms = seconds(taken) * 1000.0;
        let ms = (ms * 100.0).round() / 100.0;
        if health::PATHS.contains(&route) {
            tracing::debug!(method, route, status, ms, request, person, "request");
        } else {
            tracing::info!(method, route, status, ms, request, person, "request");
        }
    }
}

/// The route of a page that the front had kept.
const KEPT: &str = "kept";

/// Counts and tells what the front answered by itself.
pub fn note_kept(request: &str) {
    let route = ["GET", KEPT, class(200)];
    metrics().requests.with_label_values(&route).inc();
    tracing::info!(
        method = "GET",
        route = KEPT,
        status = 200,
        request,
        "request"
    );
}

fn class(status: u16) -> &'static str {
    match status {
        100..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}
