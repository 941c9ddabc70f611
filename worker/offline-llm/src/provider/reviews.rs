//! Reviews of a provider, and numbers.

use serde_json::{Value, json};

use crate::concierge::market::{between_quotes, draft_words};
use crate::talk::drafts::NOT_HERE;
use crate::talk::hand::Step;
use crate::talk::pick::{Choice, Picked, pick};
use crate::talk::{Scene, say, trouble};

fn performance_of(scene: &Scene) -> Step<Result<Value, String>> {
    let result = scene.hand.call("analyze_performance", &json!({}))?;
    if let Some(trouble) = trouble::of(&result) {
        return Ok(Err(trouble.words));
    }
    if result.is_null() {
        return Ok(Err(NOT_HERE.to_owned()));
    }
    Ok(Ok(result.get("performance").cloned().unwrap_or(result)))
}

/// Says how the business does.
pub fn performance(scene: &Scene) -> Step<String> {
    let numbers = match performance_of(scene)? {
        Ok(numbers) => numbers,
        Err(words) => return Ok(words),
    };
    let count = |key: &str| numbers.get(key).and_then(Value::as_i64);
    let mut lines = Vec::new();
    match numbers.get("rating").and_then(Value::as_f64) {
        Some(rating) => {
            lines.push(format!("- Rating: **{rating:.1} ★** ({} reviews)", count("reviews").unwrap_or(0)))
        }
        None => lines.push(format!(
            "- Rating: not shown before three reviews ({} so far)",
            count("reviews").unwrap_or(0)
        )),
    }
    if let (Some(leads), Some(offers)) = (count("leads"), count("offers")) {
        let won = count("won").map(|won| format!(", {won} won")).unwrap_or_default();
        lines.push(format!("- {leads} leads, {offers} offers{won}"));
    }
    lines.extend(numbers.get("win_rate").and_then(Value::as_f64).map(|rate| {
        let percent = if rate <= 1.0 { rate * 100.0 } else { rate };
        format!("- You win {percent:.0} % of your offers")
    }));
    let average = numbers
        .get("average_price_won")
        .map(|price| (say::cents(Some(price)), say::text(price.get("currency"))));
    lines.extend(average.and_then(|(cents, currency)| {
        Some(format!("- Average price won: {}", say::money(cents?, currency)))
    }));
    lines.extend(count("response_minutes").map(|minutes| format!("- You answer within {minutes} minutes")));
    lines.extend(count("completed").map(|done| format!("- {done} jobs done")));
    let reviews = reviews(&numbers);
    let mut text = format!("This is how you are doing:\n{}", lines.join("\n"));
    if !reviews.is_empty() {
        text += &format!("\n\nLatest reviews:\n{}", say::numbered(reviews.iter().map(review_line)));
        if reviews.iter().any(|review| !is_answered(review)) {
            text += "\n\nYou can reply to a review: just tell me what to say.";
        }
    }
    Ok(text)
}

fn reviews(numbers: &Value) -> Vec<Value> {
    numbers.get("latest_reviews").and_then(Value::as_array).cloned().unwrap_or_default()
}

fn is_answered(review: &Value) -> bool {
    match review.get("answered") {
        Some(Value::Bool(answered)) => *answered,
        Some(Value::Null) | None => false,
        Some(_) => true,
    }
}

fn review_line(review: &Value) -> String {
    let stars = review.get("rating").and_then(Value::as_i64).unwrap_or(0);
    let text = say::shown(review, "text");
    let text = if text.is_empty() { String::new() } else { format!(" *“{text}”*") };
    format!("{stars} ★{text}")
}

/// Replies to a review: makes the draft.
pub fn respond(scene: &Scene) -> Step<String> {
    let open = scene.brief.open("review_response");
    let text = reply(scene.said.text).or_else(|| {
        let asked = open.is_some() || scene.asked("What would you like to reply?");
        asked.then(|| scene.said.text.trim().to_owned())
    });
    let drafted = open.and_then(|draft| draft.text("review_id")).map(str::to_owned);
    let review = match drafted {
        Some(id) => Some(id),
        None if scene.hand.has("analyze_performance") => {
            let numbers = match performance_of(scene)? {
                Ok(numbers) => numbers,
                Err(words) => return Ok(words),
            };
            which(scene, &reviews(&numbers))
        }
        None => None,
    };
    let result = scene.hand.call("respond_to_review", &json!({"review_id": review, "text": text}))?;
    Ok(draft_words(&result, text.map(|text| format!("Your reply: *{}*", say::plain(&text)))))
}

/// The review that is meant: by its words or its place, else the newest without an answer.
fn which(scene: &Scene, reviews: &[Value]) -> Option<String> {
    let open: Vec<&Value> = reviews.iter().filter(|review| !is_answered(review)).collect();
    let choices: Vec<Choice> = open
        .iter()
        .map(|review| Choice {
            id: say::field(review, "id").to_owned(),
            name: ["consumer", "first_name", "name"]
                .iter()
                .map(|key| say::field(review, key))
                .find(|t| !t.is_empty())
                .unwrap_or_default()
                .to_owned(),
            ..Choice::default()
        })
        .collect();
    let stars = crate::concierge::market::rating(scene.said.text);
    if let Some(stars) = stars
        && let Some(found) =
            open.iter().find(|review| review.get("rating").and_then(Value::as_i64) == Some(stars))
    {
        return Some(say::field(found, "id").to_owned());
    }
    let at = match pick(&scene.said, &choices, None, "") {
        Picked::One(at) => at,
        _ => 0,
    };
    choices.get(at).map(|choice| choice.id.clone()).filter(|id| !id.is_empty())
}

/// What is to be replied: what is quoted, or stands behind a colon, "say", "that".
fn reply(text: &str) -> Option<String> {
    if let Some(quoted) = between_quotes(text) {
        return Some(quoted);
    }
    let lower = text.to_lowercase();
    let marks = [
        " saying that ",
        " saying ",
        " and say that ",
        " and say ",
        " with: ",
        ": ",
        " with the words ",
        " and tell her ",
        " and tell him ",
        " and thank ",
        " - ",
    ];
    let found = marks.iter().filter_map(|mark| lower.find(mark).map(|at| (at, *mark))).min()?;
    let begin = if found.1 == " and thank " { found.0 + 5 } else { found.0 + found.1.len() };
    let rest = text.get(begin..)?.trim();
    (rest.len() > 2).then(|| say::sentence(rest))
}
