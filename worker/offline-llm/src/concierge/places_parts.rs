//! Parts of places: boroughs, neighbourhoods and directions.

use super::places::Mention;
use super::reading::Reading;

/// Parts of a larger place: named together, the larger one is the city.
const PARTS: &[(&str, &[&str])] = &[
    (
        "Brooklyn",
        &[
            "Williamsburg",
            "Park Slope",
            "Bushwick",
            "Bed-Stuy",
            "Greenpoint",
            "Crown Heights",
            "Bay Ridge",
            "Flatbush",
        ],
    ),
    ("Queens", &["Astoria", "Long Island City", "Flushing", "Jackson Heights", "Forest Hills"]),
    (
        "Manhattan",
        &[
            "Harlem",
            "Upper East Side",
            "Upper West Side",
            "Lower East Side",
            "East Village",
            "Greenwich Village",
            "SoHo",
            "Tribeca",
            "Chelsea",
        ],
    ),
    ("Los Angeles", &["Hollywood", "West Hollywood", "Silver Lake", "Venice Beach"]),
    ("London", &["Camden", "Hackney", "Brixton", "Chelsea", "SoHo"]),
    ("Sydney", &["Bondi"]),
    ("Miami", &["Miami Beach"]),
];

/// "west Philly", "downtown Chicago": the city is the table's, the direction is kept as its part.
pub fn with_direction(reading: &Reading, mention: Mention) -> Mention {
    let before =
        mention.range.start.checked_sub(1).filter(|k| reading.is_free(*k) && is_direction(reading.norm(*k)));
    match before {
        Some(begin) => Mention {
            part: mention.part.or_else(|| Some(reading.words(begin..mention.range.end).to_owned())),
            range: begin..mention.range.end,
            ..mention
        },
        None => mention,
    }
}

/// Whether a word before a city names a part of it.
pub fn is_direction(word: &str) -> bool {
    matches!(
        word,
        "west"
            | "east"
            | "north"
            | "south"
            | "downtown"
            | "uptown"
            | "central"
            | "midtown"
            | "upper"
            | "lower"
            | "greater"
    )
}

/// "Williamsburg, Brooklyn": the city is Brooklyn, Williamsburg a part of it.
pub fn join_parts(reading: &Reading, found: Vec<Mention>) -> Vec<Mention> {
    let mut joined: Vec<Mention> = Vec::new();
    for mention in found {
        if let Some(last) = joined.last_mut() {
            let gap = mention.range.start.saturating_sub(last.range.end);
            let near = gap == 0
                || (gap == 1
                    && (reading.is_sign(last.range.end, ",") || reading.norm(last.range.end) == "in"));
            let inside = PARTS
                .iter()
                .any(|(whole, parts)| *whole == mention.city && parts.contains(&last.city.as_str()));
            if near && inside {
                let part = last.city.clone();
                *last = Mention {
                    part: Some(part),
                    range: last.range.start..mention.range.end,
                    weight: last.weight.max(mention.weight),
                    ..mention
                };
                continue;
            }
            // "Wicker Park, Chicago": a part that nobody knows of a city that is known.
            if gap == 1 && near && last.zone.is_none() && mention.zone.is_some() {
                let part = last.city.clone();
                let (start, weight) = (last.range.start, last.weight.max(mention.weight));
                *last = Mention { part: Some(part), range: start..mention.range.end, weight, ..mention };
                continue;
            }
            // "Brooklyn, New York" and "Brooklyn NY": the first is the city.
            if near && mention.city == "New York" && mention.zone == last.zone {
                last.range.end = mention.range.end;
                continue;
            }
        }
        joined.push(mention);
    }
    joined
}

/// How surely a place is where the work is: 4 of a thing that is there, 3 of the user being there, 2 of a place named, 1 of
/// where the user lives or comes from, 0 of the past and of other people.
pub fn weight(reading: &Reading, i: usize) -> u8 {
    const THERE: &[&str] = &["in", "near", "at", "outside", "around"];
    let i = i - usize::from(i > 0 && matches!(reading.norm(i - 1), "the" | "downtown" | "central" | "sunny"));
    let before = |back: usize| i.checked_sub(back).map_or("", |k| reading.norm(k));
    let mine = |from: usize| (from..from + 3).any(|back| matches!(before(back), "i" | "we" | "just"));
    if before(1) == "to"
        && matches!(before(2), "moving" | "move" | "flying" | "moved" | "relocated" | "relocating")
    {
        return u8::from(before(2) != "moved" || mine(3));
    }
    let from_to = before(1) == "to" && (2..=5).any(|back| before(back) == "from");
    if from_to && (2..=9).any(|back| matches!(before(back), "moved" | "moving" | "relocated" | "relocating"))
    {
        return 1;
    }
    let home = matches!(
        before(2),
        "live" | "living" | "based" | "lives" | "work" | "working" | "grew" | "born" | "reside"
    );
    let moving_out = before(1) == "from" && (2..=4).any(|back| before(back) == "out");
    if before(1) == "from" && !moving_out {
        return u8::from(!matches!(before(2), "moved" | "back"));
    }
    if reading.stance(i).told {
        return 0;
    }
    if THERE.contains(&before(1)) && matches!(before(2), "was" | "were" | "been" | "stayed") {
        return 0;
    }
    // "My old apartment in Queens".
    if matches!(before(2), "apartment" | "place" | "house" | "home" | "flat" | "office" | "studio" | "condo")
        && matches!(before(3), "old" | "previous" | "former" | "last" | "ex")
    {
        return 0;
    }
    // "My office in Manhattan needs a cleaning".
    if THERE.contains(&before(1)) && (i + 1..i + 4).any(|k| reading.norm(k) == "needs") {
        return 4;
    }
    let for_person = (0..reading.tokens.len()).any(|k| {
        reading.norm(k) == "for"
            && matches!(reading.norm(k + 1), "my" | "our" | "a")
            && super::background::is_person(reading.norm(k + 2))
    });
    let theirs = if for_person { 4 } else { 1 };
    if THERE.contains(&before(1)) && matches!(before(2), "shes" | "hes" | "theyre") {
        return theirs;
    }
    if THERE.contains(&before(1)) && home {
        return 1;
    }
    // "my mom is in Florida" is not the work; "the wedding is in Milwaukee" is.
    if THERE.contains(&before(1)) {
        let is = (2..=4).find(|back| matches!(before(*back), "is" | "are" | "located" | "its" | "thats"));
        if let Some(back) =
            is.filter(|back| *back == 2 || matches!(before(2), "located" | "here" | "all" | "now"))
        {
            let subject = before(back + 1);
            return match subject {
                "we" | "i" | "" => 3,
                "she" | "he" | "they" => theirs,
                said if super::background::is_person(said) => theirs,
                _ => 4,
            };
        }
        if (2..=3).any(|back| matches!(before(back), "im" | "weare")) || (before(3), before(2)) == ("i", "am")
        {
            return 3;
        }
    }
    2
}
