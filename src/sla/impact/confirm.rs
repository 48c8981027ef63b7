//! Asking before something is done that moves due times: for deeds that have no form of their own to
//! show them in.

use rocket::http::Status;
use serde::Serialize;

use super::pages::Impact;
use super::{Change, outcome};
use crate::accounts::Manager;
use crate::platform::db::StorageError;
use crate::platform::web::view::{self, Sample, View};
use crate::platform::web::{Failure, Fields, Reply};
use crate::sla::deed::Deed;

/// Fields that the page brings itself.
const OWN: [&str; 2] = ["deed", "key"];

/// What is about to be done.
pub(in crate::sla) struct Question<'a> {
    /// Key of the entry in the rail.
    pub section: &'static str,
    /// What it is done to.
    pub title: String,
    /// Where it is left undone.
    pub back: String,
    /// The address that was asked.
    pub action: String,
    /// What was sent.
    pub fields: &'a Fields,
}

/// The page that asks: the form that was sent, and what it would move.
#[derive(Clone, Debug, Serialize)]
pub struct ConfirmPage {
    /// What it is done to.
    pub title: String,
    /// Where it is left undone.
    pub back_href: String,
    /// Where the form goes.
    pub action: String,
    /// What was sent.
    pub fields: Vec<Carried>,
    /// What it would move.
    pub impact: Impact,
}

/// A field that was sent.
#[derive(Clone, Debug, Serialize)]
pub struct Carried {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// Every page with its sample values.
#[must_use]
pub(in crate::sla) fn samples() -> Vec<Sample> {
    view::samples::<ConfirmPage>()
}

/// The page that asks whether a change is wanted, when it would move due times of open requests and
/// nobody has said yes to that.
///
/// # Errors
/// When the database refuses.
pub(in crate::sla) async fn ask(
    manager: &Manager,
    change: Change,
    question: Question<'_>,
) -> Result<Option<Reply>, Failure> {
    if Deed::of(question.fields) == Deed::Confirm {
        return Ok(None);
    }
    let Some(impact) = look_ahead(manager, change).await? else {
        return Ok(None);
    };
    let carried = question.fields.carried();
    let fields = carried
        .filter(|(name, _)| !OWN.contains(name))
        .map(|(name, value)| Carried {
            name: name.to_owned(),
            value: value.to_owned(),
        });
    let view = ConfirmPage {
        fields: fields.collect(),
        title: question.title,
        back_href: question.back,
        action: question.action,
        impact,
    };
    let page = manager
        .agent()
        .page(Status::Ok, question.section, &view)
        .await?;
    Ok(Some(page))
}

/// What a change would do to open requests; none when it would do nothing.
///
/// # Errors
/// When the database refuses.
pub(in crate::sla) async fn look_ahead(
    manager: &Manager,
    change: Change,
) -> Result<Option<Impact>, Failure> {
    let now = manager.now;
    let read = manager
        .site
        .db
        .read(move |conn| outcome(conn, change, now).map_err(StorageError::from));
    let outcome = read.await?;
    Ok(Impact::of(&outcome, manager.lang, &manager.calendar()))
}

impl View for ConfirmPage {
    const TEMPLATE: &'static str = "sla/confirm.html";

    fn samples() -> Vec<Self> {
        let field = |name: &str, value: &str| Carried {
            name: name.to_owned(),
            value: value.to_owned(),
        };
        vec![Self {
            title: "4 h".to_owned(),
            back_href: "/manage/policies".to_owned(),
            action: "/manage/policies/1/place".to_owned(),
            fields: vec![field("direction", "up")],
            impact: Impact::sample(),
        }]
    }
}
