//! Tools for a provider's leads, hours and numbers.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::model::RequestId;
use crate::model::calendar::{Hours, Weekly};

/// A lead, by its id or by being the only one.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OneLead {
    /// Its request's id; the only open lead if absent.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub request_id: Option<RequestId>,
}

/// Working hours: only what changes.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateAvailability {
    /// IANA zone of the hours.
    pub zone: Option<String>,
    /// The usual hours of the days that change; an empty list is a free day.
    #[schema(inline)]
    pub weekly: Option<WeeklyArgs>,
    /// Dates with other hours; an empty list is a free date.
    #[schema(inline)]
    pub exceptions: Option<Vec<ExceptionArgs>>,
    /// Dates that are to be as usual again.
    #[schema(value_type = Option<Vec<String>>)]
    pub usual_again: Option<Vec<NaiveDate>>,
    /// How long before its start a job must be booked, in minutes.
    pub notice_minutes: Option<i32>,
    /// The most bookings on a day; 0 for no limit.
    pub max_per_day: Option<i32>,
    /// The least time between two bookings, in minutes.
    pub buffer_minutes: Option<i32>,
}

/// Hours by day of the week.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeeklyArgs {
    /// Monday.
    #[schema(inline)]
    pub monday: Option<Vec<Hours>>,
    /// Tuesday.
    #[schema(inline)]
    pub tuesday: Option<Vec<Hours>>,
    /// Wednesday.
    #[schema(inline)]
    pub wednesday: Option<Vec<Hours>>,
    /// Thursday.
    #[schema(inline)]
    pub thursday: Option<Vec<Hours>>,
    /// Friday.
    #[schema(inline)]
    pub friday: Option<Vec<Hours>>,
    /// Saturday.
    #[schema(inline)]
    pub saturday: Option<Vec<Hours>>,
    /// Sunday.
    #[schema(inline)]
    pub sunday: Option<Vec<Hours>>,
}

impl WeeklyArgs {
    /// The usual hours with the days that are said in place.
    pub fn over(&self, weekly: &mut Weekly) {
        let days = [
            (&self.monday, &mut weekly.monday),
            (&self.tuesday, &mut weekly.tuesday),
            (&self.wednesday, &mut weekly.wednesday),
            (&self.thursday, &mut weekly.thursday),
            (&self.friday, &mut weekly.friday),
            (&self.saturday, &mut weekly.saturday),
            (&self.sunday, &mut weekly.sunday),
        ];
        for (said, day) in days {
            if let Some(hours) = said {
                day.clone_from(hours);
            }
        }
    }
}

/// A date with other hours.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceptionArgs {
    /// `YYYY-MM-DD`.
    #[schema(value_type = String, format = Date)]
    pub date: NaiveDate,
    /// None: closed.
    #[serde(default)]
    #[schema(inline)]
    pub hours: Vec<Hours>,
}
