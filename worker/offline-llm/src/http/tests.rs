//! The server over real HTTP.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::net::TcpListener;

use reqwest::Client;
use serde_json::{Value, json};

use super::serve;
use crate::{Control, Fault, Faults, Kind};

struct Server {
    url: String,
    client: Client,
    control: Control,
}

fn server() -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (server, control) = serve(listener, Faults::default()).unwrap();
    tokio::spawn(server);
    Server { url, client: Client::new(), control }
}

fn hello() -> Value {
    json!({"model": "offline", "messages": [{"role": "user", "content": "hello"}]})
}

impl Server {
    async fn post(&self, body: &Value) -> reqwest::Response {
        self.client.post(format!("{}/v1/chat/completions", self.url)).json(body).send().await.unwrap()
    }

    async fn text(&self, body: &Value) -> String {
        self.post(body).await.text().await.unwrap()
    }

    /// Waits for a counter: the condition, not the time.
    async fn until(&self, holds: impl Fn(crate::Counters) -> bool) {
        while !holds(self.control.counters()) {
            tokio::task::yield_now().await;
        }
    }
}

fn streamed(include_usage: bool) -> Value {
    let mut body = hello();
    body["stream"] = json!(true);
    if include_usage {
        body["stream_options"] = json!({"include_usage": true});
    }
    body
}

fn chunks(text: &str) -> Vec<Value> {
    text.split("\n\n")
        .filter_map(|event| event.strip_prefix("data: "))
        .filter(|data| *data != "[DONE]")
        .map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

#[tokio::test]
async fn an_answer_in_one_piece() {
    let server = server();
    let response = server.post(&hello()).await;
    assert_eq!(response.status(), 200);
    let body: Value = response.json().await.unwrap();
    let said = body["choices"][0]["message"]["content"].as_str().unwrap();
    assert!(said.starts_with("Hello!"), "{said}");
    assert_eq!(body["choices"][0]["finish_reason"], "stop");
    assert!(body["usage"]["total_tokens"].as_u64().unwrap() > 0);
    let again: Value = server.post(&hello()).await.json().await.unwrap();
    assert_eq!(body, again, "the same request has the same answer");
    assert_eq!(server.control.counters().finished, 2);
}

#[tokio::test]
async fn a_stream_adds_up_to_the_same_answer() {
    let server = server();
    let whole: Value = server.post(&hello()).await.json().await.unwrap();
    let text = server.text(&streamed(true)).await;
    assert!(text.ends_with("data: [DONE]\n\n"));
    let chunks = chunks(&text);
    let said: String =
        chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str()).collect();
    assert_eq!(said, whole["choices"][0]["message"]["content"].as_str().unwrap());
    assert_eq!(chunks.last().unwrap()["usage"], whole["usage"]);
    assert_eq!(chunks.last().unwrap()["choices"], json!([]));
}

#[tokio::test]
async fn a_streamed_tool_call_adds_up_to_its_arguments() {
    let server = server();
    let mut body = streamed(false);
    body["messages"] = json!([{"role": "user", "content": "a haircut in Brooklyn for curly hair"}]);
    body["tools"] = json!([{"type": "function", "function": {"name": "update_request_draft", "parameters": {"type": "object", "properties": {}}}}]);
    let text = server.text(&body).await;
    let arguments: String = chunks(&text)
        .iter()
        .filter_map(|chunk| chunk["choices"][0]["delta"]["tool_calls"][0]["function"]["arguments"].as_str())
        .collect();
    let arguments: Value = serde_json::from_str(&arguments).unwrap();
    assert_eq!(arguments["service_id"], "haircut");
    assert!(text.contains("\"finish_reason\":\"tool_calls\""));
    server.control.next(Fault::kind(Kind::MalformedArguments));
    body["stream"] = json!(false);
    let spoiled: Value = server.post(&body).await.json().await.unwrap();
    let arguments =
        spoiled["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"].as_str().unwrap();
    assert!(serde_json::from_str::<Value>(arguments).is_err());
}

#[tokio::test]
async fn refusals() {
    let server = server();
    server.control.next(Fault { retry_after: Some(7), ..Fault::status(429) });
    server.control.next(Fault::status(503));
    let response = server.post(&hello()).await;
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["retry-after"], "7");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["error"]["code"], "rate_limit_exceeded");
    assert_eq!(server.post(&hello()).await.status(), 503);
    assert_eq!(server.post(&hello()).await.status(), 200);
}

#[tokio::test]
async fn faults_by_header_model_and_control() {
    let server = server();
    let response = server
        .client
        .post(format!("{}/v1/chat/completions", server.url))
        .header("X-Offline-Faults", "status=429;retry_after=2")
        .json(&hello())
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 429);
    let mut body = hello();
    body["model"] = json!("offline?status=500");
    assert_eq!(server.post(&body).await.status(), 500);
    let put = server
        .client
        .put(format!("{}/control/faults", server.url))
        .json(&json!({"always": {"status": 502}, "next": [{"status": 503}]}))
        .send()
        .await
        .unwrap();
    assert_eq!(put.status(), 200);
    assert_eq!(server.post(&hello()).await.status(), 503);
    assert_eq!(server.post(&hello()).await.status(), 502);
    server.control.clear();
    assert_eq!(server.post(&hello()).await.status(), 200);
}

#[tokio::test]
async fn cut_answers_end_without_an_end() {
    let server = server();
    server.control.always(Some(Fault::kind(Kind::Cut)));
    for body in [hello(), streamed(false)] {
        let mut response = server.post(&body).await;
        assert_eq!(response.status(), 200);
        let mut text = Vec::new();
        let ended = loop {
            match response.chunk().await {
                Ok(Some(bytes)) => text.extend_from_slice(&bytes),
                Ok(None) => break true,
                Err(_) => break false,
            }
        };
        assert!(!ended, "the connection is dropped");
        let text = String::from_utf8(text).unwrap();
        assert!(!text.contains("[DONE]"), "{text}");
    }
}

#[tokio::test]
async fn a_stream_is_cut_at_every_chunk() {
    let server = server();
    let all = chunks(&server.text(&streamed(true)).await);
    for at in 0..=all.len() {
        server.control.next(Fault::cut_at(at));
        let mut response = server.post(&streamed(true)).await;
        let mut text = Vec::new();
        while let Ok(Some(bytes)) = response.chunk().await {
            text.extend_from_slice(&bytes);
        }
        let text = String::from_utf8(text).unwrap();
        assert_eq!(chunks(&text), all.get(..at).unwrap(), "cut at {at}");
        assert!(!text.contains("[DONE]"));
    }
}

#[tokio::test]
async fn pictures_are_seen_by_models_with_vision_only() {
    let server = server();
    let mut body = hello();
    body["messages"] = json!([{"role": "user", "content": [
        {"type": "text", "text": "a haircut like this"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]}]);
    for (model, words) in [("offline", "can't look at pictures"), ("offline-vision", "I see 1 photo")] {
        body["model"] = json!(model);
        let answer: Value = server.post(&body).await.json().await.unwrap();
        let said = answer["choices"][0]["message"]["content"].as_str().unwrap();
        assert!(said.contains(words), "{model}: {said}");
    }
}

#[tokio::test]
async fn malformed_and_empty_answers() {
    let server = server();
    server.control.always(Some(Fault::kind(Kind::MalformedJson)));
    assert!(serde_json::from_str::<Value>(&server.text(&hello()).await).is_err());
    let text = server.text(&streamed(false)).await;
    let bad = text
        .split("\n\n")
        .filter_map(|event| event.strip_prefix("data: "))
        .filter(|data| *data != "[DONE]" && serde_json::from_str::<Value>(data).is_err())
        .count();
    assert_eq!(bad, 1);
    server.control.always(Some(Fault::kind(Kind::Empty)));
    let body: Value = server.post(&hello()).await.json().await.unwrap();
    assert_eq!(body["choices"][0]["message"]["content"], "");
    server.control.always(Some(Fault::kind(Kind::NoChoices)));
    let body: Value = server.post(&hello()).await.json().await.unwrap();
    assert_eq!(body["choices"], json!([]));
}

#[tokio::test]
async fn an_obedient_model_calls_what_a_text_orders_once() {
    let server = server();
    server.control.always(Some(Fault::kind(Kind::Obey)));
    let mut body = hello();
    body["messages"] = json!([{"role": "user", "content": "CALL accept_offer {\"offer_id\": \"1\"}"}]);
    let answer: Value = server.post(&body).await.json().await.unwrap();
    let call = answer["choices"][0]["message"]["tool_calls"][0].clone();
    assert_eq!(call["function"]["name"], "accept_offer");
    body["messages"] = json!([
        {"role": "user", "content": "CALL accept_offer {\"offer_id\": \"1\"}"},
        {"role": "assistant", "content": null, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": call["id"], "content": "{\"error\": \"no\"}"},
    ]);
    let answer: Value = server.post(&body).await.json().await.unwrap();
    assert_eq!(answer["choices"][0]["finish_reason"], "stop");
}

#[tokio::test]
async fn a_client_that_leaves_is_counted() {
    let server = server();
    server.control.next(Fault::kind(Kind::Hang));
    let request = server.client.post(format!("{}/v1/chat/completions", server.url)).json(&hello());
    let waiting = tokio::spawn(request.send());
    server.until(|counters| counters.in_flight == 1).await;
    waiting.abort();
    server.until(|counters| counters.dropped == 1).await;
    assert_eq!(server.control.counters().in_flight, 0);
}

#[tokio::test]
async fn two_thousand_slow_calls_at_once() {
    let server = server();
    server.control.always(Some(Fault::kind(Kind::Hang)));
    let calls: Vec<_> = (0..2_000)
        .map(|_| {
            let request = server.client.post(format!("{}/v1/chat/completions", server.url)).json(&hello());
            tokio::spawn(request.send())
        })
        .collect();
    server.until(|counters| counters.in_flight == 2_000).await;
    for call in &calls {
        call.abort();
    }
    server.until(|counters| counters.in_flight == 0).await;
    assert_eq!(server.control.counters().max_in_flight, 2_000);
}

#[tokio::test]
async fn the_other_routes() {
    let server = server();
    let get = async |path: &str| {
        let response = server.client.get(format!("{}{path}", server.url)).send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    assert_eq!(get("/health").await.0, 200);
    assert_eq!(get("/v1/models").await.1["data"][0]["id"], "offline");
    assert_eq!(get("/v1/models/gpt-9").await.1["error"]["code"], "model_not_found");
    assert_eq!(get("/nowhere").await.0, 404);
    let embed = async |body: Value| {
        let request = server.client.post(format!("{}/v1/embeddings", server.url)).json(&body);
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };
    let answer = embed(json!({"model": "m", "input": ["a", "b"], "dimensions": 8})).await;
    assert_eq!(answer["data"][1]["embedding"].as_array().unwrap().len(), 8);
    assert!(embed(json!({"model": "m", "input": 5})).await["error"]["message"].is_string());
    assert_eq!(server.post(&json!({"model": "m"})).await.status(), 400);
    assert_eq!(
        server
            .post(&json!({"model": "m?colour=red", "messages": [{"role": "user", "content": "x"}]}))
            .await
            .status(),
        400
    );
}
