//! Kinds of request and their forms.
//!
//! A kind decides where a new request goes at first and how much it presses; it is never
//! deleted, because tickets keep it, only archived.

mod commands;
mod input;
mod manage;
mod model;
pub mod pages;
mod queries;
mod samples;

pub use commands::{
    RequestTypeError, RequestTypeInput, STREAM, archive_request_type, change_request_type,
    create_request_type, ensure_request_types,
};
pub use model::{RequestType, RequestTypeId};
pub use queries::{
    find_request_type, get_request_type, list_all_request_types, list_request_types,
};

use crate::config::Settings;
use crate::platform::db::{Actor, Conn, Database};
use crate::platform::i18n::Message;
use crate::platform::slice::Slice;
use crate::platform::web::parts::Parts;
use crate::platform::web::shell::{Rail, RailLink, RailViewer};

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice {
        routes: manage::routes,
        open: Some(open),
        rail: Some(rail),
        audited: commands::AUDITED,
        samples: pages::samples,
        ..Slice::named("forms")
    }
}

fn rail(_: &mut Conn, _: &Parts, viewer: &RailViewer, rail: &mut Rail) -> diesel::QueryResult<()> {
    if viewer.is_manager {
        rail.manage.push(RailLink {
            key: manage::SECTION.to_owned(),
            label: Message::new("forms-title").render(viewer.lang),
            href: manage::LIST.to_owned(),
            icon: "ticket".to_owned(),
            hue: 0,
            count: None,
            current: false,
        });
    }
    Ok(())
}

/// A new installation gets the kinds that nearly every company has.
fn open(_: &Settings, db: &Database, _: &mut Parts) -> Result<(), String> {
    db.write_blocking(Actor::System, ensure_request_types)
        .map_err(|error: RequestTypeError| error.to_string())
}
