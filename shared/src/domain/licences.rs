//! Licences: an admin looks at them, each of one provider and service.

use chrono::{Days, NaiveDate, Utc};
use diesel_async::AsyncConnection;
use serde_json::json;

use super::{Domain, audit};
use crate::auth::Admin;
use crate::db;
use crate::db::licences::Decision;
use crate::db::notifications::{Notice, tell};
use crate::error::{Code, Error, Problem, Result};
use crate::model::ProviderId;
use crate::model::notifications::{About, NotificationKind};
use crate::model::providers::{Licence, ProviderService};

/// What an admin says of a licence. What is absent is as the provider said it.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Whether it is in order.
    pub approved: bool,
    /// Its number.
    pub licence_number: Option<String>,
    /// Its last day.
    pub licence_expires_on: Option<NaiveDate>,
    /// Why, for the provider.
    pub note: Option<String>,
}

impl Domain {
    /// Approves a licence, or refuses it, also one that was decided before.
    ///
    /// # Errors
    /// `not_found`; `invalid` for one that is approved without a number and a last day to come; `illegal_move` for a service
    /// that needs none.
    pub async fn verify_licence(
        &self,
        admin: &Admin,
        provider: ProviderId,
        service: &str,
        verdict: Verdict,
    ) -> Result<ProviderService> {
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            let owner = db::licences::lock_provider(conn, provider).await?.user_id;
            let before = db::licences::find(conn, provider, service).await?;
            if before.licence == Licence::NotNeeded {
                return Err(Error::new(Code::IllegalMove).detail("This service needs no licence."));
            }
            let decision = verdict.decision(&before);
            let problems = problems(&decision);
            if !problems.is_empty() {
                return Err(Error::invalid(problems));
            }
            if decision == present(&before) {
                return Ok(before);
            }
            let after = db::licences::decide(conn, provider, service, &decision).await?;
            // Those who have enrolled are told that it was decided; nobody else waits for that.
            if let Some(enrollment) = db::enrollment::of_user(conn, owner).await? {
                let about = About { enrollment_id: Some(enrollment.id), ..About::default() };
                tell(conn, &[Notice::new(owner, NotificationKind::EnrollmentDecided, about)]).await?;
            }
            let note = json!({"service_id": service, "from": before.licence, "to": after.licence});
            audit::record(conn, Some(admin.user_id()), "licence.verify", provider.0, Some(owner), note)
                .await?;
            db::matching::wake(conn, &[provider]).await?;
            Ok(after)
        })
        .await
    }
}

impl Verdict {
    /// How the licence stands then.
    fn decision(&self, before: &ProviderService) -> Decision {
        let Self { approved, licence_number, licence_expires_on, note } = self.clone();
        Decision {
            licence: if approved { Licence::Verified } else { Licence::Rejected },
            licence_number: licence_number.or_else(|| before.licence_number.clone()),
            licence_expires_on: licence_expires_on.or(before.licence_expires_on),
            licence_note: note,
        }
    }
}

/// How a licence stands, as it was decided.
fn present(service: &ProviderService) -> Decision {
    Decision {
        licence: service.licence,
        licence_number: service.licence_number.clone(),
        licence_expires_on: service.licence_expires_on,
        licence_note: service.licence_note.clone(),
    }
}

/// What an approved licence lacks.
fn problems(decision: &Decision) -> Vec<Problem> {
    if decision.licence != Licence::Verified {
        return Vec::new();
    }
    // In the west it may still be yesterday.
    let today = Utc::now().date_naive();
    let yesterday = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    let mut problems = Vec::new();
    if decision.licence_number.as_deref().is_none_or(|number| number.trim().is_empty()) {
        problems.push(Problem::new("/body/licence_number", "A licence that is approved has a number."));
    }
    match decision.licence_expires_on {
        None => {
            let message = "Say until when the licence is good.";
            problems.push(Problem::new("/body/licence_expires_on", message));
        }
        Some(last) if last < yesterday => {
            problems.push(Problem::new("/body/licence_expires_on", "This licence has expired."));
        }
        Some(_) => {}
    }
    problems
}
