//! Offers: made, taken back, declined, expired, accepted; by many at once.

mod accept;
mod end;
mod make;
mod races;
