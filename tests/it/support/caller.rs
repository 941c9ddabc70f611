//! Somebody who calls the API.

use reqwest::header::HeaderMap;
use reqwest::{Body, Client, Method, Request, RequestBuilder, Response};
use serde_json::{Value, json};

use super::{Task, files};

/// Somebody who calls the API, with a token or without.
#[derive(Clone, Debug)]
pub struct Caller {
    http: Client,
    url: String,
    /// What proves who they are.
    pub token: Option<String>,
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub text: String,
    /// The body as JSON; null if it is none.
    pub body: Value,
}

impl Answer {
    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The same, which must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }
}

/// A file that was answered.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Fetched {
    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Caller {
    /// Somebody who calls the API at `url`.
    pub fn new(http: Client, url: &str, token: Option<String>) -> Self {
        Self { http, url: url.to_owned(), token }
    }

    /// Somebody with another token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// A call to be filled in and [sent](Self::send).
    pub fn call(&self, method: Method, path: &str) -> RequestBuilder {
        let call = self.http.request(method, format!("{}{path}", self.url));
        match &self.token {
            Some(token) => call.bearer_auth(token),
            None => call,
        }
    }

    /// Sends a call. An API that is not there fails the test.
    pub async fn send(&self, call: RequestBuilder) -> Answer {
        self.try_send(call).await.expect("the API answers")
    }

    /// Sends a call as it was built.
    pub async fn send_built(&self, call: Request) -> Answer {
        answer(self.http.execute(call).await.expect("the API answers")).await.expect("a whole answer")
    }

    /// Sends a call that the API may not live to answer.
    pub async fn try_send(&self, call: RequestBuilder) -> reqwest::Result<Answer> {
        answer(call.send().await?).await
    }

    /// `GET`
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.call(Method::GET, path)).await
    }

    /// `POST` with a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.call(Method::POST, path).json(&body)).await
    }

    /// `POST` without a body.
    pub async fn move_on(&self, path: &str) -> Answer {
        self.send(self.call(Method::POST, path)).await
    }

    /// `PUT` with a JSON body; without any if it is null.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        let call = self.call(Method::PUT, path);
        self.send(if body.is_null() { call } else { call.json(&body) }).await
    }

    /// `DELETE`
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.call(Method::DELETE, path)).await
    }

    /// A file.
    pub async fn fetch(&self, call: RequestBuilder) -> Fetched {
        let response = call.send().await.expect("the API answers");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Fetched { status, headers, bytes: response.bytes().await.expect("a whole file").into() }
    }

    /// Uploads a file.
    pub async fn upload(&self, file: &[u8]) -> Answer {
        self.upload_form(files::form(&[("file", "photo.jpg", "image/jpeg", file)])).await
    }

    /// Uploads a form.
    pub async fn upload_form(&self, form: impl Into<Body>) -> Answer {
        let call = self.call(Method::POST, "/media").header("content-type", files::form_type());
        self.send(call.body(form)).await
    }

    /// Says something in a new conversation.
    pub async fn say(&self, message: &str) -> Task {
        Task::accepted(self, &self.post("/chat", json!({"message": message})).await)
    }

    /// Says something in a conversation.
    pub async fn say_in(&self, session: &str, message: &str) -> Task {
        let body = json!({"message": message, "session_id": session});
        Task::accepted(self, &self.post("/chat", body).await)
    }

    /// A conversation as its owner sees it.
    pub async fn session(&self, id: &str) -> Value {
        self.get(&format!("/chat/sessions/{id}?limit=100")).await.expect(200).body
    }

    /// What was said in a conversation: who, what.
    pub async fn transcript(&self, id: &str) -> Vec<(String, String)> {
        let session = self.session(id).await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let items = session["messages"]["items"].as_array().expect("messages");
        items.iter().map(|message| (text(&message["role"]), text(&message["text"]))).collect()
    }
}

async fn answer(response: Response) -> reqwest::Result<Answer> {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await?;
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    Ok(Answer { status, headers, text, body })
}
