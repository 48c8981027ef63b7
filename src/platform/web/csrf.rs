//! Proof that a form was sent from a page of ours.
//!
//! Two walls: the browser's own word about where the request comes from (`Sec-Fetch-Site`, or
//! `Origin`), and a token in the form that only a page made for this session can contain. The
//! token differs in each page, so that compression cannot leak it (BREACH).

use rocket::Request;
use subtle::ConstantTimeEq;

use super::cookies::{self, Name};
use super::site::Site;
use crate::platform::host::is_this_machine;
use crate::platform::random;
use crate::platform::secret::SecretKey;

const PURPOSE: &str = "form";

/// What a visitor's forms are tied to: the session, or a random cookie for those without one.
#[derive(Clone, Debug)]
pub struct Binding {
    value: String,
    /// The cookie is not there yet and has to be set with the page.
    pub fresh: bool,
}

impl Binding {
    /// Reads the cookies of a request.
    #[must_use]
    pub fn of(request: &Request<'_>, https: bool) -> Self {
        let jar = request.cookies();
        let sent = cookies::get(jar, https, Name::Session)
            .or_else(|| cookies::get(jar, https, Name::Visitor));
        match sent {
            Some(value) => Self {
                value,
                fresh: false,
            },
            None => Self {
                value: random::token(),
                fresh: true,
            },
        }
    }

    /// The binding of a session that was just opened.
    #[must_use]
    pub fn session(secret: &str) -> Self {
        Self {
            value: secret.to_owned(),
            fresh: false,
        }
    }

    /// The random value to keep in the visitor cookie.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// A token for one page.
    #[must_use]
    pub fn token(&self, key: &SecretKey) -> String {
        let nonce = random::token();
        let proof = key.sign(PURPOSE, &[&nonce, &self.value]);
        format!("{nonce}.{proof}")
    }

    /// Whether a token was made for this binding.
    #[must_use]
    pub fn accepts(&self, key: &SecretKey, token: &str) -> bool {
        let Some((nonce, proof)) = token.split_once('.') else {
            return false;
        };
        let expected = key.sign(PURPOSE, &[nonce, &self.value]);
        !self.fresh && expected.as_bytes().ct_eq(proof.as_bytes()).into()
    }
}

/// Whether the browser says that the request comes from our own pages: those at the public address,
/// or on this machine. What it says of the host it asked counts for nothing else, because a name of
/// somebody else's can be made to lead here (DNS rebinding).
#[must_use]
pub fn same_origin(request: &Request<'_>, site: &Site) -> bool {
    let headers = request.headers();
    if let Some(fetch_site) = headers.get_one("Sec-Fetch-Site") {
        return matches!(fetch_site, "same-origin" | "none");
    }
    match headers.get_one("Origin") {
        Some(origin) => {
            let host = request.host().map(ToString::to_string);
            let host = host.filter(|host| !site.settings.is_https() && is_this_machine(host));
            origin == site.settings.public_url
                || host.is_some_and(|host| format!("http://{host}") == origin)
        }
        // Old browsers and programs send neither; the token decides.
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_own_session_only() {
        let key = SecretKey::ephemeral();
        let (mine, yours) = (Binding::session("mine"), Binding::session("yours"));
        let token = mine.token(&key);
        assert!(mine.accepts(&key, &token));
        assert_ne!(token, mine.token(&key), "each page has its own");
        assert!(!yours.accepts(&key, &token));
        assert!(!mine.accepts(&SecretKey::ephemeral(), &token));
        assert!(!mine.accepts(&key, ""));
        assert!(!mine.accepts(&key, "."));
    }
}
