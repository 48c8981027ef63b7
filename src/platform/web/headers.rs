//! Headers that every answer carries, errors and files included.

use std::sync::Arc;

use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::Header;
use rocket::{Request, Response};

use super::errors::request_id;
use super::site::Site;

/// Scripts, styles, pictures and fonts come from here and nowhere else; nothing inline runs;
/// no page of ours can be framed.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// For what is no page: nothing comes from anywhere.
const POLICY_OF_NO_PAGE: &str =
    "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// What keeps a browser from being led astray, and is the same in every answer that has no reason
/// for something else.
const PROTECTION: [(&str, &str); 8] = [
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    (
        "Permissions-Policy",
        "camera=(), microphone=(), geolocation=()",
    ),
    ("Cache-Control", "no-store"),
];

/// For a portal that is reached by https: never by anything else (RFC 6797).
const STRICT_TRANSPORT: (&str, &str) = ("Strict-Transport-Security", "max-age=31536000");

/// The header with the number of a request.
pub const REQUEST_ID: &str = "X-Request-Id";

/// The headers of an answer, for a portal whose public address is https or not.
pub fn protection(https: bool) -> impl Iterator<Item = (&'static str, &'static str)> {
    PROTECTION
        .into_iter()
        .chain(https.then_some(STRICT_TRANSPORT))
}

/// The same for what is no page, and is read by programs.
pub fn protection_of_no_page() -> impl Iterator<Item = (&'static str, &'static str)> {
    let policy = |value| match value {
        POLICY => POLICY_OF_NO_PAGE,
        other => other,
    };
    protection(false).map(move |(name, value)| (name, policy(value)))
}

/// The policy of a page that frames another page of ours.
#[must_use]
pub fn framing_policy() -> String {
    format!("{POLICY}; frame-src 'self'")
}

/// Sets the headers.
pub struct SecurityHeaders;

#[rocket::async_trait]
impl Fairing for SecurityHeaders {
    fn info(&self) -> Info {
        Info {
            name: "security headers",
            kind: Kind::Response,
        }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        let https = request
            .rocket()
            .state::<Arc<Site>>()
            .is_some_and(|site| site.settings.is_https());
        for (name, value) in protection(https) {
            if !response.headers().contains(name) {
                response.set_header(Header::new(name, value));
            }
        }
        response.set_header(Header::new(REQUEST_ID, request_id(request).to_owned()));
    }
}
