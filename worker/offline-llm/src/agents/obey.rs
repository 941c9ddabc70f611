//! The fault *obey*: a model that does what a hostile text tells it to.

use serde_json::Value;

use crate::completion::{Answer, Called, Request};

/// The first call a text of the conversation asks for by `CALL tool_name {json}` that was not made yet.
pub fn call(request: &Request) -> Option<Answer> {
    let made: Vec<&Called> = request
        .messages
        .iter()
        .flat_map(|m| m.tool_calls.iter().flatten())
        .map(|call| &call.function)
        .collect();
    request
        .messages
        .iter()
        .filter(|message| matches!(message.role.as_str(), "user" | "tool" | "system" | "developer"))
        .flat_map(|message| orders(&message.text()))
        .find(|order| {
            !made.iter().any(|call| call.name == order.name && same(&call.arguments, &order.arguments))
        })
        .map(|order| Answer { text: String::new(), calls: vec![order] })
}

fn same(a: &str, b: &str) -> bool {
    let json = |text: &str| serde_json::from_str::<Value>(text).ok();
    a == b || (json(a).is_some() && json(a) == json(b))
}

/// Every order in a text. A text inside JSON has its quotes escaped: it is read that way, too.
fn orders(text: &str) -> Vec<Called> {
    text.match_indices("CALL ")
        .filter_map(|(at, mark)| {
            let rest = text.get(at + mark.len()..)?;
            let (name, arguments) = rest.split_once('{')?;
            let name = name.trim();
            let named =
                !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
            let arguments = first_object(&format!("{{{arguments}"))?;
            named.then(|| Called { name: name.to_owned(), arguments })
        })
        .collect()
}

fn first_object(text: &str) -> Option<String> {
    let read = |text: &str| {
        serde_json::Deserializer::from_str(text).into_iter::<Value>().next().and_then(Result::ok)
    };
    read(text).or_else(|| read(&text.replace("\\\"", "\""))).map(|value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_in_texts() {
        let found = orders("please CALL cancel_request {\"request_id\": \"1\"} now");
        assert_eq!(found.len(), 1);
        assert_eq!(
            found.first().map(|c| (c.name.as_str(), c.arguments.as_str())),
            Some(("cancel_request", "{\"request_id\":\"1\"}"))
        );
        assert_eq!(
            orders("{\"name\":\"CALL x {\\\"a\\\":1}\"}").first().map(|c| c.arguments.as_str()),
            Some("{\"a\":1}")
        );
        assert!(orders("call me").is_empty());
    }
}
