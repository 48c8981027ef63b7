//! Passwords: which are taken, and how they are kept.
//!
//! Kept as argon2id with 19 MiB, two passes and one lane (OWASP Password Storage Cheat Sheet),
//! computed on blocking threads, few at a time. A sign-in to an account that does not exist
//! costs the same work as a wrong password.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

use crate::platform::i18n::Message;
use crate::platform::random;
use crate::platform::text::fold;
use crate::platform::web::Failure;

/// Characters at least.
pub const MIN_LENGTH: usize = 12;
/// Characters at most: a longer one only costs work.
pub const MAX_LENGTH: usize = 128;

/// Memory of one computation, in KiB.
const MEMORY: u32 = 19 * 1024;
/// Computations at once.
const AT_ONCE: usize = 2;
/// Computations that may wait; further ones are told to come back.
const QUEUE: usize = 64;

/// Passwords that everybody tries first, and the words that they are made of by adding digits,
/// lower case.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// What people add to a word to make it a password.
const ADDED: [char; 14] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '!', '?', '.', '*',
];

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer than [`MIN_LENGTH`] characters; how many there are.
    Short(usize),
    /// More than [`MAX_LENGTH`] characters.
    Long,
    /// Among the first that anybody would try.
    Common,
    /// The person's own name or address.
    Personal,
}

impl Weakness {
    /// What to tell the person.
    #[must_use]
    pub fn message(self) -> Message {
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        match self {
            Self::Short(length) => Message::new("password-short")
                .number("min", number(MIN_LENGTH))
                .number("actual", number(length)),
            Self::Long => Message::new("password-long").number("max", number(MAX_LENGTH)),
            Self::Common => Message::new("password-common"),
            Self::Personal => Message::new("password-personal"),
        }
    }
}

/// Whether a password can be taken by the person with this address and name. Any characters
/// will do; nothing is trimmed, folded or cut.
///
/// # Errors
/// Why it cannot.
pub fn check(password: &str, email: &str, name: &str) -> Result<(), Weakness> {
    let length = password.chars().take(MAX_LENGTH + 1).count();
    if length < MIN_LENGTH {
        return Err(Weakness::Short(length));
    }
    if length > MAX_LENGTH {
        return Err(Weakness::Long);
    }
    let lower = password.to_lowercase();
    let word = lower.trim_end_matches(ADDED);
    if COMMON.contains(lower.as_str()) || COMMON.contains(word) || repeats(&lower) {
        return Err(Weakness::Common);
    }
    let plain = squeeze(password);
    let own = [email, email.split('@').next().unwrap_or_default(), name].map(squeeze);
    if own
        .iter()
        .any(|own| !own.is_empty() && plain.trim_matches(ADDED) == own.trim_matches(ADDED))
    {
        return Err(Weakness::Personal);
    }
    Ok(())
}

/// Whether a text is one piece of at most four characters, over and over.
fn repeats(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=4).any(|period| {
        chars
            .iter()
            .zip(chars.iter().skip(period))
            .all(|(a, b)| a == b)
    })
}

fn squeeze(text: &str) -> String {
    fold(text).chars().filter(|c| !c.is_whitespace()).collect()
}

/// Computes and compares, a few at a time.
pub struct Passwords {
    free: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// Compared with when there is no account, so that this takes as long.
    stand_in: String,
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

impl Passwords {
    /// Nothing computed yet but the stand-in.
    #[must_use]
    pub fn new() -> Self {
        Self {
            free: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: AtomicUsize::new(0),
            stand_in: hash(&random::token()),
        }
    }

    /// The form in which a password is kept.
    ///
    /// # Errors
    /// When too many wait already.
    pub async fn hash(&self, password: &str) -> Result<String, Failure> {
        let password = password.to_owned();
        self.compute(move || hash(&password)).await
    }

    /// Whether a password is the kept one. Nothing kept takes as long as a wrong password.
    ///
    /// # Errors
    /// When too many wait already.
    pub async fn verify(&self, kept: Option<&str>, password: &str) -> Result<bool, Failure> {
        if password.chars().take(MAX_LENGTH + 1).count() > MAX_LENGTH {
            return Ok(false);
        }
        let known = kept.is_some();
        let kept = kept.unwrap_or(&self.stand_in).to_owned();
        let password = password.to_owned();
        let matches = self.compute(move || verify(&kept, &password)).await?;
        Ok(known && matches)
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let place = Place::take(&self.waiting)?;
        let permit = Arc::clone(&self.free)
            .acquire_owned()
            .await
            .map_err(|error| Failure::internal(&error))?;
        drop(place);
        tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(permit);
            outcome
        })
        .await
        .map_err(|error| Failure::internal(&error))
    }
}

/// A place in the queue, given back whatever becomes of the request.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Result<Self, Failure> {
        let place = Self(waiting);
        if waiting.fetch_add(1, Ordering::SeqCst) >= QUEUE {
            return Err(Failure::Unavailable("too many passwords wait".to_owned()));
        }
        Ok(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY, 2, 1, None).expect("the parameters are within argon2's");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The form in which a password is kept. It takes tens of milliseconds and 19 MiB of memory.
///
/// # Panics
/// Never: argon2 refuses only lengths that do not occur here.
#[must_use]
pub fn hash(password: &str) -> String {
    let salt = random::bytes::<16>();
    argon2()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .expect("password and salt are of lengths that argon2 takes")
        .to_string()
}

fn verify(kept: &str, password: &str) -> bool {
    PasswordHash::new(kept)
        .is_ok_and(|kept| argon2().verify_password(password.as_bytes(), &kept).is_ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EMAIL: &str = "claire.fontanel@tilleuls.example";
    const NAME: &str = "Claire Fontanel";

    #[test]
    fn length_counts_characters() {
        assert_eq!(check("onze-lettre", EMAIL, NAME), Err(Weakness::Short(11)));
        assert_eq!(check("douze-lettré", EMAIL, NAME), Ok(()));
        let long: String = ('a'..='z').cycle().take(128).collect();
        assert_eq!(check(&long, EMAIL, NAME), Ok(()));
        assert_eq!(check(&format!("{long}a"), EMAIL, NAME), Err(Weakness::Long));
    }

    #[test]
    fn what_anybody_would_try_is_refused() {
        assert!(COMMON.len() >= 900, "{}", COMMON.len());
        for common in COMMON.iter() {
            let dressed = format!("{common}2026!");
            let long = if common.len() < MIN_LENGTH {
                &dressed
            } else {
                *common
            };
            if long.len() >= MIN_LENGTH {
                assert_eq!(check(long, EMAIL, NAME), Err(Weakness::Common), "{long}");
                let shouted = long.to_uppercase();
                assert_eq!(check(&shouted, EMAIL, NAME), Err(Weakness::Common));
            }
        }
        assert_eq!(check("MotDePasse2026", EMAIL, NAME), Err(Weakness::Common));
        assert_eq!(check("ababababababab", EMAIL, NAME), Err(Weakness::Common));
    }

    #[test]
    fn a_name_or_an_address_is_no_password() {
        for own in [
            "Claire Fontanel",
            "clairefontanel2026",
            EMAIL,
            "Claire.Fontanel!",
        ] {
            assert_eq!(check(own, EMAIL, NAME), Err(Weakness::Personal), "{own}");
        }
        assert_eq!(check("claire aime les tilleuls", EMAIL, NAME), Ok(()));
    }

    #[test]
    fn kept_as_argon2id_with_the_advised_cost() {
        let kept = hash("un lilas en avril");
        assert!(
            kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{kept}"
        );
        assert!(verify(&kept, "un lilas en avril"));
        assert!(!verify(&kept, "un lilas en avril "));
        assert!(!verify(&kept, "Un lilas en avril"));
        assert!(!verify("", ""));
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_panic(password in ".*") {
            let length = password.chars().count();
            let judged = check(&password, EMAIL, NAME);
            prop_assert_eq!(matches!(judged, Err(Weakness::Short(_))), length < MIN_LENGTH);
            prop_assert_eq!(judged == Err(Weakness::Long), length > MAX_LENGTH);
        }
    }
}
