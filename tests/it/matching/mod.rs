//! Matching: who fits, who is best, who is told; and that it agrees with a reference that reads every row.

mod brute_force;
mod offered;
mod reference;
mod routing;
mod rules;
mod vectors;
mod world;
