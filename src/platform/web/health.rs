//! Two questions of whoever looks after the process: does it live, and can it serve?
//!
//! Both are answered to anybody, without session, cookie or redirection, in a line of text.

use std::sync::Arc;

use rocket::http::{ContentType, Status};
use rocket::{Route, State, get, routes};

use super::reply::Reply;
use super::site::Site;
use crate::platform::vitals;

/// Where they are asked; what looks every few seconds need not fill the log.
pub const PATHS: [&str; 2] = ["/healthz", "/readyz"];

/// The routes.
#[must_use]
pub fn routes() -> Vec<Route> {
    routes![alive, ready]
}

/// Asks nothing of anything: whoever reads the answer knows that requests are answered.
#[get("/healthz")]
fn alive() -> Reply {
    text("alive\n".to_owned())
}

#[get("/readyz")]
async fn ready(site: &State<Arc<Site>>) -> Reply {
    let ailments = vitals::ailments(Arc::clone(site)).await;
    if ailments.is_empty() {
        return text("ready\n".to_owned());
    }
    text(ailments.join("\n") + "\n").with_status(Status::ServiceUnavailable)
}

fn text(text: String) -> Reply {
    Reply::bytes(ContentType::Plain, text.into_bytes())
}
