//! Reviews by consumers.

use serde_json::{Value, json};

use super::bookings::{self, Bookings, one_of};
use super::draft_words;
use crate::concierge::reading::Reading;
use crate::concierge::{amounts, words::Kind};
use crate::talk::hand::Step;
use crate::talk::{Scene, say};

/// Asked before a review.
pub const WHICH: &str = "Which booking would you like to review?";

/// Reviews a booking: makes the draft.
pub fn submit(scene: &Scene) -> Step<String> {
    let all = match bookings::all(scene)? {
        Ok(all) => all,
        Err(words) => return Ok(words),
    };
    let can = |booking: &Value| {
        booking
            .get("can_review")
            .and_then(Value::as_bool)
            .unwrap_or(say::field(booking, "status") == "completed")
    };
    let held = Bookings::of(all.into_iter().filter(can));
    if held.items.is_empty() {
        return Ok("There is no booking that you could review: it must be done, within 30 days, and not reviewed yet.".to_owned());
    }
    let booking = match one_of(scene, &held, WHICH, "review") {
        Ok(booking) => booking,
        Err(words) => return Ok(words),
    };
    let open = scene.brief.open("review");
    let asked = open.is_some_and(|draft| draft.lacks("rating")) || scene.asked("How many stars");
    let number = |field: &str| open.and_then(|draft| draft.fields.get(field)).and_then(Value::as_i64);
    let part = |field: &str| {
        aspect(scene.said.text, field)
            .or_else(|| number(field))
            .or_else(|| open?.fields.get("breakdown")?.get(field)?.as_i64())
    };
    let waiting = open.is_none() && scene.turn.said_before().contains('?');
    let stars = rating(scene.said.text, asked)
        .or_else(|| number("rating"))
        .or_else(|| if waiting { rating(scene.before(), false) } else { None });
    let drafted = open.and_then(|draft| draft.text("text")).map(str::to_owned);
    let text = drafted
        .clone()
        .filter(|_| keeps_rest(scene))
        .or_else(|| text(scene.said.text))
        .or(drafted)
        .or_else(|| if waiting { text(scene.before()) } else { None });
    let arguments = json!({
        "booking_id": booking.get("id"), "rating": stars, "text": text, "punctuality": part("punctuality"),
        "quality": part("quality"), "value": part("value"), "communication": part("communication"),
    });
    let result = scene.hand.call("submit_review", &arguments)?;
    let stars = stars.map_or_else(|| "stars open".to_owned(), |stars| format!("{stars} ★"));
    let text = text.map(|text| format!(": *{}*", say::plain(&text))).unwrap_or_default();
    Ok(draft_words(&result, Some(format!("Your review of {}: **{stars}**{text}", bookings::line(&booking)))))
}

/// "Keep the rest", "leave the text as it is": only what is named changes.
fn keeps_rest(scene: &Scene) -> bool {
    scene.says(&[
        "keep|leave ?everything ?all ?the|my rest|text|words|wording|remainder|others|review|everything|it",
        "rest|text|words|wording|everything ?else ?can|should|may|is|stays|stay|remains ?stay|remain ?fine|same|unchanged >",
        "otherwise ?keep ?leave ?it ?the same|unchanged",
        "same text|words|wording",
    ])
}

/// The stars of a message: "5 stars", "four out of five", "4/5"; a bare number where stars were asked for.
pub fn rating(text: &str, asked: bool) -> Option<i64> {
    let reading = Reading::new(text);
    let tokens = &reading.tokens;
    let value = |i: usize| {
        let token = tokens.get(i)?;
        let value = match token.kind {
            Kind::Number => token.text.parse().ok(),
            Kind::Word => amounts::small(&token.norm),
            Kind::Sign => None,
        };
        value.filter(|value: &i64| (1..=5).contains(value))
    };
    let by_unit = (0..tokens.len()).find_map(|i| {
        let number = value(i)?;
        let next = i + 1 + usize::from(reading.is_sign(i + 1, "-"));
        let unit = matches!(reading.norm(next), "star" | "stars")
            || reading.is_sign(next, "★")
            || reading.is_sign(next, "⭐");
        let of = (reading.is_sign(next, "/") && reading.norm(next + 1) == "5")
            || reading.says(next, &["out", "of"]);
        (unit || of).then_some(number)
    });
    let drawn = i64::try_from(text.chars().filter(|c| matches!(c, '⭐' | '★')).count()).unwrap_or(0);
    let given = || {
        (0..tokens.len()).find_map(|i| {
            let led = i.checked_sub(1).is_some_and(|k| {
                matches!(
                    reading.norm(k),
                    "a" | "rating" | "give" | "rate" | "solid" | "her" | "him" | "them" | "it"
                )
            });
            value(i).filter(|_| {
                (led || asked)
                    && aspect_before(&reading, i).is_none()
                    && tokens.get(i).is_some_and(|t| t.norm != "one" || asked)
            })
        })
    };
    by_unit.or((1..=5).contains(&drawn).then_some(drawn)).or_else(given)
}

const ASPECTS: &[(&str, &[&str])] = &[
    ("punctuality", &["punctuality", "punctual", "timing"]),
    ("quality", &["quality", "work"]),
    ("value", &["value", "price"]),
    ("communication", &["communication", "communicating"]),
];

fn aspect_before(reading: &Reading, number: usize) -> Option<&'static str> {
    (1..=3).filter_map(|back| number.checked_sub(back)).find_map(|k| {
        ASPECTS.iter().find(|(_, words)| words.contains(&reading.norm(k))).map(|(name, _)| *name)
    })
}

/// "Punctuality 4", "quality: 5".
fn aspect(text: &str, name: &str) -> Option<i64> {
    let reading = Reading::new(text);
    (0..reading.tokens.len()).find_map(|i| {
        let token = reading.tokens.get(i).filter(|token| token.kind == Kind::Number)?;
        let value: i64 = token.text.parse().ok().filter(|value| (1..=5).contains(value))?;
        (aspect_before(&reading, i) == Some(name)).then_some(value)
    })
}

/// What the review says besides the stars, in the user's words.
pub fn text(message: &str) -> Option<String> {
    if let Some(quoted) = between_quotes(message) {
        return Some(quoted);
    }
    let mut kept: Vec<&str> = Vec::new();
    for sentence in message.split_inclusive(['.', '!', '?', '\n', ';']) {
        for clause in sentence.split_inclusive([',', ':', '—']) {
            let bare = clause
                .trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | ';' | '—' | '.' | '!'));
            let reading = Reading::new(bare);
            let has = |words: &[&str]| (0..reading.tokens.len()).any(|i| words.contains(&reading.norm(i)));
            let about_stars = rating(bare, false).is_some()
                || has(&["star", "stars", "review", "rate", "rating", "stars."]);
            let aspects = (0..reading.tokens.len()).any(|i| {
                reading.tokens.get(i).is_some_and(|t| t.kind == Kind::Number)
                    && aspect_before(&reading, i).is_some()
            });
            if aspects {
                continue;
            }
            if about_stars {
                let lower = bare.to_lowercase();
                let rest = [" because ", " since ", " - ", " saying "]
                    .iter()
                    .find_map(|mark| lower.find(mark).and_then(|at| bare.get(at + mark.len()..)));
                kept.extend(rest);
                continue;
            }
            if reading.tokens.len() > 1 || bare.len() > 5 {
                kept.push(bare.trim_start_matches("and ").trim_start_matches("because "));
            }
        }
    }
    let plain = ["yes", "no", "ok", "okay", "thanks", "yes please", "please"];
    kept.retain(|clause| {
        let lower = clause.to_lowercase();
        clause.chars().any(char::is_alphabetic)
            && !plain.contains(&lower.as_str())
            && !lower.starts_with("make it")
            && !lower.starts_with("change it")
    });
    let text = kept.join(", ");
    (!text.is_empty() && text.chars().filter(|c| c.is_alphabetic()).count() > 3).then_some(text)
}

/// What stands between quotation marks.
pub fn between_quotes(text: &str) -> Option<String> {
    let begin = text.find(['"', '“'])?;
    let after = text.get(begin..)?.chars().next().map(|c| begin + c.len_utf8())?;
    let rest = text.get(after..)?;
    let end = rest.rfind(['"', '”'])?;
    rest.get(..end).map(str::trim).filter(|inner| !inner.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_words() {
        for (message, stars, words) in [
            ("5 stars, she was great", Some(5), Some("she was great")),
            ("I'd give Maria four out of five. Lovely cut!", Some(4), Some("Lovely cut")),
            ("4/5 because he was late", Some(4), Some("he was late")),
            ("leave a review", None, None),
            ("⭐⭐⭐", Some(3), None),
            ("5 stars, punctuality 4, quality 5", Some(5), None),
        ] {
            assert_eq!((rating(message, false), text(message).as_deref()), (stars, words), "{message}");
        }
        assert_eq!(rating("4", true), Some(4));
        assert_eq!(aspect("5 stars, punctuality 4, quality 5", "punctuality"), Some(4));
    }
}
