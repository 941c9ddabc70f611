//! What the concierge says: friendly Markdown, never more than a few lines.

use chrono::{Datelike, NaiveDateTime, Timelike};
use serde_json::Value;

use super::facts::Window;
use super::prompt::{Draft, Role};
use super::smalltalk::{self, Talk};
use super::vocabulary::VOCABULARY;
use crate::talk::say::{self, budget, money, plain};

/// A provider that the search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub city: String,
    /// Its mean rating, if it has enough reviews.
    pub rating: Option<f64>,
    /// How many reviews.
    pub reviews: u64,
    /// Its lowest price, in cents.
    pub price: Option<i64>,
    /// Of the price.
    pub currency: String,
}

/// Everything an answer is made from.
#[derive(Debug, Clone, Default)]
pub struct Scene<'a> {
    /// Whom it is said to.
    pub role: Role,
    /// The draft as it is now.
    pub draft: Draft,
    /// The name the user gave just now.
    pub name: Option<&'a str>,
    /// Whether this message changed anything.
    pub changed: bool,
    /// The kind of talk, where nothing was understood.
    pub talk: Option<Talk>,
    /// A category, where the service is not clear.
    pub category: Option<&'a str>,
    /// What the search found; `None` if it was not asked.
    pub found: Option<Vec<Found>>,
    /// A tool that answered with an error.
    pub failure: Option<String>,
    /// What the specialist says to the request.
    pub advice: Vec<String>,
    /// What is said instead of the next question.
    pub instead: Option<String>,
    /// The name the profile knows.
    pub known_name: Option<String>,
}

/// Says it.
pub fn compose(scene: &Scene) -> String {
    let mut lines: Vec<String> = Vec::new();
    let summary = summary(&scene.draft);
    match (scene.talk, scene.name) {
        (Some(Talk::Greeting), _) if !scene.changed && scene.known_name.is_some() => {
            let name = plain(scene.known_name.as_deref().unwrap_or_default());
            lines.push(format!("Hello, {name}! I'm your Proxie concierge."));
        }
        (Some(talk), _) if !scene.changed => lines.push(smalltalk::answer(talk).to_owned()),
        (_, Some(name)) => lines.push(format!("Nice to meet you, {}!", plain(name))),
        _ => {}
    }
    if let Some(failure) = &scene.failure {
        lines.push(failure.clone());
    }
    for problem in &scene.draft.problems {
        lines.push(format!("One thing doesn't fit yet: {}", plain(&problem.message)));
    }
    if scene.changed
        && let Some(summary) = &summary
    {
        lines.push(format!("Got it: {summary}."));
    }
    lines.extend(scene.advice.clone());
    if let Some(text) = scene.found.as_ref().and_then(|found| providers(found)) {
        lines.push(text);
    }
    lines.push(scene.instead.clone().unwrap_or_else(|| next(scene, summary.as_deref())));
    lines.join("\n\n")
}

/// The next question, or what to do with a request that is ready.
fn next(scene: &Scene, summary: Option<&str>) -> String {
    let draft = &scene.draft;
    let lacks = |field: &str| draft.missing.iter().any(|missing| missing == field);
    let no_service = lacks("service_id") || draft.text("service_id").is_none();
    if no_service && draft.text("service_id").is_none() {
        let category = scene.category.and_then(|id| VOCABULARY.category(id));
        if let Some(category) = category {
            let labels: Vec<&str> = VOCABULARY
                .services
                .iter()
                .filter(|s| s.category == category.id)
                .map(|s| s.label.as_str())
                .collect();
            return format!("Which kind of {} work do you need: {}?", category.label, or_list(&labels));
        }
        if summary.is_some() && scene.changed {
            let known: Vec<&str> = VOCABULARY.categories.iter().map(|c| c.label.as_str()).collect();
            return format!("What do you need done? I find people for {} work.", or_list(&known));
        }
        return "What do you need? For example *\"a haircut in Brooklyn this weekend, about $60\"*, *\"my kitchen sink is leaking\"* or *\"a photographer for our wedding\"*.".to_owned();
    }
    if lacks("city") || draft.text("city").is_none() {
        return "Which city or neighbourhood is it in?".to_owned();
    }
    let asks = |field: &str| draft.ask.iter().any(|ask| ask == field);
    match (asks("window"), asks("budget")) {
        (true, true) => {
            return "When would suit you, and do you have a budget in mind? Both are optional.".to_owned();
        }
        (true, false) => return "When would suit you? *Any time* is fine, too.".to_owned(),
        (false, true) => return "Do you have a budget in mind? You can also skip this.".to_owned(),
        _ => {}
    }
    if let Some(field) = draft.missing.first() {
        return format!("I still need one thing: {}?", plain(&field.replace('_', " ")));
    }
    let ready = match scene.role {
        Role::Consumer => {
            "Your request is ready. **Shall I send it out?** Approve it, or tell me what to change."
        }
        _ => {
            "Your request is ready. **Sign up** and I'll send it to professionals near you; everything you told me is kept."
        }
    };
    match summary.filter(|_| !scene.changed && scene.talk.is_some()) {
        Some(summary) => format!("We have {summary}. {ready}"),
        None => ready.to_owned(),
    }
}

/// The request in one line: "a haircut in **Brooklyn**, Sat 28 Nov – Sun 29 Nov, up to $60, for curly hair".
fn summary(draft: &Draft) -> Option<String> {
    let service = draft
        .text("service_id")
        .map(|id| VOCABULARY.service(id).map_or_else(|| id.replace('_', " "), |s| s.label.clone()));
    let place = draft.text("city").map(|city| format!("in **{}**", plain(city)));
    let head = [service.clone().map(|s| format!("**{s}**")), place]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let special = draft.list("specializations");
    let mut parts = vec![head];
    if !special.is_empty() {
        parts.push(plain(&special.join(", ")));
    }
    parts.extend(draft.window().map(when));
    parts.extend(draft.fields.get("budget").and_then(budget));
    parts.extend(draft.text("notes").map(|notes| format!("*{}*", plain(notes))));
    parts.retain(|part| !part.is_empty());
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn when(window: Window) -> String {
    let day = |t: NaiveDateTime| t.format("%a %-d %b").to_string();
    let time = |t: NaiveDateTime| t.format("%-I:%M %p").to_string().replace(":00 ", " ");
    let from_start = window.from.hour() == 0 && window.from.minute() == 0;
    let to_end = window.to.hour() == 23 && window.to.minute() == 59;
    let one = window.from.num_days_from_ce() == window.to.num_days_from_ce();
    match (one, from_start && to_end) {
        (true, true) => day(window.from),
        (true, false) if to_end => format!("{} after {}", day(window.from), time(window.from)),
        (true, false) if from_start => format!("{} before {}", day(window.from), time(window.to)),
        (true, false) => format!("{}, {} to {}", day(window.from), time(window.from), time(window.to)),
        (false, true) => format!("{} to {}", day(window.from), day(window.to)),
        (false, false) => {
            format!("{} {} to {} {}", day(window.from), time(window.from), day(window.to), time(window.to))
        }
    }
}

fn providers(found: &[Found]) -> Option<String> {
    if found.is_empty() {
        return Some(
            "I haven't found anyone listed there yet, but a request also reaches those who join.".to_owned(),
        );
    }
    let lines: Vec<String> = found
        .iter()
        .take(3)
        .map(|provider| {
            let mut line = format!("- **{}**", plain(&provider.name));
            if !provider.city.is_empty() {
                line += &format!(", {}", plain(&provider.city));
            }
            match provider.rating {
                Some(rating) => line += &format!(", {rating:.1} ★ ({} reviews)", provider.reviews),
                None => line += ", new here",
            }
            if let Some(price) = provider.price {
                line += &format!(", from {}", money(price, &provider.currency));
            }
            line
        })
        .collect();
    Some(format!("These could do it:\n{}", lines.join("\n")))
}

fn or_list(items: &[&str]) -> String {
    say::or_list(&items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>())
}

/// The providers of a search's result.
pub fn found(result: &Value) -> Option<Vec<Found>> {
    let providers = result.get("providers")?.as_array()?;
    Some(
        providers
            .iter()
            .map(|provider| {
                let from = provider.get("price_from").filter(|price| price.is_object());
                Found {
                    name: say::field(provider, "name").to_owned(),
                    city: say::field(provider, "city").to_owned(),
                    rating: provider.get("rating").and_then(Value::as_f64),
                    reviews: ["review_count", "reviews"]
                        .iter()
                        .find_map(|key| provider.get(*key)?.as_u64())
                        .unwrap_or(0),
                    price: say::cents(from.or_else(|| provider.get("price_from_cents"))),
                    currency: say::text(
                        from.and_then(|price| price.get("currency")).or_else(|| provider.get("currency")),
                    )
                    .to_owned(),
                }
            })
            .filter(|provider| !provider.name.is_empty())
            .collect(),
    )
}
