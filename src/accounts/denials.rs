//! What people try that is not theirs: a page of the desk or of the settings, a request of somebody
//! else, a form that does not come from a page of their session.
//!
//! They learn nothing from the answer, which is that of an address that was never there. Managers
//! learn it from the audit. A denial waits in memory until periodic work writes it down: an answer
//! that waited for the disk would tell by its time what is there. What waits when the program is
//! killed is lost. So that nobody fills the disk by asking again and again, a person causes so many rows of
//! each kind and no more; what is passed over is counted.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rocket::Request;
use serde_json::{Value, json};

use super::events::{DENIALS, DENIED, FORM_DENIED, REQUEST_DENIED};
use super::model::Person;
use super::visitor::{Customer, Visitor};
use crate::platform::db::{Actor, StorageError};
use crate::platform::events::{Draft, draw_id};
use crate::platform::metrics::metrics;
use crate::platform::schedule::Schedule;
use crate::platform::web::Site;
use crate::platform::web::limits::{Action, Key};

/// By what all denials together are counted.
const EVERYBODY: &str = "everybody";

/// Denials that wait, at most: as many as are recorded at once.
const MOST: usize = 5_000;

pub(super) const SCHEDULE: Schedule = Schedule {
    name: "denials",
    every: Duration::from_millis(500),
    run: write_down,
    at_end: true,
};

/// Denials that were not written down yet.
#[derive(Default)]
pub(super) struct Waiting(Mutex<Vec<Denial>>);

#[derive(Clone)]
struct Denial {
    actor: Actor,
    kind: &'static str,
    data: Value,
}

/// That this request's denial was noted: several guards may refuse it.
#[derive(Default)]
struct Noted(AtomicBool);

/// What somebody was refused.
enum Refused<'a> {
    /// A page that their role does not have.
    Page,
    /// A request of somebody else, by its reference.
    Request(&'a str),
    /// A form, and which proof it lacked: `site` or `token`.
    Form(&'static str),
}

impl Refused<'_> {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Page => DENIED,
            Self::Request(_) => REQUEST_DENIED,
            Self::Form(_) => FORM_DENIED,
        }
    }
}

/// Notes that somebody asked for a page that their role does not have.
pub(super) fn note_page(request: &Request<'_>, customer: &Customer) {
    let noted = request.local_cache(Noted::default);
    if !noted.0.swap(true, Ordering::AcqRel) {
        note(customer, &customer.me, &Refused::Page);
    }
}

/// Notes that a form was refused because it does not come from a page of its sender's session, or
/// from one of ours at all. Guests are nobody whom the audit could name, and there is no end to
/// them: their forms are counted by the metrics and leave no row.
pub(super) fn note_form(visitor: &Visitor, same_origin: bool) {
    let reason = if same_origin { "token" } else { "site" };
    if let Some(who) = visitor.person.as_ref().or(visitor.enrolling.as_ref()) {
        note(visitor, who, &Refused::Form(reason));
    }
}

impl Customer {
    /// Notes that they asked for something of a request that is somebody else's.
    pub fn note_foreign(&self, reference: &str) {
        note(self, &self.me, &Refused::Request(reference));
    }
}

fn note(visitor: &Visitor, who: &Person, refused: &Refused<'_>) {
    let kind = refused.kind();
    if !may_record(visitor, who, kind) {
        return;
    }
    let (method, route) = &visitor.route;
    let mut data = json!({
        "method": method,
        "route": route,
        "role": who.role.as_str(),
    });
    match refused {
        Refused::Page => {}
        Refused::Request(reference) => data["reference"] = json!(reference),
        Refused::Form(reason) => data["reason"] = json!(reason),
    }
    let waiting: &Waiting = visitor.site.part();
    let put = waiting.put(Denial {
        actor: who.actor(),
        kind,
        data,
    });
    told(put, "denial");
}

/// Each kind by itself: what other sites send in somebody's name must not hide what they do.
fn may_record(visitor: &Visitor, who: &Person, kind: &str) -> bool {
    let limiter = &visitor.site.limiter;
    let key = format!("{} {kind}", who.id.key());
    let allowed = limiter
        .check(Action::Denial, &key)
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

impl Waiting {
    fn list(&self) -> MutexGuard<'_, Vec<Denial>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there was room.
    fn put(&self, denial: Denial) -> bool {
        let mut list = self.list();
        let room = list.len() < MOST;
        if room {
            list.push(denial);
        }
        room
    }

    fn take(&self) -> Vec<Denial> {
        std::mem::take(&mut self.list())
    }

    /// Has them wait on, before what came meanwhile.
    fn give_back(&self, mut taken: Vec<Denial>) {
        let mut list = self.list();
        taken.append(&mut list);
        *list = taken;
    }
}

fn write_down(site: &Site) -> Result<(), StorageError> {
    let waiting: &Waiting = site.part();
    let taken = waiting.take();
    if taken.is_empty() {
        return Ok(());
    }
    let denials = taken.clone();
    let written = site.db.write_blocking(Actor::System, move |tx| {
        for Denial { actor, kind, data } in &denials {
            tx.actor = *actor;
            tx.record(Draft::chosen(DENIALS, draw_id(), 1, kind, data.clone()))?;
        }
        Ok(())
    });
    if written.is_err() {
        waiting.give_back(taken);
    }
    written
}
