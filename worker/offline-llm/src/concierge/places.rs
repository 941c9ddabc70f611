//! Places: known ones from `shared/data/places.json`, others by the words around them.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::places_parts::{is_direction, join_parts, weight, with_direction};
use super::places_unknown;
use super::reading::{Claim, Reading};
use super::words::{Token, fold, is_common, is_slip};

/// A place of the table.
#[derive(Debug, Deserialize)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// State, province or country.
    pub region: String,
    /// ISO 3166.
    pub country: String,
    /// IANA.
    pub zone: String,
    /// Other names.
    pub aliases: Vec<String>,
}

/// A place named in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The name, cleanly spelled.
    pub city: String,
    /// Its zone, if it is known.
    pub zone: Option<String>,
    /// Where it stands.
    pub range: Range<usize>,
    /// How sure it is: the user's home counts less than where the work is.
    pub weight: u8,
    /// A smaller part of it that was named with it ("Williamsburg, Brooklyn").
    pub part: Option<String>,
}

struct Index {
    places: Vec<Place>,
    names: HashMap<String, Vec<usize>>,
    /// The names of so many words that begin with a letter: typing errors are looked for among these.
    alike: HashMap<(usize, Option<char>), Vec<String>>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    // The file is compiled in and a test reads it: it cannot be malformed at run time.
    let places: Vec<Place> =
        serde_json::from_str(include_str!("../../../../shared/data/places.json")).unwrap_or_default();
    let mut names: HashMap<String, Vec<usize>> = HashMap::new();
    for (i, place) in places.iter().enumerate() {
        for name in std::iter::once(&place.name).chain(&place.aliases) {
            names.entry(key(name)).or_default().push(i);
        }
    }
    let mut alike: HashMap<_, Vec<String>> = HashMap::new();
    for name in names.keys() {
        alike.entry(shape(name)).or_default().push(name.clone());
    }
    Index { places, names, alike }
});

/// How many words a name has, and how it begins: no typing error changes either.
fn shape(name: &str) -> (usize, Option<char>) {
    (name.split(' ').count(), name.chars().next())
}

/// Names that are ordinary words or abbreviations when written small: they need a preposition or a capital.
const RISKY: &[&str] = &[
    "la",
    "les",
    "ues",
    "uws",
    "lic",
    "bk",
    "dc",
    "sf",
    "reno",
    "mesa",
    "cork",
    "buffalo",
    "jackson",
    "reading",
    "stl",
    "indy",
    "frisco",
    "slc",
    "atl",
    "vegas",
    "aurora",
    "chelsea",
    "madison",
    "charlotte",
    "austin",
    "lexington",
    "victoria",
    "orlando",
    "columbia",
    "phoenix",
    "camden",
    "florence",
    "paris",
    "milan",
    "savannah",
    "boulder",
    "d c",
    "l a",
    "wien",
    "tempe",
    "plano",
    "sydney",
    "eugene",
    "irvine",
    "houston",
    "lincoln",
    "wellington",
    "bath",
    "mobile",
];

const PREPOSITIONS: &[&str] = &[
    "in", "near", "around", "at", "from", "to", "outside", "inside", "for", "by", "is", "its", "im",
    "downtown", "central", "east", "west", "north", "south", "of", "on", "through", "within",
];

fn key(name: &str) -> String {
    fold(name)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The zone of a place by its name, for a city that was said earlier.
pub fn zone_of(city: &str) -> Option<&'static str> {
    INDEX
        .names
        .get(&key(city))
        .and_then(|found| found.first())
        .and_then(|i| INDEX.places.get(*i))
        .map(|place| place.zone.as_str())
}

/// Every place a message names, in its order; the tokens are claimed.
pub fn find(reading: &mut Reading) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < reading.tokens.len() {
        // "Central London", "downtown Tacoma": the city is behind it.
        let behind = is_direction(reading.norm(i)) && known(reading, i + 1).is_some();
        let mention =
            known(reading, i).or_else(|| if behind { None } else { places_unknown::at(reading, i) });
        match mention.map(|mention| with_direction(reading, mention)) {
            Some(mention) => {
                i = mention.range.end;
                reading.claim(mention.range.clone(), Claim::Place);
                found.push(mention);
            }
            None => i += 1,
        }
    }
    join_parts(reading, found)
}

fn known(reading: &Reading, i: usize) -> Option<Mention> {
    let (length, candidates) = lookup(reading, i)?;
    let named = key(reading.words(i..i + length));
    let token = reading.tokens.get(i)?;
    let (end, region) = places_unknown::region(reading, i + length);
    let whole = !(0..reading.tokens.len())
        .any(|k| (k < i || k >= i + length) && reading.is_word(k) && reading.is_free(k));
    let led = led_by_preposition(reading, i);
    let edge = |token: Option<&Token>| token.is_none_or(Token::is_break);
    let alone =
        edge(i.checked_sub(1).and_then(|k| reading.tokens.get(k))) && edge(reading.tokens.get(i + length));
    // A first name or a word that is also a place stands for the place only where a place can stand.
    if RISKY.contains(&named.as_str()) && !token.capital() && !led && !whole && region.is_none() && !alone {
        return None;
    }
    let in_region = region.as_ref().and_then(|r| {
        candidates
            .iter()
            .filter_map(|c| INDEX.places.get(*c))
            .find(|place| *r == place.region || *r == place.country)
    });
    let chosen = in_region.or_else(|| candidates.first().and_then(|c| INDEX.places.get(*c)))?;
    // "Silver Lake, LA": no state, but a place that follows.
    let comma = usize::from(reading.is_sign(i + length, ","));
    let (end, region) = match region {
        Some(_) if in_region.is_none() && lookup(reading, i + length + comma).is_some() => (i + length, None),
        region => (end, region),
    };
    let fits =
        region.as_ref().is_none_or(|r| *r == chosen.region || *r == chosen.country || chosen.country != "US");
    Some(Mention {
        city: chosen.name.clone(),
        zone: if fits {
            Some(chosen.zone.clone())
        } else {
            places_unknown::zone_of_region(region.as_deref())
        },
        range: i..end,
        weight: weight(reading, i),
        part: None,
    })
}

/// Whether a preposition of place leads to this token, articles and "downtown" aside.
pub fn led_by_preposition(reading: &Reading, i: usize) -> bool {
    (1..=3).any(|back| {
        i.checked_sub(back).is_some_and(|k| {
            PREPOSITIONS.contains(&reading.norm(k))
                && (k + 1..i).all(|m| matches!(reading.norm(m), "the" | "downtown" | "central" | "my"))
        })
    })
}

/// Whether a place of the table stands at `i`.
pub fn is_known(reading: &Reading, i: usize) -> bool {
    lookup(reading, i).is_some()
}

/// The longest name at `i`: exact, else with a typing error.
fn lookup(reading: &Reading, i: usize) -> Option<(usize, &'static Vec<usize>)> {
    if !reading.is_free(i) || !reading.is_word(i) {
        return None;
    }
    for length in (1..=5).rev() {
        if (i..i + length).all(|k| reading.is_free(k))
            && reading.is_word(i + length - 1)
            && let Some(found) = INDEX.names.get(&key(reading.words(i..i + length)))
        {
            return Some((length, found));
        }
    }
    let led = led_by_preposition(reading, i);
    for length in (1..=3).rev() {
        let words = key(reading.words(i..i + length));
        if !(i..i + length).all(|k| reading.is_free(k) && reading.is_word(k))
            || words.len() < if led { 5 } else { 6 }
            || (length == 1 && is_common(&words))
            || (length > 1 && i + length > reading.tokens.len())
            || super::services::is_vocabulary(&words)
        {
            continue;
        }
        // Every word of the name is there, at most mistyped.
        let is_meant =
            |name: &&String| name.split(' ').zip(words.split(' ')).all(|(meant, said)| is_slip(said, meant));
        let near = INDEX
            .alike
            .get(&(length, words.chars().next()))
            .into_iter()
            .flatten()
            .filter(is_meant)
            .min_by_key(|name| (strsim::osa_distance(name, &words), name.len(), name.as_str()));
        if let Some(found) = near.and_then(|name| INDEX.names.get(name)) {
            return Some((length, found));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn cities(text: &str) -> Vec<String> {
        find(&mut Reading::new(text)).into_iter().map(|m| m.city).collect()
    }

    #[test]
    fn the_table_is_well_formed() {
        assert!(INDEX.places.len() > 100);
        for place in &INDEX.places {
            assert!(place.zone.parse::<chrono_tz::Tz>().is_ok(), "{}", place.zone);
        }
    }

    #[test]
    fn places_as_people_write_them() {
        for (text, city) in [
            ("a haircut in Brooklyn", "Brooklyn"),
            ("haircut brookyln", "Brooklyn"),
            ("i'm in nyc", "New York"),
            ("near downtown LA", "Los Angeles"),
            ("Austin, TX", "Austin"),
            ("austin tx", "Austin"),
            ("in des moines, iowa", "Des Moines"),
            ("in Hoboken", "Hoboken"),
            ("somewhere in poughkeepsie", "Poughkeepsie"),
            ("San Fransisco", "San Francisco"),
            ("Brooklyn, New York", "Brooklyn"),
            ("Williamsburg, Brooklyn", "Brooklyn"),
            ("we are in the Bronx", "Bronx"),
            ("plumber needed in Walla Walla", "Walla Walla"),
            ("in St. Louis", "St. Louis"),
            ("washington dc", "Washington"),
            ("bed-stuy", "Bed-Stuy"),
            ("Harlem", "Harlem"),
        ] {
            assert_eq!(cities(text), [city], "{text}");
        }
    }

    #[test]
    fn not_every_word_after_in_is_a_place() {
        for text in [
            "in the morning",
            "I'm in a hurry",
            "a leak in my kitchen",
            "in two weeks",
            "someone who is good in braids",
            "stains in the carpet",
            "i am interested in cleaning",
        ] {
            assert_eq!(cities(text), Vec::<String>::new(), "{text}");
        }
    }
}
