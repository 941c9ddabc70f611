//! Money: integer minor units with an ISO 4217 currency.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody wants to spend: "about 60" and "up to 60" are a maximum, a range is both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Least, in minor units.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub min_cents: Option<i64>,
    /// Most, in minor units.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub max_cents: Option<i64>,
    /// ISO 4217.
    #[schema(pattern = "^[A-Z]{3}$", example = "USD")]
    pub currency: String,
}

impl Budget {
    /// The largest amount that is believed, in minor units.
    pub const MOST_CENTS: i64 = 100_000_000;

    /// What is wrong with this budget, if anything, as a sentence.
    #[must_use]
    pub fn problem(&self) -> Option<&'static str> {
        let sane = |cents: Option<i64>| cents.is_none_or(|c| (0..=Self::MOST_CENTS).contains(&c));
        if !sane(self.min_cents) || !sane(self.max_cents) {
            return Some("Amounts are whole cents between 0 and 100,000,000.");
        }
        if let (Some(min), Some(max)) = (self.min_cents, self.max_cents)
            && min > max
        {
            return Some("The least amount is more than the most.");
        }
        if self.min_cents.is_none() && self.max_cents.is_none() {
            return Some("Give at least one amount.");
        }
        let currency = self.currency.as_bytes();
        if currency.len() != 3 || !currency.iter().all(u8::is_ascii_uppercase) {
            return Some("The currency is three capital letters, such as USD.");
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(min: Option<i64>, max: Option<i64>, currency: &str) -> Option<&'static str> {
        Budget { min_cents: min, max_cents: max, currency: currency.to_owned() }.problem()
    }

    #[test]
    fn a_budget_is_an_amount_or_a_range() {
        for (min, max) in [(None, Some(0)), (Some(Budget::MOST_CENTS), None), (Some(5_000), Some(5_000))] {
            assert_eq!(problem(min, max, "USD"), None, "{min:?} {max:?}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_budget_is_said() {
        let amounts = Some("Amounts are whole cents between 0 and 100,000,000.");
        assert_eq!(problem(Some(-1), None, "USD"), amounts);
        assert_eq!(problem(None, Some(Budget::MOST_CENTS + 1), "USD"), amounts);
        assert_eq!(problem(Some(5_001), Some(5_000), "USD"), Some("The least amount is more than the most."));
        assert_eq!(problem(None, None, "USD"), Some("Give at least one amount."));
        for currency in ["usd", "US", "USDT", ""] {
            let wrong = Some("The currency is three capital letters, such as USD.");
            assert_eq!(problem(None, Some(1), currency), wrong, "{currency}");
        }
    }
}
