//! Wrong passwords by account, from wherever they come: many networks that stay within their own
//! limits would guess at one account without end. Browsers in which its owner signed in before have
//! wrong passwords of their own, so that strangers who use theirs up do not keep the owner out
//! (OWASP, "device cookies").
//!
//! A try is taken before the password is looked at, so that those that are under way together count,
//! and given back when it was right: its owner can sign in as often as they like.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Who tries a password for an account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Guesser {
    /// Anybody, all together. Whether there is such an account makes no difference.
    Anybody {
        /// What the account is called.
        account: String,
    },
    /// A browser in which its owner signed in before.
    Known {
        /// What the account is called.
        account: String,
        /// What the browser is told from others by.
        browser: String,
    },
}

impl Guesser {
    /// Wrong passwords at once, and in an hour.
    const fn most(&self) -> u32 {
        match self {
            Self::Anybody { .. } => 100,
            Self::Known { .. } => 20,
        }
    }

    /// After so long one more is allowed.
    fn each(&self) -> Duration {
        Duration::from_secs(3600) / self.most()
    }
}

/// Until when the wrong passwords of each would keep an account busy, were they tried one after another
/// at the pace that is allowed.
#[derive(Default)]
pub(super) struct Guesses(Mutex<HashMap<Guesser, Instant>>);

impl Guesses {
    /// Takes a try.
    pub(super) fn take(&self, guesser: &Guesser, now: Instant) -> Result<(), Duration> {
        let mut busy = self.busy();
        let until = busy.get(guesser).map_or(now, |until| (*until).max(now));
        let ahead = until - now;
        let most = guesser.each() * (guesser.most() - 1);
        if ahead > most {
            return Err(ahead - most);
        }
        busy.insert(guesser.clone(), until + guesser.each());
        Ok(())
    }

    /// Gives back a try that was no guess.
    pub(super) fn give_back(&self, guesser: &Guesser) {
        if let Some(until) = self.busy().get_mut(guesser)
            && let Some(earlier) = until.checked_sub(guesser.each())
        {
            *until = earlier;
        }
    }

    /// Forgets the accounts at which nobody has guessed for long.
    pub(super) fn sweep(&self, now: Instant) {
        self.busy().retain(|_, until| *until > now);
    }

    fn busy(&self) -> MutexGuard<'_, HashMap<Guesser, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anybody(account: &str) -> Guesser {
        let account = account.to_owned();
        Guesser::Anybody { account }
    }

    fn known(browser: &str) -> Guesser {
        Guesser::Known {
            account: "claire".to_owned(),
            browser: browser.to_owned(),
        }
    }

    fn count(guesses: &Guesses, guesser: &Guesser, now: Instant) -> usize {
        let tries = (0..1_000).map(|_| guesses.take(guesser, now));
        tries.filter(Result::is_ok).count()
    }

    #[test]
    fn so_many_wrong_ones_an_hour_and_any_number_of_right_ones() {
        let (guesses, begun) = (Guesses::default(), Instant::now());
        let claire = anybody("claire");
        for _ in 0..1_000 {
            assert!(guesses.take(&claire, begun).is_ok());
            guesses.give_back(&claire);
        }
        let each = claire.each();
        assert_eq!(count(&guesses, &claire, begun), 100);
        assert_eq!(guesses.take(&claire, begun), Err(each));
        assert!(guesses.take(&anybody("paul"), begun).is_ok());
        assert_eq!(count(&guesses, &claire, begun + each), 1);
        assert_eq!(count(&guesses, &claire, begun + each * 51), 50);
        guesses.sweep(begun + each * 200);
        assert!(guesses.busy().is_empty());
    }

    #[test]
    fn browsers_of_the_owner_have_their_own() {
        let (guesses, begun) = (Guesses::default(), Instant::now());
        assert_eq!(count(&guesses, &anybody("claire"), begun), 100);
        assert_eq!(count(&guesses, &known("laptop"), begun), 20);
        assert_eq!(count(&guesses, &known("telephone"), begun), 20);
        let each = known("laptop").each();
        assert_eq!(count(&guesses, &known("laptop"), begun + each), 1);
    }
}
