//! Where people are.

use super::dice::Dice;

/// A city of the world; far enough from the others that nobody goes from one to the next.
pub struct City {
    /// Its name, as the product knows it.
    pub name: &'static str,
    middle: Spot,
}

/// The cities.
pub const CITIES: [City; 2] = [
    City { name: "Phoenix", middle: Spot { latitude: 33.45, longitude: -112.07 } },
    City { name: "Tucson", middle: Spot { latitude: 32.22, longitude: -110.97 } },
];

/// A point, in degrees.
#[derive(Clone, Copy)]
pub struct Spot {
    /// North.
    pub latitude: f64,
    /// East.
    pub longitude: f64,
}

const EARTH_KM: f64 = 6_371.0;
/// How many kilometres a degree of latitude is.
const DEGREE_KM: f64 = EARTH_KM * std::f64::consts::TAU / 360.0;

impl City {
    /// Somewhere in it: the nearer to the middle, the more people.
    pub fn somewhere(&self, dice: &mut Dice) -> Spot {
        let mut km = || dice.around(0.0, 7.0, -22.0, 22.0);
        let Spot { latitude, longitude } = self.middle;
        Spot {
            latitude: latitude + km() / DEGREE_KM,
            longitude: longitude + km() / (DEGREE_KM * latitude.to_radians().cos()),
        }
    }
}

impl Spot {
    /// How far it is to another, in kilometres as the crow flies.
    pub fn km_to(self, other: Self) -> f64 {
        let [up, side] = [other.latitude - self.latitude, other.longitude - self.longitude]
            .map(|degrees| (degrees.to_radians() / 2.0).sin().powi(2));
        let (from, to) = (self.latitude.to_radians().cos(), other.latitude.to_radians().cos());
        2.0 * EARTH_KM * (up + from * to * side).sqrt().asin()
    }
}
