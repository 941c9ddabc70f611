//! The hours of a business in a message: those it names by day, else a new beginning or end of those that are known.

use serde_json::{Map, Value, json};

use super::summary::{HOURS, State};
use crate::provider::weekly;
use crate::talk::said::{clock, minutes};
use crate::talk::{Scene, rules, say};

/// The days that change, with their hours.
pub fn changes(scene: &Scene, state: &State) -> Map<String, Value> {
    let named = weekly(scene.said.text, false);
    let about_hours =
        scene.asked(HOURS) || scene.says(&["work|working|available|open|hours|schedule|off|closed"]);
    if !named.is_empty() && (about_hours || named.len() > 1) {
        return named;
    }
    let known = state.fields.get("availability").and_then(|availability| availability.get("weekly"));
    known.and_then(Value::as_object).map(|known| moved(scene, known)).unwrap_or_default()
}

/// "We start at 10", "we close at 6 and not at 5": on every day that is open.
fn moved(scene: &Scene, known: &Map<String, Value>) -> Map<String, Value> {
    let (mut start, mut end) = (None, None);
    let clauses = scene.said.text.split([',', ';', '.', '\n']);
    for part in clauses.flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" but ")) {
        let clause = scene.said.again(part);
        let says = |pattern: &str| rules::says(&clause.spoken, pattern);
        if says("not|dont|never") {
            continue;
        }
        if says("i|we|it|should|to|the|shop|rather ?now ?only start|starts|begin|begins|open|opens|starting")
        {
            start = clause.start().or(start);
        } else if says(
            "i|we|it|should|to|the|shop|rather ?now ?only close|closes|finish|finishes|stop|end|ends",
        ) {
            end = clause.start().or(end);
        }
    }
    if start.is_none() && end.is_none() {
        return Map::new();
    }
    let open = known.iter().filter_map(|(day, spans)| Some((day, spans.as_array()?.clone())));
    open.filter_map(|(day, mut spans)| {
        let opens = say::field(spans.first()?, "start").to_owned();
        if let (Some(start), Some(first)) = (&start, spans.first_mut()) {
            first["start"] = json!(start);
        }
        if let (Some(end), Some(last)) = (&end, spans.last_mut()) {
            // "At 6", of the end of a day, is in the evening.
            let late = minutes(end)? + if *end < opens { 12 * 60 } else { 0 };
            last["end"] = json!(clock(late));
        }
        Some((day.clone(), json!(spans)))
    })
    .collect()
}
