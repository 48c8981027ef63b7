//! What can be done to tickets. Each command is one verb on a transaction.

mod confirm;
mod file;
mod properties;
mod redact;
mod text;
mod write;

pub use confirm::{confirm_overdue, confirm_ticket, reopen_ticket};
pub use file::{NewTicket, file_ticket, file_with_note};
pub use properties::{Change, Changes, Collision, change_properties};
pub use redact::{Redacted, Redaction, redact, removed_text};
pub use text::MessageText;
pub use write::{NewFile, NewMessage, StatusAfter, write_message};

use diesel::result::Error as DieselError;

use super::model::Status;
use crate::platform::db::StorageError;
use crate::platform::web::Failure;

/// Why a ticket was not changed.
#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    /// A status cannot follow another.
    #[error("a ticket that is {from} cannot become {to}")]
    Transition {
        /// What it is.
        from: Status,
        /// What it was to be.
        to: Status,
    },
    /// The person is not an agent who may be given tickets.
    #[error("the assignee is not an agent")]
    NotAnAgent,
    /// Somebody else changed the ticket; what they did and what was wanted.
    #[error("somebody else changed the ticket meanwhile")]
    Collision(Box<Collision>),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<TicketError> for Failure {
    /// What a handler did not answer with a page of its own.
    fn from(error: TicketError) -> Self {
        match error {
            TicketError::Storage(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<DieselError> for TicketError {
    fn from(error: DieselError) -> Self {
        Self::Storage(error.into())
    }
}
