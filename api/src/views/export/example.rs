//! What is kept about Maya.

use serde_json::{Value, json};

use crate::views::examples::{
    DRAFT, MEDIA, PROVIDER, REQUEST, TASK, budget, fields, me, message, session, window, with,
};
use crate::views::examples_of_requests as stories;
use crate::views::{bookings, memory, offers, usage};

const AT: &str = "2026-11-23T15:04:08.940Z";
const LATER: &str = "2026-11-23T15:31:02.512Z";

pub fn export() -> Value {
    let session = with(
        session(),
        json!({
            "known": {"name": "Maya"}, "summary": null,
            "messages": [with(message(), json!({"action": null, "context": {"provider_id": PROVIDER}}))],
            "drafts": [{
                "id": DRAFT, "version": 1, "kind": "request", "status": "open", "fields": fields(),
                "expires_at": "2026-11-30T15:04:07.940Z",
            }],
        }),
    );
    let moved =
        |from: &str, to: &str, by: &str| json!({"from": from, "to": to, "by": by, "note": null, "at": LATER});
    let task = json!({
        "task_id": TASK, "kind": "matching", "status": "processing", "stage": "queued", "session_id": null,
        "request_id": REQUEST, "retry_of": null, "result": null, "error": null, "effects": [], "created_at": AT,
        "updated_at": AT,
    });
    let matched = json!({
        "provider_id": PROVIDER, "score": 0.78, "factors": stories::matched()["factors"], "round": 1, "routed_at": AT,
        "viewed": true, "passed": false,
    });
    let request = json!({
        "id": REQUEST, "status": "booked", "service_id": "haircut", "city": "Brooklyn", "location": null, "place": null,
        "max_distance_km": null, "zone": "America/New_York", "window": window(), "urgency": "flexible",
        "budget": budget(), "description": "", "specializations": ["curly hair"], "media": [MEDIA],
        "matches": [matched], "history": [moved("matching", "matched", "nobody")], "matched_at": AT,
        "expires_at": "2026-11-30T04:59:00Z", "created_at": AT,
    });
    let offer = json!({
        "id": offers::OFFER, "request_id": REQUEST, "provider_id": PROVIDER, "made": false, "service_id": "haircut",
        "status": "accepted", "price_cents": 5_500, "currency": "USD", "price_notes": "Wash and cut.",
        "duration_minutes": 60, "message": "I cut curls dry, one by one.", "automatic": false,
        "slots": [{"start_at": "2026-11-28T19:00:00Z", "end_at": "2026-11-28T20:00:00Z"}],
        "history": [moved("pending", "accepted", "you")], "expires_at": "2026-11-24T15:10:00Z", "created_at": LATER,
    });
    json!({
        "user": me(), "sign_ins": [{"created_at": AT, "expires_at": "2027-02-21T15:04:08.940Z"}],
        "profile": {
            "email": null, "phone": "+1 718 555 0123", "street": "44 Court Street", "city": "Brooklyn",
            "zone": "America/New_York", "location": {"latitude": 40.6915, "longitude": -73.9913},
        },
        "memory": memory::example(), "sessions": [session], "tasks": [task], "requests": [request], "leads": [], "offers": [offer],
        "bookings": [with(bookings::example(), json!({"history": []}))],
        "reviews": {"written": [], "received": []}, "enrollment": null, "business": null,
        "media": [{
            "id": MEDIA, "kind": "image", "mime": "image/jpeg", "bytes": 2_481_132, "width": 3_024, "height": 4_032,
            "created_at": AT,
        }],
        "notifications": [stories::notification()], "usage": [usage::line_example()],
        "admin_moves": [],
    })
}
