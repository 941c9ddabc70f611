//! Chance that falls the same way for the same seed.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

/// A stream of chance.
pub struct Dice(StdRng);

impl Dice {
    /// The stream of this number: what is drawn from another does not move it.
    pub fn new(seed: u64, stream: u64) -> Self {
        Self(StdRng::seed_from_u64(seed.wrapping_mul(1_000).wrapping_add(stream)))
    }

    /// Anything between, as likely.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0.random_range(low..high)
    }

    /// Near the mean, by the normal distribution (Box and Muller), but never outside of the limits.
    pub fn around(&mut self, mean: f64, deviation: f64, low: f64, high: f64) -> f64 {
        let (radius, angle) =
            (self.between(f64::MIN_POSITIVE, 1.0), self.between(0.0, std::f64::consts::TAU));
        let normal = (-2.0 * radius.ln()).sqrt() * angle.cos();
        (mean + deviation * normal).clamp(low, high)
    }

    /// Whether what happens so often happens.
    pub fn chance(&mut self, share: f64) -> bool {
        self.0.random_bool(share)
    }

    /// A number below this.
    pub fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end)
    }

    /// One of several.
    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// An id.
    pub fn id(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.0.random()).into_uuid()
    }
}
