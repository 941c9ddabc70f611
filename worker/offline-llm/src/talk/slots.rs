//! Slots of offers and calendars: which one a message means.

use serde_json::{Value, json};

use super::pick::ordinal;
use super::said::{Said, minutes};
use super::say;

/// A date and a start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The date.
    pub date: String,
    /// The start, local.
    pub start: String,
}

impl Slot {
    /// As tools take it.
    pub fn json(&self) -> Value {
        json!({"date": self.date, "start_time": self.start})
    }

    /// For people.
    pub fn words(&self) -> String {
        say::moment(&self.json()).unwrap_or_default()
    }
}

/// The slots of a result that are not known to be taken.
pub fn free(object: &Value) -> Vec<Slot> {
    let slots = object.get("slots").and_then(Value::as_array).into_iter().flatten();
    slots
        .filter(|slot| slot.get("free").and_then(Value::as_bool) != Some(false))
        .map(|slot| Slot {
            date: say::field(slot, "date").to_owned(),
            start: say::field(slot, "start_time").to_owned(),
        })
        .filter(|slot| !slot.date.is_empty() && !slot.start.is_empty())
        .collect()
}

/// Which of some slots a message means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// This one.
    One(Slot),
    /// It leaves these.
    Several(Vec<Slot>),
    /// A time that none of them has.
    NotThere,
    /// It says nothing about time.
    Unsaid,
}

/// Chooses among slots.
pub fn choose(said: &Said, slots: &[Slot]) -> Chosen {
    if slots.is_empty() {
        return Chosen::Unsaid;
    }
    if said.has_time() {
        let fit: Vec<Slot> =
            slots.iter().filter(|slot| said.means(&slot.date, &slot.start)).cloned().collect();
        return match fit.as_slice() {
            [] => Chosen::NotThere,
            [one] => Chosen::One(one.clone()),
            _ => Chosen::Several(fit),
        };
    }
    if said.speaks_of(&["slot", "time", "date", "day"])
        && let Some(slot) = ordinal(said, slots.len()).and_then(|at| slots.get(at))
    {
        return Chosen::One(slot.clone());
    }
    let superlative = |words: &[&str]| said.speaks_of(words);
    if superlative(&["earliest", "soonest"]) {
        return slots
            .iter()
            .min_by_key(|slot| (slot.date.clone(), slot.start.clone()))
            .cloned()
            .map_or(Chosen::Unsaid, Chosen::One);
    }
    if superlative(&["latest"]) {
        return slots
            .iter()
            .max_by_key(|slot| (slot.date.clone(), slot.start.clone()))
            .cloned()
            .map_or(Chosen::Unsaid, Chosen::One);
    }
    // "The 11 one", "make it 11".
    for (_, number) in said.numbers() {
        let hour = u32::try_from(number).unwrap_or(99);
        let fit: Vec<&Slot> = slots
            .iter()
            .filter(|slot| {
                minutes(&slot.start)
                    .is_some_and(|start| start % 60 == 0 && (start / 60 == hour || start / 60 == hour + 12))
            })
            .collect();
        if let [one] = fit.as_slice() {
            return Chosen::One((*one).clone());
        }
    }
    Chosen::Unsaid
}

/// "Sat 21 Nov at 10 AM, Sat 21 Nov at 2 PM or Sun 22 Nov at 9 AM".
pub fn words(slots: &[Slot]) -> String {
    say::or_list(&slots.iter().take(5).map(Slot::words).collect::<Vec<_>>())
}
