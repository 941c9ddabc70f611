//! The tools that the model is offered: typed arguments, their schema derived, errors given back to the model.

use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::{PartialSchema, ToSchema};

use super::{Conversation, Desk};
use crate::db::Conn;
use crate::error::Result;
use crate::llm::{ToolCall, ToolSpec};
use crate::model::catalog::Catalog;
use crate::model::chat::AgentRole;
use crate::model::requests::Urgency;

/// New facts for the draft of a request: only what is new or changed.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateRequestDraft {
    /// Slug of the service.
    pub service_id: Option<String>,
    /// The city or borough, as it was said.
    pub city: Option<String>,
    /// IANA time zone of the city, if you know it.
    pub zone: Option<String>,
    /// When: local time of the place.
    #[schema(inline)]
    pub window: Option<WindowText>,
    /// For how much, in cents.
    #[schema(inline)]
    pub budget: Option<BudgetArgs>,
    /// All finer skills, known and new, as short phrases such as "curly hair".
    pub specializations: Option<Vec<String>>,
    /// All that fits nowhere else, known and new, in the person's words.
    pub notes: Option<String>,
    /// The person's first name.
    pub name: Option<String>,
    /// How soon it matters.
    #[schema(inline)]
    pub urgency: Option<Urgency>,
    /// What the person does not care about or will not say: "window", "budget".
    pub declined: Option<Vec<String>>,
}

/// A window as text, `YYYY-MM-DDTHH:MM`.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WindowText {
    /// Begin.
    pub from: String,
    /// End.
    pub to: String,
}

/// A budget in minor units.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BudgetArgs {
    /// Least.
    #[serde(default)]
    pub min_cents: Option<i64>,
    /// Most.
    #[serde(default)]
    pub max_cents: Option<i64>,
    /// ISO 4217; USD if nothing else was said.
    #[serde(default)]
    pub currency: Option<String>,
}

/// Who offers a service in a city.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchProviders {
    /// Slug of the service.
    pub service_id: String,
    /// The city or borough.
    pub city: String,
    /// At most so many, 1 to 10.
    #[serde(default)]
    pub limit: Option<i64>,
}

const UPDATE_REQUEST_DRAFT: &str = "update_request_draft";
const SEARCH_PROVIDERS: &str = "search_providers";

/// The tool whose results are providers.
pub(super) fn finds_providers(name: &str) -> bool {
    name == SEARCH_PROVIDERS
}

/// A tool's name as it may be logged: what the model calls may have any name, such as a piece of a message.
pub(super) fn known(name: &str) -> &'static str {
    [UPDATE_REQUEST_DRAFT, SEARCH_PROVIDERS].into_iter().find(|known| *known == name).unwrap_or("unknown")
}

/// The tools of a role.
pub(super) fn offered(role: AgentRole, catalog: &Catalog) -> Vec<ToolSpec> {
    match role {
        AgentRole::Guest | AgentRole::Consumer => vec![
            ToolSpec {
                name: UPDATE_REQUEST_DRAFT,
                description: "Take facts into the draft of the request. Answers what is missing, what to ask, and \
                              whether it is ready.",
                parameters: schema::<UpdateRequestDraft>(catalog),
            },
            ToolSpec {
                name: SEARCH_PROVIDERS,
                description: "Who offers a service in a city: name, rating, price.",
                parameters: schema::<SearchProviders>(catalog),
            },
        ],
        AgentRole::Provider | AgentRole::Enrollment => Vec::new(),
    }
}

/// The schema of a tool's arguments, with the catalog's services as the only ones.
fn schema<T: PartialSchema>(catalog: &Catalog) -> Value {
    let mut schema = serde_json::to_value(T::schema()).unwrap_or_default();
    let services: Vec<Value> =
        catalog.services().map(|(_, service)| Value::from(service.id.as_str())).collect();
    if let Some(field) = schema.pointer_mut("/properties/service_id").and_then(Value::as_object_mut) {
        field.insert("enum".to_owned(), Value::Array(services));
    }
    schema
}

/// Acts; what the model got wrong is said to the model.
pub(super) async fn act(
    desk: &dyn Desk,
    conn: &mut Conn,
    chat: &Conversation,
    call: &ToolCall,
) -> Result<Value> {
    match call.name.as_str() {
        UPDATE_REQUEST_DRAFT => match arguments(call) {
            Ok(change) => {
                let standing = desk.update_request_draft(conn, chat, change).await?;
                Ok(serde_json::to_value(standing)?)
            }
            Err(error) => Ok(bad_arguments(&error)),
        },
        SEARCH_PROVIDERS => match arguments(call) {
            Ok(search) => {
                let providers = desk.search_providers(conn, chat, search).await?;
                Ok(json!({"total": providers.len(), "providers": providers}))
            }
            Err(error) => Ok(bad_arguments(&error)),
        },
        unknown => Ok(json!({"error": format!("There is no tool named {unknown}.")})),
    }
}

/// The typed arguments of a call. An escaped NUL, which PostgreSQL keeps nowhere, goes.
fn arguments<T: serde::de::DeserializeOwned>(call: &ToolCall) -> serde_json::Result<T> {
    serde_json::from_str(&call.arguments.replace("\\u0000", ""))
}

fn bad_arguments(error: &serde_json::Error) -> Value {
    json!({"error": format!("The arguments do not fit the tool's schema: {error}. Call it again, corrected.")})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_names_the_services_and_nothing_by_reference() {
        let catalog = Catalog::built_in();
        let schema = schema::<UpdateRequestDraft>(catalog);
        let services = schema["properties"]["service_id"]["enum"].as_array().map(Vec::len);
        assert_eq!(services, Some(catalog.services().count()));
        assert!(!schema.to_string().contains("$ref"), "a model cannot follow references: {schema}");
    }
}
