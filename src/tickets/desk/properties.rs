//! Setting a request's properties.

use rocket::http::Status as HttpStatus;
use rocket::post;

use super::conflict;
use super::ticket::{self, Asked, Returned};
use crate::accounts::{Agent, PersonId};
use crate::forms::{self, RequestTypeId};
use crate::platform::db::{StorageError, Tx};
use crate::platform::i18n::Message;
use crate::platform::web::form::FormErrors;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Check, Failure, Fields, FormState, Outcome, Posted, Reply};
use crate::teams::{self, TeamId};
use crate::tickets::commands::{Change, Changes, Collision, TicketError, change_properties};
use crate::tickets::events::TicketState;
use crate::tickets::model::{Priority, Status, Tag};
use crate::tickets::queries::find_for_desk;
use crate::tickets::store;

/// Characters of the line of labels, at most.
const MAX_TAGS: usize = 400;

/// What the form asks for.
#[derive(Clone, Debug)]
struct Wanted {
    /// The version of the request that the form was made from.
    version: i64,
    status: Status,
    priority: Priority,
    team: Option<TeamId>,
    assignee: Option<PersonId>,
    request_type: RequestTypeId,
    tags: Vec<Tag>,
}

/// Why nothing was changed.
pub(super) enum Refused {
    /// There is no such request.
    Gone,
    /// A field says what cannot be.
    Field(&'static str, &'static str),
    /// Somebody else changed the same.
    Collision(Box<TicketState>, Box<Collision>),
    /// The database.
    Storage(StorageError),
}

/// Sets what was changed on the form.
#[post("/desk/tickets/<reference>/properties", data = "<posted>")]
pub(super) async fn change(posted: Posted<Agent>, reference: &str) -> Outcome {
    let agent = &posted.who;
    let wanted = match read(&posted.fields) {
        Ok(wanted) => wanted,
        Err(errors) => return refuse(agent, reference, &posted.fields, &errors).await,
    };
    let key = reference.to_owned();
    let outcome = agent
        .site
        .db
        .write(agent.actor(), move |tx| apply(tx, &key, &wanted))
        .await;
    match outcome {
        Ok(()) => Ok(Reply::see_other(Asked::parse(agent.path()).href(reference))
            .with_flash(FlashKind::Ok, Message::new("desk-saved"))),
        Err(Refused::Gone) => Err(Failure::NotFound),
        Err(Refused::Field(field, key)) => {
            let errors = FormErrors::one(field, Message::new(key));
            refuse(agent, reference, &posted.fields, &errors).await
        }
        Err(Refused::Collision(seen, collision)) => conflict::page(agent, *seen, *collision).await,
        Err(Refused::Storage(error)) => Err(error.into()),
    }
}

fn read(fields: &Fields) -> Result<Wanted, FormErrors> {
    let mut check = Check::new(fields);
    let version = check.choice("version");
    let status = check.choice("status");
    let priority = check.choice("priority");
    let team = check.optional_choice("team");
    let assignee = check.optional_choice("assignee");
    let request_type = check.choice("request_type");
    let tags = Tag::parse_list(&check.optional_line("tags", MAX_TAGS));
    let wanted = match (version, status, priority, request_type) {
        (Some(version), Some(status), Some(priority), Some(request_type)) => Some(Wanted {
            version,
            status,
            priority,
            team,
            assignee,
            request_type,
            tags,
        }),
        _ => None,
    };
    check
        .finish(wanted)
        .map(|wanted| wanted.expect("what could not be read was noted as an error"))
}

fn apply(tx: &mut Tx<'_>, reference: &str, wanted: &Wanted) -> Result<(), Refused> {
    let ticket = find_for_desk(tx.conn, reference)?.ok_or(Refused::Gone)?;
    // What the form showed is in the history: it need not be sent along, nor believed.
    let seen = store::replay_until(tx.conn, ticket.id, wanted.version)?
        .ok_or(Refused::Field("version", "desk-form-stale"))?;
    check_targets(tx, &seen, wanted)?;
    let changes = changes(&seen, wanted.clone());
    match change_properties(tx, ticket.id, &changes) {
        Ok(_) => Ok(()),
        Err(TicketError::Collision(collision)) => {
            Err(Refused::Collision(Box::new(seen), collision))
        }
        Err(TicketError::NotAnAgent) => Err(Refused::Field("assignee", "form-choice")),
        Err(TicketError::Transition { .. }) => Err(Refused::Field("status", "desk-status-refused")),
        Err(TicketError::Storage(error)) => Err(Refused::Storage(error)),
    }
}

/// Whether team and kind exist, when they are new to the request.
fn check_targets(tx: &mut Tx<'_>, seen: &TicketState, wanted: &Wanted) -> Result<(), Refused> {
    use diesel::OptionalExtension;
    if let Some(team) = wanted.team
        && seen.ticket.team_id != Some(team)
        && !teams::is_in_use(tx.conn, team)?
    {
        return Err(Refused::Field("team", "form-choice"));
    }
    if seen.ticket.request_type_id != wanted.request_type
        && forms::get_request_type(tx.conn, wanted.request_type)
            .optional()?
            .is_none_or(|kind| kind.archived_at.is_some())
    {
        return Err(Refused::Field("request_type", "form-choice"));
    }
    Ok(())
}

fn changes(seen: &TicketState, wanted: Wanted) -> Changes {
    let was = &seen.ticket;
    Changes {
        status: change_of(was.status, wanted.status),
        priority: change_of(was.priority, wanted.priority),
        team: change_of(was.team_id, wanted.team),
        assignee: change_of(was.assignee_id, wanted.assignee),
        request_type: change_of(was.request_type_id, wanted.request_type),
        tags: change_of(seen.tags.clone(), wanted.tags),
    }
}

const fn change_of<T>(seen: T, wanted: T) -> Change<T> {
    Change { seen, wanted }
}

async fn refuse(agent: &Agent, reference: &str, fields: &Fields, errors: &FormErrors) -> Outcome {
    let returned = Returned {
        properties: Some(FormState::refused(fields, errors, agent.lang)),
        ..Returned::default()
    };
    ticket::page(agent, HttpStatus::UnprocessableEntity, reference, returned).await
}

impl From<diesel::result::Error> for Refused {
    fn from(error: diesel::result::Error) -> Self {
        Self::Storage(error.into())
    }
}

impl From<StorageError> for Refused {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}
