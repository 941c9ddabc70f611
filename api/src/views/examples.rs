//! The examples of the documentation: one story, of Maya who needs a haircut. A test holds them against the schemas.

use serde_json::{Value, json};

/// Maya.
pub const USER: &str = "01a205b5-02d3-73fe-9a6d-e2c2aca1389b";
/// What she said, where, and what answered.
pub const MESSAGE: &str = "01a205b5-4c11-7d02-8c0e-3f5a9d1b7e10";
pub const SESSION: &str = "01a205b5-4c10-7b55-b1f4-61f0a2c83d4e";
pub const TASK: &str = "01a205b5-4c12-7aa3-92c6-0be47d5f1c22";
/// What she posted, and who could do it.
pub const REQUEST: &str = "01a205b9-77e0-7f41-a3b8-94d2c61e0f57";
pub const PROVIDER: &str = "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615";

const DRAFT: &str = "01a205b6-0a3e-7c90-9d15-52e8b7a4c038";
const SAID_AT: &str = "2026-11-23T15:04:05.120Z";
const ANSWERED_AT: &str = "2026-11-23T15:04:07.940Z";
const REFRESH_TOKEN: &str = "d0Vq3m1cX8w2Jt5fZr7LkA9sNbYhPeGu4oTiC6vWxQE";
const ACCESS_TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJwcm94aWUifQ.Zm9yLXNob3ctb25seQ";

pub fn user() -> Value {
    json!({"id": USER, "role": "consumer", "name": "Maya"})
}

pub fn me() -> Value {
    json!({
        "id": USER, "role": "consumer", "status": "active", "name": "Maya", "email": "maya@example.com",
        "created_at": SAID_AT,
    })
}

pub fn guest_token() -> Value {
    json!({
        "access_token": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": 2_592_000,
        "user": {"id": USER, "role": "guest", "name": null},
    })
}

pub fn sign_in() -> Value {
    json!({
        "access_token": ACCESS_TOKEN, "refresh_token": REFRESH_TOKEN, "token_type": "Bearer", "expires_in": 900,
        "user": user(),
    })
}

pub fn refresh() -> Value {
    json!({"refresh_token": REFRESH_TOKEN})
}

pub fn claim() -> Value {
    json!({"guest_token": ACCESS_TOKEN})
}

pub fn chat() -> Value {
    json!({"task_id": TASK, "status": "processing", "session_id": SESSION, "guest_token": ACCESS_TOKEN})
}

pub fn fields() -> Value {
    json!({
        "service_id": "haircut", "category_id": "hair_beauty", "city": "Brooklyn", "zone": "America/New_York",
        "window": window(), "budget": budget(), "specializations": ["curly hair"], "notes": null, "urgency": null,
    })
}

pub fn draft() -> Value {
    json!({
        "id": DRAFT, "version": 1, "kind": "request", "fields": fields(), "missing": [],
        "expires_at": "2026-11-30T15:04:07.940Z",
    })
}

pub fn data() -> Value {
    json!({"gathered": fields(), "providers": [candidate()]})
}

pub fn candidate() -> Value {
    json!({
        "provider_id": PROVIDER, "name": "Curl & Co", "city": "Brooklyn", "rating": 4.8, "review_count": 27,
        "price_from_cents": 5_500, "currency": "USD", "distance_km": null, "specializations": ["3B curls"],
    })
}

pub fn chat_result() -> Value {
    json!({
        "kind": "chat", "session_id": SESSION,
        "message": "A haircut for curly hair in Brooklyn this weekend, up to $60. Shall I post it?",
        "data": data(), "draft": draft(), "awaiting_approval": true, "ui": null, "buttons": [],
        "usage": {
            "model": "gpt-5-mini", "prompt_tokens": 812, "completion_tokens": 64, "cost_micros": 331, "cached": false
        },
    })
}

pub fn task() -> Value {
    json!({
        "task_id": TASK, "kind": "chat", "status": "completed", "stage": "done", "step": 3, "queue_position": null,
        "session_id": SESSION, "retry_of": null, "attempts": 1, "created_at": SAID_AT, "updated_at": ANSWERED_AT,
        "result": chat_result(), "error": null, "effects": [],
    })
}

pub fn session() -> Value {
    json!({
        "id": SESSION, "title": "I need a haircut for curly hair", "role": "consumer", "created_at": SAID_AT,
        "updated_at": ANSWERED_AT,
    })
}

pub fn message() -> Value {
    json!({
        "id": MESSAGE, "seq": 1, "client_message_id": null, "role": "user",
        "text": "I need a haircut for curly hair in Brooklyn this weekend, about $60", "media": [], "task_id": TASK,
        "status": "completed", "data": null, "draft": null, "created_at": SAID_AT,
    })
}

pub fn transcript() -> Value {
    let messages = json!({"items": [message()], "next_cursor": null, "prev_cursor": null});
    with(
        session(),
        json!({
            "known": {"name": "Maya"}, "messages": messages, "active_tasks": [], "open_draft": draft(),
        }),
    )
}

pub fn request() -> Value {
    json!({
        "id": REQUEST, "task_id": TASK, "status": "matching", "service_id": "haircut", "city": "Brooklyn",
        "zone": "America/New_York", "window": window(), "urgency": "flexible", "budget": budget(),
        "description": "", "specializations": ["curly hair"],
        "match": {"task_id": TASK, "status": "processing", "matched_at": null},
        "expires_at": "2026-11-30T04:59:00Z", "created_at": SAID_AT,
    })
}

pub fn export() -> Value {
    let session = with(
        session(),
        json!({
            "known": {"name": "Maya"}, "messages": [message()],
            "drafts": [{
                "id": DRAFT, "version": 1, "kind": "request", "status": "open", "fields": fields(),
                "expires_at": "2026-11-30T15:04:07.940Z",
            }],
        }),
    );
    let request = json!({
        "id": REQUEST, "status": "matching", "service_id": "haircut", "city": "Brooklyn", "location": null,
        "max_distance_km": null, "zone": "America/New_York", "window": window(), "urgency": "flexible",
        "budget": budget(), "description": "", "specializations": ["curly hair"],
        "expires_at": "2026-11-30T04:59:00Z", "created_at": SAID_AT,
    });
    json!({"user": me(), "sessions": [session], "requests": [request]})
}

pub fn audit() -> Value {
    let entry = json!({
        "id": "01a205c0-1d4b-7e08-b6a9-0c83f5d27e91", "admin_id": "01a1b000-6f0c-7a44-8d3e-b95c2e7f1a03",
        "action": "user.status", "object_id": USER, "owner_id": USER, "note": {"from": "active", "to": "suspended"},
        "created_at": ANSWERED_AT,
    });
    json!({"items": [entry], "next_cursor": null})
}

pub fn clerk_event() -> Value {
    json!({
        "type": "user.updated", "timestamp": 1_795_446_245_120_i64,
        "data": {
            "id": "user_29w83sxmDNGwOuEthce5gg56FcC", "first_name": "Maya", "updated_at": 1_795_446_245_000_i64,
            "public_metadata": {"role": "provider"},
        },
    })
}

fn window() -> Value {
    json!({"from": "2026-11-28T00:00", "to": "2026-11-29T23:59"})
}

fn budget() -> Value {
    json!({"min_cents": null, "max_cents": 6_000, "currency": "USD"})
}

fn with(mut object: Value, more: Value) -> Value {
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
    object
}
