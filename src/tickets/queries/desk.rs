//! What agents see: views, filters, sorted keyset pages, counts.

use chrono::Duration;
use diesel::dsl::{count_star, exists};
use diesel::prelude::*;

use super::{Backend, Filter};
use crate::accounts::PersonId;
use crate::forms::RequestTypeId;
use crate::platform::db::{Conn, Cursor, Direction, KeysetPage, PageRequest, Timestamp};
use crate::schema::{ticket_tags, tickets};
use crate::teams::TeamId;
use crate::tickets::model::{Priority, Stage, Status, Tag, Ticket, TicketId};
use crate::tickets::search::TicketScope;

/// How far back "lately" reaches.
const LATELY: Duration = Duration::days(7);

crate::text_enum! {
    /// The lists that every agent has.
    DeskView {
        /// Open and mine.
        Mine = "mine",
        /// Open and nobody's.
        Unassigned = "unassigned",
        /// Open and of a team I belong to.
        MyTeams = "my-teams",
        /// All open ones.
        Open = "open",
        /// Those that wait for the customer.
        Waiting = "waiting",
        /// Resolved or confirmed within seven days.
        Solved = "solved",
    }
}

crate::text_enum! {
    /// The order of a list.
    Sort {
        /// Latest activity first.
        Activity = "activity",
        /// Newest first.
        Created = "created",
        /// Most urgent first.
        Priority = "priority",
    }
}

impl Sort {
    /// The place of a ticket in a list of this order.
    #[must_use]
    pub fn cursor(self, ticket: &Ticket) -> Cursor {
        match self {
            Self::Activity => Cursor::at(ticket.updated_at, ticket.id.0),
            Self::Created => Cursor::at(ticket.created_at, ticket.id.0),
            Self::Priority => Cursor {
                sort: i64::from(ticket.priority_rank),
                id: ticket.id.0,
            },
        }
    }
}

/// Whose tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Nobody's.
    Nobody,
    /// An agent's.
    Agent(PersonId),
}

/// What the words of a filter left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The index answered with these tickets.
    Tickets(Vec<TicketId>),
    /// The index did not answer: references and subjects that begin so.
    Beginning(String),
}

/// What a list shows.
#[derive(Clone, Debug)]
pub struct DeskFilter {
    /// Who looks: "mine" and "my teams" depend on it.
    pub viewer: PersonId,
    /// The viewer's teams.
    pub teams: Vec<TeamId>,
    /// The instant that "lately" counts from.
    pub now: Timestamp,
    /// The list.
    pub view: DeskView,
    /// Of one team.
    pub team: Option<TeamId>,
    /// Of one agent, or nobody's.
    pub owner: Option<Owner>,
    /// At one stage: replaces the view's own statuses.
    pub stage: Option<Stage>,
    /// With one status.
    pub status: Option<Status>,
    /// With one priority.
    pub priority: Option<Priority>,
    /// Of one kind.
    pub request_type: Option<RequestTypeId>,
    /// With one label.
    pub tag: Option<Tag>,
    /// With these words.
    pub found: Option<Found>,
}

/// How many tickets stand at a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageCount {
    /// The stage.
    pub stage: Stage,
    /// How many; confirmed ones of the last seven days only.
    pub count: i64,
    /// Of these, how many have no assignee.
    pub unassigned: i64,
}

impl DeskFilter {
    /// A whole list.
    #[must_use]
    pub const fn view(
        view: DeskView,
        viewer: PersonId,
        teams: Vec<TeamId>,
        now: Timestamp,
    ) -> Self {
        Self {
            viewer,
            teams,
            now,
            view,
            team: None,
            owner: None,
            stage: None,
            status: None,
            priority: None,
            request_type: None,
            tag: None,
            found: None,
        }
    }

    /// Conditions other than on status.
    fn attributes(&self) -> Filter {
        let mut filter: Filter = match self.view {
            DeskView::Mine => Box::new(is_true(tickets::assignee_id.eq(self.viewer))),
            DeskView::Unassigned => Box::new(tickets::assignee_id.is_null()),
            DeskView::MyTeams => Box::new(is_true(tickets::team_id.eq_any(self.teams.clone()))),
            DeskView::Open | DeskView::Waiting | DeskView::Solved => anything(),
        };
        if let Some(team) = self.team {
            filter = Box::new(filter.and(is_true(tickets::team_id.eq(team))));
        }
        filter = match self.owner {
            Some(Owner::Nobody) => Box::new(filter.and(tickets::assignee_id.is_null())),
            Some(Owner::Agent(id)) => Box::new(filter.and(is_true(tickets::assignee_id.eq(id)))),
            None => filter,
        };
        if let Some(priority) = self.priority {
            filter = Box::new(filter.and(tickets::priority.eq(priority)));
        }
        if let Some(kind) = self.request_type {
            filter = Box::new(filter.and(tickets::request_type_id.eq(kind)));
        }
        if let Some(tag) = &self.tag {
            let tagged = ticket_tags::table
                .filter(ticket_tags::ticket_id.eq(tickets::id))
                .filter(ticket_tags::tag.eq(tag.as_str().to_owned()));
            filter = Box::new(filter.and(exists(tagged)));
        }
        match &self.found {
            None => filter,
            Some(Found::Tickets(ids)) => Box::new(filter.and(tickets::id.eq_any(ids.clone()))),
            Some(Found::Beginning(text)) => Box::new(filter.and(begins_with(text))),
        }
    }

    /// The condition on status.
    fn standing(&self) -> Filter {
        if let Some(status) = self.status {
            return Box::new(
                tickets::status
                    .eq(status)
                    .and(tickets::open.eq(status.is_open())),
            );
        }
        match self.stage {
            Some(Stage::Confirmed) => self.lately(&[Status::Closed]),
            Some(stage) => {
                let open = stage.statuses().iter().all(|status| status.is_open());
                Box::new(
                    tickets::status
                        .eq_any(stage.statuses())
                        .and(tickets::open.eq(open)),
                )
            }
            None => match self.view {
                DeskView::Waiting => Box::new(
                    tickets::status
                        .eq(Status::Pending)
                        .and(tickets::open.eq(true)),
                ),
                DeskView::Solved => self.lately(&[Status::Resolved, Status::Closed]),
                DeskView::Mine | DeskView::Unassigned | DeskView::MyTeams | DeskView::Open => {
                    Box::new(tickets::open.eq(true))
                }
            },
        }
    }

    fn lately(&self, statuses: &'static [Status]) -> Filter {
        Box::new(
            tickets::status
                .eq_any(statuses)
                .and(tickets::open.eq(false))
                .and(tickets::updated_at.ge(self.now - LATELY)),
        )
    }
}

/// A comparison with a nullable column as a plain truth value: unknown counts as false.
fn is_true<E>(condition: E) -> diesel::dsl::AssumeNotNull<E>
where
    E: Expression,
    E::SqlType: diesel::sql_types::SqlType,
    diesel::dsl::AssumeNotNull<E>: Expression,
{
    condition.assume_not_null()
}

diesel::define_sql_function! {
    /// Lower case: of ASCII letters only on SQLite.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// A reference or a subject that begins with a text.
fn begins_with(text: &str) -> Filter {
    let literal = text
        .to_lowercase()
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    let pattern = format!("{literal}%");
    Box::new(
        lower(tickets::reference)
            .like(pattern.clone())
            .escape('\\')
            .or(lower(tickets::subject).like(pattern).escape('\\')),
    )
}

/// The tickets whose reference or subject begins with a text, latest activity first: what is
/// left of search when there is no index.
///
/// # Errors
/// When the database refuses.
pub fn list_beginning_with(
    conn: &mut Conn,
    text: &str,
    scope: TicketScope,
    limit: i64,
) -> QueryResult<Vec<Ticket>> {
    let whose: Filter = match scope {
        TicketScope::Agent => anything(),
        TicketScope::Requester(person) => Box::new(tickets::requester_id.eq(PersonId(person))),
    };
    tickets::table
        .filter(whose)
        .filter(begins_with(text))
        .order((tickets::updated_at.desc(), tickets::id.desc()))
        .limit(limit)
        .select(Ticket::as_select())
        .load(conn)
}

/// How many open tickets each team has.
///
/// # Errors
/// When the database refuses.
pub fn count_open_by_team(conn: &mut Conn) -> QueryResult<Vec<(Option<TeamId>, i64)>> {
    tickets::table
        .filter(tickets::open.eq(true))
        .group_by(tickets::team_id)
        .select((tickets::team_id, count_star()))
        .load(conn)
}

/// Whether any ticket was ever filed.
///
/// # Errors
/// When the database refuses.
pub fn has_tickets(conn: &mut Conn) -> QueryResult<bool> {
    let first: Option<TicketId> = tickets::table.select(tickets::id).first(conn).optional()?;
    Ok(first.is_some())
}

fn anything() -> Filter {
    Box::new(tickets::id.ge(TicketId(0)))
}

/// A page of tickets.
///
/// # Errors
/// When the database refuses.
pub fn page_of_tickets(
    conn: &mut Conn,
    filter: &DeskFilter,
    sort: Sort,
    page: &PageRequest,
) -> QueryResult<KeysetPage<Ticket>> {
    let mut query = tickets::table
        .filter(filter.attributes())
        .filter(filter.standing())
        .select(Ticket::as_select())
        .limit(page.limit())
        .into_boxed::<Backend>();
    if let Some((direction, at)) = page.from {
        query = query.filter(beyond(sort, direction, at));
    }
    query = match (sort, page.backwards()) {
        (Sort::Activity, false) => query.order((tickets::updated_at.desc(), tickets::id.desc())),
        (Sort::Activity, true) => query.order((tickets::updated_at.asc(), tickets::id.asc())),
        (Sort::Created, false) => query.order((tickets::created_at.desc(), tickets::id.desc())),
        (Sort::Created, true) => query.order((tickets::created_at.asc(), tickets::id.asc())),
        (Sort::Priority, false) => query.order((tickets::priority_rank.asc(), tickets::id.asc())),
        (Sort::Priority, true) => query.order((tickets::priority_rank.desc(), tickets::id.desc())),
    };
    let rows = query.load(conn)?;
    Ok(KeysetPage::build(page, rows, |ticket: &Ticket| {
        sort.cursor(ticket)
    }))
}

/// Rows beyond a cursor in a direction.
fn beyond(sort: Sort, direction: Direction, at: Cursor) -> Filter {
    let (instant, id) = (at.instant(), TicketId(at.id));
    let rank = i32::try_from(at.sort).unwrap_or_default();
    macro_rules! past {
        ($column:expr, $value:expr, $order:ident) => {
            Box::new(
                $column
                    .$order($value)
                    .or($column.eq($value).and(tickets::id.$order(id))),
            )
        };
    }
    match (sort, direction) {
        (Sort::Activity, Direction::After) => past!(tickets::updated_at, instant, lt),
        (Sort::Activity, Direction::Before) => past!(tickets::updated_at, instant, gt),
        (Sort::Created, Direction::After) => past!(tickets::created_at, instant, lt),
        (Sort::Created, Direction::Before) => past!(tickets::created_at, instant, gt),
        (Sort::Priority, Direction::After) => past!(tickets::priority_rank, rank, gt),
        (Sort::Priority, Direction::Before) => past!(tickets::priority_rank, rank, lt),
    }
}

/// How many tickets a list holds.
///
/// # Errors
/// When the database refuses.
pub fn count_view(conn: &mut Conn, filter: &DeskFilter) -> QueryResult<i64> {
    tickets::table
        .filter(filter.attributes())
        .filter(filter.standing())
        .count()
        .get_result(conn)
}

/// How many tickets each list of the desk holds for somebody.
///
/// # Errors
/// When the database refuses.
pub fn count_views(
    conn: &mut Conn,
    viewer: PersonId,
    teams: &[TeamId],
    now: Timestamp,
) -> QueryResult<Vec<(DeskView, i64)>> {
    DeskView::ALL
        .iter()
        .map(|&view| {
            let filter = DeskFilter::view(view, viewer, teams.to_vec(), now);
            Ok((view, count_view(conn, &filter)?))
        })
        .collect()
}

/// How many tickets of a list stand at each stage, whatever stage it shows.
///
/// # Errors
/// When the database refuses.
pub fn count_stages(conn: &mut Conn, filter: &DeskFilter) -> QueryResult<Vec<StageCount>> {
    Stage::ALL
        .iter()
        .map(|&stage| {
            let of_stage = DeskFilter {
                stage: Some(stage),
                status: None,
                ..filter.clone()
            };
            let counts: Vec<(Option<PersonId>, i64)> = tickets::table
                .filter(of_stage.attributes())
                .filter(of_stage.standing())
                .group_by(tickets::assignee_id)
                .select((tickets::assignee_id, count_star()))
                .load(conn)?;
            Ok(StageCount {
                stage,
                count: counts.iter().map(|(_, count)| count).sum(),
                unassigned: counts
                    .iter()
                    .filter_map(|(assignee, count)| assignee.is_none().then_some(count))
                    .sum(),
            })
        })
        .collect()
}

/// The ticket with a reference, for an agent.
///
/// # Errors
/// When the database refuses.
pub fn find_for_desk(conn: &mut Conn, reference: &str) -> QueryResult<Option<Ticket>> {
    tickets::table
        .filter(tickets::reference.eq(reference))
        .select(Ticket::as_select())
        .first(conn)
        .optional()
}

/// One ticket, for the program itself.
///
/// # Errors
/// `NotFound`, or when the database refuses.
pub fn get_ticket(conn: &mut Conn, id: TicketId) -> QueryResult<Ticket> {
    tickets::table
        .find(id)
        .select(Ticket::as_select())
        .first(conn)
}

/// Tickets by key, in the order of the keys: what a search found.
///
/// # Errors
/// When the database refuses.
pub fn list_by_ids(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Ticket>> {
    let mut rows: Vec<Ticket> = tickets::table
        .filter(tickets::id.eq_any(ids.iter().copied().map(TicketId)))
        .select(Ticket::as_select())
        .load(conn)?;
    rows.sort_by_key(|ticket| ids.iter().position(|id| *id == ticket.id.0));
    Ok(rows)
}

/// Other requests of the same requester, newest first.
///
/// # Errors
/// When the database refuses.
pub fn other_requests(conn: &mut Conn, ticket: &Ticket, limit: i64) -> QueryResult<Vec<Ticket>> {
    tickets::table
        .filter(tickets::requester_id.eq(ticket.requester_id))
        .filter(tickets::id.ne(ticket.id))
        .order((tickets::updated_at.desc(), tickets::id.desc()))
        .limit(limit)
        .select(Ticket::as_select())
        .load(conn)
}
