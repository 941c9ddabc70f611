//! Leads: shown, looked at, passed.

use serde_json::{Value, json};

use crate::talk::drafts::NOT_HERE;
use crate::talk::hand::Step;
use crate::talk::pick::{self, Choice, Picked, pick};
use crate::talk::said::Said;
use crate::talk::{Scene, say, trouble};

/// Asked before a lead is shown.
pub const WHICH_DETAILS: &str = "Which lead would you like to see?";
/// Asked before a lead is passed.
pub const WHICH_PASS: &str = "Which lead shall I pass on?";
/// Asked after a lead was shown.
pub const NEXT: &str = "Shall I suggest an offer?";

/// Leads and how to tell them apart.
pub struct Leads {
    /// The leads.
    pub items: Vec<Value>,
    /// The same, to pick from.
    pub choices: Vec<Choice>,
}

/// The open leads, or the words for why there are none.
///
/// # Errors
/// The call that has to come first.
pub fn all(scene: &Scene) -> Step<Result<Leads, String>> {
    let result = scene.hand.call("get_leads", &json!({}))?;
    if let Some(trouble) = trouble::of(&result) {
        return Ok(Err(trouble.words));
    }
    if result.is_null() {
        return Ok(Err(NOT_HERE.to_owned()));
    }
    let items: Vec<Value> = say::list(&result, "leads").into_iter().cloned().collect();
    if items.is_empty() {
        return Ok(Err(
            "There are no open leads just now. I'll tell you when one comes in that fits you.".to_owned()
        ));
    }
    let choices = items.iter().map(choice).collect();
    Ok(Ok(Leads { items, choices }))
}

fn choice(lead: &Value) -> Choice {
    let from = lead.pointer("/window/from").and_then(Value::as_str).unwrap_or_default();
    Choice {
        id: ["request_id", "id"]
            .iter()
            .map(|key| say::field(lead, key))
            .find(|id| !id.is_empty())
            .unwrap_or_default()
            .to_owned(),
        label: line(lead),
        name: say::field(lead, "first_name").to_owned(),
        service: say::service_id(lead),
        cents: lead.pointer("/budget/max_cents").and_then(Value::as_i64),
        times: vec![(
            from.get(..10).unwrap_or_default().to_owned(),
            from.get(11..16).unwrap_or_default().to_owned(),
        )],
        rating: lead.get("score").and_then(Value::as_f64),
    }
}

/// A lead in a line.
pub fn line(lead: &Value) -> String {
    let name = say::shown(lead, "first_name");
    let mut head = format!("**{}**", say::sentence(&say::service_of(lead)));
    if !name.is_empty() {
        head += &format!(" for {name}");
    }
    let place =
        ["neighbourhood", "city"].iter().map(|key| say::shown(lead, key)).find(|text| !text.is_empty());
    head += &place.map(|place| format!(" in {place}")).unwrap_or_default();
    let mut parts = vec![head];
    parts.extend(lead.get("window").filter(|window| window.is_object()).map(when));
    parts.extend(lead.get("budget").and_then(say::budget));
    parts.join(", ")
}

fn when(window: &Value) -> String {
    let (from, to) = (say::field(window, "from"), say::field(window, "to"));
    let (first, last) = (from.get(..10).unwrap_or(from), to.get(..10).unwrap_or(to));
    if first == last { say::day(first) } else { format!("{} to {}", say::day(first), say::day(last)) }
}

/// Shows the leads.
pub fn show(scene: &Scene) -> Step<String> {
    let leads = match all(scene)? {
        Ok(leads) => leads,
        Err(words) => return Ok(words),
    };
    let head = match leads.items.len() {
        1 => "You have one lead:".to_owned(),
        count => format!("You have {count} leads:"),
    };
    let lines = leads.items.iter().map(|lead| {
        let why: Vec<String> = lead
            .get("why")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .take(2)
            .map(say::plain)
            .collect();
        if why.is_empty() { line(lead) } else { format!("{} — {}", line(lead), why.join(", ")) }
    });
    let next = if leads.items.len() == 1 {
        NEXT
    } else {
        "Tell me which one you'd like to see, or what to offer for it."
    };
    Ok(format!("{head}\n\n{}\n\n{next}", say::numbered(lines)))
}

/// The lead that is meant, or the question which.
pub fn one_of(
    scene: &Scene,
    leads: &Leads,
    question: &str,
    drafted: Option<&str>,
) -> Result<(String, Value), String> {
    let mut said = Said::new(scene.said.text, scene.prompt);
    // Prices and times of an offer are not those of the lead.
    (said.days, said.hours, said.cents) = (None, None, None);
    let context = scene.brief.context.get("request_id").and_then(Value::as_str);
    let names_one = leads.choices.iter().any(|choice| pick::named(&said, &choice.name) > 0)
        || pick::ordinal(&said, leads.choices.len()).is_some();
    let drafted = drafted.filter(|_| !names_one);
    let mut picked = pick(&said, &leads.choices, context.or(drafted), scene.turn.said_before());
    if matches!(picked, Picked::Among(_)) && scene.turn.said_before().contains('?') {
        let mut before = Said::new(scene.before(), scene.prompt);
        (before.days, before.hours, before.cents) = (None, None, None);
        if let Picked::One(at) = pick(&before, &leads.choices, None, "") {
            picked = Picked::One(at);
        }
    }
    // Those with an offer wait for the customer.
    let waits = |at: &usize| leads.items.get(*at).is_some_and(|lead| say::field(lead, "offer_id").is_empty());
    let waiting: Vec<usize> = match &picked {
        Picked::Among(among) => among.iter().copied().filter(waits).collect(),
        _ => Vec::new(),
    };
    if let [only] = waiting.as_slice() {
        picked = Picked::One(*only);
    }
    match picked {
        Picked::One(at) => match (leads.choices.get(at), leads.items.get(at)) {
            (Some(choice), Some(lead)) => Ok((choice.id.clone(), lead.clone())),
            _ => Err(NOT_HERE.to_owned()),
        },
        Picked::Among(among) => Err(pick::which(question, &leads.choices, &among)),
        Picked::Stranger(name) => {
            let all: Vec<usize> = (0..leads.choices.len()).collect();
            Err(pick::which(
                &format!("I see no lead from {}. {question}", say::plain(&name)),
                &leads.choices,
                &all,
            ))
        }
    }
}

/// Shows one lead.
pub fn details(scene: &Scene) -> Step<String> {
    let leads = match all(scene)? {
        Ok(leads) => leads,
        Err(words) => return Ok(words),
    };
    let (id, lead) = match one_of(scene, &leads, WHICH_DETAILS, None) {
        Ok(found) => found,
        Err(words) => return Ok(words),
    };
    let result = scene.hand.call("get_lead_details", &json!({"request_id": id}))?;
    if let Some(trouble) = trouble::of(&result) {
        return Ok(trouble.words);
    }
    let lead = result.get("lead").filter(|lead| lead.is_object()).unwrap_or(&lead);
    let mut lines = vec![format!("{}.", line(lead))];
    let texts = |value: &Value| -> Vec<String> {
        match value {
            Value::Array(items) => {
                items.iter().map(|item| say::plain(say::text(Some(item)))).filter(|t| !t.is_empty()).collect()
            }
            other => vec![say::plain(say::text(Some(other)))].into_iter().filter(|t| !t.is_empty()).collect(),
        }
    };
    let requirements: Vec<String> =
        ["requirements", "specializations"].iter().filter_map(|key| lead.get(*key)).flat_map(texts).collect();
    if !requirements.is_empty() {
        lines.push(format!("Wanted: {}.", say::and_list(&requirements)));
    }
    for key in ["notes", "description"] {
        let notes = say::shown(lead, key);
        if !notes.is_empty() {
            lines.push(format!("In their words: *“{notes}”*"));
        }
    }
    lines.push(NEXT.to_owned());
    Ok(lines.join("\n\n"))
}

/// Passes a lead, at once.
pub fn pass(scene: &Scene) -> Step<String> {
    let leads = match all(scene)? {
        Ok(leads) => leads,
        Err(words) => return Ok(words),
    };
    let (id, lead) = match one_of(scene, &leads, WHICH_PASS, None) {
        Ok(found) => found,
        Err(words) => return Ok(words),
    };
    let result = scene.hand.call("pass_lead", &json!({"request_id": id}))?;
    Ok(match trouble::of(&result) {
        Some(trouble) => trouble.words,
        None if result.is_null() => NOT_HERE.to_owned(),
        None => format!("Passed: {}. You won't see it again.", line(&lead)),
    })
}
