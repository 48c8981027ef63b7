//! Opening a session, however its owner proved who they are.

use diesel::QueryResult;

use super::model::{Person, Role};
use super::passwords::Passwords;
use super::queries::find_person_by_email;
use super::sessions::{close_session, open_session};
use super::visitor::Visitor;
use crate::platform::db::{StorageError, Tx};
use crate::platform::i18n::Message;
use crate::platform::web::cookies::{self, Name};
use crate::platform::web::form::{Fields, FormErrors};
use crate::platform::web::limits::Action;
use crate::platform::web::{Check, Failure, LocalPath, Reply};

/// Longest password read from a form, in bytes: more is not even hashed.
const MAX_BYTES: usize = 1_024;

/// A session that was opened just now.
pub(super) struct Opened {
    /// Whose it is.
    pub person: Person,
    /// What goes into the cookie.
    pub secret: String,
}

impl Opened {
    /// Gives the browser its session; the token of its life before is forgotten.
    pub(super) fn give(&self, visitor: &Visitor, reply: Reply) -> Reply {
        let https = visitor.site.settings.is_https();
        reply
            .with_cookie(cookies::make(
                https,
                Name::Session,
                self.secret.clone(),
                None,
            ))
            .with_cookie(cookies::forget(https, Name::Visitor))
    }

    /// Sends the person on to where they wanted to go, or home.
    pub(super) fn redirect(&self, visitor: &Visitor, to: Option<&LocalPath>) -> Reply {
        let target = to.map_or_else(|| home(&self.person), LocalPath::as_str);
        self.give(visitor, Reply::see_other(target))
    }
}

/// Where somebody begins.
pub(super) fn home(person: &Person) -> &'static str {
    match person.role {
        Role::Customer => "/requests",
        Role::Agent | Role::Manager => "/desk",
    }
}

/// Opens a session in a running transaction. One that the browser had before ends: its secret
/// may be known to somebody else.
pub(super) fn open(tx: &mut Tx<'_>, visitor: &Visitor, person: &Person) -> QueryResult<String> {
    close_session(tx, visitor.binding.value())?;
    open_session(tx, person, &visitor.user_agent)
}

/// Checks address and password of a form, and opens a session.
///
/// Nobody can tell from the answer, nor from the time it takes, whether there is such an
/// account.
pub(super) async fn authenticate(
    visitor: &Visitor,
    fields: &Fields,
) -> Result<Result<Opened, FormErrors>, Failure> {
    let mut check = Check::new(fields);
    let email = check.email("email");
    let password = check.raw("password").to_owned();
    if password.is_empty() {
        check.error("password", Message::new("form-required"));
    }
    let email = match check.finish(email) {
        Ok(email) => email,
        Err(errors) => return Ok(Err(errors)),
    };
    let site = &visitor.site;
    let key = format!("{email} {}", visitor.address);
    site.limiter
        .check(Action::SignIn, &key)
        .map_err(Failure::TooMany)?;
    let wrong = FormErrors::one("password", Message::new("sign-in-wrong"));
    if password.len() > MAX_BYTES {
        return Ok(Err(wrong));
    }
    let person = site
        .db
        .read(move |conn| find_person_by_email(conn, &email).map_err(StorageError::from))
        .await?
        .filter(Person::is_active);
    let kept = person.as_ref().and_then(|p| p.password_hash.as_deref());
    let passwords: &Passwords = site.part();
    let matches = passwords.verify(kept, &password).await?;
    match person.filter(|_| matches) {
        Some(person) => start(visitor, person).await.map(|o| o.ok_or(wrong)),
        None => Ok(Err(wrong)),
    }
}

/// Opens a session, unless the account was shut or its password replaced meanwhile.
async fn start(visitor: &Visitor, person: Person) -> Result<Option<Opened>, Failure> {
    let (asking, actor) = (visitor.clone(), person.actor());
    let opened = visitor.site.db.write(actor, move |tx| {
        let now = find_person_by_email(tx.conn, &person.email)?;
        let unchanged =
            now.filter(|now| now.is_active() && now.password_hash == person.password_hash);
        let Some(person) = unchanged else {
            return Ok::<_, StorageError>(None);
        };
        let secret = open(tx, &asking, &person)?;
        Ok(Some(Opened { person, secret }))
    });
    Ok(opened.await?)
}
