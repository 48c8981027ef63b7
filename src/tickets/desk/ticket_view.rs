//! A request, ready to print.

use super::choices::{self, Choices};
use super::directory::{Directory, chip};
use super::due_view;
use super::labels;
use super::narrate::Teller;
use super::queue_address::escape;
use super::reader::Reader;
use super::thread_view::{self, Shown};
use super::ticket::{Asked, Returned};
use crate::accounts::{Person, PersonId};
use crate::platform::company::Company;
use crate::platform::events::Recorded;
use crate::platform::i18n::{Message as Text, file_size};
use crate::platform::web::FormState;
use crate::platform::web::shell::Reading;
use crate::platform::web::widgets::{SelectOption, TextLink};
use crate::tickets::desk_pages::{
    ArticleRead, Composer, DeskTicketPage, OtherRequest, Properties, RequesterPanel, TicketDetails,
    UploadLimits,
};
use crate::tickets::drafting::DraftView;
use crate::tickets::due::Due;
use crate::tickets::events::TicketEvent;
use crate::tickets::model::{Channel, Status, Tag, Ticket, Visibility};
use crate::tickets::queries::{Attachment, Envelope, Texts};

/// What was read of a request.
pub(super) struct Read {
    pub ticket: Ticket,
    pub due: Due,
    pub tags: Vec<Tag>,
    pub messages: Vec<Envelope>,
    pub attachments: Vec<Attachment>,
    pub history: Vec<(Recorded, TicketEvent)>,
    pub others: Vec<Ticket>,
    pub more_others: bool,
    /// What they read before filing.
    pub readings: Vec<Reading>,
    /// References of the requests before and after in the list.
    pub neighbours: [Option<String>; 2],
    pub directory: Directory,
    pub choices: Choices,
    pub limits: UploadLimits,
    pub asked: Asked,
    pub returned: Returned,
    /// What the reader has typed and not sent.
    pub draft: DraftView,
}

impl Read {
    /// Who asks. The key is a foreign one, so they are there.
    pub fn requester(&self) -> Option<&Person> {
        self.directory.account(self.ticket.requester_id)
    }

    pub fn requester_name(&self, reader: &Reader) -> String {
        author_name(reader, &self.directory, Some(self.ticket.requester_id))
    }

    pub fn teller<'a>(&'a self, reader: &'a Reader) -> Teller<'a> {
        Teller {
            reader,
            directory: &self.directory,
            choices: &self.choices,
        }
    }
}

pub(super) fn page(
    reader: &Reader,
    read: &Read,
    shown: Shown<'_>,
    texts: &Texts,
) -> DeskTicketPage {
    let (ticket, asked) = (&read.ticket, &read.asked);
    let [previous, next] = &read.neighbours;
    let href = |reference: &String| asked.href(reference);
    DeskTicketPage {
        reference: ticket.reference.clone(),
        href: format!("/desk/tickets/{}", ticket.reference),
        subject: ticket.subject.clone(),
        stage: ticket.stage().to_string(),
        stage_label: labels::stage(reader.lang, ticket.stage()),
        back: back(reader, read),
        previous: previous.as_ref().map(href),
        next: next.as_ref().map(href),
        filed: reader.moment(ticket.created_at),
        due: due_view::panel(reader, ticket, &read.due),
        clock_href: format!("/desk/tickets/{}/clock", ticket.reference),
        properties: properties(reader, read),
        details: TicketDetails {
            channel: labels::channel(reader.lang, ticket.channel),
            language: ticket.language.endonym().to_owned(),
            created: reader.moment(ticket.created_at),
            first_response: ticket.responded_at.map(|at| reader.moment(at)),
        },
        thread: thread_view::thread(reader, read, shown, texts),
        composer: composer(reader, read),
        requester: requester(reader, read),
        others: read
            .others
            .iter()
            .map(|other| OtherRequest {
                subject: other.subject.clone(),
                href: format!("/desk/tickets/{}", other.reference),
                stage: other.stage().to_string(),
                stage_label: labels::stage(reader.lang, other.stage()),
                when: reader.calendar.ago(other.updated_at),
            })
            .collect(),
        others_link: read
            .requester()
            .filter(|_| read.more_others)
            .map(|person| TextLink {
                href: format!("/desk/search?q={}", escape(&person.email)),
                label: reader.say("desk-others-all"),
            }),
        articles: read
            .readings
            .iter()
            .map(|article| ArticleRead {
                title: article.title.clone(),
                href: article.href.clone(),
                when: reader.calendar.ago(article.opened_at),
            })
            .collect(),
        history_href: format!("/desk/tickets/{}/history", ticket.reference),
    }
}

fn back(reader: &Reader, read: &Read) -> TextLink {
    use super::queue_address::Place;
    let label = match read.asked.from.as_ref().map(|list| list.place) {
        Some(Place::View(view)) => labels::view(reader.lang, view),
        Some(Place::Team(id)) => read
            .choices
            .team(id)
            .map_or_else(|| reader.say("desk-back"), |team| team.name.clone()),
        None => reader.say("desk-back"),
    };
    let href = (read.asked.from.as_ref()).map_or_else(|| "/desk".to_owned(), |list| list.href());
    TextLink { href, label }
}

fn properties(reader: &Reader, read: &Read) -> Properties {
    let (ticket, choices) = (&read.ticket, &read.choices);
    let assignee = ticket
        .assignee_id
        .and_then(|id| Some((id, read.directory.name(id)?)));
    Properties {
        action: read.asked.below(&ticket.reference, "/properties"),
        form: match &read.returned.properties {
            None => properties_form(ticket, &read.tags),
            // A form made from no version that ever was starts again from the present one.
            Some(form) if form.errors.contains_key("version") => {
                form.clone().with("version", ticket.version.to_string())
            }
            Some(form) => form.clone(),
        },
        statuses: choices::statuses(reader, |status| status.agent_may_set(ticket.status)),
        priorities: choices::priorities(reader),
        teams: choices.team_options(ticket.team_id),
        assignees: choices.agent_options(reader, assignee),
        request_types: choices.type_options(reader, Some(ticket.request_type_id)),
        known_tags: choices.tags.clone(),
    }
}

fn properties_form(ticket: &Ticket, tags: &[Tag]) -> FormState {
    let key = |id: Option<i64>| id.map_or_else(String::new, |id| id.to_string());
    FormState::empty()
        .with("version", ticket.version.to_string())
        .with("status", ticket.status.as_str())
        .with("priority", ticket.priority.as_str())
        .with("team", key(ticket.team_id.map(|id| id.0)))
        .with("assignee", key(ticket.assignee_id.map(|id| id.0)))
        .with("request_type", ticket.request_type_id.to_string())
        .with("tags", tag_line(tags))
}

/// Labels as the form shows them.
pub(super) fn tag_line(tags: &[Tag]) -> String {
    tags.iter().map(Tag::as_str).collect::<Vec<_>>().join(", ")
}

fn composer(reader: &Reader, read: &Read) -> Composer {
    let ticket = &read.ticket;
    let present = ticket.version.to_string();
    let form = match &read.returned.composer {
        None => FormState::empty().with("version", present),
        // The new messages are marked on this page: it counts as read.
        Some(form) if read.returned.written_on.is_some() => form.clone().with("version", present),
        Some(form) => form.clone(),
    };
    Composer {
        action: read.asked.below(&ticket.reference, "/messages"),
        form,
        to: read.requester_name(reader),
        statuses: statuses_after(reader, ticket.status),
        limits: read.limits.clone(),
        can_reply: (read.requester()).is_some_and(|person| person.disabled_at.is_none()),
        collision: thread_view::collision(reader, read),
        draft: read.draft.clone(),
    }
}

/// What the status can be after a reply: first what becomes of it when nothing is chosen. A note
/// leaves it alone and does not offer a choice.
fn statuses_after(reader: &Reader, present: Status) -> Vec<SelectOption> {
    let effect = |status: Status| {
        let key = if status == present {
            "desk-status-keep"
        } else {
            "desk-status-set"
        };
        Text::new(key)
            .text("status", labels::status(reader.lang, status))
            .render(reader.lang)
    };
    let by_itself = present.after_agent_message(Visibility::Public);
    let others = Status::ALL
        .iter()
        .filter(|&&status| status != by_itself && status != present)
        .filter(|status| status.agent_may_set(present))
        .map(|&status| SelectOption::new(status.as_str(), effect(status)));
    std::iter::once(SelectOption::new("keep", effect(by_itself)))
        .chain(others)
        .collect()
}

fn requester(reader: &Reader, read: &Read) -> RequesterPanel {
    let person = read.requester();
    let chip = chip(&read.requester_name(reader));
    let known = person.map_or(read.ticket.created_at, |person| person.created_at);
    let since = reader.calendar.full_date(reader.calendar.date_of(known));
    RequesterPanel {
        name: chip.name,
        initials: chip.initials,
        hue: chip.hue,
        email: person.map_or_else(String::new, |person| person.email.clone()),
        phone: None,
        language: (person.map_or(read.ticket.language, |person| person.language))
            .endonym()
            .to_owned(),
        organisation: read
            .directory
            .organisation(read.ticket.organisation_id)
            .map(str::to_owned),
        since: Text::new("desk-customer-since")
            .text("date", since)
            .render(reader.lang),
        has_account: person.is_some_and(Person::is_active),
        unproven: is_unproven(read),
        end_links_action: person
            .filter(|person| person.password_hash.is_none())
            .map(|_| format!("/desk/tickets/{}/links/end", read.ticket.reference)),
    }
}

/// Whether nothing proves so far that the request is its requester's: it came without signing in,
/// and they have done nothing on it since.
fn is_unproven(read: &Read) -> bool {
    let requester = Some(read.ticket.requester_id.0);
    let theirs = |(recorded, _): &(Recorded, TicketEvent)| recorded.actor.person() == requester;
    read.ticket.channel == Channel::WebGuest && !read.history.iter().any(theirs)
}

/// What may be attached to one message.
pub(super) fn limits(reader: &Reader, company: &Company) -> UploadLimits {
    UploadLimits {
        max_files: i64::try_from(company.max_files).unwrap_or(i64::MAX),
        max_file_bytes: i64::try_from(company.max_file_bytes).unwrap_or(i64::MAX),
        max_file_label: file_size(reader.lang, company.max_file_bytes),
    }
}

/// The name of somebody who wrote, known or not any more.
pub(super) fn author_name(reader: &Reader, directory: &Directory, id: Option<PersonId>) -> String {
    id.and_then(|id| directory.name(id))
        .map_or_else(|| reader.say("label-someone"), str::to_owned)
}
