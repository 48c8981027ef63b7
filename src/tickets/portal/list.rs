//! The list of a customer's requests.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rocket::get;

use super::present::{request_stub, stage_label};
use crate::accounts::{Customer, Place};
use crate::platform::db::{KeysetPage, PageRequest, StorageError};
use crate::platform::i18n::Message;
use crate::platform::search::Coverage;
use crate::platform::web::position::Position;
use crate::platform::web::widgets::{Choice, PageLinks, TextLink};
use crate::platform::web::{Failure, Outcome};
use crate::tickets::index::{TicketIndex, caveat};
use crate::tickets::model::{Stage, Ticket};
use crate::tickets::pages::{KeptField, List};
use crate::tickets::queries::{self, Scope};
use crate::tickets::search::TicketScope;

/// Requests on a page.
const PAGE: i64 = 20;
/// Requests that a search looks among.
const FOUND: usize = 200;

#[get("/requests?<stage>&<q>&<after>&<before>&<passed>")]
pub(super) async fn index(
    customer: Customer,
    stage: Option<&str>,
    q: Option<&str>,
    after: Option<&str>,
    before: Option<&str>,
    passed: Option<&str>,
) -> Outcome {
    let stage: Option<Stage> = stage.and_then(|text| text.parse().ok());
    let query = q.unwrap_or_default().trim().to_owned();
    if !query.is_empty() {
        customer.count_search()?;
    }
    let request = PageRequest::parse(PAGE, after, before);
    let Read {
        page,
        counts,
        coverage,
    } = read(&customer, stage, query.clone(), request).await?;
    let position = Position::of(&request, &page, passed);
    let in_list = counts
        .iter()
        .filter(|(of, _)| stage.is_none_or(|stage| stage == *of));
    let in_list: i64 = in_list.map(|(_, count)| count).sum();
    let view = List {
        crumbs: vec![
            TextLink::new(Message::new("crumb-home").render(customer.lang), "/"),
            TextLink::new(Message::new("crumb-requests").render(customer.lang), ""),
        ],
        any: counts.iter().any(|(_, count)| *count > 0),
        filters: filters(&customer, stage, &query, &counts),
        search_action: "/requests".to_owned(),
        notice: caveat(coverage).map(|key| Message::new(key).render(customer.lang)),
        kept: stage
            .map(|stage| KeptField {
                name: "stage".to_owned(),
                value: stage.to_string(),
            })
            .into_iter()
            .collect(),
        pages: PageLinks {
            // How many of them have the words, only reading them all would tell.
            note: Some(query.as_str())
                .filter(|words| words.is_empty())
                .and_then(|_| position.note(customer.lang, in_list)),
            ..neighbours(&page, &position, |place| address(stage, &query, place))
        },
        requests: page
            .rows
            .iter()
            .map(|ticket| request_stub(&customer, ticket))
            .collect(),
        query,
        clear_href: "/requests".to_owned(),
        new_request_href: "/requests/new".to_owned(),
    };
    customer.page(Place::section("requests"), &view)
}

fn neighbours(
    page: &KeysetPage<Ticket>,
    position: &Position,
    address: impl Fn(&str) -> String,
) -> PageLinks {
    let previous = (page.previous.as_ref())
        .map(|cursor| format!("before={cursor}{}", position.told_to_previous()));
    let next =
        (page.next.as_ref()).map(|cursor| format!("after={cursor}{}", position.told_to_next()));
    PageLinks {
        previous: previous.map(|place| address(&place)),
        next: next.map(|place| address(&place)),
        note: None,
    }
}

/// What the page is made from.
struct Read {
    page: KeysetPage<Ticket>,
    counts: Vec<(Stage, i64)>,
    /// How much was searched for the words.
    coverage: Coverage,
}

async fn read(
    customer: &Customer,
    stage: Option<Stage>,
    query: String,
    request: PageRequest,
) -> Result<Read, Failure> {
    let (site, me, now) = (customer.site.clone(), customer.me.id, customer.now);
    customer
        .site
        .db
        .read(move |conn| {
            let (found, coverage) = if query.is_empty() {
                (None, Coverage::Whole)
            } else {
                let scope = TicketScope::Requester(me.0);
                let index = site.part::<TicketIndex>();
                let (found, coverage) = index.find(conn, &query, scope, FOUND, now)?;
                (Some(found), coverage)
            };
            let scope = Scope::Requester(me);
            Ok::<_, StorageError>(Read {
                page: queries::page_of_requests(conn, scope, stage, found.as_deref(), &request)?,
                counts: queries::count_by_stage(conn, scope)?,
                coverage,
            })
        })
        .await
        .map_err(Failure::from)
}

fn filters(
    customer: &Customer,
    current: Option<Stage>,
    query: &str,
    counts: &[(Stage, i64)],
) -> Vec<Choice> {
    let all = Choice {
        label: Message::new("ticket-filter-all").render(customer.lang),
        href: address(None, query, ""),
        current: current.is_none(),
        count: Some(counts.iter().map(|(_, count)| count).sum()),
    };
    std::iter::once(all)
        .chain(counts.iter().map(|&(stage, count)| Choice {
            label: stage_label(customer, stage),
            href: address(Some(stage), query, ""),
            current: current == Some(stage),
            count: Some(count),
        }))
        .collect()
}

/// The list with a filter, a search and a place in it.
fn address(stage: Option<Stage>, query: &str, place: &str) -> String {
    let mut parts = Vec::new();
    if let Some(stage) = stage {
        parts.push(format!("stage={stage}"));
    }
    if !query.is_empty() {
        parts.push(format!(
            "q={}",
            utf8_percent_encode(query, NON_ALPHANUMERIC)
        ));
    }
    if !place.is_empty() {
        parts.push(place.to_owned());
    }
    if parts.is_empty() {
        "/requests".to_owned()
    } else {
        format!("/requests?{}", parts.join("&"))
    }
}
