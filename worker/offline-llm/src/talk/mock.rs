//! A small tool side for tests: a conversation whose tools answer from a table.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::agents;
use crate::completion::Request;

/// What a tool answers to its arguments.
pub type Tool = Box<dyn Fn(&Value) -> Value>;

/// A conversation on Wednesday, 18 November 2026, 10:20 in New York.
pub struct Chat {
    role: &'static str,
    tools: HashMap<&'static str, Tool>,
    lines: Vec<(&'static str, Value)>,
    said: Vec<Value>,
    /// The calls of the last turn.
    pub calls: Vec<(String, Value)>,
    /// The answer of the last turn.
    pub text: String,
    message: String,
}

impl Chat {
    /// A conversation in a role.
    pub fn new(role: &'static str) -> Self {
        Self {
            role,
            tools: HashMap::new(),
            lines: Vec::new(),
            said: Vec::new(),
            calls: Vec::new(),
            text: String::new(),
            message: String::new(),
        }
    }

    /// A tool that always answers the same.
    pub fn tool(self, name: &'static str, answer: Value) -> Self {
        self.with(name, move |_| answer.clone())
    }

    /// A tool that answers by its arguments.
    pub fn with(mut self, name: &'static str, answer: impl Fn(&Value) -> Value + 'static) -> Self {
        self.tools.insert(name, Box::new(answer));
        self
    }

    /// A tool that makes a draft of its arguments; what of `needed` they lack is missing.
    pub fn draft(self, name: &'static str, kind: &'static str, needed: &'static [&'static str]) -> Self {
        self.with(name, move |arguments| {
            let missing: Vec<&str> = needed.iter().copied().filter(|field| arguments.get(*field).is_none()).collect();
            json!({"draft": {"kind": kind, "version": 1, "fields": arguments, "missing": missing}, "awaiting_approval": missing.is_empty()})
        })
    }

    /// A line of the prompt from now on; null takes it away.
    pub fn line(&mut self, key: &'static str, value: Value) -> &mut Self {
        self.lines.retain(|(name, _)| *name != key);
        if !value.is_null() {
            self.lines.push((key, value));
        }
        self
    }

    fn system(&self) -> String {
        let mut system = format!(
            "You help.\nNow: 2026-11-18T15:20:00Z\nDefault zone: America/New_York\nRole: {}\n",
            self.role
        );
        for (key, value) in &self.lines {
            let value =
                value.as_str().filter(|_| *key == "Became").map_or_else(|| value.to_string(), str::to_owned);
            system += &format!("{key}: {value}\n");
        }
        system
    }

    /// One turn.
    pub fn say(&mut self, message: &str) -> &mut Self {
        self.said.push(json!({"role": "user", "content": message}));
        self.calls.clear();
        self.message = message.to_owned();
        let mut steps: Vec<Value> = Vec::new();
        let tools: Vec<Value> = self
            .tools
            .keys()
            .map(|name| json!({"type": "function", "function": {"name": name, "parameters": {"type": "object"}}}))
            .collect();
        for step in 0..8 {
            let system = self.system();
            let messages: Vec<Value> = [json!({"role": "system", "content": system})]
                .iter()
                .chain(&self.said)
                .chain(&steps)
                .cloned()
                .collect();
            let request: Request =
                serde_json::from_value(json!({"model": "offline", "messages": messages, "tools": tools}))
                    .unwrap();
            let answer = agents::answer(&request, false).0;
            let Some(call) = answer.calls.first() else {
                self.text = answer.text.clone();
                self.said.push(json!({"role": "assistant", "content": answer.text}));
                self.line("Settled", Value::Null).line("Became", Value::Null);
                return self;
            };
            let arguments: Value = serde_json::from_str(&call.arguments).unwrap();
            let mut result = self.tools.get(call.name.as_str()).expect("a tool that is offered")(&arguments);
            self.number(&mut result);
            self.calls.push((call.name.clone(), arguments));
            let draft = result.get("draft").cloned();
            if let Some(draft) = draft {
                self.line("Draft", draft);
            }
            let id = format!("call_{step}");
            steps.push(json!({"role": "assistant", "content": null, "tool_calls": [
                {"id": id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}]}));
            steps.push(json!({"role": "tool", "tool_call_id": id, "content": result.to_string()}));
        }
        panic!("{message}: the turn has no end: {:?}", self.calls);
    }

    /// A draft of the kind that is open is the next version of it.
    fn number(&self, result: &mut Value) {
        let open = self.lines.iter().find(|(key, _)| *key == "Draft").map(|(_, draft)| draft);
        if let Some(draft) = result.get_mut("draft")
            && let Some(open) = open.filter(|open| open["kind"] == draft["kind"])
        {
            draft["version"] = json!(open["version"].as_i64().unwrap_or(0) + 1);
        }
    }

    /// A plain yes, as the code settles it.
    pub fn yes(&mut self, result: Value) -> &mut Self {
        let kind = self
            .lines
            .iter()
            .find(|(key, _)| *key == "Draft")
            .map(|(_, draft)| draft["kind"].clone())
            .unwrap();
        self.line("Draft", Value::Null)
            .line("Settled", json!({"kind": kind, "did": "approved", "result": result}));
        self.say("yes")
    }

    /// The arguments of the last call of a tool in the last turn.
    pub fn called(&self, tool: &str) -> &Value {
        let call = self.calls.iter().rev().find(|(name, _)| name == tool);
        &call
            .unwrap_or_else(|| {
                panic!("{}: {tool} was not called, but {:?}; {}", self.message, self.calls, self.text)
            })
            .1
    }

    /// That the last turn called nothing.
    pub fn calls_nothing(&self) -> &Self {
        assert!(self.calls.is_empty(), "{:?}", self.calls);
        self
    }

    /// That the last answer holds some words.
    pub fn hears(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(self.text.contains(word), "{}: {word:?} is not in: {}", self.message, self.text);
        }
        self
    }
}
