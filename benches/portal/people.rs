//! People who are signed in from the beginning: what one may do in a short time is limited, so it
//! takes many.

use guichet::accounts::sessions::open_session;
use guichet::accounts::{Role, find_or_create_requester, list_active_agents};
use guichet::platform::clock::Clock;
use guichet::platform::db::{Actor, Database, DatabaseUrl, StorageError, Tx};
use guichet::platform::events::History;
use guichet::platform::i18n::Lang;

use super::Outcome;
use super::world::World;

const CUSTOMERS: usize = 700;

/// The secrets of their sessions, one for each person.
#[derive(Default)]
pub struct People {
    pub customers: Vec<String>,
    pub agents: Vec<String>,
}

impl People {
    /// Signs them in. Nobody may serve meanwhile.
    pub fn of(world: &World) -> Outcome<Self> {
        let url = DatabaseUrl::Sqlite(world.data().join("guichet.db"));
        let db = Database::open(&url, Clock::System, History::default())?;
        Ok(db.write_blocking(Actor::System, |tx| {
            Ok::<_, StorageError>(Self {
                customers: customers(tx)?,
                agents: agents(tx)?,
            })
        })?)
    }
}

fn customers(tx: &mut Tx<'_>) -> Result<Vec<String>, StorageError> {
    let sign_in = |number| {
        let (address, name) = (
            format!("client-{number}@mesure.example"),
            format!("Client {number}"),
        );
        let person = find_or_create_requester(tx, &address, &name, Lang::Fr)?;
        open_session(tx, &person, "bench").map_err(StorageError::from)
    };
    (0..CUSTOMERS).map(sign_in).collect()
}

/// The company's own. A manager may owe a second factor.
fn agents(tx: &mut Tx<'_>) -> Result<Vec<String>, StorageError> {
    let people = list_active_agents(tx.conn)?;
    people
        .iter()
        .filter(|person| person.role == Role::Agent)
        .map(|person| open_session(tx, person, "bench").map_err(StorageError::from))
        .collect()
}
