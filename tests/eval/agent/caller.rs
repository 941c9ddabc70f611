//! Somebody who calls the API.

use std::time::{Duration, Instant};

use proxie_tests::Result;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

/// How long a task may take.
const PATIENCE: Duration = Duration::from_secs(180);
/// What everybody shows of their work.
const PHOTO: &[u8] = include_bytes!("photos/work.png");

/// How many sign up at once: the API turns those away who would wait long for their password's turn, and all conversations begin
/// with somebody who signs up.
static SIGN_UPS: Semaphore = Semaphore::const_new(2);

/// Somebody who calls the API, with a token or without.
#[derive(Clone)]
pub struct Caller {
    http: Client,
    url: String,
    token: Option<String>,
}

impl Caller {
    /// Anybody.
    pub fn new(http: Client, url: &str) -> Self {
        Self { http, url: url.to_owned(), token: None }
    }

    /// Whoever has this token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// What proves who they are.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Calls: the status and the body.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Result<(u16, Value)> {
        let mut call = self.http.request(method, format!("{}{path}", self.url));
        if let Some(token) = &self.token {
            call = call.bearer_auth(token);
        }
        if let Some(body) = body {
            call = call.header("content-type", "application/json").body(body.to_string());
        }
        answer(call).await
    }

    async fn well(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value> {
        let (status, answer) = self.call(method.clone(), path, body).await?;
        match status {
            200..300 => Ok(answer),
            _ => Err(format!("{method} {path} answers {status}: {answer}").into()),
        }
    }

    /// `GET`
    pub async fn get(&self, path: &str) -> Result<Value> {
        self.well(Method::GET, path, None).await
    }

    /// `POST`; without a body if it is null.
    pub async fn post(&self, path: &str, body: Value) -> Result<Value> {
        self.well(Method::POST, path, Some(&body).filter(|body| !body.is_null())).await
    }

    /// `PUT`; without a body if it is null.
    pub async fn put(&self, path: &str, body: Value) -> Result<Value> {
        self.well(Method::PUT, path, Some(&body).filter(|body| !body.is_null())).await
    }

    /// `PATCH`
    pub async fn patch(&self, path: &str, body: Value) -> Result<Value> {
        self.well(Method::PATCH, path, Some(&body)).await
    }

    /// Uploads so many photos: their ids.
    pub async fn photos(&self, count: usize) -> Result<Vec<Value>> {
        let mut ids = Vec::new();
        for _ in 0..count {
            const BOUNDARY: &str = "a-conversation-with-the-agent";
            let mut form = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"work.png\"\r\nContent-Type: image/png\r\n\r\n"
            )
            .into_bytes();
            form.extend_from_slice(PHOTO);
            form.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
            let mut call = self.http.post(format!("{}/media", self.url));
            if let Some(token) = &self.token {
                call = call.bearer_auth(token);
            }
            let form_type = format!("multipart/form-data; boundary={BOUNDARY}");
            let (status, media) = answer(call.header("content-type", form_type).body(form)).await?;
            if status != 201 {
                return Err(format!("POST /media answers {status}: {media}").into());
            }
            ids.push(media["id"].clone());
        }
        Ok(ids)
    }

    /// A task, once it has ended.
    pub async fn ended(&self, task: &str) -> Result<Value> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let status = self.get(&format!("/chat/status/{task}?wait=30")).await?;
            if status["status"] != "processing" {
                return Ok(status);
            }
            if Instant::now() > deadline {
                return Err(format!("task {task} does not end: {status}").into());
            }
        }
    }

    /// All items of a list.
    pub async fn items(&self, path: &str) -> Result<Vec<Value>> {
        let and = if path.contains('?') { '&' } else { '?' };
        let page = self.get(&format!("{path}{and}limit=100")).await?;
        Ok(page["items"].as_array().cloned().unwrap_or_default())
    }

    /// A guest.
    pub async fn guest(&self) -> Result<Self> {
        let made = self.post("/auth/guest", Value::Null).await?;
        Ok(self.with_token(made["access_token"].as_str().ok_or("a guest without a token")?))
    }

    /// An account under this name, which takes along what a guest had.
    pub async fn registers(&self, name: &str, email: &str, guest: Option<&str>) -> Result<Self> {
        let mut body = json!({"email": email, "password": "correct horse battery", "name": name});
        if let Some(token) = guest {
            body["guest_token"] = token.into();
        }
        let _turn = SIGN_UPS.acquire().await?;
        let made = self.post("/auth/register", body).await?;
        Ok(self.with_token(made["access_token"].as_str().ok_or("an account without a token")?))
    }
}

async fn answer(call: reqwest::RequestBuilder) -> Result<(u16, Value)> {
    let response = call.send().await?;
    let status = response.status().as_u16();
    let text = response.text().await?;
    Ok((status, serde_json::from_str(&text).unwrap_or(Value::Null)))
}
