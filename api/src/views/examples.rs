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
/// How the provider came to be one.
pub const ENROLLMENT: &str = "01a1c2c4-8e31-7d55-b2a0-5f8c1e90d3a6";

/// What her hair is like.
pub const MEDIA: &str = "01a205b8-31c6-7e92-8a0d-63f4b7c91e25";
pub const MEDIA_FILE: &str = "original.1795447145.private.mVJ3o2cQk1TqYb8Wz5uR7eXh0LdGfNsAPiKtC4yBv6M";
/// Her booking, and what she says of it.
pub const BOOKING: &str = "01a21f40-9b52-7d18-8f6e-3c0a7e4d5b21";
pub const REVIEW: &str = "01a2250c-3e81-7a94-b7d2-58f1c96a0e43";

pub const DRAFT: &str = "01a205b6-0a3e-7c90-9d15-52e8b7a4c038";
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

/// What she said with a photo, about an offer.
pub fn said() -> Value {
    json!({
        "message": "I need a haircut for curly hair in Brooklyn this weekend, about $60", "session_id": null, "role": null,
        "media": [MEDIA], "client_message_id": "m-1", "action": null, "context": {"provider_id": PROVIDER},
    })
}

pub fn action() -> Value {
    json!({"kind": "approve", "draft_id": DRAFT, "draft_version": 1})
}

pub fn fields() -> Value {
    json!({
        "service_id": "haircut", "category_id": "hair_beauty", "city": "Brooklyn", "zone": "America/New_York",
        "window": window(), "budget": budget(), "specializations": ["curly hair"], "notes": null, "urgency": null,
        "place": null, "media": [], "allow_duplicate": false,
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
        "data": data(), "draft": draft(), "awaiting_approval": true, "ui": null,
        "buttons": [{"label": "Approve", "message": null, "action": action()}],
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

pub fn admin_task() -> Value {
    json!({
        "task_id": TASK, "kind": "chat", "user_id": USER, "status": "completed", "stage": "done", "step": 3,
        "session_id": SESSION, "request_id": null, "retry_of": null, "attempts": 1, "error_code": null,
        "error_detail": null, "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "created_at": SAID_AT,
        "updated_at": ANSWERED_AT,
    })
}

pub fn whole_task() -> Value {
    let step = json!({
        "no": 1, "kind": "llm", "name": "gpt-5-mini", "prompt_tokens": 812, "completion_tokens": 64,
    });
    with(admin_task(), json!({"result": chat_result(), "effects": [], "steps": [step]}))
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
        "text": "I need a haircut for curly hair in Brooklyn this weekend, about $60", "media": [media()], "task_id": TASK,
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

pub fn catalog() -> Value {
    let service = json!({"id": "haircut", "name": "Haircut", "licensed": false});
    let category = with(category(), json!({"services": [service]}));
    json!({"items": [category], "next_cursor": null})
}

pub fn full_catalog() -> Value {
    json!({"items": [category()], "next_cursor": null})
}

pub fn category() -> Value {
    json!({
        "id": "hair_beauty", "name": "Hair & beauty",
        "description": "Cuts, colour, braids, make-up and nails, at a salon or at home.", "services": [service()],
    })
}

pub fn service() -> Value {
    with(service_body(), json!({"id": "haircut"}))
}

pub fn service_body() -> Value {
    json!({
        "category_id": "hair_beauty", "name": "Haircut",
        "description": "A cut or trim for any length and texture of hair.", "licensed": false,
        "places": ["provider", "consumer"], "min_photos": 1,
        "price": {"min_cents": 3_000, "max_cents": 12_000, "currency": "USD"},
        "duration_minutes": {"min": 30, "max": 75}, "specializations": ["curly hair", "fine hair", "fade"],
    })
}

pub fn request() -> Value {
    json!({
        "id": REQUEST, "task_id": TASK, "status": "matching", "service_id": "haircut", "city": "Brooklyn",
        "location": null, "zone": "America/New_York", "place": null, "max_distance_km": null, "window": window(), "urgency": "flexible", "budget": budget(),
        "description": "", "specializations": ["curly hair"], "media": [],
        "match": {"task_id": TASK, "status": "processing", "matched_at": null},
        "expires_at": "2026-11-30T04:59:00Z", "created_at": SAID_AT,
    })
}

pub fn media() -> Value {
    json!({
        "id": MEDIA, "url": format!("/media/{MEDIA}/{MEDIA_FILE}"),
        "thumb_url": format!("/media/{MEDIA}/thumb.1795447145.private.q8XnT0vK2wYb5RzMj7LhGd4FcPsEuA1iOeC6tB9yWxQ"),
        "mime": "image/jpeg", "width": 3_024, "height": 4_032, "expires_at": "2026-11-23T15:19:05Z",
    })
}

pub fn enrollment() -> Value {
    json!({
        "id": ENROLLMENT, "user_id": USER, "status": "draft",
        "fields": {"business_name": "Curls & Co", "city": "Brooklyn", "services": [{"service_id": "haircut"}]},
        "missing": [
            {"pointer": "/body/availability", "message": "Say when you work."},
            {"pointer": "/body/portfolio", "message": "Show at least 1 photos of Haircut."},
        ],
        "reasons": [], "provider_id": null, "expires_at": "2027-02-21T15:04:07.940Z", "submitted_at": null,
        "decided_at": null, "created_at": SAID_AT, "updated_at": ANSWERED_AT,
    })
}

pub fn licence() -> Value {
    json!({
        "provider_id": PROVIDER, "service_id": "pipe_repair", "licence": "verified", "licence_number": "NYC-LMP-1234",
        "licence_expires_on": "2028-06-30", "note": null,
    })
}

pub fn review_posted() -> Value {
    json!({
        "booking_id": BOOKING, "rating": 5, "breakdown": {"quality": 5, "punctuality": 4},
        "text": "Finally somebody who listens before cutting.",
    })
}

pub fn review() -> Value {
    json!({
        "id": REVIEW, "provider_id": PROVIDER, "author": "Maya", "rating": 5,
        "breakdown": {"quality": 5, "punctuality": 4, "communication": null, "value": null},
        "text": "Finally somebody who listens before cutting.",
        "response": "Thank you, Maya. See you in six weeks!", "responded_at": "2026-11-30T09:12:44Z",
        "created_at": "2026-11-29T18:03:21Z",
    })
}

pub fn reviews() -> Value {
    let breakdown = json!({"quality": 4.9, "punctuality": 4.5, "communication": 4.8, "value": null});
    let distribution = json!({"1": 0, "2": 0, "3": 1, "4": 4, "5": 22});
    json!({
        "aggregate": {"average": 4.8, "count": 27, "breakdown": breakdown, "distribution": distribution},
        "items": [review()], "next_cursor": REVIEW,
    })
}

pub fn audit() -> Value {
    let entry = json!({
        "id": "01a205c0-1d4b-7e08-b6a9-0c83f5d27e91", "admin_id": "01a1b000-6f0c-7a44-8d3e-b95c2e7f1a03",
        "action": "user.status", "object_id": USER, "object_slug": null, "owner_id": USER, "note": {"from": "active", "to": "suspended"},
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

pub fn window() -> Value {
    json!({"from": "2026-11-28T00:00", "to": "2026-11-29T23:59"})
}

pub fn budget() -> Value {
    json!({"min_cents": null, "max_cents": 6_000, "currency": "USD"})
}

pub fn with(mut object: Value, more: Value) -> Value {
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
    object
}
