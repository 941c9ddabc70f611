//! What somebody takes along: all that is kept about them, and nothing of others.

use std::collections::HashSet;

use proxie_shared::model::users::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::erasure::Leaver;
use crate::support::{App, Caller, HAIRCUT};

/// Columns that lead to a person, and where in an export that is what they lead to.
const EXPORTED: &[(&str, &str)] = &[
    ("accounts.user_id", "/user/email"),
    ("audit_log.owner_id", "/admin_moves/0"),
    ("availability.provider_id", "/business/availability"),
    ("booking_history.actor_id", "/bookings/0/history/0/by"),
    ("bookings.provider_id", "/bookings/0/provider_id"),
    ("bookings.request_id", "/bookings/0/request_id"),
    ("bookings.user_id", "/bookings/0/side"),
    ("chat_sessions.user_id", "/sessions/0"),
    ("consumer_profiles.user_id", "/profile/phone"),
    ("drafts.user_id", "/sessions/0/drafts/0"),
    ("enrollment_history.actor_id", "/enrollment/history/0/by"),
    ("enrollments.provider_id", "/enrollment"),
    ("enrollments.user_id", "/enrollment/fields"),
    ("llm_usage.user_id", "/usage/0/cost_micros"),
    ("media.user_id", "/media/0"),
    ("notifications.request_id", "/notifications/0"),
    ("notifications.user_id", "/notifications/0/kind"),
    ("offer_history.actor_id", "/offers/0/history/0/by"),
    ("offers.provider_id", "/offers/0/made"),
    ("offers.request_id", "/offers/0/request_id"),
    ("preferences.provider_id", "/memory/stated/favourite_providers/0"),
    ("preferences.user_id", "/memory/stated/style"),
    ("portfolio_items.provider_id", "/business/portfolio/0"),
    ("provider_history.actor_id", "/business/history/0/by"),
    ("provider_history.provider_id", "/business/history/0"),
    ("provider_services.provider_id", "/business/services/0"),
    ("provider_templates.provider_id", "/business/templates/0"),
    ("providers.user_id", "/business/profile/contact/email"),
    ("refresh_families.user_id", "/sign_ins/0"),
    ("request_history.actor_id", "/requests/0/history/0/by"),
    ("request_history.request_id", "/requests/0/history/0"),
    ("request_matches.provider_id", "/leads/0"),
    ("request_matches.request_id", "/requests/0/matches/0"),
    ("request_media.request_id", "/requests/0/media/0"),
    ("requests.user_id", "/requests/0/description"),
    ("reviews.provider_id", "/reviews/received/0"),
    ("reviews.user_id", "/reviews/written/0"),
    ("tasks.request_id", "/tasks/0/request_id"),
    ("tasks.user_id", "/tasks/0"),
];

/// Columns that lead to a person and are not taken along, and why.
const KEPT_BACK: &[(&str, &str)] = &[
    ("audit_log.admin_id", "what an admin did is the house's, and about others"),
    ("idempotency_keys.user_id", "for a day; what it made is exported where it is"),
    ("live_counters.user_id", "how many live events there were"),
    ("live_events.user_id", "ids of what is exported, for a day"),
    (
        "provider_embeddings.provider_id",
        "numbers that a model makes of what the business says, which is exported",
    ),
];

#[tokio::test]
async fn everything_can_be_taken_along() {
    let app = App::start().await;
    let maya = app.consumer("maya");
    maya.say(HAIRCUT).await.result().await;
    maya.post("/requests", json!({"service_id": "haircut", "city": "Brooklyn"})).await.expect(201);
    let export = maya.get("/auth/me/export").await.expect(200);
    assert!(export.header("content-disposition").unwrap().starts_with("attachment"));
    assert_eq!(export.body["sessions"][0]["messages"].as_array().unwrap().len(), 2);
    assert_eq!(export.body["requests"][0]["service_id"], "haircut");
}

#[tokio::test]
async fn however_much_there_is_it_is_all_taken_along() {
    const SESSIONS: usize = 400;
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let owner = maya.get("/auth/me").await.expect(200).body["id"].as_str().unwrap().to_owned();
    let fields = r#"{"service_id": "haircut", "city": "Brooklyn", "specializations": []}"#;
    app.database
        .execute(&format!(
            r#"INSERT INTO chat_sessions (id, user_id, role, title, known, last_seq)
                 SELECT gen_random_uuid(), '{owner}', 'consumer', n::text, jsonb_build_object('name', 'M' || n), 3
                 FROM generate_series(1, {SESSIONS}) n;
               INSERT INTO chat_messages (id, session_id, seq, turn, author, text)
                 SELECT gen_random_uuid(), s.id, n, 1, 'user', s.title || '-' || n
                 FROM chat_sessions s, generate_series(1, 3) n WHERE s.user_id = '{owner}';
               INSERT INTO drafts (id, session_id, user_id, kind, status, fields, expires_at)
                 SELECT gen_random_uuid(), s.id, '{owner}', 'request', status, '{fields}', now() + interval '7 days'
                 FROM chat_sessions s, unnest(ARRAY['open', 'superseded']::draft_status[]) status
                 WHERE s.user_id = '{owner}'"#
        ))
        .await;
    let request = json!({
        "service_id": "haircut", "city": "Brooklyn", "location": {"latitude": 40.65, "longitude": -73.95},
        "max_distance_km": 7.5, "budget": {"min_cents": null, "max_cents": 6_000, "currency": "USD"},
        "specializations": ["curly hair"], "urgency": "soon",
    });
    maya.post("/requests", request.clone()).await.expect(201);
    app.consumer("sam").post("/requests", request.clone()).await.expect(201);

    let export = maya.get("/auth/me/export").await.expect(200).body;
    let sessions = export["sessions"].as_array().unwrap();
    let titles: HashSet<&str> = sessions.iter().map(|session| session["title"].as_str().unwrap()).collect();
    assert_eq!((sessions.len(), titles.len()), (SESSIONS, SESSIONS));
    for session in sessions {
        let title = session["title"].as_str().unwrap();
        assert_eq!(session["known"]["name"], format!("M{title}"));
        let said: Vec<&Value> =
            session["messages"].as_array().unwrap().iter().map(|message| &message["text"]).collect();
        assert_eq!(said, [&format!("{title}-1"), &format!("{title}-2"), &format!("{title}-3")]);
        let drafts = session["drafts"].as_array().unwrap();
        assert_eq!(drafts.len(), 2);
        assert!(drafts.iter().all(|draft| draft["fields"]["city"] == "Brooklyn"));
        assert!(drafts.iter().any(|draft| draft["status"] == "superseded"));
    }
    let [kept] = export["requests"].as_array().unwrap().as_slice() else { panic!("{export}") };
    for (field, sent) in request.as_object().unwrap() {
        assert_eq!(&kept[field], sent, "{field}");
    }
}

#[tokio::test]
async fn every_column_that_leads_to_a_person_is_taken_along_or_has_a_reason() {
    let app = App::builder().workers(0).start().await;
    let leaves = Leaver::new(&app).await;
    admin_move(&app, leaves.user).await;
    let leads = "SELECT c.conrelid::regclass::text || '.' || a.attname AS name FROM pg_constraint c
         JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
         WHERE c.contype = 'f' AND c.confrelid IN ('users'::regclass, 'providers'::regclass, 'requests'::regclass)
         UNION SELECT table_name || '.' || column_name FROM information_schema.columns
         WHERE table_schema = 'public' AND column_name IN ('user_id', 'owner_id', 'actor_id') ORDER BY 1";
    let leads = app.database.rows(leads).await;
    let leads: HashSet<&str> = leads.iter().map(|row| row["name"].as_str().unwrap()).collect();
    let known = EXPORTED.iter().chain(KEPT_BACK).map(|(column, _)| *column).collect::<HashSet<_>>();
    let (forgotten, stale) = (leads.difference(&known), known.difference(&leads));
    let (forgotten, stale): (Vec<_>, Vec<_>) = (forgotten.collect(), stale.collect());
    assert!(forgotten.is_empty() && stale.is_empty(), "forgotten {forgotten:?}, not there {stale:?}");

    let export = leaves.caller.get("/auth/me/export").await.expect(200).body;
    let missing: Vec<_> = EXPORTED.iter().filter(|(_, at)| is_missing(&export, at)).collect();
    assert!(missing.is_empty(), "{missing:?} of {export:#}");
}

/// Whether nothing is there; a number in the way stands for any of a list.
fn is_missing(export: &Value, at: &str) -> bool {
    let mut found = vec![export];
    for part in at.split('/').skip(1) {
        found = found
            .into_iter()
            .flat_map(|value| match (part.parse::<usize>(), value) {
                (Ok(_), Value::Array(items)) => items.iter().collect::<Vec<_>>(),
                (_, value) => value.get(part).into_iter().collect(),
            })
            .collect();
    }
    found.iter().all(|value| value.is_null())
}

/// Something that an admin did with what is somebody's.
async fn admin_move(app: &App, owner: Uuid) {
    let done = format!(
        "INSERT INTO audit_log (id, action, object_id, owner_id) VALUES ('{0}', 'task.cancel', '{0}', '{owner}')",
        Uuid::now_v7()
    );
    app.database.execute(&done).await;
}

/// A story of bystanders: it is told there.
pub async fn an_export_holds_nothing_of_another(app: &App) {
    let noah = Leaver::new(app).await;
    admin_move(app, noah.user).await;
    let maya = app.user(&Uuid::now_v7().to_string(), Role::Consumer);
    let export = export_of(&maya).await;
    for (section, value) in export.as_object().unwrap() {
        let is_empty = match section.as_str() {
            "user" => value["email"].is_null(),
            "reviews" => value["written"] == json!([]) && value["received"] == json!([]),
            _ => value.is_null() || *value == json!([]),
        };
        assert!(is_empty, "{section} holds what is another's: {value}");
    }
}

async fn export_of(caller: &Caller) -> Value {
    caller.get("/auth/me/export").await.expect(200).body
}

/// Links to media are made for the moment in which they are told.
pub fn without_links(told: Value) -> Value {
    match told {
        Value::Array(all) => all.into_iter().map(without_links).collect(),
        Value::Object(fields) if fields.contains_key("thumb_url") => fields["id"].clone(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, without_links(value))).collect()
        }
        other => other,
    }
}
