//! Times that fit no single window, and hurry.

use super::What;
use crate::concierge::reading::Reading;

const NOW: &[&[&str]] = &[
    &["asap"],
    &["rn"],
    &["a", "s", "a", "p"],
    &["right", "now"],
    &["right", "away"],
    &["immediately"],
    &["emergency"],
    &["urgent"],
    &["urgently"],
    &["as", "soon", "as", "possible"],
    &["as", "soon", "as", "you", "can"],
    &["as", "soon", "as", "they", "can"],
    &["straight", "away"],
    &["at", "once"],
    &["this", "minute"],
    &["as", "quickly", "as", "possible"],
    &["as", "fast", "as", "possible"],
    &["this", "instant"],
    &["soonest"],
    &["first", "available"],
    &["earliest", "available"],
    &["now", "please"],
    &["help", "now"],
    &["needs", "to", "be", "now"],
    &["as", "early", "as", "possible"],
    &["pronto"],
    &["cant", "wait"],
];
const SOON: &[&[&str]] = &[
    &["soon"],
    &["soonish"],
    &["pretty", "soon"],
    &["fairly", "soon"],
    &["some", "time", "soon"],
    &["sometime", "soon"],
];
const MANY: &[&str] = &[
    "mornings",
    "afternoons",
    "evenings",
    "nights",
    "weekends",
    "weekdays",
    "mondays",
    "tuesdays",
    "wednesdays",
    "thursdays",
    "fridays",
    "saturdays",
    "sundays",
    "weeknights",
];

/// A wish or a hurry at `i`, and where it ends.
pub fn at(reading: &Reading, i: usize) -> Option<(What, usize)> {
    if !reading.is_free(i) {
        return None;
    }
    if let Some(length) = NOW.iter().filter(|p| reading.says(i, p)).map(|p| p.len()).max() {
        let calm =
            i.checked_sub(1).is_some_and(|k| matches!(reading.norm(k), "not" | "no" | "isnt" | "nothing"))
                || reading.says(i.saturating_sub(2), &["not", "an"])
                || reading.says(i.saturating_sub(2), &["not", "that"])
                || reading.says(i.saturating_sub(2), &["not", "super"]);
        return (!calm).then_some((What::Now, i + length));
    }
    if let Some(length) = SOON.iter().filter(|p| reading.says(i, p)).map(|p| p.len()).max() {
        return Some((What::Soon, i + length));
    }
    let many = |k: usize| MANY.contains(&reading.norm(k));
    let unit = |k: usize| {
        matches!(
            reading.norm(k),
            "morning" | "afternoon" | "evening" | "night" | "weekend" | "weekday" | "weeknight" | "day"
        ) || super::calendar::weekday(reading.norm(k)).is_some()
    };
    let each = matches!(reading.norm(i), "any" | "every" | "each" | "most" | "some");
    let mut end = if each && unit(i + 1) {
        if matches!(reading.norm(i + 1), "day" | "weekend")
            && reading.norm(i) != "every"
            && !matches!(reading.norm(i + 2), "after" | "before" | "except" | "but" | "from")
        {
            // "any day next week" wishes nothing; "any day" alone is a matter of unwillingness.
            return None;
        }
        i + 2
    } else if matches!(reading.norm(i), "weekday" | "weekend" | "weeknight")
        && (many(i + 1) || matches!(reading.norm(i + 1), "morning" | "evening" | "afternoon" | "only"))
    {
        i + 2
    } else if many(i)
        || (matches!(reading.norm(i), "on" | "in" | "only" | "during")
            && (many(i + 1) || (reading.norm(i + 1) == "the" && many(i + 2))))
    {
        if many(i) {
            i + 1
        } else if many(i + 1) {
            i + 2
        } else {
            i + 3
        }
    } else {
        return None;
    };
    while (matches!(reading.norm(end), "or" | "and") && (many(end + 1) || unit(end + 1)))
        || many(end)
        || (unit(end) && reading.norm(end) != "day")
    {
        end += if matches!(reading.norm(end), "or" | "and") { 2 } else { 1 };
    }
    if reading.norm(end) == "only" {
        end += 1;
    }
    // The times of day that belong to it: "any evening after 6".
    if let Some((_, after)) = super::clock::at(reading, end, true, true) {
        end = after;
    }
    Some((What::Wish, end))
}
