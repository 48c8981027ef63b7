//! One limiter for everything that could be tried too often.
//!
//! Each node counts for itself: several nodes allow several times as much, which still stops
//! guessing and flooding.

use std::num::NonZeroU32;
use std::sync::Arc;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// A password tried against one account from one address.
    SignIn,
    /// A password tried against any account, per network address.
    SignInFrom,
    /// A code of a second factor, per account: whoever tries one knows the password. Three codes
    /// are good at any time, so a day of trying finds one in about 700 cases.
    Code,
    /// Mail that anyone can cause: reset, sign-up, guest requests, per recipient.
    MailTo,
    /// Forms sent without an account, per network address.
    Anonymous,
    /// Searches and suggestions, per network address.
    Search,
}

impl Action {
    const ALL: [Self; 6] = [
        Self::SignIn,
        Self::SignInFrom,
        Self::Code,
        Self::MailTo,
        Self::Anonymous,
        Self::Search,
    ];

    fn quota(self) -> Quota {
        let per_hour = |n: u32| Quota::per_hour(NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN));
        let per_minute = |n: u32| Quota::per_minute(NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN));
        let per_second = |n: u32| Quota::per_second(NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN));
        match self {
            Self::SignIn => per_minute(10),
            Self::SignInFrom => per_minute(60),
            Self::Code => per_hour(20),
            Self::MailTo => per_hour(5),
            Self::Anonymous => per_hour(60),
            Self::Search => per_second(50),
        }
    }
}

/// Counts tries per action and key.
#[derive(Clone)]
pub struct Limiter {
    limiters: Arc<Vec<(Action, DefaultKeyedRateLimiter<String>)>>,
}

impl Default for Limiter {
    fn default() -> Self {
        Self::new()
    }
}

impl Limiter {
    /// A limiter that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        let limiters = Action::ALL
            .into_iter()
            .map(|action| (action, DefaultKeyedRateLimiter::keyed(action.quota())))
            .collect();
        Self {
            limiters: Arc::new(limiters),
        }
    }

    /// Counts one try.
    ///
    /// # Errors
    /// The seconds to wait, when there were too many.
    pub fn check(&self, action: Action, key: &str) -> Result<(), u64> {
        let Some((_, limiter)) = self.limiters.iter().find(|(a, _)| *a == action) else {
            return Ok(());
        };
        limiter.check_key(&key.to_owned()).map_err(|denied| {
            denied
                .wait_time_from(DefaultClock::default().now())
                .as_secs()
                + 1
        })
    }

    /// Forgets keys that have not been seen for long, to bound memory.
    pub fn sweep(&self) {
        for (_, limiter) in self.limiters.iter() {
            limiter.retain_recent();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_is_stopped_and_another_goes_on() {
        let limiter = Limiter::new();
        let tries = (0..20)
            .filter(|_| limiter.check(Action::SignIn, "ana").is_ok())
            .count();
        assert_eq!(tries, 10);
        assert!(limiter.check(Action::SignIn, "ana").is_err_and(|s| s > 0));
        assert!(limiter.check(Action::SignIn, "bo").is_ok());
    }
}
