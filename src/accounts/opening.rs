//! Opening a session, however its owner proved who they are.

use diesel::QueryResult;
use rocket::http::Status;
use serde_json::json;

use super::devices::recognise;
use super::events::{kind, note};
// Not of the whole factor, whose pages open sessions themselves.
use super::factor::commands::{Means, has_factor};
use super::model::{Person, Role};
use super::networks::coarse;
use super::passwords::Passwords;
use super::queries::find_person_by_email;
use super::sessions::{self, close_session, open_session};
use super::visitor::Visitor;
use super::{denials, marks, pending, strangers};
use crate::platform::db::{StorageError, Tx};
use crate::platform::i18n::Message;
use crate::platform::metrics::metrics;
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
    /// Gives the browser its session, and has it known from now on; the token of its life before is
    /// forgotten.
    pub(super) fn give(&self, visitor: &Visitor, reply: Reply) -> Reply {
        let https = visitor.site.settings.is_https();
        reply
            .with_cookie(cookies::make(
                https,
                Name::Session,
                self.secret.clone(),
                None,
            ))
            .with_cookie(marks::make(visitor, &self.person))
            .with_cookie(cookies::forget(https, Name::Visitor))
            .with_cookie(cookies::forget(https, Name::Pending))
    }

    /// Sends the person on to where they wanted to go, or home.
    pub(super) fn redirect(&self, visitor: &Visitor, to: Option<&LocalPath>) -> Reply {
        let target = to.map_or_else(|| home(&self.person), LocalPath::as_str);
        self.give(visitor, Reply::see_other(target))
    }
}

/// What a right password leads to.
pub(super) enum Admitted {
    /// In.
    Opened(Opened),
    /// To the question for the code; the secret of the sign-in that waits for it.
    OwesCode(String),
}

/// Where somebody begins.
pub(super) fn home(person: &Person) -> &'static str {
    match person.role {
        Role::Customer => "/requests",
        Role::Agent | Role::Manager => "/desk",
    }
}

/// How somebody proved who they are.
#[derive(Clone, Copy)]
pub(super) struct Proof {
    /// `password`, or `link` for one that was mailed.
    pub by: &'static str,
    /// What they gave besides, if they have a second factor.
    pub factor: Option<Means>,
}

/// Where a request comes from, in words that may be kept.
pub(super) fn place(visitor: &Visitor) -> sessions::Place {
    sessions::Place {
        device: recognise(&visitor.user_agent),
        network: coarse(visitor.address),
    }
}

/// Signs somebody in within a running transaction. A session that the browser had before ends: its
/// secret may be known to somebody else.
pub(super) fn open(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    person: &Person,
    proof: Proof,
) -> QueryResult<String> {
    let place = place(visitor);
    let data = json!({
        "by": proof.by,
        "factor": proof.factor.map(Means::as_str),
        "device": place.device,
        "network": place.network,
    });
    tx.actor = person.actor();
    if let Some(adopt) = visitor.site.adopt {
        adopt(tx, person.id.0, &visitor.browser_mark())?;
    }
    metrics().sign_ins.with_label_values(&["opened"]).inc();
    note(tx, person.id, kind::SIGNED_IN, data)?;
    renew(tx, visitor, person)
}

/// Gives somebody who is signed in another session, after what ended theirs.
pub(super) fn renew(tx: &mut Tx<'_>, visitor: &Visitor, person: &Person) -> QueryResult<String> {
    close_session(tx, visitor.binding.value())?;
    open_session(tx, person, place(visitor))
}

/// Whom somebody wanted to sign in as.
#[derive(Clone, Copy)]
pub(super) enum Claimed<'a> {
    /// Somebody whom we know.
    Known(&'a Person),
    /// Whoever has this address: nobody that we know.
    Stranger(&'a str),
}

/// Records that somebody was not let in, and why: `password`, `code` or `disabled`. A flood is
/// counted, and recorded no longer; whom it names makes no difference to that.
pub(super) fn deny(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    claimed: Claimed<'_>,
    reason: &'static str,
) -> QueryResult<()> {
    metrics().sign_ins.with_label_values(&[reason]).inc();
    if !denials::may_record_sign_in(visitor) {
        return Ok(());
    }
    let place = place(visitor);
    let data = json!({
        "reason": reason,
        "device": place.device,
        "network": place.network,
    });
    match claimed {
        Claimed::Known(person) => note(tx, person.id, kind::SIGN_IN_DENIED, data).map(drop),
        Claimed::Stranger(address) => strangers::record(tx, &visitor.site.key, address, data),
    }
}

/// Why somebody is not let in, and how the form comes back.
pub(super) struct NotAdmitted {
    /// What the form says.
    pub errors: FormErrors,
    /// Seconds to wait, when too many wrong passwords were tried for the address.
    wait: Option<u64>,
}

impl NotAdmitted {
    const fn of(errors: FormErrors) -> Self {
        Self { errors, wait: None }
    }

    /// Whoever guessed: the owner has to be told of the way in that guessing leaves open.
    fn guessed(seconds: u64) -> Self {
        let minutes = i64::try_from(seconds.div_ceil(60)).unwrap_or(i64::MAX);
        let told = Message::new("sign-in-guessed").number("minutes", minutes);
        Self {
            errors: FormErrors::one("password", told),
            wait: Some(seconds),
        }
    }

    /// The status of the answer.
    pub(super) const fn status(&self) -> Status {
        match self.wait {
            Some(_) => Status::TooManyRequests,
            None => Status::UnprocessableEntity,
        }
    }

    /// Has the answer say when to try again.
    pub(super) fn mark(&self, reply: Reply) -> Reply {
        match self.wait {
            Some(seconds) => reply.with_header("Retry-After", seconds.to_string()),
            None => reply,
        }
    }
}

/// Checks address and password of a form. Who has no second factor is in; the others are asked
/// for it.
///
/// Nobody can tell from the answer, nor from the time it takes, whether there is such an
/// account: every refusal is written down, be it about somebody or nobody. Tries are counted by
/// address and network, by network, and wrong ones by address alone. While that last limit holds, the
/// right password is refused, too, because a guesser's would be: its owner comes in by a mailed link, or
/// with a browser that they signed in with before, whose wrong ones are its own ([`marks`]).
pub(super) async fn authenticate(
    visitor: &Visitor,
    fields: &Fields,
) -> Result<Result<Admitted, NotAdmitted>, Failure> {
    let mut check = Check::new(fields);
    let email = check.email("email");
    let password = check.raw("password").to_owned();
    if password.is_empty() {
        check.error("password", Message::new("form-required"));
    }
    let email = match check.finish(email) {
        Ok(email) => email,
        Err(errors) => return Ok(Err(NotAdmitted::of(errors))),
    };
    let limiter = &visitor.site.limiter;
    let key = format!("{email} {}", visitor.address);
    limiter
        .check(Action::SignIn, &key)
        .and_then(|()| limiter.check(Action::SignInFrom, &visitor.address))
        .map_err(Failure::TooMany)?;
    let wrong = FormErrors::one("password", Message::new("sign-in-wrong"));
    let wrong = NotAdmitted::of(wrong);
    if password.len() > MAX_BYTES {
        return Ok(Err(wrong));
    }
    let guesser = marks::guesser(visitor, &email).await?;
    if let Err(seconds) = limiter.check_guess(&guesser) {
        return Ok(Err(NotAdmitted::guessed(seconds)));
    }
    let admitted = admit(visitor, email, &password).await;
    // Nor was it one when it could not be looked at.
    if !matches!(admitted, Ok(None)) {
        limiter.was_right(&guesser);
    }
    Ok(admitted?.ok_or(wrong))
}

async fn admit(
    visitor: &Visitor,
    email: String,
    password: &str,
) -> Result<Option<Admitted>, Failure> {
    let site = &visitor.site;
    let address = email.clone();
    let known = site
        .db
        .read(move |conn| find_person_by_email(conn, &address).map_err(StorageError::from))
        .await?;
    let active = known.clone().filter(Person::is_active);
    let kept = active.as_ref().and_then(|p| p.password_hash.as_deref());
    let matches = site.part::<Passwords>().verify(kept, password).await?;
    let asking = visitor.clone();
    let admitted = site.db.write(visitor.actor(), move |tx| {
        if let Some(person) = active.as_ref().filter(|_| matches)
            && let Some(admitted) = start(tx, &asking, person)?
        {
            return Ok::<_, StorageError>(Some(admitted));
        }
        let shut = known.as_ref().is_some_and(|p| p.disabled_at.is_some());
        let reason = if shut { "disabled" } else { "password" };
        let claimed = match &known {
            Some(person) => Claimed::Known(person),
            None => Claimed::Stranger(&email),
        };
        deny(tx, &asking, claimed, reason)?;
        Ok(None)
    });
    Ok(admitted.await?)
}

/// Goes on from a right password, unless the account was shut or its password replaced meanwhile.
fn start(tx: &mut Tx<'_>, visitor: &Visitor, person: &Person) -> QueryResult<Option<Admitted>> {
    let now = find_person_by_email(tx.conn, &person.email)?;
    let unchanged = now.filter(|now| now.is_active() && now.password_hash == person.password_hash);
    let Some(person) = unchanged else {
        return Ok(None);
    };
    if has_factor(tx.conn, person.id)? {
        let secret = pending::begin(tx, person.id)?;
        return Ok(Some(Admitted::OwesCode(secret)));
    }
    let proof = Proof {
        by: "password",
        factor: None,
    };
    let secret = open(tx, visitor, &person, proof)?;
    Ok(Some(Admitted::Opened(Opened { person, secret })))
}

impl Admitted {
    /// Sends the person on: in, or to the question for the code.
    pub(super) fn redirect(&self, visitor: &Visitor, to: Option<&LocalPath>) -> Reply {
        match self {
            Self::Opened(opened) => opened.redirect(visitor, to),
            Self::OwesCode(secret) => {
                let reply = Reply::see_other(pending::code_path(to));
                pending::give(visitor, reply, secret)
            }
        }
    }
}
