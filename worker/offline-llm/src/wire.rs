//! How an answer leaves: in one piece or streamed, whole or spoiled.

use std::time::Duration;

use actix_web::body::SizedStream;
use actix_web::http::{StatusCode, header};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde_json::json;

use crate::completion::Completion;
use crate::control::Call;
use crate::faults::{Fault, Kind};

/// An error as OpenAI writes it.
pub fn error(status: u16, kind: &str, code: Option<&str>, message: &str) -> HttpResponse {
    builder(status).json(json!({"error": {"message": message, "type": kind, "param": null, "code": code}}))
}

fn builder(status: u16) -> HttpResponseBuilder {
    HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
}

/// A refusal that was asked for.
pub fn refuse(status: u16, retry_after: Option<u64>) -> HttpResponse {
    let (kind, code) = match status {
        429 => ("rate_limit_error", Some("rate_limit_exceeded")),
        401 | 403 => ("invalid_request_error", Some("invalid_api_key")),
        400..500 => ("invalid_request_error", None),
        _ => ("server_error", None),
    };
    let mut response = error(status, kind, code, "A fault that was asked for.");
    let seconds = retry_after.or((status == 429).then_some(1));
    if let Some(seconds) = seconds {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
    }
    response
}

/// The connection is dropped: actix closes it when a body fails.
fn drop_connection() -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::ConnectionAborted, "cut, as asked for")
}

/// An answer in one piece.
pub fn whole(completion: &Completion, fault: &Fault, call: Call) -> HttpResponse {
    let mut body = completion.body(fault.fault != Some(Kind::NoChoices)).to_string();
    if fault.fault == Some(Kind::MalformedJson) {
        body.truncate(body.floor_char_boundary(body.len() / 2));
        body.push_str("}}]");
    }
    if fault.fault == Some(Kind::Cut) {
        let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
        body.truncate(body.floor_char_boundary(body.len() / 2));
        let stream = async_stream::stream! {
            yield Ok(Bytes::from(body));
            // What is written so far leaves before the connection does.
            tokio::task::yield_now().await;
            call.finish();
            yield Err(drop_connection());
        };
        return builder(200)
            .content_type("application/json")
            .body(SizedStream::new(length, Box::pin(stream)));
    }
    call.finish();
    builder(200).content_type("application/json").body(body)
}

/// An answer as server-sent events.
pub fn streamed(completion: &Completion, fault: Fault, include_usage: bool, call: Call) -> HttpResponse {
    let chunks = completion.chunks(fault.fault != Some(Kind::NoChoices), include_usage);
    let half = fault.at_chunk.unwrap_or_else(|| chunks.len().div_ceil(2));
    let stream = async_stream::stream! {
        for (i, chunk) in chunks.iter().enumerate() {
            if let Some(wait) = fault.chunk_ms {
                tokio::time::sleep(Duration::from_millis(wait)).await;
            }
            let mut data = chunk.to_string();
            match fault.fault {
                Some(Kind::Cut) if i >= half => {
                    tokio::task::yield_now().await;
                    call.finish();
                    yield Err(drop_connection());
                    return;
                }
                Some(Kind::MalformedJson) if i + 1 == half.max(1) => data.truncate(data.floor_char_boundary(data.len() / 2)),
                _ => {}
            }
            yield Ok::<Bytes, std::io::Error>(Bytes::from(format!("data: {data}\n\n")));
        }
        // All chunks left, and the end does not.
        if fault.fault == Some(Kind::Cut) {
            tokio::task::yield_now().await;
            call.finish();
            yield Err(drop_connection());
            return;
        }
        call.finish();
        yield Ok(Bytes::from_static(b"data: [DONE]\n\n"));
    };
    builder(200)
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .streaming(Box::pin(stream))
}
