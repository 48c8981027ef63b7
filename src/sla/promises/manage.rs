//! The ledger, for managers.

use diesel::QueryResult;
use rocket::http::Status;
use rocket::{Route, get, routes};

use super::model::PromiseState;
use super::pages::LedgerPage;
use super::present;
use super::queries::{count_states, page_of_promises};
use crate::accounts::Manager;
use crate::platform::db::{Conn, Cursor, PageRequest, StorageError};
use crate::platform::i18n::{Lang, Message};
use crate::platform::web::Outcome;
use crate::platform::web::parts::Parts;
use crate::platform::web::shell::{Rail, RailLink, RailViewer};
use crate::platform::web::widgets::{Choice, PageLinks};

/// Key of the entry in the rail.
const SECTION: &str = "promises";
/// Where the ledger lives.
const LEDGER: &str = "/manage/promises";
/// Lines of a page.
const PAGE: i64 = 50;

/// The routes of the ledger.
#[must_use]
pub fn routes() -> Vec<Route> {
    routes![ledger]
}

/// The entry in the rail.
///
/// # Errors
/// Never.
pub fn rail(_: &mut Conn, _: &Parts, viewer: &RailViewer, rail: &mut Rail) -> QueryResult<()> {
    if viewer.is_manager {
        rail.manage.push(RailLink {
            key: SECTION.to_owned(),
            label: Message::new("ledger-title").render(viewer.lang),
            href: LEDGER.to_owned(),
            icon: "scroll-text".to_owned(),
            hue: 0,
            count: None,
            current: false,
        });
    }
    Ok(())
}

#[get("/manage/promises?<state>&<after>&<before>")]
async fn ledger(
    manager: Manager,
    state: Option<&str>,
    after: Option<&str>,
    before: Option<&str>,
) -> Outcome {
    let state: Option<PromiseState> = state.and_then(|text| text.parse().ok());
    let request = PageRequest::parse(PAGE, after, before);
    let (page, counts) = manager
        .site
        .db
        .read(move |conn| {
            let page = page_of_promises(conn, state, &request)?;
            Ok::<_, StorageError>((page, count_states(conn)?))
        })
        .await?;
    let link = |name: &str, cursor: Option<Cursor>| {
        cursor.map(|cursor| format!("{}{name}={cursor}", base(state)))
    };
    let view = LedgerPage {
        states: choices(&counts, state, manager.lang),
        share: share(&counts, manager.lang),
        pages: PageLinks {
            previous: link("before", page.previous),
            next: link("after", page.next),
            note: None,
        },
        rows: page
            .rows
            .iter()
            .map(|(promise, ticket)| present::row(&manager, promise, ticket))
            .collect(),
    };
    manager.agent().page(Status::Ok, SECTION, &view).await
}

/// The address of a list, ready for one more parameter.
fn base(state: Option<PromiseState>) -> String {
    match state {
        Some(state) => format!("{LEDGER}?state={state}&"),
        None => format!("{LEDGER}?"),
    }
}

fn choices(
    counts: &[(PromiseState, i64)],
    current: Option<PromiseState>,
    lang: Lang,
) -> Vec<Choice> {
    let all = Choice {
        label: Message::new("ledger-all").render(lang),
        href: LEDGER.to_owned(),
        current: current.is_none(),
        count: None,
    };
    let each = counts.iter().map(|(state, count)| Choice {
        label: Message::new(&format!("ledger-states-{state}")).render(lang),
        href: format!("{LEDGER}?state={state}"),
        current: current == Some(*state),
        count: Some(*count),
    });
    std::iter::once(all).chain(each).collect()
}

/// How many of those that came to their hour were kept.
fn share(counts: &[(PromiseState, i64)], lang: Lang) -> Option<String> {
    let of = |wanted: PromiseState| {
        let found = counts.iter().find(|(state, _)| *state == wanted);
        found.map_or(0, |(_, count)| *count)
    };
    let (kept, broken) = (of(PromiseState::Kept), of(PromiseState::Broken));
    let all = kept + broken;
    (all > 0).then(|| {
        Message::new("ledger-share")
            .number("kept", kept)
            .number("all", all)
            .number("percent", 100 * kept / all)
            .render(lang)
    })
}
