//! What customers reach of requests: their own, in one place. Who asks for somebody else's gets the
//! answer of what is not there, and the audit is told.

use diesel::QueryResult;

use super::queries::{find_foreign, find_foreign_attachment};
use crate::accounts::{Customer, PersonId};
use crate::platform::db::{Conn, StorageError};
use crate::platform::web::Failure;

/// What an address names.
pub(super) enum Sought {
    /// A request, by its reference.
    Request(String),
    /// A file of a request, by its identifier.
    File(String),
}

impl Sought {
    /// The reference of the request, if that is somebody else's.
    fn of_others(&self, conn: &mut Conn, me: PersonId) -> QueryResult<Option<String>> {
        match self {
            Self::Request(reference) => find_foreign(conn, me, reference),
            Self::File(id) => find_foreign_attachment(conn, me, id),
        }
    }
}

/// What `find` finds within somebody's scope; otherwise there is no such thing.
///
/// Nobody can tell from the answer, nor from the time it takes, whether it is there: what `find` did
/// not find is looked for once more in either case, and nothing waits for what is noted.
///
/// # Errors
/// `NotFound`, or when the database refuses.
pub(super) async fn find_own<T: Send + 'static>(
    customer: &Customer,
    sought: Sought,
    find: impl FnOnce(&mut Conn) -> Result<Option<T>, StorageError> + Send + 'static,
) -> Result<T, Failure> {
    let (me, reads_all) = (customer.me.id, customer.me.role.is_agent());
    let found = customer.site.db.read(move |conn| {
        if let Some(found) = find(conn)? {
            return Ok::<_, StorageError>(Ok(found));
        }
        // The desk shows agents every request: they need no other way to it.
        let foreign = match reads_all {
            true => None,
            false => sought.of_others(conn, me)?,
        };
        Ok(Err(foreign))
    });
    found.await?.map_err(|foreign| {
        if let Some(reference) = foreign {
            customer.note_foreign(&reference);
        }
        Failure::NotFound
    })
}
