//! Marks of browsers: who signed in with one before is not kept out of it by strangers who guess at
//! their account ("device cookies", OWASP).
//!
//! A mark opens nothing. It gives its browser wrong passwords of its own, twenty an hour, beside the
//! hundred of everybody else. It is signed for one account and its password, so that a new password
//! ends it, and so does ending the account's other sessions. It says nothing of its owner.

use chrono::Duration;
use diesel::dsl::exists;
use diesel::prelude::*;
use rocket::http::Cookie;
use subtle::ConstantTimeEq;

use super::events::{STREAM, kind};
use super::model::Person;
use super::queries::find_person_by_email;
use super::visitor::Visitor;
use crate::platform::db::{StorageError, Timestamp};
use crate::platform::random;
use crate::platform::secret::SecretKey;
use crate::platform::web::Failure;
use crate::platform::web::cookies::{self, Name};
use crate::platform::web::guesses::Guesser;
use crate::schema::events;

const PURPOSE: &str = "browser of an account";

/// How long a browser is known after its owner signed in.
const LIFETIME: Duration = Duration::days(180);

/// What a browser brings: which one it is, since when it is known, and the proof of that.
struct Mark<'a> {
    browser: &'a str,
    since: &'a str,
    proof: &'a str,
}

impl<'a> Mark<'a> {
    fn parse(value: &'a str) -> Option<Self> {
        let (browser, rest) = value.split_once('.')?;
        let (since, proof) = rest.split_once('.')?;
        Some(Self {
            browser,
            since,
            proof,
        })
    }

    fn since(&self) -> Option<Timestamp> {
        self.since.parse().ok().map(Timestamp::from_micros)
    }
}

/// Signs for one browser. Nobody at all has an empty password, which proves nothing.
fn prove(key: &SecretKey, person: Option<&Person>, browser: &str, since: &str) -> String {
    let id = person.map_or(0, |person| person.id.0).to_string();
    let password = person.and_then(|person| person.password_hash.as_deref());
    let parts = [id.as_str(), password.unwrap_or_default(), browser, since];
    key.sign(PURPOSE, &parts)
}

/// The cookie for the browser in which somebody has just signed in.
pub(super) fn make(visitor: &Visitor, person: &Person) -> Cookie<'static> {
    let site = &visitor.site;
    let (browser, since) = (random::public_id(), site.db.now().micros().to_string());
    let proof = prove(&site.key, Some(person), &browser, &since);
    let value = format!("{browser}.{since}.{proof}");
    let age = rocket::time::Duration::seconds(LIFETIME.num_seconds());
    cookies::make(site.settings.is_https(), Name::Mark, value, Some(age))
}

/// As whom somebody tries a password for an address. Whether anybody has it makes no difference to
/// who brings no mark of theirs, nor to the work.
pub(super) async fn guesser(visitor: &Visitor, email: &str) -> Result<Guesser, Failure> {
    let account = email.to_owned();
    let known = match visitor.mark.as_deref().and_then(Mark::parse) {
        Some(mark) if is_theirs(visitor, &mark, email).await? => Some(mark.browser.to_owned()),
        _ => None,
    };
    Ok(match known {
        Some(browser) => Guesser::Known { account, browser },
        None => Guesser::Anybody { account },
    })
}

async fn is_theirs(visitor: &Visitor, mark: &Mark<'_>, email: &str) -> Result<bool, Failure> {
    let Some(since) = mark.since() else {
        return Ok(false);
    };
    let (site, email) = (&visitor.site, email.to_owned());
    let found = site.db.read(move |conn| {
        let person = find_person_by_email(conn, &email)?.filter(Person::is_active);
        let ended = events::table
            .filter(events::audit.is_not_null())
            .filter(events::stream.eq(STREAM))
            .filter(events::stream_id.eq(person.as_ref().map_or(0, |person| person.id.0)))
            .filter(events::kind.eq(kind::SESSIONS_ENDED))
            .filter(events::at.gt(since));
        let ended: bool = diesel::select(exists(ended)).get_result(conn)?;
        Ok::<_, StorageError>((person, ended))
    });
    let (person, ended) = found.await?;
    let expected = prove(&site.key, person.as_ref(), mark.browser, mark.since);
    let proven = expected.as_bytes().ct_eq(mark.proof.as_bytes()).into();
    let lasts = since + LIFETIME > visitor.now;
    Ok(proven && person.is_some() && lasts && !ended)
}
