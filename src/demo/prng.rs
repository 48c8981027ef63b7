//! A small generator of numbers: the same seed draws the same world on every machine.
//!
//! SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
//! It decides nothing secret.

/// The increment of the sequence: 2⁶⁴ divided by the golden ratio, made odd.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// A sequence of draws.
#[derive(Clone, Debug)]
pub(super) struct Prng(u64);

impl Prng {
    pub(super) fn new(seed: u64) -> Self {
        Self(mix(seed.wrapping_add(GAMMA)))
    }

    /// A sequence of its own for the thing with this number, whatever was drawn before.
    pub(super) fn fork(&self, number: u64) -> Self {
        Self::new(self.0 ^ mix(number.wrapping_mul(GAMMA)))
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GAMMA);
        mix(self.0)
    }

    /// From 0 up to, but without, `n`; 0 when there is nothing to choose from.
    pub(super) fn below(&mut self, n: u64) -> u64 {
        // Multiply and shift: the bias is below 2⁻³² for the small numbers drawn here.
        let wide = u128::from(self.draw()) * u128::from(n);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// From `low` to `high`, both possible.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low).unwrap_or(0);
        low + i64::try_from(self.below(width + 1)).unwrap_or(0)
    }

    /// From `low` to `high`, mostly near `low`, now and then far off: how long people take.
    pub(super) fn delay(&mut self, low: i64, high: i64) -> i64 {
        let first = self.between(low, high);
        let second = self.between(low, high);
        self.between(low, first.min(second))
    }

    /// True `share` times out of a hundred.
    pub(super) fn chance(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    /// One of several; nothing out of nothing.
    pub(super) fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        let at = self.below(choices.len() as u64);
        choices.get(usize::try_from(at).unwrap_or(0))
    }

    /// The place of one of several, the heavier the likelier.
    pub(super) fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (place, &weight) in weights.iter().enumerate() {
            if left < weight {
                return place;
            }
            left -= weight;
        }
        0
    }
}

/// Spreads every bit over all others (Stafford's variant 13 of the 64-bit finaliser).
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn draws_stay_within_bounds(seed: u64, low in -500_i64..500, width in 0_i64..500) {
            let mut rng = Prng::new(seed);
            let high = low + width;
            for _ in 0..50 {
                prop_assert!((low..=high).contains(&rng.between(low, high)));
                prop_assert!((low..=high).contains(&rng.delay(low, high)));
                prop_assert_eq!(rng.weighted(&[0, 3, 0]), 1);
            }
        }

        #[test]
        fn the_same_seed_draws_the_same(seed: u64, number: u64) {
            let draws = |mut rng: Prng| (0..20).map(|_| rng.draw()).collect::<Vec<_>>();
            prop_assert_eq!(draws(Prng::new(seed)), draws(Prng::new(seed)));
            let root = Prng::new(seed);
            prop_assert_eq!(draws(root.fork(number)), draws(root.fork(number)));
            prop_assert_ne!(draws(root.fork(number)), draws(root.fork(number ^ 1)));
        }
    }

    #[test]
    fn every_value_comes_up() {
        let mut rng = Prng::new(1);
        let mut seen = [0_u32; 6];
        for _ in 0..6000 {
            seen[usize::try_from(rng.below(6)).unwrap()] += 1;
        }
        assert!(seen.iter().all(|&n| (850..1150).contains(&n)), "{seen:?}");
    }
}
