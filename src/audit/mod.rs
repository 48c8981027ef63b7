//! The audit, as managers read it: who came in, who was kept out, who was given rights, what was
//! taken along, what was set.
//!
//! Invariants:
//! * it is a reading of the one history ([`crate::platform::events`]), to which every slice says
//!   what of its own is audited; nothing is written twice;
//! * whoever takes the list along is in it;
//! * a list of a million events costs what one of a hundred does: an index finds the page.
//!
//! It deliberately does not show what tickets went through: that is their own history.

mod asked;
pub mod commands;
mod export;
mod manage;
mod names;
mod narrate;
mod pages;
mod present;
pub mod queries;

pub use commands::STREAM;

use diesel::QueryResult;

use crate::platform::db::Conn;
use crate::platform::i18n::Message;
use crate::platform::slice::Slice;
use crate::platform::web::parts::Parts;
use crate::platform::web::shell::{Rail, RailLink, RailViewer};
use crate::platform::web::view::samples;

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice {
        routes: manage::routes,
        audited: commands::AUDITED,
        rail: Some(rail),
        samples: samples::<pages::Audit>,
        ..Slice::named("audit")
    }
}

fn rail(_: &mut Conn, _: &Parts, viewer: &RailViewer, rail: &mut Rail) -> QueryResult<()> {
    if viewer.is_manager {
        rail.manage.push(RailLink {
            key: manage::SECTION.to_owned(),
            label: Message::new("audit-title").render(viewer.lang),
            href: manage::LIST.to_owned(),
            icon: "scroll-text".to_owned(),
            hue: 0,
            count: None,
            current: false,
        });
    }
    Ok(())
}
