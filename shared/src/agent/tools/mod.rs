//! The tools that the model is offered: typed arguments, their schema derived, errors given back to the model.

mod bookings;
mod enrollment;
mod offers;
mod people;
mod providers;
mod requests;

pub use bookings::*;
pub use enrollment::*;
pub use offers::*;
pub use people::*;
pub use providers::*;
pub use requests::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::error::{Error, Problem};
use crate::llm::{ToolCall, ToolSpec};
use crate::model::catalog::Catalog;
use crate::model::chat::AgentRole::{self, Consumer, Enrollment, Guest, Provider};
use crate::model::slots::Slot;

/// The arguments of a tool that asks for none.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// One declaration per tool: its arguments' type, its name, whose it is, what the model is told of it.
macro_rules! tools {
    ($($variant:ident($arguments:ident) = $name:literal for $roles:expr, $description:expr);+ $(;)?) => {
        /// A call of a tool, understood.
        #[derive(Clone, Debug)]
        pub enum Tool {
            $(#[doc = concat!("`", $name, "`")] $variant($arguments)),+
        }

        /// All tools.
        const ALL: &[Declared] = &[$(Declared {
            name: $name, roles: $roles, description: $description, schema: <$arguments as PartialSchema>::schema,
        }),+];

        impl Tool {
            /// The call of a tool with its typed arguments.
            fn read(name: &str, arguments: &str) -> Result<Self, Refusal> {
                match name {
                    $($name => serde_json::from_str(arguments).map(Self::$variant).map_err(|error| bad_arguments(&error)),)+
                    _ => Err(Refusal::new("unknown_tool", "There is no such tool for you now.")),
                }
            }
        }
    };
}

struct Declared {
    name: &'static str,
    roles: &'static [AgentRole],
    description: &'static str,
    schema: fn() -> RefOr<Schema>,
}

const SEEKERS: &[AgentRole] = &[Guest, Consumer];
const CONSUMERS: &[AgentRole] = &[Consumer];
const PROVIDERS: &[AgentRole] = &[Provider];
const SIDES: &[AgentRole] = &[Consumer, Provider];
const ENROLLING: &[AgentRole] = &[Enrollment];

tools! {
    UpdateRequestDraft(UpdateRequestDraft) = "update_request_draft" for SEEKERS,
        "Take facts into the draft of the request. Answers what is missing, what to ask, and whether it is ready.";
    SearchProviders(SearchProviders) = "search_providers" for SEEKERS, "Who offers a service in a city: name, rating, price.";
    ShowSignupPrompt(Nothing) = "show_signup_prompt" for &[Guest], "Show the form for signing up.";
    CreateServiceRequest(CreateServiceRequest) = "create_service_request" for CONSUMERS,
        "Show the request's draft for approval; it is posted when the person says yes.";
    RequestQuotes(Nothing) = "request_quotes" for CONSUMERS,
        "Ask the best providers for offers: the same as posting the request, by the same approval.";
    GetMyRequests(GetMyRequests) = "get_my_requests" for CONSUMERS, "The person's requests: the open ones, or all.";
    GetOffers(GetOffers) = "get_offers" for CONSUMERS, "Live offers for the person's request, to compare.";
    AcceptOffer(AcceptOffer) = "accept_offer" for CONSUMERS, "Draft the acceptance of an offer for one of its slots.";
    DeclineOffer(DeclineOffer) = "decline_offer" for CONSUMERS, "Draft the declining of an offer.";
    CancelRequest(CancelRequest) = "cancel_request" for CONSUMERS, "Draft the cancellation of a request.";
    GetBooking(OneBooking) = "get_booking" for CONSUMERS, "One of the person's bookings: the next one if none is named.";
    GetBookingHistory(Nothing) = "get_booking_history" for CONSUMERS, "The person's bookings, the latest first.";
    CancelBooking(CancelBooking) = "cancel_booking" for SIDES, "Draft the cancellation of a booking, with a reason.";
    RescheduleBooking(RescheduleBooking) = "reschedule_booking" for SIDES, "Draft the proposal of another slot for a booking.";
    AnswerReschedule(AnswerReschedule) = "answer_reschedule" for SIDES, "Draft the answer to a slot that the other side proposes.";
    Rebook(OneBooking) = "rebook" for CONSUMERS, "Begin a request like an earlier booking's.";
    SubmitReview(SubmitReview) = "submit_review" for CONSUMERS, "Draft a review of a completed booking.";
    RecallPreferences(Nothing) = "recall_preferences" for CONSUMERS, "What is remembered of the person's preferences.";
    UpdatePreferences(UpdatePreferences) = "update_preferences" for CONSUMERS,
        "Remember, correct or forget preferences that the person states in their newest message.";
    GetProfile(Nothing) = "get_profile" for CONSUMERS, "The person's profile.";
    UpdateProfile(UpdateProfile) = "update_profile" for CONSUMERS,
        "Correct the person's profile as they say in their newest message.";
    GetLeads(Nothing) = "get_leads" for PROVIDERS, "Open leads, the latest first.";
    GetLeadDetails(OneLead) = "get_lead_details" for PROVIDERS, "One lead in full.";
    PassLead(OneLead) = "pass_lead" for PROVIDERS, "Pass a lead, when the person's newest message says so.";
    SuggestOffer(OneLead) = "suggest_offer" for PROVIDERS, "What to offer for a lead: price, duration, free slots, message.";
    SubmitOffer(SubmitOffer) = "submit_offer" for PROVIDERS,
        "Draft an offer for a lead; what is left out is taken from the suggestion or the open draft.";
    WithdrawOffer(WithdrawOffer) = "withdraw_offer" for PROVIDERS, "Draft the withdrawal of a live offer.";
    GetMyBookings(Nothing) = "get_my_bookings" for PROVIDERS, "The provider's bookings, the next first.";
    CompleteBooking(OneBooking) = "complete_booking" for PROVIDERS, "Draft saying that a booking is done.";
    ReportNoShow(OneBooking) = "report_no_show" for PROVIDERS, "Draft saying that nobody was there.";
    UpdateAvailability(UpdateAvailability) = "update_availability" for PROVIDERS,
        "Draft a change of working hours; days that are not named stay as they are.";
    RespondToReview(RespondToReview) = "respond_to_review" for PROVIDERS, "Draft the public answer to a review.";
    AnalyzePerformance(Nothing) = "analyze_performance" for PROVIDERS,
        "Rating, leads, offers, wins, prices won, response time, latest reviews.";
    GetServiceCatalog(GetServiceCatalog) = "get_service_catalog" for ENROLLING, "What services there are, and what each needs.";
    UpdateEnrollment(UpdateEnrollment) = "update_enrollment" for ENROLLING, "Fill in the enrollment: only what is new or changed.";
    GetEnrollmentSummary(Nothing) = "get_enrollment_summary" for ENROLLING, "The enrollment as it stands, and what is missing.";
    RequestPortfolio(Nothing) = "request_portfolio" for ENROLLING, "Ask for photos of work; shows the upload.";
    SubmitEnrollment(Nothing) = "submit_enrollment" for ENROLLING, "Show the enrollment for approval, to be submitted by a yes.";
}

impl Tool {
    /// A model's call, if this role has such a tool and the arguments fit. An escaped NUL, which PostgreSQL keeps nowhere,
    /// goes.
    ///
    /// # Errors
    /// What to tell the model.
    pub(super) fn of(role: AgentRole, call: &ToolCall) -> Result<Self, Refusal> {
        let offered = ALL.iter().find(|tool| tool.name == call.name && tool.roles.contains(&role));
        let arguments = call.arguments.replace("\\u0000", "");
        let arguments = if arguments.trim().is_empty() { "{}" } else { &arguments };
        Self::read(offered.map_or("", |tool| tool.name), arguments)
    }
}

/// A tool's name as it may be logged: what the model calls may have any name, such as a piece of a message.
pub(super) fn known(name: &str) -> &'static str {
    ALL.iter().find(|tool| tool.name == name).map_or("unknown", |tool| tool.name)
}

/// The tools of a role.
pub(super) fn offered(role: AgentRole, catalog: &Catalog) -> Vec<ToolSpec> {
    let mine = ALL.iter().filter(|tool| tool.roles.contains(&role));
    mine.map(|tool| ToolSpec {
        name: tool.name,
        description: tool.description,
        parameters: schema(tool.schema, catalog),
    })
    .collect()
}

/// The schema of a tool's arguments, with the catalog's services as the only ones.
fn schema(of: fn() -> RefOr<Schema>, catalog: &Catalog) -> Value {
    let mut schema = serde_json::to_value(of()).unwrap_or_default();
    let services: Vec<Value> =
        catalog.services().map(|(_, service)| Value::from(service.id.as_str())).collect();
    if let Some(field) = schema.pointer_mut("/properties/service_id").and_then(Value::as_object_mut) {
        field.insert("enum".to_owned(), Value::Array(services));
    }
    schema
}

/// Why a tool did not do what it was called for, as the model is told: something that it can act on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Refusal {
    /// A code of the catalogue, or of the tool's own.
    pub code: String,
    /// A sentence.
    pub detail: String,
    /// Everything that is wrong with the arguments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// Free slots in place of one that is not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub slots: Vec<Slot>,
    /// What could have been meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Value>,
}

impl Refusal {
    /// A refusal with a sentence.
    #[must_use]
    pub fn new(code: &str, detail: impl Into<String>) -> Self {
        let (code, detail) = (code.to_owned(), detail.into());
        Self { code, detail, problems: Vec::new(), slots: Vec::new(), choices: Vec::new() }
    }

    /// Several could have been meant.
    #[must_use]
    pub fn which(detail: impl Into<String>, choices: Vec<Value>) -> Self {
        Self { choices, ..Self::new("which", detail) }
    }

    /// As the tool's result.
    #[must_use]
    pub fn result(&self) -> Value {
        json!({ "error": self })
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let code: &'static str = error.code.into();
        let slots = error.more.and_then(|more| more.slots).unwrap_or_default();
        Self { problems: error.problems, slots, ..Self::new(code, error.detail) }
    }
}

fn bad_arguments(error: &serde_json::Error) -> Refusal {
    let detail = format!("The arguments do not fit the tool's schema: {error}. Call it again, corrected.");
    Refusal::new("bad_arguments", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schemas_name_the_services_and_nothing_by_reference() {
        let catalog = Catalog::built_in();
        let draft = schema(UpdateRequestDraft::schema, catalog);
        let services = draft["properties"]["service_id"]["enum"].as_array().map(Vec::len);
        assert_eq!(services, Some(catalog.services().count()));
        for tool in ALL {
            let schema = schema(tool.schema, catalog);
            assert_eq!(schema["type"], "object", "{}: {schema}", tool.name);
            assert!(!schema.to_string().contains("$ref"), "a model cannot follow references: {schema}");
        }
    }

    #[test]
    fn a_role_has_its_own_tools_only() {
        let call = |name: &str| ToolCall { name: name.to_owned(), ..ToolCall::default() };
        let names =
            |role| offered(role, Catalog::built_in()).iter().map(|tool| tool.name).collect::<Vec<_>>();
        assert_eq!(names(Guest), ["update_request_draft", "search_providers", "show_signup_prompt"]);
        assert!(Tool::of(Consumer, &call("get_my_requests")).is_ok());
        assert!(Tool::of(Guest, &call("get_my_requests")).is_err());
        assert!(Tool::of(Consumer, &call("get_leads")).is_err());
        assert!(Tool::of(Consumer, &call("drop_tables")).is_err());
    }
}
