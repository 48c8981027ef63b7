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
