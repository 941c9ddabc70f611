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
    let before = mention.range.start.checked_sub(1).filter(|k| {
        reading.is_free(*k)
            && matches!(
                reading.norm(*k),
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
            )
    });
    match before {
        Some(begin) => Mention {
            part: mention.part.or_else(|| Some(reading.words(begin..mention.range.end).to_owned())),
            range: begin..mention.range.end,
            ..mention
        },
        None => mention,
    }
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
