//! Wrong passwords by account, from wherever they come: many networks that stay within their own
//! limits would guess at one account without end.
//!
//! A try is taken before the password is looked at, so that those that are under way together count,
//! and given back when it was right: its owner can sign in as often as they like.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Wrong passwords for one account at once, and in an hour.
const MOST: u32 = 100;

/// After so long one more is allowed.
const EACH: Duration = Duration::from_secs(3600 / MOST as u64);

/// Until when the wrong passwords of an account would keep it busy, were they tried one after another
/// at the pace that is allowed.
#[derive(Default)]
pub(super) struct Guesses(Mutex<HashMap<String, Instant>>);

impl Guesses {
    /// Takes a try.
    pub(super) fn take(&self, account: &str, now: Instant) -> Result<(), Duration> {
        let mut busy = self.busy();
        let until = busy.get(account).map_or(now, |until| (*until).max(now));
        let ahead = until - now;
        let most = EACH * (MOST - 1);
        if ahead > most {
            return Err(ahead - most);
        }
        busy.insert(account.to_owned(), until + EACH);
        Ok(())
    }

    /// Gives back a try that was no guess.
    pub(super) fn give_back(&self, account: &str) {
        if let Some(until) = self.busy().get_mut(account)
            && let Some(earlier) = until.checked_sub(EACH)
        {
            *until = earlier;
        }
    }

    /// Forgets the accounts at which nobody has guessed for long.
    pub(super) fn sweep(&self, now: Instant) {
        self.busy().retain(|_, until| *until > now);
    }

    fn busy(&self) -> MutexGuard<'_, HashMap<String, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_wrong_ones_an_hour_and_any_number_of_right_ones() {
        let (guesses, begun) = (Guesses::default(), Instant::now());
        for _ in 0..1_000 {
            assert!(guesses.take("claire", begun).is_ok());
            guesses.give_back("claire");
        }
        let taken = |now| {
            let tries = (0..1_000).map(|_| guesses.take("claire", now));
            tries.filter(Result::is_ok).count()
        };
        assert_eq!(taken(begun), 100);
        assert_eq!(guesses.take("claire", begun), Err(EACH));
        assert!(guesses.take("paul", begun).is_ok());
        assert_eq!(taken(begun + EACH), 1);
        assert_eq!(taken(begun + EACH * 51), 50);
        guesses.sweep(begun + EACH * 200);
        assert!(guesses.busy().is_empty());
    }
}
