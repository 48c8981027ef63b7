//! A company that does not exist, to see the program at work: Orvelle, a telephone company for
//! businesses, with its customers, agents, articles and ninety days of requests.
//!
//! Invariants:
//! * everything is done by the program's own commands, at the time and in the name of whoever
//!   does it, so every history is a true one;
//! * the same plan makes the same world: nothing but passwords and keys is left to chance;
//! * nobody is written to: what is brought in is no news.
//!
//! It has no tables of its own.

mod arrivals;
mod files;
mod founding;
mod home;
mod office;
mod people;
mod plan;
mod plot;
mod prng;
mod scenarios;
mod scripted;
mod service;
mod story;
mod teller;
mod timeline;
mod words;
mod world;

pub use home::{Found, Home};
pub use plan::Plan;
pub use story::CONFIRM_AFTER;

use serde::{Deserialize, Serialize};

use crate::accounts::queries::count_active_managers;
use crate::accounts::{AccountError, Role, passwords};
use crate::forms::RequestTypeError;
use crate::knowledge;
use crate::organisations::OrganisationError;
use crate::platform::db::StorageError;
use crate::platform::random;
use crate::platform::web::Site;
use crate::teams::TeamError;
use crate::tickets::commands::TicketError;

use people::{COMPANY, agent_email};

/// Why the world was not made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Somebody works with this database already.
    #[error("the database is in use: a demonstration needs an empty one")]
    Occupied,
    /// A story goes where none can.
    #[error("the demonstration's data are at fault: {0}")]
    Story(&'static str),
    /// An account was refused.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// A team was refused.
    #[error(transparent)]
    Team(#[from] TeamError),
    /// A company was refused.
    #[error(transparent)]
    Organisation(#[from] OrganisationError),
    /// A kind of request was refused.
    #[error(transparent)]
    RequestType(#[from] RequestTypeError),
    /// A step on a ticket was refused.
    #[error(transparent)]
    Ticket(#[from] TicketError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The disk.
    #[error(transparent)]
    Disk(#[from] std::io::Error),
}

impl From<diesel::result::Error> for DemoError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Storage(error.into())
    }
}

/// How somebody of the demonstration signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Password; everybody with the same role has the same.
    pub password: String,
}

/// One sign-in per role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIns {
    /// A customer with requests at every stage.
    pub customer: SignIn,
    /// An agent with work.
    pub agent: SignIn,
    /// A manager, who is an agent as well.
    pub manager: SignIn,
}

impl SignIns {
    /// Three people with new passwords.
    #[must_use]
    pub fn draw() -> Self {
        let customer = COMPANY.customers().next();
        let agent = |role: Role| {
            let found = COMPANY.agents.iter().find(|agent| agent.role == role);
            found.map(|agent| (agent.name.clone(), agent_email(agent)))
        };
        Self {
            customer: sign_in(
                customer.map(|at| (COMPANY.name_of(at).to_owned(), COMPANY.email_of(at))),
            ),
            agent: sign_in(agent(Role::Agent)),
            manager: sign_in(agent(Role::Manager)),
        }
    }
}

fn sign_in(person: Option<(String, String)>) -> SignIn {
    let (name, email) = person.expect("the company has people of every role");
    SignIn {
        name,
        email,
        password: password(),
    }
}

/// Sixty random bits in letters and digits that are easily told apart, in groups of four.
fn password() -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567890";
    let letters = random::bytes::<12>().map(|byte| char::from(ALPHABET[usize::from(byte & 31)]));
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|four| four.iter().collect())
        .collect();
    groups.join("-")
}

/// The passwords as they are kept, by role.
#[derive(Clone)]
struct Hashes {
    customer: String,
    agent: String,
    manager: String,
}

impl Hashes {
    fn of(&self, role: Role) -> &str {
        match role {
            Role::Customer => &self.customer,
            Role::Agent => &self.agent,
            Role::Manager => &self.manager,
        }
    }
}

/// Fills an empty program with the world of a plan.
///
/// # Errors
/// [`DemoError::Occupied`] when somebody works with the database; otherwise see [`DemoError`].
pub fn fill(site: &Site, plan: &Plan, sign_ins: &SignIns) -> Result<(), DemoError> {
    let managers = site
        .db
        .read_blocking(|conn| count_active_managers(conn).map_err(StorageError::from))?;
    if managers > 0 {
        return Err(DemoError::Occupied);
    }
    let hashes = Hashes {
        customer: passwords::hash(&sign_ins.customer.password),
        agent: passwords::hash(&sign_ins.agent.password),
        manager: passwords::hash(&sign_ins.manager.password),
    };
    // First, because some of the requests' senders have read the articles.
    knowledge::job::follow_folder(site)?;
    world::make(site, plan, &hashes)
}
