//! What the sanitiser of this process wrote lately, by digest.
//!
//! Rendered texts are stored and read back many times. Sanitising is the dearest part of showing
//! one, and it has nothing to do on its own output; the digest proves that it is that, so the store
//! stays untrusted. A program with another sanitiser is another process and begins with nothing.

use std::sync::LazyLock;

use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use super::budget::TextError;

/// Texts remembered at most, about a hundred bytes each.
const REMEMBERED: usize = 50_000;

/// What a text may contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Policy {
    /// What articles may.
    Article,
    /// What messages may: less.
    Message,
}

/// The outputs of the sanitiser.
pub(super) static SANITISED: LazyLock<Sanitised> = LazyLock::new(Sanitised::default);

/// Digests of outputs, each with the policy that it keeps to.
pub(super) struct Sanitised(Cache<(Policy, [u8; 32]), ()>);

impl Default for Sanitised {
    fn default() -> Self {
        Self(Cache::new(REMEMBERED))
    }
}

impl Sanitised {
    /// `html` itself, if it came out of `sanitise` before; what comes out of it otherwise, which is
    /// remembered.
    pub fn unless_known(
        &self,
        policy: Policy,
        html: &str,
        sanitise: impl FnOnce() -> Result<String, TextError>,
    ) -> Result<String, TextError> {
        let digest = |html: &str| (policy, Sha256::digest(html.as_bytes()).into());
        if self.0.get(&digest(html)).is_some() {
            return Ok(html.to_owned());
        }
        let clean = sanitise()?;
        self.0.insert(digest(&clean), ());
        Ok(clean)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn only_an_output_is_known_and_only_under_its_policy() {
        let (known, runs) = (Sanitised::default(), Cell::new(0));
        let show = |policy, html: &str| {
            known.unless_known(policy, html, || {
                runs.set(runs.get() + 1);
                Ok(html.replace("<script>", ""))
            })
        };
        for (policy, html, clean, run) in [
            (Policy::Message, "<p>a<script>", "<p>a", 1),
            (Policy::Message, "<p>a", "<p>a", 1),
            (Policy::Message, "<p>a<script>", "<p>a", 2),
            (Policy::Article, "<p>a", "<p>a", 3),
            (Policy::Article, "<p>a", "<p>a", 3),
            (Policy::Message, "<p>b", "<p>b", 4),
        ] {
            assert_eq!(show(policy, html).as_deref(), Ok(clean));
            assert_eq!(runs.get(), run, "{policy:?} {html}");
        }
    }

    #[test]
    fn what_is_refused_is_not_known() {
        let known = Sanitised::default();
        for _ in 0..2 {
            let refused = known.unless_known(Policy::Message, "<p>a", || {
                Err(TextError::OutputTooLong { max: 1 })
            });
            assert!(refused.is_err());
        }
    }
}
