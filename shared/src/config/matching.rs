use super::{ConfigError, text, wrong};

/// How much each part of a match counts; together 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MatchingConfig {
    /// How well skills and words fit what is asked for (0.35).
    pub specialization: f64,
    /// How far whoever travels must go (0.15).
    pub distance: f64,
    /// How much time there is when it is asked for (0.1).
    pub availability: f64,
    /// What reviews and kept appointments say (0.22).
    pub rating: f64,
    /// How the price lies to the budget (0.12).
    pub price: f64,
    /// How often and how fast leads are answered (0.06).
    pub responsiveness: f64,
}

/// The variable.
const WEIGHTS: &str = "PROXIE_MATCH_WEIGHTS";
/// So much may the sum miss 1.
const SLACK: f64 = 1e-6;

impl Default for MatchingConfig {
    fn default() -> Self {
        Self {
            specialization: 0.35,
            distance: 0.15,
            availability: 0.1,
            rating: 0.22,
            price: 0.12,
            responsiveness: 0.06,
        }
    }
}

impl MatchingConfig {
    /// Reads `PROXIE_MATCH_WEIGHTS`: all six as `specialization=0.35,distance=0.15,…`, adding up to 1.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn from_env() -> Result<Self, ConfigError> {
        text(WEIGHTS)?.map_or_else(|| Ok(Self::default()), |value| Self::parse(&value))
    }

    fn parse(value: &str) -> Result<Self, ConfigError> {
        let mut read = Self {
            specialization: f64::NAN,
            distance: f64::NAN,
            availability: f64::NAN,
            rating: f64::NAN,
            price: f64::NAN,
            responsiveness: f64::NAN,
        };
        for pair in value.split(',') {
            let (name, weight) = pair
                .split_once('=')
                .ok_or_else(|| wrong(WEIGHTS, format!("`{}` is not name=weight", pair.trim())))?;
            let weight: f64 = weight.trim().parse().map_err(|_| wrong(WEIGHTS, "a weight is a number"))?;
            let slot = match name.trim() {
                "specialization" => &mut read.specialization,
                "distance" => &mut read.distance,
                "availability" => &mut read.availability,
                "rating" => &mut read.rating,
                "price" => &mut read.price,
                "responsiveness" => &mut read.responsiveness,
                other => return Err(wrong(WEIGHTS, format!("there is no `{other}`"))),
            };
            *slot = weight;
        }
        let all = read.all().map(|(_, weight)| weight);
        if all.iter().any(|weight| !(0.0..=1.0).contains(weight)) {
            return Err(wrong(WEIGHTS, "name all six, each between 0 and 1"));
        }
        if (all.iter().sum::<f64>() - 1.0).abs() > SLACK {
            return Err(wrong(WEIGHTS, "the weights must add up to 1"));
        }
        Ok(read)
    }

    /// The weights by name, in the order in which factors are listed.
    #[must_use]
    pub fn all(&self) -> [(&'static str, f64); 6] {
        [
            ("specialization", self.specialization),
            ("distance", self.distance),
            ("availability", self.availability),
            ("rating", self.rating),
            ("price", self.price),
            ("responsiveness", self.responsiveness),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_all_named_and_add_up_to_one() {
        let sum: f64 = MatchingConfig::default().all().iter().map(|(_, weight)| weight).sum();
        assert!((sum - 1.0).abs() < SLACK);
        let even =
            "specialization=0.5, distance=0.1,availability=0.1,rating=0.1,price=0.1,responsiveness=0.1";
        assert_eq!(MatchingConfig::parse(even).ok().map(|read| read.specialization), Some(0.5));
        for refused in [
            "specialization=1",
            "specialization=0.6,distance=0.1,availability=0.1,rating=0.1,price=0.1,responsiveness=0.1",
            "specialization=1.5,distance=-0.5,availability=0,rating=0,price=0,responsiveness=0",
            "specialization=0.5,distance=0.1,availability=0.1,rating=0.1,price=0.1,luck=0.1",
            "0.5",
        ] {
            assert!(MatchingConfig::parse(refused).is_err(), "{refused}");
        }
    }
}
