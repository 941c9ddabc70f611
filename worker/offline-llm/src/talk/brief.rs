//! The lines of the system prompt besides those of [`crate::concierge::prompt`].

use serde_json::{Map, Value};

/// A draft that waits for a yes, or for more.
#[derive(Debug, Clone, Default)]
pub struct Open {
    /// What it would do.
    pub kind: String,
    /// Its fields.
    pub fields: Map<String, Value>,
    /// What it lacks.
    pub missing: Vec<String>,
}

impl Open {
    /// A draft as a line of the prompt or a tool's result has it.
    pub fn read(value: &Value) -> Option<Self> {
        let kind = value.get("kind")?.as_str()?.to_owned();
        let fields = value.get("fields").and_then(Value::as_object).cloned().unwrap_or_default();
        Some(Self { kind, fields, missing: names(value.get("missing")) })
    }

    /// A text of it.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// Whether it lacks a field.
    pub fn lacks(&self, field: &str) -> bool {
        self.missing.iter().any(|missing| missing == field)
    }
}

/// Names of fields: texts, or problems with a pointer to the field.
pub fn names(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items
        .filter_map(|item| item.as_str().or_else(|| item.get("pointer").and_then(Value::as_str)))
        .map(|name| name.trim_start_matches('/').trim_start_matches("body/").to_owned())
        .collect()
}

/// What the prompt tells besides the time, the role and the request.
#[derive(Debug, Clone, Default)]
pub struct Brief {
    /// What profile and memory know.
    pub about: Value,
    /// The open draft.
    pub draft: Option<Open>,
    /// What the user's yes or no has just done.
    pub settled: Option<Value>,
    /// What the client says the message is about.
    pub context: Value,
    /// How many pictures came with the message.
    pub photos: u64,
    /// The role the user has got since the last message.
    pub became: Option<String>,
    /// The specialist of the service.
    pub specialist: Value,
}

impl Brief {
    /// Reads the lines.
    pub fn read(system: &str) -> Self {
        let line =
            |key: &str| system.lines().rev().find_map(|line| line.trim().strip_prefix(key)).map(str::trim);
        let json = |key: &str| line(key).and_then(|text| serde_json::from_str::<Value>(text).ok());
        let photos = json("Photos:");
        Self {
            about: json("About:").unwrap_or_default(),
            draft: json("Draft:").as_ref().and_then(Open::read),
            settled: json("Settled:").filter(Value::is_object),
            context: json("Context:").unwrap_or_default(),
            photos: photos.and_then(|photos| photos.get("count")?.as_u64()).unwrap_or(0),
            became: line("Became:").filter(|role| !role.is_empty()).map(str::to_owned),
            specialist: json("Specialist:").unwrap_or_default(),
        }
    }

    /// The open draft, if it is of this kind.
    pub fn open(&self, kind: &str) -> Option<&Open> {
        self.draft.as_ref().filter(|draft| draft.kind == kind)
    }

    /// An id of the context, else of the open draft.
    pub fn id(&self, name: &str) -> Option<&str> {
        let context = self.context.get(name).and_then(Value::as_str);
        context.or_else(|| self.draft.as_ref().and_then(|draft| draft.text(name)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_lines() {
        let brief = Brief::read(
            "Hello.\nDraft: {\"kind\":\"offer\",\"version\":2,\"fields\":{\"request_id\":\"r\"},\"missing\":[{\"pointer\":\"/slots\",\"message\":\"x\"}]}\nPhotos: {\"count\":2,\"seen\":false}\nBecame: provider",
        );
        let draft = brief.open("offer").unwrap();
        assert!(draft.lacks("slots"));
        assert_eq!(brief.id("request_id"), Some("r"));
        assert_eq!((brief.photos, brief.became.as_deref()), (2, Some("provider")));
        assert!(brief.settled.is_none());
    }
}
