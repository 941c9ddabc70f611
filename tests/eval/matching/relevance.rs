//! How good a choice a provider would be, judged by what nobody sees.
//!
//! Only hidden things count here: true skill, reliability, slack, the true price and the true way. Nothing that is shown is
//! looked at, so that no ranking is judged by what it goes by.

use super::providers::{Offer, Provider};
use super::requests::Request;

/// From which worth on a grade is given: 1, 2, 3, 4. Set on the development seeds so that of all feasible pairs some 35 % are 0,
/// 30 % 1, 20 % 2, 10 % 3 and 5 % 4, before any matcher was run; fixed since.
const GRADES: [f64; 4] = [0.17, 0.30, 0.42, 0.50];

/// 0, of no use, to 4, as good as it gets.
pub fn grade(worth: f64) -> u8 {
    GRADES.iter().filter(|least| worth >= **least).count() as u8
}

/// What comes of it: the quality of the work, as far as the work happens, less what way and price cost. From 0 to 1.
pub fn worth(request: &Request, provider: &Provider, offer: &Offer) -> f64 {
    let hidden = &provider.hidden;
    let skill = |at: &usize| hidden.skill.get(at).copied().unwrap_or(0.0);
    let quality: f64 = request.needs.iter().map(|(at, share)| share * skill(at)).sum();
    let reliable = 0.6 * hidden.reliability + 0.4 * hidden.punctuality;
    // An hour through a city is about as much as anybody bears.
    let travel = (provider.spot.km_to(request.spot) / 25.0).min(1.0);
    // Half of what one would pay is a bargain; above it, it hurts. Who names no budget expects the usual.
    let usual = (request.service.price.min_cents + request.service.price.max_cents) as f64 / 2.0;
    let budget = request.budget.map_or(usual, |most| most as f64);
    let price = ((offer.true_price / budget - 0.5) / 0.7).clamp(0.0, 1.0);
    quality * (0.5 + 0.5 * reliable) * (0.8 + 0.2 * hidden.slack) * (1.0 - 0.3 * travel) * (1.0 - 0.3 * price)
}
