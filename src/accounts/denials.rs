//! What people try that is not theirs: a page of the desk or of the settings.
//!
//! They learn nothing from the answer, which is that of an address that was never there. Managers
//! learn it from the audit. So that nobody fills the disk by asking again and again, a person
//! causes so many rows and no more; what is passed over is counted.

use std::sync::atomic::{AtomicBool, Ordering};

use rocket::Request;
use serde_json::json;

use super::events::{DENIALS, DENIED};
use super::visitor::{Customer, Visitor};
use crate::platform::db::StorageError;
use crate::platform::events::{Draft, draw_id};
use crate::platform::metrics::metrics;
use crate::platform::web::limits::Action;
use crate::platform::web::witness::route_of;

/// By what all denials together are counted.
const EVERYBODY: &str = "everybody";

/// That this request's denial was recorded: several guards may refuse it.
#[derive(Default)]
struct Noted(AtomicBool);

/// Records that somebody asked for what their role does not have.
pub(super) async fn note(request: &Request<'_>, customer: &Customer) {
    let noted = request.local_cache(Noted::default);
    if noted.0.swap(true, Ordering::AcqRel) || !may_record(customer) {
        return;
    }
    let (method, route) = route_of(request);
    let data = json!({
        "method": method,
        "route": route,
        "role": customer.me.role.as_str(),
    });
    let id = draw_id();
    let recorded = customer.site.db.write(customer.actor(), move |tx| {
        tx.record(Draft::chosen(DENIALS, id, 1, DENIED, data.clone()))
            .map(drop)
            .map_err(StorageError::from)
    });
    // The denial stands, recorded or not.
    if let Err(error) = recorded.await {
        tracing::warn!(%error, "a denial was not recorded");
    }
}

fn may_record(customer: &Customer) -> bool {
    let limiter = &customer.site.limiter;
    let allowed = limiter
        .check(Action::Denial, &customer.limit_key())
        .and_then(|()| limiter.check(Action::AllDenials, EVERYBODY));
    told(allowed.is_ok(), "denial")
}

/// Whether another refused sign-in is recorded.
pub(super) fn may_record_sign_in(visitor: &Visitor) -> bool {
    let limiter = &visitor.site.limiter;
    told(
        limiter.check(Action::AllDenials, "sign-in").is_ok(),
        "sign_in",
    )
}

fn told(recorded: bool, kind: &str) -> bool {
    if !recorded {
        let passed_over = &metrics().denials_passed_over;
        passed_over.with_label_values(&[kind]).inc();
    }
    recorded
}
