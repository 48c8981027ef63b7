//! One limiter for everything that could be tried too often.
//!
//! Each node counts for itself: several nodes allow several times as much, which still stops
//! guessing and flooding.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Instant;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, NotUntil, Quota};
use quick_cache::sync::Cache;

use super::guesses::{Guesser, Guesses};
use crate::platform::failpoint;
use crate::platform::metrics::metrics;
use crate::platform::subscriber::Subscriber;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// A password tried against one account from one address.
    SignIn,
    /// A password tried against any account, per subscriber.
    SignInFrom,
    /// A code of a second factor, per account: whoever tries one knows the password. Three codes
    /// are good at any time, so a day of trying finds one in about 700 cases.
    Code,
    /// Mail that anyone can cause: reset, sign-up, guest requests, per recipient.
    MailTo,
    /// Forms sent without an account that make us write or keep something, per subscriber.
    Anonymous,
    /// Searches and suggestions, per subscriber or person.
    Search,
    /// Whatever form somebody sends who is not signed in, per subscriber.
    GuestForm,
    /// Whatever form somebody sends who is signed in, per person.
    PersonForm,
    /// What a customer writes on requests, per person.
    Message,
    /// What an agent writes on requests, per person.
    DeskMessage,
    /// Files that come with messages, per person or subscriber.
    File,
    /// Drafts that are begun without an account, per subscriber.
    GuestDraft,
    /// Secrets of links that are tried, per subscriber.
    Link,
    /// Denials that are recorded, per person and kind.
    Denial,
    /// Denials that are recorded of everybody together, and refused sign-ins.
    AllDenials,
}

impl Action {
    const ALL: [Self; 15] = [
        Self::SignIn,
        Self::SignInFrom,
        Self::Code,
        Self::MailTo,
        Self::Anonymous,
        Self::Search,
        Self::GuestForm,
        Self::PersonForm,
        Self::Message,
        Self::DeskMessage,
        Self::File,
        Self::GuestDraft,
        Self::Link,
        Self::Denial,
        Self::AllDenials,
    ];

    /// The word for it in metrics.
    const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SignInFrom => "sign_in_from",
            Self::Code => "code",
            Self::MailTo => "mail_to",
            Self::Anonymous => "anonymous",
            Self::Search => "search",
            Self::GuestForm => "guest_form",
            Self::PersonForm => "person_form",
            Self::Message => "message",
            Self::DeskMessage => "desk_message",
            Self::File => "file",
            Self::GuestDraft => "guest_draft",
            Self::Link => "link",
            Self::Denial => "denial",
            Self::AllDenials => "all_denials",
        }
    }

    fn quota(self) -> Quota {
        let number = |n: u32| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        let per_hour = |n: u32| Quota::per_hour(number(n));
        match self {
            Self::SignIn => Quota::per_minute(number(10)),
            Self::SignInFrom => Quota::per_minute(number(60)),
            Self::Code => per_hour(20),
            Self::MailTo => per_hour(5),
            Self::Anonymous | Self::File | Self::GuestDraft => per_hour(60),
            Self::Search => Quota::per_second(number(50)),
            Self::GuestForm => Quota::per_second(number(1)).allow_burst(number(100)),
            Self::PersonForm => Quota::per_second(number(2)).allow_burst(number(300)),
            // 30 in ten minutes, and 120.
            Self::Message => Quota::per_minute(number(3)).allow_burst(number(30)),
            Self::DeskMessage => Quota::per_minute(number(12)).allow_burst(number(120)),
            Self::Link => Quota::per_second(number(2)).allow_burst(number(100)),
            // A row of some 300 bytes each: nobody fills a disk with 13 MB a day.
            Self::Denial => Quota::per_minute(number(1)).allow_burst(number(20)),
            Self::AllDenials => Quota::per_minute(number(30)).allow_burst(number(5000)),
        }
    }
}

/// What tries are counted by. A network address is not: see [`Subscriber`].
pub trait Key {
    /// As text.
    fn key(&self) -> String;
}

impl Key for Subscriber {
    fn key(&self) -> String {
        self.to_string()
    }
}

impl Key for str {
    fn key(&self) -> String {
        self.to_owned()
    }
}

impl Key for String {
    fn key(&self) -> String {
        self.clone()
    }
}

/// Who sends forms, for counting them.
pub trait Counted {
    /// What their forms count as, and by what.
    fn counted(&self) -> (Action, String);
}

/// Forms that were counted and are remembered, so that a repetition is not.
const REPETITIONS: usize = 10_000;

/// Counts tries per action and key.
#[derive(Clone)]
pub struct Limiter {
    limiters: Arc<Vec<(Action, DefaultKeyedRateLimiter<String>)>>,
    counted: Arc<Cache<(Action, String), ()>>,
    guesses: Arc<Guesses>,
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
            counted: Arc::new(Cache::new(REPETITIONS)),
            guesses: Arc::default(),
        }
    }

    /// Counts one try.
    ///
    /// # Errors
    /// The seconds to wait, when there were too many.
    pub fn check(&self, action: Action, key: &(impl Key + ?Sized)) -> Result<(), u64> {
        self.check_all(action, key, 1)
    }

    /// Counts a form once, however often it is sent: what repeats an accepted one does nothing.
    ///
    /// # Errors
    /// The seconds to wait, when there were too many others.
    pub fn check_once(
        &self,
        action: Action,
        key: &(impl Key + ?Sized),
        form: &str,
    ) -> Result<(), u64> {
        let form = (action, form.to_owned());
        if self.counted.get(&form).is_none() {
            self.check(action, key)?;
            self.counted.insert(form, ());
        }
        Ok(())
    }

    /// Counts several tries at once, all or none. More than are ever allowed at once count as
    /// that many.
    ///
    /// # Errors
    /// The seconds to wait, when there were too many.
    pub fn check_all(
        &self,
        action: Action,
        key: &(impl Key + ?Sized),
        tries: usize,
    ) -> Result<(), u64> {
        if failpoint::lifts_limits() {
            return Ok(());
        }
        let Some((_, limiter)) = self.limiters.iter().find(|(a, _)| *a == action) else {
            return Ok(());
        };
        let tries = u32::try_from(tries).unwrap_or(u32::MAX);
        let Some(tries) = NonZeroU32::new(tries.min(action.quota().burst_size().get())) else {
            return Ok(());
        };
        match limiter.check_key_n(&key.key(), tries) {
            Ok(outcome) => outcome.map_err(|denied| {
                metrics()
                    .limited
                    .with_label_values(&[action.as_str()])
                    .inc();
                wait(&denied)
            }),
            Err(_) => Ok(()),
        }
    }

    /// Counts a password for an account, whether or not there is one, until it turns out to be right:
    /// see [`Self::was_right`].
    ///
    /// # Errors
    /// The seconds to wait, when there were too many wrong ones, wherever they came from.
    pub fn check_guess(&self, guesser: &Guesser) -> Result<(), u64> {
        if failpoint::lifts_limits() {
            return Ok(());
        }
        self.guesses.take(guesser, Instant::now()).map_err(|wait| {
            metrics().limited.with_label_values(&["guess"]).inc();
            wait.as_secs() + 1
        })
    }

    /// A password that was counted was no guess.
    pub fn was_right(&self, guesser: &Guesser) {
        self.guesses.give_back(guesser);
    }

    /// Forgets keys that have not been seen for long, to bound memory.
    pub fn sweep(&self) {
        self.guesses.sweep(Instant::now());
        for (_, limiter) in self.limiters.iter() {
            limiter.retain_recent();
        }
    }
}

/// Seconds until it may be tried again.
fn wait(denied: &NotUntil<<DefaultClock as Clock>::Instant>) -> u64 {
    denied
        .wait_time_from(DefaultClock::default().now())
        .as_secs()
        + 1
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

    #[test]
    fn a_repeated_form_counts_once_and_a_refused_one_is_not_let_in() {
        let limiter = Limiter::new();
        let send = |form: &str| limiter.check_once(Action::Message, "ana", form).is_ok();
        assert!((0..100).all(|_| send("first")));
        assert!((1..30).all(|number| send(&number.to_string())));
        assert!(!send("last") && !send("last"));
        assert!(send("first"));
    }

    #[test]
    fn several_are_counted_all_or_none() {
        let limiter = Limiter::new();
        assert!(limiter.check_all(Action::File, "ana", 0).is_ok());
        assert!(limiter.check_all(Action::File, "ana", 58).is_ok());
        assert!(limiter.check_all(Action::File, "ana", 5).is_err());
        assert!(limiter.check_all(Action::File, "ana", 2).is_ok());
        assert!(limiter.check_all(Action::File, "ana", 2).is_err());
        assert!(
            limiter.check_all(Action::File, "bo", 500).is_ok(),
            "a form that is allowed can be sent once"
        );
        assert!(limiter.check(Action::File, "bo").is_err());
    }
}
