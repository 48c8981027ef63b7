//! Requests that nobody made: a page asks for something by itself, now and then. They do not show
//! that somebody is there, and so do not keep a session open.

use rocket::Request;

/// Our scripts say with this header that nobody waits for the answer.
pub const HEADER: &str = "X-Guichet-Background";

/// Whether a request was made by a page, not by a person: our scripts say so, or the browser does
/// (Fetch Metadata: whatever is not a document; Fetch Standard: a document fetched ahead).
#[must_use]
pub fn is_background(request: &Request<'_>) -> bool {
    let headers = request.headers();
    let embedded = headers
        .get_one("Sec-Fetch-Dest")
        .is_some_and(|destination| destination != "document");
    let ahead = headers
        .get_one("Sec-Purpose")
        .is_some_and(|purpose| purpose.contains("prefetch"));
    headers.contains(HEADER) || embedded || ahead
}
