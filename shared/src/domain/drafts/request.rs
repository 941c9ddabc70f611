//! Drafts of requests: facts in, what is missing out.

use chrono::NaiveDateTime;
use chrono_tz::Tz;

use serde_json::json;

use super::{put_asked, told};
use crate::agent::tools::UpdateRequestDraft;
use crate::agent::{Acted, Conversation, Standing};
use crate::db::{self, Conn};
use crate::error::{Problem, Result};
use crate::model::catalog::Catalog;
use crate::model::chat::Known;
use crate::model::drafts::{Draft, DraftKind, Fields, RequestFields};
use crate::model::money::Budget;
use crate::model::places::{place, plain};
use crate::model::requests::MOST_MEDIA;
use crate::model::window::{LOCAL_MINUTE, Window};

/// The longest title, in characters.
const TITLE_MAX: usize = 80;
/// The longest notes, in characters.
const NOTES_MAX: usize = 2_000;
/// The longest city, phrase or name, in characters.
const WORDS_MAX: usize = 200;
/// The most finer skills.
const SPECIALIZATIONS_MAX: usize = 20;
/// The currency of an amount that names none.
const DEFAULT_CURRENCY: &str = "USD";

/// Where the conversation's request stands.
pub(in crate::domain) async fn standing(conn: &mut Conn, chat: &Conversation) -> Result<Standing> {
    let draft = db::drafts::open_of(conn, chat.session.id, chat.now).await?;
    let known = known(conn, chat).await?;
    Ok(match draft.filter(|draft| draft.kind == DraftKind::Request) {
        Some(draft) => {
            let fields = serde_json::from_value(draft.fields.clone())?;
            Standing { known, ..stand(fields, &Asked::of(&draft), chat.turn()) }
        }
        None => Standing { known, ..stand(RequestFields::default(), &Asked::default(), chat.turn()) },
    })
}

/// Takes facts into the draft, opening one if need be. What is not acceptable is told and left out.
pub(in crate::domain) async fn gather(
    conn: &mut Conn,
    chat: &Conversation,
    change: UpdateRequestDraft,
    catalog: &Catalog,
) -> Result<Standing> {
    let open = db::drafts::open_of(conn, chat.session.id, chat.now).await?;
    let open = open.filter(|draft| draft.kind == DraftKind::Request);
    let before: RequestFields = match &open {
        Some(draft) => serde_json::from_value(draft.fields.clone())?,
        None => RequestFields::default(),
    };
    let mut asked = open.as_ref().map(Asked::of).unwrap_or_default();
    for field in change.declined.iter().flatten() {
        asked.add(field, 0);
    }
    let mut known = known(conn, chat).await?;
    if let Some(name) = change.name.as_deref().and_then(words) {
        known.name = Some(name);
        let json = serde_json::to_value(&known)?;
        db::chat::set_known(conn, chat.session.id, &json, None).await?;
    }

    let mut problems = Vec::new();
    let mut fields = apply(before.clone(), change, chat, catalog, &mut problems);
    let photos = db::chat::photos_of_need(conn, chat.session.id, chat.turn(), MOST_MEDIA as i64).await?;
    for photo in chat.photos.iter().map(|photo| photo.id).chain(photos) {
        if !fields.media.contains(&photo) && fields.media.len() < MOST_MEDIA {
            fields.media.push(photo);
        }
    }
    let standing = stand(fields, &asked, chat.turn());
    for field in &standing.ask {
        asked.add(field, chat.turn());
    }
    let is_new = open.is_none();
    if !is_new || standing.fields != before {
        let asked: Vec<&str> = asked.0.iter().map(String::as_str).collect();
        put_asked(conn, chat, &Fields::Request(standing.fields.clone()), &asked).await?;
    }
    if let Some(title) = title(&standing.fields, catalog) {
        db::chat::set_known(conn, chat.session.id, &serde_json::to_value(&known)?, Some(&title)).await?;
    }
    Ok(Standing { problems, known, ..standing })
}

/// Makes these the fields of the open draft, and shows it for approval.
pub(in crate::domain) async fn change(
    conn: &mut Conn,
    chat: &Conversation,
    fields: RequestFields,
) -> Result<Acted> {
    let open = db::drafts::open_of(conn, chat.session.id, chat.now).await?;
    let asked = open.as_ref().map(Asked::of).unwrap_or_default();
    let ready = stand(fields.clone(), &asked, chat.turn()).ready;
    let asked: Vec<&str> = asked.0.iter().map(String::as_str).collect();
    let fields = Fields::Request(fields);
    let draft = put_asked(conn, chat, &fields, &asked).await?;
    let mut told = told(&draft, &fields);
    told["awaiting_approval"] = json!(ready);
    Ok(Acted::drafted(told))
}

/// Begins a draft with these fields.
pub(in crate::domain) async fn begin(
    conn: &mut Conn,
    chat: &Conversation,
    fields: RequestFields,
) -> Result<Standing> {
    let mut asked = Asked::default();
    let standing = stand(fields, &asked, chat.turn());
    for field in &standing.ask {
        asked.add(field, chat.turn());
    }
    let asked: Vec<&str> = asked.0.iter().map(String::as_str).collect();
    put_asked(conn, chat, &Fields::Request(standing.fields.clone()), &asked).await?;
    Ok(Standing { known: known(conn, chat).await?, ..standing })
}

/// What a conversation is about that asks for this, such as "Haircut in Brooklyn".
fn title(fields: &RequestFields, catalog: &Catalog) -> Option<String> {
    let (_, service) = catalog.service(fields.service_id.as_deref()?)?;
    Some(format!("{} in {}", service.name, fields.city.as_deref()?).chars().take(TITLE_MAX).collect())
}

/// What the conversation has told about the person, as it is now.
async fn known(conn: &mut Conn, chat: &Conversation) -> Result<Known> {
    let session = db::chat::find_for(conn, chat.user_id().into(), chat.session.id).await?;
    Ok(serde_json::from_value(session.known)?)
}

/// Which optional fields were asked for, and in which turn: `field:turn`; turn 0 stands for a refusal.
#[derive(Default)]
struct Asked(Vec<String>);

impl Asked {
    fn of(draft: &Draft) -> Self {
        Self(draft.asked.iter().flatten().cloned().collect())
    }

    fn add(&mut self, field: &str, turn: i64) {
        if matches!(field, "window" | "budget") && !self.before(field, turn + 1) {
            self.0.push(format!("{field}:{turn}"));
        }
    }

    /// Whether a field was asked for in an earlier turn, or refused.
    fn before(&self, field: &str, turn: i64) -> bool {
        self.0
            .iter()
            .filter_map(|entry| entry.split_once(':'))
            .any(|(name, at)| name == field && at.parse::<i64>().is_ok_and(|at| at < turn))
    }
}

/// Service and city must be known; window and budget are asked for at most once each; then it is ready.
fn stand(fields: RequestFields, asked: &Asked, turn: i64) -> Standing {
    let missing = fields.missing();
    let unasked: Vec<_> = fields.wanted().into_iter().filter(|field| !asked.before(field, turn)).collect();
    let ask = if missing.is_empty() { unasked } else { Vec::new() };
    let ready = missing.is_empty() && ask.is_empty();
    Standing { fields, missing, ask, ready, ..Standing::default() }
}

fn apply(
    mut fields: RequestFields,
    change: UpdateRequestDraft,
    chat: &Conversation,
    catalog: &Catalog,
    problems: &mut Vec<Problem>,
) -> RequestFields {
    if let Some(id) = change.service_id {
        match catalog.service(&id) {
            Some((category, service)) => {
                fields.service_id = Some(service.id.clone());
                fields.category_id = Some(category.id.clone());
            }
            None => problems.push(Problem::new("/service_id", "There is no such service.")),
        }
    }
    if let Some(city) = change.city.as_deref() {
        match words(city) {
            Some(city) => {
                if fields.city.as_deref().map(plain) != Some(plain(&city)) {
                    fields.zone = None;
                }
                fields.city = Some(city);
            }
            None => problems.push(Problem::new("/city", "A city has 1 to 200 characters.")),
        }
    }
    fields.zone = zone(&fields, change.zone.as_deref(), chat);
    if let Some(window) = change.window {
        match window_of(&window.from, &window.to, fields.zone.as_deref(), chat) {
            Ok(window) => fields.window = Some(window),
            Err(problem) => problems.push(Problem::new("/window", problem)),
        }
    }
    if let Some(args) = change.budget {
        let currency = args.currency.unwrap_or_else(|| DEFAULT_CURRENCY.to_owned());
        let budget = Budget { min_cents: args.min_cents, max_cents: args.max_cents, currency };
        match budget.problem() {
            None => fields.budget = Some(budget),
            Some(problem) => problems.push(Problem::new("/budget", problem)),
        }
    }
    if let Some(phrases) = change.specializations {
        fields.specializations = phrases.iter().filter_map(|p| words(p)).take(SPECIALIZATIONS_MAX).collect();
    }
    if let Some(notes) = change.notes {
        let notes: String = notes.trim().chars().take(NOTES_MAX).collect();
        fields.notes = (!notes.is_empty()).then_some(notes);
    }
    for field in change.clear.iter().flatten() {
        match field.as_str() {
            "window" => fields.window = None,
            "budget" => fields.budget = None,
            "notes" => fields.notes = None,
            "specializations" => fields.specializations.clear(),
            _ => {}
        }
    }
    fields.urgency = change.urgency.or(fields.urgency);
    fields.place = change.place.or(fields.place);
    fields
}

/// The zone of the place: known places have theirs; else what the model says, if it is one; else the default.
fn zone(fields: &RequestFields, said: Option<&str>, chat: &Conversation) -> Option<String> {
    let city = fields.city.as_deref()?;
    if let Some(place) = place(city) {
        return Some(place.zone.to_string());
    }
    let said = said.and_then(|zone| zone.parse::<Tz>().ok()).map(|zone| zone.to_string());
    said.or_else(|| fields.zone.clone()).or_else(|| Some(chat.default_zone.to_string()))
}

fn window_of(from: &str, to: &str, zone: Option<&str>, chat: &Conversation) -> Result<Window, &'static str> {
    let local = |text: &str| NaiveDateTime::parse_from_str(text, LOCAL_MINUTE);
    let (Ok(from), Ok(to)) = (local(from), local(to)) else {
        return Err("Write times as YYYY-MM-DDTHH:MM, in local time of the place.");
    };
    let window = Window { from, to };
    let zone = zone.and_then(|zone| zone.parse().ok()).unwrap_or(chat.default_zone);
    match window.problem(zone, chat.now) {
        None => Ok(window),
        Some(problem) => Err(problem),
    }
}

/// Text in single spaces, if there is some and not too much.
fn words(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (1..=WORDS_MAX).contains(&text.chars().count()).then_some(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use chrono::{TimeZone, Utc};
    use serde_json::json;

    use super::*;

    /// Wednesday, 18 November 2026, 15:00 UTC.
    fn chat() -> Conversation {
        let now = Utc.with_ymd_and_hms(2026, 11, 18, 15, 0, 0).unwrap();
        Conversation::example(now)
    }

    fn gathered(before: RequestFields, change: serde_json::Value) -> (RequestFields, Vec<Problem>) {
        let mut problems = Vec::new();
        let change = serde_json::from_value(change).unwrap();
        let fields = apply(before, change, &chat(), Catalog::built_in(), &mut problems);
        (fields, problems)
    }

    #[test]
    fn facts_bring_their_category_and_zone() {
        let change = json!({"service_id": "haircut", "city": " Los  Angeles "});
        let (fields, problems) = gathered(RequestFields::default(), change);
        assert_eq!(problems, []);
        assert_eq!(fields.category_id.as_deref(), Some("hair_beauty"));
        assert_eq!(fields.city.as_deref(), Some("Los Angeles"));
        assert_eq!(fields.zone.as_deref(), Some("America/Los_Angeles"));
    }

    #[test]
    fn another_city_has_its_own_zone() {
        let (fields, _) = gathered(RequestFields::default(), json!({"city": "Chicago"}));
        let (fields, _) = gathered(fields, json!({"city": "Nowhere-on-Sea"}));
        assert_eq!(fields.zone.as_deref(), Some("America/New_York"), "the default");
        let (fields, _) = gathered(fields, json!({"zone": "Europe/London"}));
        assert_eq!(fields.zone.as_deref(), Some("Europe/London"), "as the model says");
    }

    #[test]
    fn what_makes_no_sense_is_told_and_left_out() {
        let change = json!({
            "service_id": "dragon_taming", "city": "  ", "window": {"from": "2026-11-01T00:00", "to": "2026-11-02T00:00"},
            "budget": {"min_cents": 9_000, "max_cents": 6_000}});
        let (fields, problems) = gathered(RequestFields::default(), change);
        assert_eq!(fields, RequestFields::default());
        let pointers: Vec<_> = problems.iter().map(|p| p.pointer.as_str()).collect();
        assert_eq!(pointers, ["/service_id", "/city", "/window", "/budget"]);
    }

    #[test]
    fn window_and_budget_are_asked_for_once() {
        let (fields, _) =
            gathered(RequestFields::default(), json!({"service_id": "haircut", "city": "Queens"}));
        let mut asked = Asked::default();
        let first = stand(fields.clone(), &asked, 1);
        assert_eq!((first.ask.as_slice(), first.ready), (["window", "budget"].as_slice(), false));
        for field in &first.ask {
            asked.add(field, 1);
        }
        assert!(!stand(fields.clone(), &asked, 1).ready, "asked in this turn: the answer is still to come");
        assert!(stand(fields, &asked, 3).ready, "not asked again");
    }

    #[test]
    fn a_refusal_counts_at_once() {
        let (fields, _) =
            gathered(RequestFields::default(), json!({"service_id": "haircut", "city": "Queens"}));
        let mut asked = Asked::default();
        asked.add("window", 0);
        asked.add("budget", 0);
        assert!(stand(fields, &asked, 1).ready);
    }
}
