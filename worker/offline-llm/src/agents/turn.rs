//! A conversation cut at the newest user message: what was said before, and what this turn did so far.

use serde_json::{Map, Value, json};

use crate::completion::{Message, Request};

/// A tool that may be called.
#[derive(Debug, Clone)]
pub struct Offered {
    /// Its name.
    pub name: String,
    properties: Map<String, Value>,
    required: Vec<String>,
}

impl Offered {
    /// Whether its schema has this parameter; a schema without any takes all.
    pub fn takes(&self, field: &str) -> bool {
        self.properties.is_empty() || self.properties.contains_key(field)
    }

    /// Whether its schema names this parameter.
    pub fn names(&self, field: &str) -> bool {
        self.properties.contains_key(field)
    }

    /// Whether the items of a list parameter have this field.
    pub fn item_names(&self, list: &str, field: &str) -> bool {
        let items = self.properties.get(list).and_then(|list| list.pointer("/items/properties"));
        items.and_then(|fields| fields.get(field)).is_some()
    }

    /// Whether the schema allows a value of a parameter: it is in the enum, if there is one.
    pub fn allows(&self, field: &str, value: &str) -> bool {
        let property = self.properties.get(field);
        let nested = |p: &Value| {
            ["anyOf", "oneOf"].iter().find_map(|key| {
                p.get(*key)?.as_array()?.iter().find_map(|option| option.get("enum").cloned())
            })
        };
        let values = property.and_then(|p| p.get("enum").cloned().or_else(|| nested(p)));
        values
            .as_ref()
            .and_then(Value::as_array)
            .is_none_or(|values| values.iter().any(|v| v.as_str() == Some(value)))
    }

    /// The least arguments that its schema takes.
    pub fn least(&self) -> Value {
        let fields: Map<String, Value> = self
            .required
            .iter()
            .map(|name| {
                let property = self.properties.get(name);
                let kind = property.and_then(|p| p.get("type")).and_then(Value::as_str);
                let first = property
                    .and_then(|p| p.get("enum"))
                    .and_then(Value::as_array)
                    .and_then(|values| values.first().cloned());
                let value = first.unwrap_or_else(|| match kind {
                    Some("integer" | "number") => json!(0),
                    Some("boolean") => json!(false),
                    Some("array") => json!([]),
                    Some("object") => json!({}),
                    _ => json!(""),
                });
                (name.clone(), value)
            })
            .collect();
        Value::Object(fields)
    }
}

/// A conversation, cut at the newest user message.
#[derive(Debug, Clone, Default)]
pub struct Turn {
    /// All system prompts.
    pub system: String,
    /// The newest user message.
    pub user: String,
    /// The tools that may be called.
    pub tools: Vec<Offered>,
    /// A tool that has to be called now.
    pub forced: Option<String>,
    /// Some tool has to be called.
    pub must_call: bool,
    /// How many pictures the newest user message holds.
    pub images: usize,
    /// Whether this model sees them.
    pub sees: bool,
    before: Vec<(String, String)>,
    calls: Vec<(String, String)>,
    results: Vec<(String, String)>,
}

impl Turn {
    /// Cuts a conversation.
    pub fn new(request: &Request) -> Self {
        let is_system = |message: &&Message| matches!(message.role.as_str(), "system" | "developer");
        let newest = request.messages.iter().rposition(|message| message.role == "user");
        let (before, rest) = request.messages.split_at(newest.unwrap_or(request.messages.len()));
        let steps = rest.get(1..).unwrap_or_default();
        let texts = |wanted: fn(&&Message) -> bool| {
            request.messages.iter().filter(wanted).map(Message::text).collect::<Vec<_>>().join("\n")
        };
        let calls: Vec<(String, String)> = steps
            .iter()
            .flat_map(|message| message.tool_calls.iter().flatten())
            .map(|call| (call.id.clone(), call.function.name.clone()))
            .collect();
        let results = steps
            .iter()
            .filter(|message| message.role == "tool")
            .filter_map(|message| {
                let id = message.tool_call_id.as_deref()?;
                let name = calls.iter().rev().find(|(call, _)| call == id).map(|(_, name)| name.clone())?;
                Some((name, message.text()))
            })
            .collect();
        let choice = request.tool_choice.as_ref();
        let none = choice.and_then(Value::as_str) == Some("none");
        let forced = choice
            .and_then(|c| c.pointer("/function/name").or_else(|| c.get("name")))
            .and_then(Value::as_str);
        Self {
            system: texts(is_system),
            user: rest.first().map(Message::text).unwrap_or_default(),
            tools: if none { Vec::new() } else { offered(request) },
            forced: forced.map(str::to_owned),
            images: rest.first().map(Message::images).unwrap_or_default(),
            sees: request.model.split('?').next().is_some_and(|model| model.ends_with("-vision")),
            must_call: choice.and_then(Value::as_str) == Some("required"),
            before: before.iter().filter(|m| !is_system(m)).map(|m| (m.role.clone(), m.text())).collect(),
            calls,
            results,
        }
    }

    /// A tool that is offered.
    pub fn tool(&self, name: &str) -> Option<&Offered> {
        self.tools.iter().find(|tool| tool.name == name)
    }

    /// Whether this turn called a tool already.
    pub fn called(&self, name: &str) -> bool {
        self.calls.iter().any(|(_, called)| called == name)
    }

    /// Whether this turn called any tool already.
    pub fn called_any(&self) -> bool {
        !self.calls.is_empty()
    }

    /// Everything a tool answered in this turn, oldest first.
    pub fn results_of(&self, name: &str) -> Vec<&str> {
        self.results.iter().filter(|(tool, _)| tool == name).map(|(_, text)| text.as_str()).collect()
    }

    /// Whether a draft was begun in this turn: the prompt knows it already, the message did not.
    pub fn began_draft(&self) -> bool {
        let version =
            |text: &str| serde_json::from_str::<Value>(text).ok()?.pointer("/draft/version")?.as_i64();
        self.results.iter().any(|(_, text)| version(text) == Some(1))
    }

    /// What the assistant said last before this turn.
    pub fn said_before(&self) -> &str {
        self.before
            .iter()
            .rev()
            .find(|(role, text)| role == "assistant" && !text.is_empty())
            .map_or("", |(_, text)| text.as_str())
    }

    /// Whether the assistant said this before this turn.
    pub fn said_ever(&self, words: &str) -> bool {
        self.before.iter().any(|(role, text)| role == "assistant" && text.contains(words))
    }

    /// What the user said before this turn, oldest first.
    pub fn earlier_users(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.before.iter().filter(|(role, _)| role == "user").map(|(_, text)| text.as_str())
    }
}

fn offered(request: &Request) -> Vec<Offered> {
    request
        .tools
        .iter()
        .flatten()
        .map(|tool| {
            let parameters = &tool.function.parameters;
            let required = parameters.get("required").and_then(Value::as_array);
            Offered {
                name: tool.function.name.clone(),
                properties: parameters
                    .get("properties")
                    .and_then(Value::as_object)
                    .cloned()
                    .unwrap_or_default(),
                required: required
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
            }
        })
        .collect()
}
