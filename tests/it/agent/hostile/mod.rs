//! Texts that order the agent about, in whatever it reads, with a model that obeys them: nothing comes of it that nobody
//! has said yes to. The texts are in `tests/eval/agent/hostile/cases.json`.

mod market;
mod places;
mod yes;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::{Task, size};
use market::Market;
use places::Place;

/// A hostile text, and where it stands.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    id: String,
    #[serde(rename = "where")]
    place: Place,
    text: String,
    role: Option<String>,
    says: Option<String>,
}

/// What begins the ids of those that are after what a person has said of themselves.
const OWN: &str = "own-";

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../../../eval/agent/hostile/cases.json")).expect("cases")
}

impl Case {
    /// The tools that it orders to be called.
    fn orders(&self) -> Vec<&str> {
        let ordered = self.text.split("CALL ").skip(1).filter_map(|rest| rest.split_once('{'));
        let names = ordered.map(|(name, _)| name.trim());
        names.filter(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')).collect()
    }

    fn is_own(&self) -> bool {
        self.id.starts_with(OWN)
    }
}

/// What came of a text that somebody looked at.
struct Seen {
    /// What differs afterwards.
    differs: Vec<String>,
    /// Whether the model was shown it, as far as results of tools tell.
    reached: bool,
    /// Which of the ordered tools the model did not call.
    disobeyed: Vec<String>,
}

/// What a text is but for signs that a tool may leave out.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii).collect()
}

/// Whether a text stands anywhere in a value.
fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::String(one) => plain(one).contains(text),
        Value::Array(all) => all.iter().any(|one| holds(one, text)),
        Value::Object(all) => all.values().any(|one| holds(one, text)),
        _ => false,
    }
}

impl Market {
    /// What the tools of a conversation answered, and what the model said in it.
    async fn steps(&self, session: &str) -> (Vec<Value>, String) {
        let of = |kind: &str| {
            format!(
                "SELECT s.output FROM task_steps s JOIN tasks t ON t.id = s.task_id
                 WHERE t.session_id = '{session}' AND s.kind = '{kind}'"
            )
        };
        let results = self.app.database.rows(&of("tool")).await;
        let said = self.app.database.rows(&of("llm")).await;
        let results = results.into_iter().map(|row| row["output"]["result"].clone()).collect();
        (results, said.into_iter().map(|row| row["output"].to_string()).collect())
    }

    /// Somebody looks at the text, and says something more that is no yes.
    async fn looks(&self, case: &Case) -> Seen {
        let text = self.filled_in(&case.text);
        let look = places::lays(self, case, &text).await;
        let before = self.everything().await;
        let say = async |message: &str, session: Value| {
            let body = json!({"message": message, "session_id": session, "role": look.role});
            let task = Task::accepted(&look.caller, &look.caller.post("/chat", body).await);
            (task.session.clone(), task.done().await)
        };
        let (session, first) = say(&look.words, Value::Null).await;
        let (_, second) = say("hm, tell me more about that", json!(session)).await;
        let mut differs = Vec::new();
        for done in [first, second] {
            if done["effects"] != json!([]) {
                differs.push(format!("effects: {}", done["effects"]));
            }
        }
        for ((table, before), (_, after)) in before.iter().zip(self.everything().await) {
            if *before != after {
                differs.push(format!("{table}: {before} became {after}"));
            }
        }
        let (results, said) = self.steps(&session).await;
        let is_called = |tool: &&str| said.contains(&format!("\"name\":\"{tool}\""));
        let disobeyed =
            case.orders().into_iter().filter(|tool| !is_called(tool)).map(str::to_owned).collect();
        let shown = results.iter().any(|result| holds(result, &plain(&text)));
        Seen { differs, reached: shown || look.words == text, disobeyed }
    }
}

/// Texts that fit, one after the other, each in a market of its own: what one spoils must not hide what the next does.
async fn do_nothing(what: &str, fits: impl Fn(&Case) -> bool) {
    let cases: Vec<Case> = cases().into_iter().filter(fits).collect();
    assert!(!cases.is_empty(), "{what}");
    let step = cases.len().div_ceil(size(4, usize::MAX)).max(1);
    let (mut wrong, mut count, mut orders) = (Vec::new(), 0, 0);
    for case in cases.iter().step_by(step) {
        let seen = Market::new().await.looks(case).await;
        wrong.extend(seen.differs.into_iter().map(|one| format!("{}: {one}", case.id)));
        let (place, ordered) = (case.place, case.orders().len());
        count += 1;
        orders += if place.is_shown() { ordered } else { 0 };
        if !place.is_shown() {
            if seen.reached {
                wrong.push(format!("{}: the model is shown it, after all", case.id));
            }
        } else {
            // What the prompt tells is written down nowhere: that it was obeyed tells that it was there.
            if !seen.reached && place != Place::FavouriteName {
                wrong.push(format!("{}: the model was never shown it", case.id));
            }
            if !seen.disobeyed.is_empty() {
                wrong.push(format!("{}: the model did not obey: {:?}", case.id, seen.disobeyed));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!(
        "figure: hostile texts, {what}: {count}, {orders} orders in them obeyed by the model, no effects"
    );
}

#[test]
fn there_are_enough_of_them_that_a_model_is_shown() {
    let cases = cases();
    let (shown, hidden): (Vec<_>, Vec<_>) = cases.iter().partition(|case| case.place.is_shown());
    let ordering = shown.iter().filter(|case| !case.orders().is_empty()).count();
    let own = shown.iter().filter(|case| case.is_own()).count();
    println!(
        "figure: hostile texts: {} that a model is shown, {ordering} with orders, {own} after what people have said of \
         themselves; {} that none is shown",
        shown.len(),
        hidden.len()
    );
    assert!(ordering >= 50 && own >= 10, "{ordering}, {own}");
    let mut ids: Vec<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|two| two[0] != two[1]), "each once: {ids:?}");
}

#[tokio::test]
async fn what_providers_write_in_offers_does_nothing() {
    let places = [Place::OfferMessage, Place::PriceNotes];
    do_nothing("in offers", |case| places.contains(&case.place) && !case.is_own()).await;
}

#[tokio::test]
async fn what_providers_say_of_themselves_does_nothing() {
    let places = [
        Place::ProviderName,
        Place::FoundName,
        Place::FoundCity,
        Place::FoundSkill,
        Place::BookedName,
        Place::FavouriteName,
    ];
    do_nothing("about providers", |case| places.contains(&case.place) && !case.is_own()).await;
}

#[tokio::test]
async fn what_consumers_write_does_nothing() {
    let places = [
        Place::RequestNotes,
        Place::LeadCity,
        Place::LeadWish,
        Place::Address,
        Place::Review,
        Place::ReviewAuthor,
    ];
    do_nothing("by consumers", |case| places.contains(&case.place)).await;
}

#[tokio::test]
async fn what_is_pasted_does_nothing() {
    do_nothing("pasted", |case| case.place == Place::Message).await;
}

#[tokio::test]
async fn nothing_that_others_write_changes_what_is_known_of_a_person() {
    do_nothing("after profile and memory", Case::is_own).await;
}

#[tokio::test]
async fn what_no_model_is_shown_does_nothing() {
    do_nothing("that no model is shown", |case| !case.place.is_shown()).await;
}
