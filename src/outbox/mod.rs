//! The outbox as managers see it: which mails wait, left or failed, and why.
//!
//! Invariants:
//! * the content of a secret mail is shown to nobody once a mail server is configured;
//! * what a mail contains is shown where no script runs and nothing can be followed.
//!
//! It deliberately does not write mails: slices order theirs with
//! [`enqueue`](crate::platform::mail::enqueue).

mod manage;
pub mod pages;
mod present;
pub mod queries;

use diesel::QueryResult;

use crate::config::Settings;
use crate::platform::db::{Conn, Database};
use crate::platform::i18n::Message;
use crate::platform::mail::{self, Transport};
use crate::platform::schedule::Schedule;
use crate::platform::slice::Slice;
use crate::platform::vitals::Vitals;
use crate::platform::web::Site;
use crate::platform::web::parts::Parts;
use crate::platform::web::shell::{Rail, RailLink, RailViewer};
use crate::platform::web::view::samples;

const SCHEDULES: &[Schedule] = &[mail::delivery()];

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice {
        routes: manage::routes,
        schedules: SCHEDULES,
        open: Some(open),
        rail: Some(rail),
        after_restore: Some(hold),
        vitals: Some(tell_vitals),
        samples: || {
            let mut all = samples::<pages::List>();
            all.extend(samples::<pages::Show>());
            all
        },
        ..Slice::named("outbox")
    }
}

/// A mail that was waiting when the backup was made may have left since: nobody gets it twice
/// without somebody's word.
fn hold(conn: &mut Conn) -> QueryResult<Option<String>> {
    let held = mail::hold_waiting(conn)?;
    Ok((held > 0).then(|| {
        format!(
            "{held} email(s) were waiting to leave when the backup was made; they are held at \
             /manage/outbox?status=held until a manager sends them"
        )
    }))
}

/// How many mails wait, are held or have failed, and how long the oldest has waited. What was sent
/// is counted as it happens: a table of all that ever left is not read through for it.
fn tell_vitals(site: &Site, conn: &mut Conn, vitals: &mut Vitals) -> QueryResult<()> {
    let counts = queries::count_open(conn)?;
    for (state, number) in ["waiting", "held", "failed"].into_iter().zip(counts) {
        let help = "Mails that have not left, by state";
        let labels = [("state", state)];
        vitals
            .gauges
            .tell("guichet_outbox_mails", help, &labels, number);
    }
    let oldest = queries::oldest_waiting(conn)?;
    vitals.gauges.tell(
        "guichet_outbox_oldest_waiting_seconds",
        "How long the oldest waiting mail has waited",
        &[],
        oldest.map_or(0, |at| (site.db.now() - at).num_seconds().max(0)),
    );
    Ok(())
}

fn open(settings: &Settings, _: &Database, parts: &mut Parts) -> Result<(), String> {
    parts.insert(Transport::from_settings(settings)?);
    Ok(())
}

fn rail(conn: &mut Conn, _: &Parts, viewer: &RailViewer, rail: &mut Rail) -> QueryResult<()> {
    if !viewer.is_manager {
        return Ok(());
    }
    let [_, held, failed] = queries::count_open(conn)?;
    let open = failed + held;
    rail.manage.push(RailLink {
        key: manage::SECTION.to_owned(),
        label: Message::new("outbox-title").render(viewer.lang),
        href: "/manage/outbox".to_owned(),
        icon: "mail".to_owned(),
        hue: 0,
        count: (open > 0).then_some(open),
        current: false,
    });
    Ok(())
}
