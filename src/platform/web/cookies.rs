//! The cookies we set, and how.
//!
//! Over TLS they carry the `__Host-` prefix: bound to this host, this path and TLS
//! (RFC 6265bis, section 4.1.3). Only the session, a sign-in that waits for its code, the mark of a
//! browser that somebody signed in with, the form token of somebody without a session, the language,
//! the theme and a message for the next page are ever kept in a cookie.

use rocket::http::{Cookie, CookieJar, SameSite};
use rocket::time::Duration;

/// Names of the cookies, without prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// The signed-in session's secret.
    Session,
    /// The secret of a sign-in that waits for its code.
    Pending,
    /// Tells that the owner of an account signed in with this browser before.
    Mark,
    /// Ties forms to a browser that has no session.
    Visitor,
    /// The language chosen.
    Language,
    /// Light, dark or as the system says.
    Theme,
    /// A message for the next page.
    Flash,
}

impl Name {
    const fn plain(self) -> &'static str {
        match self {
            Self::Session => "guichet_session",
            Self::Pending => "guichet_pending",
            Self::Mark => "guichet_mark",
            Self::Visitor => "guichet_visitor",
            Self::Language => "guichet_language",
            Self::Theme => "guichet_theme",
            Self::Flash => "guichet_flash",
        }
    }

    fn full(self, https: bool) -> String {
        if https {
            format!("__Host-{}", self.plain())
        } else {
            self.plain().to_owned()
        }
    }
}

/// The cookie's value, if it was sent.
#[must_use]
pub fn get(jar: &CookieJar<'_>, https: bool, name: Name) -> Option<String> {
    jar.get(&name.full(https))
        .map(|cookie| cookie.value().to_owned())
        .filter(|value| !value.is_empty())
}

/// A cookie that lasts `age`; none ends with the browser session.
#[must_use]
pub fn make(https: bool, name: Name, value: String, age: Option<Duration>) -> Cookie<'static> {
    let mut cookie = Cookie::build((name.full(https), value))
        .path("/")
        .http_only(true)
        .secure(https)
        // Lax, not Strict: a link in a mail must arrive signed in.
        .same_site(SameSite::Lax);
    if let Some(age) = age {
        cookie = cookie.max_age(age);
    }
    cookie.build()
}

/// A cookie that makes the browser forget.
#[must_use]
pub fn forget(https: bool, name: Name) -> Cookie<'static> {
    make(https, name, String::new(), Some(Duration::ZERO))
}
