//! No text of ours holds a NUL, and PostgreSQL takes none: one in an address stands for a
//! character that cannot be read, as browsers have it in pages.

use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::uri::Origin;
use rocket::{Data, Request};

const NUL: &str = "%00";
/// U+FFFD.
const UNREADABLE: &str = "%EF%BF%BD";

/// Replaces NULs in addresses before any route sees them.
pub struct NoNul;

#[rocket::async_trait]
impl Fairing for NoNul {
    fn info(&self) -> Info {
        Info {
            name: "no NUL in addresses",
            kind: Kind::Request,
        }
    }

    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        let uri = request.uri().to_string();
        if uri.contains(NUL)
            && let Ok(plain) = Origin::parse_owned(uri.replace(NUL, UNREADABLE))
        {
            request.set_uri(plain);
        }
    }
}
