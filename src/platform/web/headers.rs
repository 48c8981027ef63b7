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
        let mut set = |name: &'static str, value: &'static str| {
            if !response.headers().contains(name) {
                response.set_header(Header::new(name, value));
            }
        };
        set("Content-Security-Policy", POLICY);
        set("X-Content-Type-Options", "nosniff");
        set("X-Frame-Options", "DENY");
        set("Referrer-Policy", "same-origin");
        set("Cross-Origin-Opener-Policy", "same-origin");
        set(
            "Permissions-Policy",
            "camera=(), microphone=(), geolocation=()",
        );
        set("Cache-Control", "no-store");
        let https = request
            .rocket()
            .state::<Arc<Site>>()
            .is_some_and(|site| site.settings.is_https());
        if https {
            set("Strict-Transport-Security", "max-age=31536000");
        }
        response.set_header(Header::new("X-Request-Id", request_id(request).to_owned()));
    }
}
