//! People who are signed in from the beginning: what one may do in a short time is limited, so it
//! takes many.

use guichet::accounts::sessions::open_session;
use guichet::accounts::{AccountError, NewPerson, Role, find_or_create_requester, invite};
use guichet::platform::clock::Clock;
use guichet::platform::db::{Actor, Database, DatabaseUrl, Tx};
use guichet::platform::events::History;
use guichet::platform::i18n::Lang;

use super::Outcome;
use super::world::World;

const CUSTOMERS: usize = 700;
const AGENTS: usize = 60;

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
            Ok::<_, AccountError>(Self {
                customers: customers(tx)?,
                agents: agents(tx)?,
            })
        })?)
    }
}

fn customers(tx: &mut Tx<'_>) -> Result<Vec<String>, AccountError> {
    let sign_in = |number| {
        let (address, name) = (
            format!("client-{number}@mesure.example"),
            format!("Client {number}"),
        );
        let person = find_or_create_requester(tx, &address, &name, Lang::Fr)?;
        Ok(open_session(tx, &person, "bench")?)
    };
    (0..CUSTOMERS).map(sign_in).collect()
}

/// New ones: a manager may owe a second factor, and the demonstration has too few.
fn agents(tx: &mut Tx<'_>) -> Result<Vec<String>, AccountError> {
    let sign_in = |number| {
        let person = invite(
            tx,
            &NewPerson {
                email: format!("agent-{number}@mesure.example"),
                name: format!("Agent {number}"),
                role: Role::Agent,
                language: Lang::Fr,
                time_zone: String::new(),
            },
        )?;
        Ok(open_session(tx, &person, "bench")?)
    };
    (0..AGENTS).map(sign_in).collect()
}
