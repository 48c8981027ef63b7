//! Two agents changed the same: both versions, and the choice between them.

use diesel::QueryResult;
use rocket::http::Status as HttpStatus;

use super::SECTION;
use super::choices::Choices;
use super::directory::Directory;
use super::labels;
use super::narrate::{Teller, people_in};
use super::reader::Reader;
use super::ticket::Asked;
use super::ticket_view::tag_line;
use crate::accounts::{Agent, PersonId};
use crate::platform::db::{Conn, StorageError};
use crate::platform::web::{FormState, Outcome};
use crate::tickets::commands::{Change, Collision};
use crate::tickets::desk_pages::{ConflictRow, ConflictSide, DeskConflictPage, KeptField};
use crate::tickets::events::TicketState;
use crate::tickets::model::{Tag, TicketId};
use crate::tickets::store;

/// Shows both versions (409). `seen` is what the refused form had shown.
pub(super) async fn page(agent: &Agent, seen: TicketState, collision: Collision) -> Outcome {
    let (reader, asked) = (Reader::of(agent), Asked::parse(agent.path()));
    let view = agent
        .site
        .db
        .read(move |conn| {
            read(conn, &reader, &asked, (&seen, &collision)).map_err(StorageError::from)
        })
        .await?;
    agent.page(HttpStatus::Conflict, SECTION, &view).await
}

fn read(
    conn: &mut Conn,
    reader: &Reader,
    asked: &Asked,
    (seen, collision): (&TicketState, &Collision),
) -> QueryResult<DeskConflictPage> {
    let theirs = &collision.theirs.ticket;
    let history = store::history(conn, TicketId(theirs.id.0))?;
    let mut people = people_in(&history);
    people.extend(collision.yours.assignee.wanted);
    let directory = Directory::of(conn, std::slice::from_ref(theirs), &people)?;
    let choices = Choices::load(conn)?;
    let last = history
        .iter()
        .rfind(|(recorded, _)| recorded.seq > seen.ticket.version);
    let teller = Teller {
        reader,
        directory: &directory,
        choices: &choices,
    };
    let who = last.map_or_else(
        || reader.say("desk-system"),
        |(recorded, _)| teller.who(recorded),
    );
    let (rows, kept) = sides(&teller, collision);
    Ok(DeskConflictPage {
        reference: theirs.reference.clone(),
        href: asked.href(&theirs.reference),
        subject: theirs.subject.clone(),
        action: asked.below(&theirs.reference, "/properties"),
        who: super::directory::chip(&who),
        at: reader.moment(last.map_or(theirs.updated_at, |(recorded, _)| recorded.at)),
        form: FormState::empty().with("version", theirs.version.to_string()),
        rows,
        kept,
    })
}

/// A value as the form sends it and as an agent reads it.
type Value = (String, String);

/// One property as it was, as it is, and as it was wanted.
struct Property {
    name: &'static str,
    before: Value,
    theirs: Value,
    yours: Value,
}

/// The properties that the two leave different, and the others as they now stand.
fn sides(teller: &Teller<'_>, collision: &Collision) -> (Vec<ConflictRow>, Vec<KeptField>) {
    let (mut rows, mut kept) = (Vec::new(), Vec::new());
    for property in properties(teller, collision) {
        let touched = property.yours.0 != property.before.0;
        if touched && property.yours.0 != property.theirs.0 {
            rows.push(row(teller.reader, property));
        } else {
            kept.push(KeptField {
                name: property.name.to_owned(),
                value: property.theirs.0,
            });
        }
    }
    (rows, kept)
}

fn row(reader: &Reader, property: Property) -> ConflictRow {
    let before = property.before;
    let side = |(value, label): Value| ConflictSide {
        changed: value != before.0,
        value,
        label,
    };
    let (theirs, yours) = (side(property.theirs), side(property.yours));
    ConflictRow {
        field: property.name.to_owned(),
        label: labels::field(reader.lang, property.name),
        before: before.1,
        prefer_yours: !theirs.changed || property.name == "tags",
        theirs,
        yours,
    }
}

fn properties(teller: &Teller<'_>, collision: &Collision) -> [Property; 6] {
    let (now, yours) = (&collision.theirs.ticket, &collision.yours);
    let lang = teller.reader.lang;
    let person = |id: &Option<PersonId>| {
        let name = id.and_then(|id| teller.directory.name(id));
        (key(id.map(|id| id.0)), name.unwrap_or_default().to_owned())
    };
    [
        property("status", &now.status, &yours.status, |status| {
            (status.to_string(), labels::status(lang, *status))
        }),
        property("priority", &now.priority, &yours.priority, |priority| {
            (priority.to_string(), labels::priority(lang, *priority))
        }),
        property("team", &now.team_id, &yours.team, |id| {
            let team = id.and_then(|id| teller.choices.team(id));
            let name = team.map_or_else(String::new, |team| team.name.clone());
            (key(id.map(|id| id.0)), name)
        }),
        property("assignee", &now.assignee_id, &yours.assignee, person),
        property(
            "request_type",
            &now.request_type_id,
            &yours.request_type,
            |id| {
                let kind = teller.choices.request_type(*id);
                let name = kind.map_or_else(String::new, |kind| kind.name(lang).to_owned());
                (id.to_string(), name)
            },
        ),
        tags(&collision.theirs.tags, &yours.tags),
    ]
}

fn property<T>(
    name: &'static str,
    now: &T,
    change: &Change<T>,
    value: impl Fn(&T) -> Value,
) -> Property {
    Property {
        name,
        before: value(&change.seen),
        theirs: value(now),
        yours: value(&change.wanted),
    }
}

/// Labels that the other side added or took away are added and taken away here, too.
fn tags(now: &[Tag], change: &Change<Vec<Tag>>) -> Property {
    let mut merged: Vec<Tag> = now
        .iter()
        .filter(|tag| change.wanted.contains(tag) || !change.seen.contains(tag))
        .cloned()
        .collect();
    let added = |tag: &&Tag| !change.seen.contains(tag) && !now.contains(tag);
    merged.extend(change.wanted.iter().filter(added).cloned());
    merged.sort();
    let value = |tags: &[Tag]| (tag_line(tags), tag_line(tags));
    Property {
        name: "tags",
        before: value(&change.seen),
        theirs: value(now),
        yours: value(&merged),
    }
}

fn key(id: Option<i64>) -> String {
    id.map_or_else(String::new, |id| id.to_string())
}
