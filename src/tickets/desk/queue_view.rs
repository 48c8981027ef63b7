//! A list, ready to print.

use std::collections::HashMap;

use super::choices::{self, Choices};
use super::directory::Directory;
use super::due_view;
use super::labels;
use super::queue_address::{NOBODY, Place, QueueAddress, escape};
use super::reader::Reader;
use crate::platform::db::KeysetPage;
use crate::platform::i18n::{Message, integer};
use crate::platform::search::Coverage;
use crate::platform::web::position::Position;
use crate::tickets::desk_pages::{
    FilterChip, FilterSelect, PageLinks, QueueEmpty, QueueFilters, QueuePage, QueueRow,
    SelectOption, StageCell, StatusMark,
};
use crate::tickets::due::Due;
use crate::tickets::index::caveat;
use crate::tickets::model::{AuthorKind, Stage, Status, Ticket, TicketId};
use crate::tickets::queries::{Count, Owner, StageCount};

/// What was read of a list.
pub(super) struct Listed {
    pub address: QueueAddress,
    pub tickets: KeysetPage<Ticket>,
    /// What is due on each of them.
    pub dues: HashMap<TicketId, Due>,
    pub position: Position,
    pub count: Count,
    pub stages: Vec<StageCount>,
    pub choices: Choices,
    pub directory: Directory,
    /// No ticket was ever filed.
    pub first_use: bool,
    /// How much was searched for the words.
    pub coverage: Coverage,
}

pub(super) fn page(reader: &Reader, listed: &Listed) -> QueuePage {
    let address = &listed.address;
    let rows = &listed.tickets.rows;
    QueuePage {
        title: title(reader, listed),
        count: count(reader, listed.count),
        as_of: reader.calendar.time(reader.now),
        refresh_href: address.href(),
        new_href: "/desk/new".to_owned(),
        stages: listed
            .stages
            .iter()
            .map(|count| stage_cell(reader, address, *count))
            .collect(),
        filters: filters(reader, listed),
        notice: caveat(listed.coverage).map(|key| reader.say(key)),
        rows: rows
            .iter()
            .map(|ticket| row(reader, listed, ticket))
            .collect(),
        has_dues: listed
            .dues
            .values()
            .any(|due| due_view::mark(reader, due).is_some()),
        pages: pages(reader, listed),
        empty: match () {
            () if listed.first_use => QueueEmpty::FirstUse,
            () if address.is_narrowed() => QueueEmpty::NoMatch,
            () => QueueEmpty::AllDone,
        },
    }
}

/// `312`, `plus de 10 000`.
fn count(reader: &Reader, count: Count) -> String {
    let number = integer(reader.lang, count.number);
    if count.or_more {
        let text = Message::new("desk-more-than").text("count", number);
        return text.render(reader.lang);
    }
    number
}

fn title(reader: &Reader, listed: &Listed) -> String {
    match listed.address.place {
        Place::View(view) => labels::view(reader.lang, view),
        Place::Team(id) => listed
            .choices
            .team(id)
            .map(|team| team.name.clone())
            .unwrap_or_default(),
    }
}

fn pages(reader: &Reader, listed: &Listed) -> PageLinks {
    let (address, position) = (&listed.address, &listed.position);
    let most = (!listed.count.or_more).then_some(listed.count.number);
    PageLinks {
        previous: (listed.tickets.previous)
            .map(|at| address.page_href("before", at, &position.told_to_previous())),
        next: (listed.tickets.next)
            .map(|at| address.page_href("after", at, &position.told_to_next())),
        note: position.note_among(reader.lang, most, count(reader, listed.count)),
    }
}

fn stage_cell(reader: &Reader, address: &QueueAddress, count: StageCount) -> StageCell {
    let detail = match count.stage {
        Stage::Confirmed => Some(reader.say("desk-stage-lately")),
        _ if count.unassigned == 0 => None,
        _ => Some(
            Message::new("desk-stage-unassigned")
                .number("count", count.unassigned)
                .render(reader.lang),
        ),
    };
    StageCell {
        stage: count.stage.to_string(),
        label: labels::stages(reader.lang, count.stage),
        count: integer(reader.lang, count.count),
        detail,
        href: address.at_stage(count.stage).href(),
        current: address.shown_stage() == Some(count.stage),
    }
}

fn row(reader: &Reader, listed: &Listed, ticket: &Ticket) -> QueueRow {
    let (directory, address) = (&listed.directory, &listed.address);
    let due = listed.dues.get(&ticket.id);
    QueueRow {
        reference: ticket.reference.clone(),
        href: format!(
            "/desk/tickets/{}?from={}",
            ticket.reference,
            escape(&address.href())
        ),
        subject: ticket.subject.clone(),
        stage: ticket.stage().to_string(),
        stage_label: labels::stage(reader.lang, ticket.stage()),
        status_mark: status_mark(reader, ticket),
        priority: ticket.priority.to_string(),
        priority_label: labels::priority(reader.lang, ticket.priority),
        requester: directory
            .name(ticket.requester_id)
            .map_or_else(|| reader.say("label-someone"), str::to_owned),
        organisation: directory
            .organisation(ticket.organisation_id)
            .map(str::to_owned),
        team: directory.team(ticket.team_id),
        assignee: ticket.assignee_id.and_then(|id| directory.person(id)),
        due: due.and_then(|due| due_view::mark(reader, due)),
        activity: reader.calendar.ago(ticket.updated_at),
        activity_at: ticket.updated_at.rfc3339(),
        unread: ticket.open && ticket.last_author == AuthorKind::Customer,
        tags: directory.tags(ticket.id).to_vec(),
    }
}

/// What the stage alone does not tell.
fn status_mark(reader: &Reader, ticket: &Ticket) -> Option<StatusMark> {
    let (label, icon) = match ticket.status {
        Status::OnHold => (labels::status(reader.lang, Status::OnHold), "hourglass"),
        Status::Open if ticket.reopened_count > 0 => (reader.say("label-reopened"), "undo-2"),
        _ => return None,
    };
    Some(StatusMark {
        label,
        icon: icon.to_owned(),
    })
}

fn filters(reader: &Reader, listed: &Listed) -> QueueFilters {
    let address = &listed.address;
    let selects = selects(reader, listed);
    let mut chips: Vec<FilterChip> = selects
        .iter()
        .filter_map(|select| {
            let chosen = select.options.iter().find(|o| o.value == select.value)?;
            Some(chip(reader, address, &select.name, &chosen.label))
        })
        .collect();
    if let Some(stage) = address.stage {
        chips.push(chip(
            reader,
            address,
            "stage",
            &labels::stage(reader.lang, stage),
        ));
    }
    if let Some(tag) = &address.tag {
        chips.push(chip(reader, address, "tag", tag.as_str()));
    }
    if !address.words.is_empty() {
        chips.push(chip(reader, address, "q", &address.words));
    }
    QueueFilters {
        action: address.path(),
        selects,
        tag: address
            .tag
            .as_ref()
            .map_or_else(String::new, |tag| tag.as_str().to_owned()),
        known_tags: listed.choices.tags.clone(),
        q: address.words.clone(),
        sort: address.sort.to_string(),
        chips,
        clear_href: address.bare().href(),
    }
}

fn chip(reader: &Reader, address: &QueueAddress, name: &str, value: &str) -> FilterChip {
    FilterChip {
        field: labels::field(reader.lang, name),
        value: value.to_owned(),
        remove_href: address.without(name).href(),
    }
}

fn selects(reader: &Reader, listed: &Listed) -> Vec<FilterSelect> {
    let (address, choices) = (&listed.address, &listed.choices);
    let select = |name: &str, value: Option<String>, options: Vec<SelectOption>| FilterSelect {
        name: name.to_owned(),
        value: value.unwrap_or_default(),
        options,
    };
    let (owner, gone) = match address.owner {
        None => (None, None),
        Some(Owner::Nobody) => (Some(NOBODY.to_owned()), None),
        Some(Owner::Agent(id)) => (
            Some(id.to_string()),
            listed.directory.name(id).map(|name| (id, name)),
        ),
    };
    let mut agents = choices.agent_options(reader, gone);
    agents.insert(0, SelectOption::new(NOBODY, reader.say("desk-nobody")));
    vec![
        select(
            "team",
            address.team.map(|id| id.to_string()),
            choices.team_options(address.team),
        ),
        select("assignee", owner, agents),
        select(
            "status",
            address.status.map(|status| status.to_string()),
            choices::statuses(reader, |_| true),
        ),
        select(
            "priority",
            address.priority.map(|priority| priority.to_string()),
            choices::priorities(reader),
        ),
        select(
            "request_type",
            address.request_type.map(|id| id.to_string()),
            choices.type_options(reader, address.request_type),
        ),
    ]
}
