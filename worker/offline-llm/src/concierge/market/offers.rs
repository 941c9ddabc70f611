//! Offers: shown, compared, accepted, declined.

use serde_json::{Value, json};

use super::draft_words;
use crate::talk::drafts::{self, Made, NOT_HERE, made};
use crate::talk::hand::Step;
use crate::talk::pick::{self, Choice, Picked, named, pick};
use crate::talk::said::Said;
use crate::talk::slots::{self, Chosen};
use crate::talk::{Scene, address, say, trouble};

/// Asked before an offer is accepted.
pub const WHICH_ACCEPT: &str = "Which offer would you like to accept?";
/// Asked before an offer is declined.
pub const WHICH_DECLINE: &str = "Which offer shall I decline?";
/// Asked where the offer is clear and the time not.
pub const WHICH_TIME: &str = "Which of the times suits you?";

const NONE: &str = "There are no offers yet. Professionals usually answer within a few hours; I'll show you each one as it comes in.";

struct Offers {
    items: Vec<Value>,
    choices: Vec<Choice>,
}

/// The live offers, or the words for why there are none.
fn offers(scene: &Scene) -> Step<Result<Offers, String>> {
    let request = scene.brief.context.get("request_id").cloned().unwrap_or_default();
    let result = scene.hand.call("get_offers", &json!({"request_id": request}))?;
    if let Some(trouble) = trouble::of(&result) {
        return Ok(Err(trouble.words));
    }
    if result.is_null() {
        return Ok(Err(NOT_HERE.to_owned()));
    }
    let items: Vec<Value> = say::list(&result, "offers").into_iter().cloned().collect();
    if items.is_empty() {
        return Ok(Err(NONE.to_owned()));
    }
    let services = services(scene, &items)?;
    let choices = items.iter().map(|offer| choice(offer, &services)).collect();
    Ok(Ok(Offers { items, choices }))
}

/// The services of the requests, where the offers are for several of them.
fn services(scene: &Scene, offers: &[Value]) -> Step<Vec<(String, String)>> {
    let mut requests: Vec<&str> = offers.iter().map(|offer| say::field(offer, "request_id")).collect();
    requests.dedup();
    if requests.len() < 2 || !scene.hand.has("get_my_requests") {
        return Ok(Vec::new());
    }
    let result = scene.hand.call("get_my_requests", &json!({"status": "open"}))?;
    let requests = say::list(&result, "requests");
    Ok(requests
        .into_iter()
        .map(|request| (say::field(request, "id").to_owned(), say::field(request, "service_id").to_owned()))
        .collect())
}

fn choice(offer: &Value, services: &[(String, String)]) -> Choice {
    let request = say::field(offer, "request_id");
    let service = services.iter().find(|(id, _)| id == request).map(|(_, service)| service.clone());
    Choice {
        id: say::field(offer, "id").to_owned(),
        label: line(offer),
        name: say::field(offer, "provider").to_owned(),
        service: service.unwrap_or_else(|| say::service_id(offer)),
        cents: say::cents(offer.get("price").or_else(|| offer.get("price_cents"))),
        rating: offer.get("rating").and_then(Value::as_f64),
        times: slots::free(offer).into_iter().map(|slot| (slot.date, slot.start)).collect(),
    }
}

/// An offer in a line.
fn line(offer: &Value) -> String {
    let mut parts = vec![format!("**{}**", say::shown(offer, "provider"))];
    parts.extend(say::price(offer));
    parts.extend(
        offer.get("duration_minutes").and_then(Value::as_i64).map(|minutes| format!("{minutes} minutes")),
    );
    parts.push(match offer.get("rating").and_then(Value::as_f64) {
        Some(rating) => {
            let reviews = offer.get("reviews").or_else(|| offer.get("review_count")).and_then(Value::as_u64);
            format!("{rating:.1} ★{}", reviews.map(|count| format!(" ({count} reviews)")).unwrap_or_default())
        }
        None => "new here".to_owned(),
    });
    let times = slots::free(offer);
    if !times.is_empty() {
        parts.push(slots::words(&times));
    }
    parts.join(", ")
}

/// Which offer is meant: by the message, by the message before it where this one only answers a question, or by the draft.
fn which(scene: &Scene, offers: &Offers, kind: &str) -> Picked {
    let context = scene.brief.context.get("offer_id").and_then(Value::as_str);
    let names_one = is_named(&scene.said, &offers.choices);
    if !names_one
        && pick::stranger(&scene.said).is_none()
        && let Some(at) =
            draft_offer(scene, kind).and_then(|id| offers.choices.iter().position(|choice| choice.id == id))
    {
        return Picked::One(at);
    }
    let picked = pick(&scene.said, &offers.choices, context, scene.turn.said_before());
    if !matches!(picked, Picked::Among(_)) || !scene.turn.said_before().contains('?') || names_one {
        return picked;
    }
    match pick(&Said::new(scene.before(), scene.prompt), &offers.choices, None, "") {
        Picked::One(at) => Picked::One(at),
        _ => picked,
    }
}

fn draft_offer<'s>(scene: &'s Scene, kind: &str) -> Option<&'s str> {
    scene.brief.open(kind).and_then(|draft| draft.text("offer_id").or_else(|| draft.text("id")))
}

/// Whether a message names one of the offers by anything but a time.
fn is_named(said: &Said, choices: &[Choice]) -> bool {
    choices
        .iter()
        .any(|choice| named(said, &choice.name) > 0 || (said.cents.is_some() && choice.cents == said.cents))
        || (pick::ordinal(said, choices.len()).is_some() && !said.speaks_of(&["slot", "time"]))
        || said.speaks_of(&["cheapest", "cheaper", "best", "top", "lowest", "other"])
}

/// Shows and compares the offers.
pub fn show(scene: &Scene) -> Step<String> {
    let offers = match offers(scene)? {
        Ok(offers) => offers,
        Err(words) => return Ok(words),
    };
    let asks_one = scene.says(&["which|who|whos .. cheapest|cheaper|best|better|earliest|soonest|rated"]);
    if asks_one
        && let Picked::One(at) = pick(&scene.said, &offers.choices, None, "")
        && let Some(choice) = offers.choices.get(at)
    {
        return Ok(format!("That is {}.\n\nShall I take it for you? Just say so.", choice.label));
    }
    let mut lines = vec![match offers.items.len() {
        1 => "You have one offer:".to_owned(),
        count => format!("You have {count} offers:"),
    }];
    lines.push(say::numbered(offers.items.iter().map(|offer| {
        let message = say::shown(offer, "message");
        if message.is_empty() { line(offer) } else { format!("{}\n   *“{message}”*", line(offer)) }
    })));
    lines.extend(compared(&offers.choices));
    lines.push(if offers.items.len() == 1 {
        "Would you like to take it? Tell me the time that suits you.".to_owned()
    } else {
        "Which one would you like to take?".to_owned()
    });
    Ok(lines.join("\n\n"))
}

/// Who is cheapest and who is best rated.
fn compared(choices: &[Choice]) -> Option<String> {
    let cheapest =
        choices.iter().filter(|choice| choice.cents.is_some()).min_by_key(|choice| choice.cents)?;
    let best = choices
        .iter()
        .filter(|choice| choice.rating.is_some())
        .max_by(|a, b| a.rating.unwrap_or(0.0).total_cmp(&b.rating.unwrap_or(0.0)));
    let name = |choice: &Choice| say::plain(&choice.name);
    (choices.len() > 1).then(|| match best {
        Some(best) if best.id == cheapest.id => {
            format!("{} is both the cheapest and the best rated.", name(best))
        }
        Some(best) => format!("{} is the cheapest, {} the best rated.", name(cheapest), name(best)),
        None => format!("{} is the cheapest.", name(cheapest)),
    })
}

/// Accepts an offer: makes the draft.
pub fn accept(scene: &Scene) -> Step<String> {
    let offers = match offers(scene)? {
        Ok(offers) => offers,
        Err(words) => return Ok(words),
    };
    let at = match which(scene, &offers, "acceptance") {
        Picked::One(at) => at,
        Picked::Among(among) => return Ok(pick::which(WHICH_ACCEPT, &offers.choices, &among)),
        Picked::Stranger(name) => return Ok(nobody(&name, &offers)),
    };
    let (Some(offer), Some(choice)) = (offers.items.get(at), offers.choices.get(at)) else {
        return Ok(NONE.to_owned());
    };
    let open = scene
        .brief
        .open("acceptance")
        .filter(|_| draft_offer(scene, "acceptance").is_none_or(|id| id == choice.id));
    let free = slots::free(offer);
    let mut chosen = slots::choose(&scene.said, &free);
    let earlier = Said::new(scene.before(), scene.prompt);
    if chosen == Chosen::Unsaid && scene.turn.said_before().contains('?') && open.is_none() {
        chosen = slots::choose(&earlier, &free);
    }
    let drafted = open.and_then(|draft| draft.fields.get("slot")).cloned().filter(|slot| !slot.is_null());
    let slot = match &chosen {
        Chosen::One(slot) => Some(slot.json()),
        Chosen::Unsaid => {
            drafted.or_else(|| if let [only] = free.as_slice() { Some(only.json()) } else { None })
        }
        Chosen::Several(_) | Chosen::NotThere => None,
    };
    let asked_address =
        open.is_some_and(|draft| draft.lacks("address")) || scene.asked("What is the address");
    let place = address::find(scene.said.text)
        .or_else(
            || if asked_address && !scene.said.has_time() { address::whole(scene.said.text) } else { None },
        )
        .or_else(|| open.and_then(|draft| draft.text("address")).map(str::to_owned))
        .or_else(
            || if scene.turn.said_before().contains('?') { address::find(scene.before()) } else { None },
        );
    let instructions = address::instructions(scene.said.text)
        .filter(|_| place.is_some())
        .or_else(|| open.and_then(|draft| draft.text("instructions")).map(str::to_owned));
    let arguments =
        json!({"offer_id": choice.id, "slot": slot, "address": place, "instructions": instructions});
    let result = scene.hand.call("accept_offer", &arguments)?;
    Ok(match made(&result) {
        Made::Draft(draft) => {
            let when = draft
                .fields
                .get("slot")
                .and_then(say::moment)
                .or_else(|| slot.as_ref().and_then(say::moment));
            let mut what = format!(
                "**{}**{}",
                say::plain(&choice.name),
                say::price(offer).map(|p| format!(" for {p}")).unwrap_or_default()
            );
            what.extend(when.map(|when| format!(", {when}")));
            what.extend(draft.text("address").map(|address| format!(", at {}", say::plain(address))));
            what.push('.');
            let words = drafts::shown(&draft, Some(what));
            match chosen {
                Chosen::NotThere => {
                    format!("That time isn't among the offered ones: {}.\n\n{words}", slots::words(&free))
                }
                _ if draft.lacks("slot") && !free.is_empty() => {
                    format!("{words} It could be {}.", slots::words(&free))
                }
                _ => words,
            }
        }
        Made::Trouble(trouble) => match trouble.code.as_str() {
            "slot_not_offered" if !free.is_empty() => {
                format!("{}\n\n{WHICH_TIME} {}.", trouble.words, slots::words(&free))
            }
            "address_needed" => drafts::question("acceptance", "address"),
            _ => trouble.words,
        },
        Made::Nothing => NOT_HERE.to_owned(),
    })
}

/// Declines an offer: makes the draft.
pub fn decline(scene: &Scene) -> Step<String> {
    let offers = match offers(scene)? {
        Ok(offers) => offers,
        Err(words) => return Ok(words),
    };
    let at = match which(scene, &offers, "decline") {
        Picked::One(at) => at,
        Picked::Among(among) => return Ok(pick::which(WHICH_DECLINE, &offers.choices, &among)),
        Picked::Stranger(name) => return Ok(nobody(&name, &offers)),
    };
    let Some(choice) = offers.choices.get(at) else { return Ok(NONE.to_owned()) };
    let reason = super::bookings::reason(scene.said.text);
    let result = scene.hand.call("decline_offer", &json!({"offer_id": choice.id, "reason": reason}))?;
    Ok(draft_words(&result, Some(format!("I would decline the offer of **{}**.", say::plain(&choice.name)))))
}

fn nobody(name: &str, offers: &Offers) -> String {
    let all: Vec<usize> = (0..offers.choices.len()).collect();
    let words = format!("I see no offer from {}. {WHICH_ACCEPT}", say::plain(name));
    pick::which(&words, &offers.choices, &all)
}
