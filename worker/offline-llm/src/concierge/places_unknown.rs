//! Places the table does not hold, and states and countries behind a name.

use super::places::{Mention, is_known, led_by_preposition};
use super::places_parts::weight;
use super::reading::Reading;
use super::services::is_vocabulary;
use super::words::{Kind, Token, is_common};

/// States, provinces and countries: code, a zone, and the names they go by.
const REGIONS: &[(&str, &str, &[&str])] = &[
    ("AL", "America/Chicago", &["al", "alabama"]),
    ("AK", "America/Anchorage", &["ak", "alaska"]),
    ("AZ", "America/Phoenix", &["az", "arizona"]),
    ("AR", "America/Chicago", &["ar", "arkansas"]),
    ("CA", "America/Los_Angeles", &["ca", "california", "cali", "calif"]),
    ("CO", "America/Denver", &["co", "colorado"]),
    ("CT", "America/New_York", &["ct", "connecticut"]),
    ("DE", "America/New_York", &["de", "delaware"]),
    ("DC", "America/New_York", &["dc"]),
    ("FL", "America/New_York", &["fl", "florida", "fla"]),
    ("GA", "America/New_York", &["ga", "georgia"]),
    ("HI", "Pacific/Honolulu", &["hi", "hawaii"]),
    ("ID", "America/Boise", &["id", "idaho"]),
    ("IL", "America/Chicago", &["il", "illinois"]),
    ("IN", "America/Indiana/Indianapolis", &["in", "indiana"]),
    ("IA", "America/Chicago", &["ia", "iowa"]),
    ("KS", "America/Chicago", &["ks", "kansas"]),
    ("KY", "America/New_York", &["ky", "kentucky"]),
    ("LA", "America/Chicago", &["la", "louisiana"]),
    ("ME", "America/New_York", &["me", "maine"]),
    ("MD", "America/New_York", &["md", "maryland"]),
    ("MA", "America/New_York", &["ma", "massachusetts", "mass"]),
    ("MI", "America/Detroit", &["mi", "michigan"]),
    ("MN", "America/Chicago", &["mn", "minnesota"]),
    ("MS", "America/Chicago", &["ms", "mississippi"]),
    ("MO", "America/Chicago", &["mo", "missouri"]),
    ("MT", "America/Denver", &["mt", "montana"]),
    ("NE", "America/Chicago", &["ne", "nebraska"]),
    ("NV", "America/Los_Angeles", &["nv", "nevada"]),
    ("NH", "America/New_York", &["nh", "new hampshire"]),
    ("NJ", "America/New_York", &["nj", "new jersey", "jersey"]),
    ("NM", "America/Denver", &["nm", "new mexico"]),
    ("NY", "America/New_York", &["ny", "new york state", "upstate new york"]),
    ("NC", "America/New_York", &["nc", "north carolina"]),
    ("ND", "America/Chicago", &["nd", "north dakota"]),
    ("OH", "America/New_York", &["oh", "ohio"]),
    ("OK", "America/Chicago", &["ok", "oklahoma"]),
    ("OR", "America/Los_Angeles", &["or", "oregon"]),
    ("PA", "America/New_York", &["pa", "pennsylvania"]),
    ("RI", "America/New_York", &["ri", "rhode island"]),
    ("SC", "America/New_York", &["sc", "south carolina"]),
    ("SD", "America/Chicago", &["sd", "south dakota"]),
    ("TN", "America/Chicago", &["tn", "tennessee"]),
    ("TX", "America/Chicago", &["tx", "texas"]),
    ("UT", "America/Denver", &["ut", "utah"]),
    ("VT", "America/New_York", &["vt", "vermont"]),
    ("VA", "America/New_York", &["va", "virginia"]),
    ("WA", "America/Los_Angeles", &["wa", "washington state", "washington"]),
    ("WV", "America/New_York", &["wv", "west virginia"]),
    ("WI", "America/Chicago", &["wi", "wisconsin"]),
    ("WY", "America/Denver", &["wy", "wyoming"]),
    ("ON", "America/Toronto", &["ontario"]),
    ("QC", "America/Toronto", &["qc"]),
    ("BC", "America/Vancouver", &["bc", "british columbia"]),
    ("AB", "America/Edmonton", &["alberta"]),
    ("US", "", &["usa", "us", "united states"]),
    ("CA", "", &["canada"]),
    ("GB", "Europe/London", &["uk", "england", "united kingdom", "scotland", "wales", "britain"]),
    ("IE", "Europe/Dublin", &["ireland"]),
    ("FR", "Europe/Paris", &["france"]),
    ("DE", "Europe/Berlin", &["germany"]),
    ("ES", "Europe/Madrid", &["spain"]),
    ("IT", "Europe/Rome", &["italy"]),
    ("NL", "Europe/Amsterdam", &["netherlands", "holland"]),
    ("PT", "Europe/Lisbon", &["portugal"]),
    ("AU", "", &["australia"]),
    ("NZ", "Pacific/Auckland", &["new zealand"]),
];

/// Words after "in" and the like that begin no place, though they are no common words of the list.
const NO_PLACE: &[&str] = &[
    "advance",
    "person",
    "mind",
    "total",
    "cash",
    "budget",
    "shape",
    "tears",
    "pieces",
    "touch",
    "detail",
    "english",
    "spanish",
    "french",
    "german",
    "chinese",
    "russian",
    "progress",
    "theory",
    "shock",
    "panic",
    "stock",
    "installments",
    "usd",
    "eur",
    "gbp",
    "dollars",
    "euros",
    "bucks",
    "pounds",
    "urgently",
    "law",
    "grandmas",
    "moms",
    "mums",
    "airbnb",
    "spring",
    "thanksgiving",
    "christmas",
    "easter",
    "halloween",
    "xmas",
    "midday",
    "noon",
    "midnight",
    "weekdays",
    "weekends",
    "mornings",
    "evenings",
    "afternoons",
    "nighttime",
    "lunchtime",
    "ikea",
    "linkedin",
    "instagram",
    "zillow",
];

/// A state or country behind a place (`, TX`, ` tx`, `, France`): where it ends, and its code.
pub fn region(reading: &Reading, at: usize) -> (usize, Option<String>) {
    let comma = reading.is_sign(at, ",");
    let begin = at + usize::from(comma);
    for length in (1..=3).rev() {
        let said: Vec<&str> = (begin..begin + length).map(|k| reading.norm(k)).collect();
        let said = said.join(" ");
        let found = REGIONS.iter().find(|(_, _, names)| names.contains(&said.as_str()));
        let Some((code, _, _)) = found else { continue };
        if !(begin..begin + length).all(|k| reading.is_free(k)) {
            continue;
        }
        let short = said.len() == 2;
        let upper = reading.tokens.get(begin).is_some_and(|t| t.text.chars().all(char::is_uppercase));
        let ends = reading.tokens.get(begin + length).is_none_or(Token::is_break);
        let word = matches!(
            said.as_str(),
            "in" | "or"
                | "me"
                | "hi"
                | "ok"
                | "oh"
                | "us"
                | "ma"
                | "pa"
                | "de"
                | "la"
                | "co"
                | "id"
                | "al"
                | "mi"
                | "ms"
        );
        if short && word && !upper && !(comma && ends) {
            continue;
        }
        return (begin + length, Some((*code).to_owned()));
    }
    (at, None)
}

/// A zone of a state, for a place of it that the table does not hold.
pub fn zone_of_region(code: Option<&str>) -> Option<String> {
    REGIONS
        .iter()
        .find(|(region, zone, _)| Some(*region) == code && !zone.is_empty())
        .map(|(_, zone, _)| (*zone).to_owned())
}

/// A place the table does not hold: capitalised words or one or two uncommon small ones after a preposition of place.
pub fn at(reading: &Reading, i: usize) -> Option<Mention> {
    if !reading.is_free(i) || !reading.is_word(i) {
        return None;
    }
    let lead = i.checked_sub(1).map_or("", |k| reading.norm(k));
    let lead = if matches!(lead, "the" | "downtown") {
        i.checked_sub(2).map_or("", |k| reading.norm(k))
    } else {
        lead
    };
    let strong = matches!(lead, "in" | "near" | "around" | "outside") || instead(reading, i);
    let behind = |end: usize| region(reading, end);
    let first = reading.tokens.get(i)?;
    let capital = first.capital();
    let mut end = i;
    while end < i + 4
        && let Some(token) = reading.tokens.get(end)
        && token.kind == Kind::Word
        && reading.is_free(end)
        && could_name(token, capital)
        && (end == i || behind(end).1.is_none())
    {
        end += 1;
    }
    if end == i || (end - i > 2 && !capital) {
        return None;
    }
    // Ordinary words make a name only together: "Central Park".
    let ordinary = |k: usize| is_common(reading.norm(k));
    if capital && end - i == 1 && ordinary(i) && !(reading.is_sign(end, ",") && behind(end).1.is_some()) {
        return None;
    }
    let (after, code) = behind(end);
    let (with_state, only_state) = (code.is_some(), region(reading, i).1.is_some());
    let next_breaks = reading.tokens.get(after).is_none_or(Token::is_break)
        || is_common(reading.norm(after))
        || !reading.is_free(after);
    // ", Chattanooga,": a name by itself, which is less sure.
    let edge = |token: Option<&Token>| token.is_none_or(|t| t.is_break() || t.is_sign("-"));
    let alone = capital
        && i > 0
        && edge(reading.tokens.get(i - 1))
        && edge(reading.tokens.get(end))
        && first.text.chars().skip(1).all(char::is_lowercase)
        && super::time::calendar::weekday(&first.norm).is_none()
        && super::time::calendar::month_number(&first.norm).is_none();
    let sentence_start = i == 0 || reading.tokens.get(i - 1).is_some_and(Token::is_stop);
    let holds = match (strong, capital) {
        (true, true) => true,
        (true, false) => next_breaks,
        (false, true) => {
            (lead == "at" || lead == "from" || with_state) && !sentence_start
                || (with_state && reading.is_sign(end, ","))
                || alone
                || replaces(reading, end)
        }
        (false, false) => with_state && led_by_preposition(reading, i),
    };
    if !holds || only_state {
        return None;
    }
    let city = (i..end)
        .filter_map(|k| reading.tokens.get(k))
        .map(|token| titled(&token.text))
        .collect::<Vec<_>>()
        .join(" ");
    Some(Mention {
        city,
        zone: zone_of_region(code.as_deref()),
        range: i..after,
        weight: weight(reading, i).min(if alone && !strong && !with_state { 1 } else { u8::MAX }),
        part: None,
    })
}

/// "Not Leeds, York", "not in Leeds but York".
fn instead(reading: &Reading, i: usize) -> bool {
    let Some(before) = i.checked_sub(1).filter(|k| reading.is_sign(*k, ",") || reading.norm(*k) == "but")
    else {
        return false;
    };
    let mut at = before - usize::from(before > 0 && reading.is_sign(before - 1, ","));
    let end = at;
    while at > 0 && reading.claimed(at - 1) == Some(super::reading::Claim::Place) {
        at -= 1;
    }
    at < end && reading.is_denied(at)
}

/// "York not Leeds", "York, not in Leeds", "York instead of Leeds": what ends at `end` stands in place of a known place.
fn replaces(reading: &Reading, end: usize) -> bool {
    let at = end + usize::from(reading.is_sign(end, ","));
    let behind = match reading.norm(at) {
        "not" => at + 1,
        "instead" | "rather" if matches!(reading.norm(at + 1), "of" | "than") => at + 2,
        _ => return false,
    };
    is_known(reading, behind + usize::from(matches!(reading.norm(behind), "in" | "near" | "the")))
}

fn could_name(token: &Token, capital: bool) -> bool {
    let word = token.norm.as_str();
    let named = !NO_PLACE.contains(&word) && word.len() > 2 && !is_vocabulary(word);
    if capital {
        token.capital() && named
    } else {
        named && !is_common(word) && !is_common(&token.stem) && !word.ends_with("ing")
    }
}

fn titled(word: &str) -> String {
    let mut letters = word.strip_suffix("'s").unwrap_or(word).chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::concierge::places::find;
    use crate::concierge::reading::Reading;

    #[test]
    fn a_place_stands_for_another() {
        for text in [
            "no, Kearny not Brooklyn",
            "I meant Kearny instead of Queens",
            "it should be Kearny, not in Newark",
        ] {
            let mut reading = Reading::new(text);
            assert!(find(&mut reading).iter().any(|mention| mention.city == "Kearny"), "{text}");
        }
    }
}
