//! What an answer shows beside its text: kept as ids, shown as the same things are at their own addresses.

use std::borrow::Cow;

use proxie_shared::auth::Links;
use proxie_shared::domain::shown::{Shown, shows};
use proxie_shared::model::drafts::RequestFields;
use proxie_shared::model::providers::Candidate;
use proxie_shared::model::tasks::Task;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::bookings::BookingView;
use super::catalog::CategoryView;
use super::enrollment::EnrollmentView;
use super::examples;
use super::leads::LeadView;
use super::offers::OfferView;
use super::requests::RequestView;
use super::results::OfferDraftResultView;

/// What an answer shows beside its text: any of these, as its reader may see it now.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::data()))]
pub struct DataView<'a> {
    /// What is known of the need.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = GatheredView, required = false)]
    gathered: Option<&'a Value>,
    /// Who was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<Candidate>, required = false)]
    providers: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    request: Option<RequestView<'a>>,
    /// To compare.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    offers: Option<Vec<OfferView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    booking: Option<BookingView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    bookings: Option<Vec<BookingView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    lead: Option<LeadView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    leads: Option<Vec<LeadView<'a>>>,
    /// What to offer for a lead.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = OfferDraftResultView, required = false)]
    suggestion: Option<Value>,
    /// What can be asked for and offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    categories: Option<Vec<CategoryView<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    enrollment: Option<EnrollmentView<'a>>,
}

/// What is known of the need, and of who has it.
#[derive(Serialize, ToSchema)]
pub struct GatheredView {
    #[serde(flatten)]
    fields: RequestFields,
    /// The first name they gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
}

impl<'a> DataView<'a> {
    /// The view of an answer's data, of which `shown` is what its reader may see.
    pub fn new(data: &'a Value, shown: &'a Shown, links: &Links) -> Self {
        let shows = shows(data);
        Self {
            gathered: data.get("gathered"),
            providers: shows.providers,
            request: shows
                .request
                .and_then(|id| shown.requests.get(&id))
                .map(|own| RequestView::new(own, links)),
            offers: all(&shows.offers, |id| shown.offers.get(id).map(OfferView::from)),
            booking: shows.booking.and_then(|id| shown.bookings.get(&id)).map(BookingView::from),
            bookings: all(&shows.bookings, |id| shown.bookings.get(id).map(BookingView::from)),
            lead: shows.lead.and_then(|id| shown.leads.get(&id)).map(|lead| LeadView::new(lead, links)),
            leads: all(&shows.leads, |id| shown.leads.get(id).map(|lead| LeadView::new(lead, links))),
            suggestion: shows.suggestion,
            categories: shows
                .categories
                .then(|| shown.catalog.categories().iter().map(CategoryView::new).collect()),
            enrollment: shows
                .enrollment
                .and_then(|id| shown.enrollments.get(&id))
                .map(|enrollment| EnrollmentView::new(enrollment, &shown.catalog)),
        }
    }
}

/// Those that there are; nothing at all where none was to be shown.
fn all<I, V>(ids: &[I], view: impl Fn(&I) -> Option<V>) -> Option<Vec<V>> {
    (!ids.is_empty()).then(|| ids.iter().filter_map(view).collect())
}

/// A task's result, of which `shown` is what its reader may see.
pub fn result<'a>(task: &'a Task, shown: &Shown, links: &Links) -> Option<Cow<'a, Value>> {
    let result = task.result.as_ref()?;
    let Some(data) = task.data() else { return Some(Cow::Borrowed(result)) };
    let mut result = result.clone();
    result["data"] = serde_json::to_value(DataView::new(data, shown, links)).unwrap_or_default();
    Some(Cow::Owned(result))
}
