//! The shape of an enrollment's fields, as `PATCH /enrollment/{id}` checks it: by the schema that is documented.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::enrollment::EnrollmentFields;
use crate::error::Problem;
use crate::model::clocks::is_zone;

/// The most problems that are told.
const MOST: usize = 20;

static SHAPE: LazyLock<Validator> = LazyLock::new(|| {
    let mut referenced = Vec::new();
    EnrollmentFields::schemas(&mut referenced);
    let components: Map<String, Value> = referenced
        .into_iter()
        .map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or_default()))
        .collect();
    let mut document = serde_json::to_value(EnrollmentFields::schema()).unwrap_or_default();
    document["components"] = json!({ "schemas": components });
    #[allow(clippy::expect_used, reason = "derived from a type, and compiled by a test")]
    jsonschema::options()
        .should_validate_formats(true)
        .with_format("iana-zone", is_zone)
        .build(&document)
        .expect("the schema of an enrollment is a schema")
});

/// Everything that is wrong with the shape of fields; pointers are to them.
pub(super) fn problems(fields: &Value) -> Vec<Problem> {
    let told = |error: jsonschema::ValidationError<'_>| {
        Problem::new(error.instance_path().to_string(), format!("{}.", error.masked_with("This")))
    };
    SHAPE.iter_errors(fields).take(MOST).map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_too_much_or_no_address_is_told() {
        let fields = json!({
            "business_name": "x".repeat(201), "email": "nobody", "radius_km": 5_000.0,
            "services": [{"service_id": "haircut", "currency": "usd", "duration_minutes": 60}],
        });
        let mut at: Vec<_> = problems(&fields).into_iter().map(|problem| problem.pointer).collect();
        at.sort();
        assert_eq!(at, ["/business_name", "/email", "/radius_km", "/services/0/currency"]);
        assert_eq!(problems(&json!({"business_name": "Curls & Co", "services": []})), []);
    }
}
