//! Working hours: what changes is put over what stands.

use serde_json::{Value, json};

use super::provider;
use crate::agent::tools::UpdateAvailability;
use crate::agent::{Acted, Refusal};
use crate::domain::desk::Work;
use crate::domain::{drafts, leads};
use crate::error::{Error, Problem, Result};
use crate::model::calendar::{Availability, Exception};
use crate::model::drafts::{AvailabilityFields, Fields};

/// Drafts the calendar as it would be; without a change it is only told.
pub(in crate::domain::desk) async fn availability(
    work: Work<'_>,
    change: UpdateAvailability,
) -> Result<Acted> {
    let user = provider(work)?.user_id();
    let mut conn = work.unit.conn().await?;
    let provider_id = leads::require_profile(&mut conn, user).await?;
    let open = drafts::open_fields(&mut conn, work.chat).await?;
    drop(conn);
    let present = work.domain.availability(&work.chat.actor, provider_id).await?;
    // A draft over what stands no more would take back what was changed meanwhile.
    let drafted = match open {
        Some(Fields::Availability(open)) if open.replaces.as_ref() == Some(&present) => {
            Some(open.availability)
        }
        Some(Fields::Availability(_)) => {
            drafts::supersede(&mut *work.unit.conn().await?, work.chat.session.id).await?;
            None
        }
        _ => None,
    };
    let changed = match put_over(drafted.clone().unwrap_or_else(|| present.clone()), change) {
        Ok(changed) => changed,
        Err(problems) => return Ok(Refusal::from(Error::invalid(problems)).into()),
    };
    if changed == present && drafted.is_none() {
        return Ok(Acted::told(json!({"availability": present, "changed": false})));
    }
    let fields = Fields::Availability(AvailabilityFields {
        provider_id,
        availability: changed,
        replaces: Some(present.clone()),
    });
    let mut acted = drafts::drafted(&mut *work.unit.conn().await?, work.chat, &fields).await?;
    if let Value::Object(result) = &mut acted.result {
        result.insert("present".to_owned(), json!(present));
    }
    Ok(acted)
}

/// The calendar with the changes in place, or everything that would be wrong with it.
fn put_over(mut calendar: Availability, change: UpdateAvailability) -> Result<Availability, Vec<Problem>> {
    let mut problems = Vec::new();
    match change.zone.as_deref().map(str::parse) {
        Some(Ok(zone)) => calendar.zone = zone,
        Some(Err(_)) => {
            problems.push(Problem::new("/zone", "Name an IANA time zone, such as America/New_York."));
        }
        None => {}
    }
    if let Some(weekly) = &change.weekly {
        weekly.over(&mut calendar.weekly);
    }
    for date in change.usual_again.iter().flatten() {
        calendar.exceptions.retain(|exception| exception.date != *date);
    }
    for said in change.exceptions.into_iter().flatten() {
        calendar.exceptions.retain(|exception| exception.date != said.date);
        calendar.exceptions.push(Exception { date: said.date, hours: said.hours });
    }
    calendar.exceptions.sort_by_key(|exception| exception.date);
    if let Some(minutes) = change.notice_minutes {
        calendar.notice_minutes = minutes;
    }
    if let Some(most) = change.max_per_day {
        calendar.max_per_day = Some(most).filter(|most| *most != 0);
    }
    if let Some(minutes) = change.buffer_minutes {
        calendar.buffer_minutes = minutes;
    }
    problems.extend(calendar.problems().into_iter().map(|(at, message)| Problem::new(at, message)));
    if problems.is_empty() { Ok(calendar) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use chrono_tz::Tz;

    use super::*;

    fn change(json: serde_json::Value) -> UpdateAvailability {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn only_what_is_named_changes() {
        let mut before = Availability::closed(Tz::America__New_York);
        before.max_per_day = Some(4);
        let tuesdays = change(json!({"weekly": {"tuesday": [{"start": "09:00", "end": "17:00"}]}}));
        let after = put_over(before, tuesdays).unwrap();
        assert_eq!(
            (after.weekly.tuesday.len(), after.weekly.monday.len(), after.max_per_day),
            (1, 0, Some(4))
        );

        let free = json!({"exceptions": [{"date": "2026-12-24", "hours": []}], "max_per_day": 0});
        let after = put_over(after, change(free)).unwrap();
        assert_eq!((after.weekly.tuesday.len(), after.exceptions.len(), after.max_per_day), (1, 1, None));
        let after = put_over(after, change(json!({"usual_again": ["2026-12-24"]}))).unwrap();
        assert!(after.exceptions.is_empty());
    }

    #[test]
    fn everything_that_is_wrong_is_told() {
        let bad = json!({
            "zone": "Brooklyn", "notice_minutes": -5, "weekly": {"monday": [{"start": "17:00", "end": "09:00"}]},
        });
        let problems = put_over(Availability::closed(Tz::UTC), change(bad)).unwrap_err();
        let at: Vec<_> = problems.iter().map(|problem| problem.pointer.as_str()).collect();
        assert_eq!(at, ["/zone", "/weekly/monday/0/end", "/notice_minutes"]);
    }
}
