//! Somebody leaves: what is kept about them is gone or nobody's, and others keep what is theirs.

use proxie_shared::model::users::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::export::without_links;
use crate::support::{App, Caller, Deal, Process, assert_problem, eventually, slot};

/// What is planted everywhere, before the id of whom it is about; a phone number has room for no more.
const CANARY: &str = "cny-";

/// Which rows of a table are `{u}`'s own words: whatever text they hold must go.
const THEIRS: &[(&str, &str)] = &[
    ("users", "id = '{u}'"),
    ("accounts", "user_id = '{u}'"),
    ("availability", "provider_id IN (SELECT id FROM providers WHERE user_id = '{u}')"),
    ("booking_history", "actor_id = '{u}'"),
    ("bookings", "user_id = '{u}'"),
    ("chat_messages", "session_id IN (SELECT id FROM chat_sessions WHERE user_id = '{u}')"),
    ("chat_sessions", "user_id = '{u}'"),
    ("consumer_profiles", "user_id = '{u}'"),
    ("drafts", "user_id = '{u}'"),
    ("enrollment_history", "enrollment_id IN (SELECT id FROM enrollments WHERE user_id = '{u}')"),
    ("enrollments", "user_id = '{u}'"),
    ("idempotency_keys", "user_id = '{u}'"),
    ("media", "user_id = '{u}'"),
    ("offer_history", "actor_id = '{u}'"),
    ("offers", "provider_id IN (SELECT id FROM providers WHERE user_id = '{u}')"),
    ("preferences", "user_id = '{u}'"),
    ("portfolio_items", "provider_id IN (SELECT id FROM providers WHERE user_id = '{u}')"),
    ("provider_embeddings", "provider_id IN (SELECT id FROM providers WHERE user_id = '{u}')"),
    ("provider_history", "provider_id IN (SELECT id FROM providers WHERE user_id = '{u}')"),
    ("provider_services", "provider_id IN (SELECT id FROM providers WHERE user_id = '{u}')"),
    ("provider_templates", "provider_id IN (SELECT id FROM providers WHERE user_id = '{u}')"),
    ("providers", "user_id = '{u}'"),
    (
        "request_history",
        "(actor_id = '{u}' OR request_id IN (SELECT id FROM requests WHERE user_id = '{u}'))",
    ),
    // Why a provider passed: their words, about somebody.
    (
        "request_matches",
        "(provider_id IN (SELECT id FROM providers WHERE user_id = '{u}')
          OR request_id IN (SELECT id FROM requests WHERE user_id = '{u}'))",
    ),
    ("requests", "user_id = '{u}'"),
    ("reviews", "user_id = '{u}'"),
    ("task_steps", "task_id IN (SELECT id FROM tasks WHERE user_id = '{u}')"),
    ("tasks", "user_id = '{u}'"),
    ("live_events", "user_id = '{u}' AND kind = 'chat:delta'"),
];

/// Tables with text that is nobody's, and why.
const NOBODYS: &[(&str, &str)] = &[
    ("audit_log", "what admins did stays as it was written: ids and states"),
    ("catalog_categories", "the catalog is everybody's"),
    ("catalog_services", "the catalog is everybody's"),
    ("webhook_events", "ids that issuers give to events"),
    ("llm_usage", "names of the configuration, and what came of calls"),
    ("__diesel_schema_migrations", "the schema's own"),
];

/// Columns that hold no words of anybody: of a fixed list, or kept on purpose.
const NO_WORDS: &[(&str, &str)] = &[
    ("issuer", "a deleted (issuer, subject) does not come back"),
    ("subject", "a deleted (issuer, subject) does not come back"),
    ("zone", "an IANA zone"),
    ("currency", "ISO 4217"),
    ("budget_currency", "ISO 4217"),
    ("service_id", "a slug of the catalog"),
    ("mime", "a media type"),
    ("factors", "of a score: names and numbers of the matcher"),
    ("password_hash", "of a fixed form; the row goes"),
];

/// Somebody who has one of everything, with whom others have to do.
pub struct Leaver {
    /// Their id.
    pub user: Uuid,
    /// They themselves.
    pub caller: Caller,
    /// Of theirs with another provider, and of another consumer with them.
    bookings: [Uuid; 2],
    /// What they said of that provider, and what that consumer said of them.
    reviews: [Uuid; 2],
    other_provider: Uuid,
}

/// Makes `consumer`'s booking one at their place, called off by one side.
async fn call_off(app: &App, booking: Uuid, side: &str) {
    let set = format!(
        "UPDATE bookings SET place = 'consumer', address = '1 Elm Street', instructions = 'Ring twice',
           status = 'cancelled', cancelled_by = '{side}', cancel_reason = 'ill' WHERE id = '{booking}'"
    );
    app.database.execute(&set).await;
}

impl Leaver {
    /// Makes all of it.
    pub async fn new(app: &App) -> Self {
        let email = format!("{}@example.com", Uuid::now_v7());
        let account = json!({"email": email, "password": "correct horse battery", "name": "Maya Bennett"});
        let made = app.anybody().post("/auth/register", account).await.expect(201).body;
        let user: Uuid = made["user"]["id"].as_str().unwrap().parse().unwrap();
        let caller = app.anybody().with_token(made["access_token"].as_str().unwrap());
        let said = caller.call(Method::POST, "/chat").header("idempotency-key", "k");
        let said = caller.send(said.json(&json!({"message": "hello"}))).await.expect(202).body;
        let (session, task) = (said["session_id"].as_str().unwrap(), said["task_id"].as_str().unwrap());

        let other_provider = app.provider_row(app.user_row(Role::Provider).await).await;
        let provider = app.provider_row(user).await;
        let other_consumer = app.user_row(Role::Consumer).await;
        let mut bookings = Vec::new();
        let mut reviews = Vec::new();
        for (consumer, provider, side) in
            [(user, other_provider, "consumer"), (other_consumer, provider, "provider")]
        {
            let reviewed = app.done_booking_row(consumer, provider, 40).await;
            reviews.push(app.review_row(reviewed, 4).await);
            let booking = app.done_booking_row(consumer, provider, 60).await;
            call_off(app, booking, side).await;
            bookings.push(booking);
        }
        let begun = app.offer_row(app.request_row(user).await, other_provider).await;
        let begun = app.booking_row(begun, -1).await;
        let [media, id] = [(); 2].map(|()| Uuid::now_v7());
        let enrolls = Uuid::now_v7();
        let rest = format!(
            "INSERT INTO media (id, user_id, kind, mime, bytes, width, height, ready_at)
               VALUES ('{media}', '{user}', 'image', 'image/jpeg', 10, 1, 1, now());
             INSERT INTO request_media (request_id, media_id, position) SELECT id, '{media}', 0 FROM requests WHERE user_id = '{user}';
             INSERT INTO chat_media (message_id, media_id, position) SELECT id, '{media}', 0 FROM chat_messages WHERE session_id = '{session}';
             INSERT INTO request_history (request_id, \"from\", \"to\", actor_id, note)
               SELECT id, 'matching', 'matched', '{user}', 'why' FROM requests WHERE user_id = '{user}';
             INSERT INTO request_history (request_id, \"from\", \"to\", actor_id, note)
               SELECT request_id, 'booked', 'cancelled', '{user}', 'ill' FROM bookings WHERE provider_id = '{provider}';
             INSERT INTO request_matches (request_id, provider_id, score, factors)
               SELECT request_id, provider_id, 0.5, '[]' FROM offers
               WHERE provider_id IN ('{provider}', '{other_provider}') ON CONFLICT DO NOTHING;
             INSERT INTO booking_history (booking_id, \"from\", \"to\", actor_id, note)
               SELECT id, 'confirmed', 'cancelled', '{user}', 'why' FROM bookings WHERE user_id = '{user}';
             INSERT INTO offer_history (offer_id, \"from\", \"to\", actor_id, note)
               SELECT id, 'pending', 'declined', '{user}', 'why' FROM offers WHERE provider_id = '{provider}';
             INSERT INTO consumer_profiles (user_id, email, phone, street, city) VALUES ('{user}', 'm@example.com', '123', 'Elm', 'Queens');
             INSERT INTO preferences (user_id, source, key, same, value) VALUES ('{user}', 'stated', 'style', 'x', 'x');
             INSERT INTO preferences (user_id, source, key, same, provider_id)
               VALUES ('{user}', 'stated', 'favourite_providers', '{other_provider}', '{other_provider}');
             INSERT INTO drafts (id, session_id, user_id, kind, fields, expires_at)
               VALUES ('{id}', '{session}', '{user}', 'request', '{{}}', now() + interval '1 day');
             INSERT INTO live_events (user_id, kind, subject_id, data) VALUES ('{user}', 'chat:delta', '{task}', '{{}}');
             INSERT INTO task_steps (task_id, no, kind, name, output, claim_no) VALUES ('{task}', 1, 'llm', 'model', '{{}}', 1);
             INSERT INTO tasks (id, kind, user_id, trace_id) VALUES ('{id}', 'embedding', '{user}', 'trace');
             INSERT INTO portfolio_items (id, provider_id, media_id) VALUES ('{id}', '{provider}', '{media}');
             INSERT INTO provider_templates (id, provider_id, name, body) VALUES ('{id}', '{provider}', 'usual', 'Hi');
             INSERT INTO provider_embeddings (provider_id, model, vector, text_hash)
               VALUES ('{provider}', 'm', '{{1}}', sha256('x'));
             INSERT INTO provider_history (provider_id, \"from\", \"to\", actor_id, note)
               VALUES ('{provider}', 'active', 'paused', '{user}', 'holiday');
             UPDATE providers SET photo_id = '{media}', external_id = '{id}' WHERE id = '{provider}';
             UPDATE reviews SET response = 'Thank you, Maya', responded_at = now();
             UPDATE bookings SET proposed_start_at = now() + interval '1 day', proposed_end_at = now() + interval '25 hours',
               proposed_by = 'consumer', proposed_until = now() + interval '1 hour' WHERE id = '{begun}';
             INSERT INTO enrollments (id, user_id, fields, expires_at) VALUES ('{enrolls}', '{user}', '{{}}', now());
             INSERT INTO enrollment_history (enrollment_id, \"from\", \"to\", note) VALUES ('{enrolls}', 'draft', 'draft', 'x');
             INSERT INTO enrollment_media (enrollment_id, media_id) VALUES ('{enrolls}', '{media}');
             INSERT INTO notifications (id, user_id, kind, enrollment_id) VALUES ('{id}', '{user}', 'enrollment_decided', '{enrolls}');
             INSERT INTO llm_usage (id, user_id, session_id, task_id, feature, provider, model, prompt_tokens, completion_tokens,
                 cost_micros, latency_ms, cached, outcome)
               VALUES ('{id}', '{user}', '{session}', '{task}', 'chat', 'p', 'm', 1, 1, 1, 1, false, 'ok')"
        );
        app.database.execute(&rest).await;
        let (bookings, reviews) = (bookings.try_into().unwrap(), reviews.try_into().unwrap());
        Self { user, caller, bookings, reviews, other_provider }
    }

    /// Plants the canary in every column of text of every row of theirs.
    async fn plant(&self, app: &App) {
        let columns = "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
             JOIN information_schema.tables t USING (table_schema, table_name)
             WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
               AND (c.data_type IN ('text', 'json', 'jsonb') OR c.udt_name = '_text') ORDER BY 1, 2";
        let canary = format!("{CANARY}{}", self.user);
        let mut planted = 0;
        for row in app.database.rows(columns).await {
            let [table, column, kind] =
                ["table_name", "column_name", "data_type"].map(|name| row[name].as_str().unwrap().to_owned());
            if NOBODYS.iter().any(|(name, _)| *name == table)
                || NO_WORDS.iter().any(|(name, _)| *name == column)
            {
                continue;
            }
            let Some((_, whose)) = THEIRS.iter().find(|(name, _)| *name == table) else {
                panic!("whose words are in {table}.{column}, and what becomes of them when somebody leaves?")
            };
            let words = match (kind.as_str(), column.as_str()) {
                ("ARRAY", _) => format!("ARRAY['{canary}']"),
                ("text", _) => format!("'{canary}'"),
                (_, "exceptions" | "effects") => format!("'[\"{canary}\"]'"),
                _ => format!("'{{\"x\": \"{canary}\"}}'"),
            };
            let whose = whose.replace("{u}", &self.user.to_string());
            // What only some bookings have is planted in those.
            let only = match column.as_str() {
                "cancel_reason" => " AND cancelled_by = 'consumer'",
                "proposed_note" => " AND proposed_by IS NOT NULL",
                "value" => " AND value IS NOT NULL",
                _ => "",
            };
            app.database.execute(&format!("UPDATE {table} SET {column} = {words} WHERE {whose}{only}")).await;
            let holds = format!(
                "SELECT count(*) FROM {table} t WHERE {whose} AND t.{column}::text LIKE '%{CANARY}%'"
            );
            assert!(
                app.database.value(&holds).await.as_i64() > Some(0),
                "nothing of theirs is in {table}.{column}"
            );
            planted += 1;
        }
        assert!(planted > 60, "{planted}");
        // What they said on the provider's side, and what others wrote to them by name.
        let more = format!(
            "UPDATE bookings SET cancel_reason = '{CANARY}' WHERE id = '{1}';
             UPDATE reviews SET response = '{CANARY}' WHERE id IN ('{2}', '{3}');
             UPDATE offers SET message = 'Dear {CANARY}' WHERE request_id IN (SELECT id FROM requests WHERE user_id = '{0}')",
            self.user, self.bookings[1], self.reviews[0], self.reviews[1]
        );
        app.database.execute(&more).await;
    }

    /// The tables in which the canary still sings.
    async fn left(app: &App) -> Vec<String> {
        let tables = "SELECT table_name FROM information_schema.tables
                      WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1";
        let mut left = Vec::new();
        for row in app.database.rows(tables).await {
            let table = row["table_name"].as_str().unwrap();
            let sings =
                format!("SELECT t::text AS row FROM {table} t WHERE t::text LIKE '%{CANARY}%' LIMIT 1");
            left.extend(
                app.database.rows(&sings).await.into_iter().map(|row| format!("{table}: {}", row["row"])),
            );
        }
        left
    }

    /// What the others have of it: what was agreed, and their numbers.
    async fn agreed(&self, app: &App) -> Vec<Value> {
        let [one, other] = self.bookings;
        let [said, heard] = self.reviews;
        let mut rows = app
            .database
            .rows(&format!(
                "SELECT id, status::text AS status, request_id, offer_id, provider_id, user_id, service_id, price_cents, currency,
                   start_at, end_at, zone, place::text AS place, cancelled_by::text AS by, late
                 FROM bookings WHERE id IN ('{one}', '{other}') ORDER BY id"
            ))
            .await;
        let reviews = format!(
            "SELECT id, rating, provider_id, created_at FROM reviews WHERE id IN ('{said}', '{heard}') ORDER BY id"
        );
        rows.extend(app.database.rows(&reviews).await);
        let theirs = format!("SELECT text, author FROM reviews WHERE id = '{heard}'");
        rows.extend(app.database.rows(&theirs).await);
        rows
    }
}

#[tokio::test]
async fn whoever_closes_their_account_leaves_no_words_behind() {
    let app = App::builder().workers(0).start().await;
    let maya = Leaver::new(&app).await;
    let before = maya.agreed(&app).await;
    maya.plant(&app).await;
    maya.caller.delete("/auth/me").await.expect(204);
    assert_eq!(Leaver::left(&app).await, [""; 0]);
    assert_eq!(maya.agreed(&app).await, before, "what was agreed with others stays whole");

    let user = maya.user;
    let kept = format!("SELECT status::text AS status, name FROM users WHERE id = '{user}'");
    assert_eq!(app.database.rows(&kept).await, [json!({"status": "deleted", "name": null})]);
    for gone in ["accounts", "media", "notifications", "enrollments", "tasks", "chat_sessions"] {
        let count = format!("SELECT count(*) FROM {gone} WHERE user_id = '{user}'");
        assert_eq!(app.database.value(&count).await, 0, "{gone}");
    }
    let counted = "SELECT user_id, session_id, task_id, cost_micros FROM llm_usage";
    let nobodys = json!({"user_id": null, "session_id": null, "task_id": null, "cost_micros": 1});
    assert_eq!(app.database.rows(counted).await, [nobodys], "counted, and nobody's");
    let place = "SELECT count(*) FROM requests WHERE latitude IS NOT NULL AND user_id";
    assert_eq!(app.database.value(&format!("{place} = '{user}'")).await, 0);
    let place =
        "SELECT count(*) FROM providers WHERE (latitude IS NOT NULL OR photo_id IS NOT NULL) AND user_id";
    assert_eq!(app.database.value(&format!("{place} = '{user}'")).await, 0);
    // What they said counts for the provider, and has no name.
    let path = format!("/reviews/provider/{}", maya.other_provider);
    let shown = app.guest().await.get(&path).await.expect(200).body["items"][0].clone();
    assert_eq!((&shown["author"], &shown["text"], &shown["rating"]), (&Value::Null, &json!(""), &json!(4)));
    eventually("the token is refused", async || maya.caller.get("/auth/me").await.status == 401).await;
}

/// A story of bystanders: it is told there.
pub async fn who_closes_an_account_takes_nothing_of_others_along(app: &App) {
    let (noah, zoe) = (Leaver::new(app).await, Leaver::new(app).await);
    noah.plant(app).await;
    let planted = Leaver::rows(app).await;
    zoe.caller.delete("/auth/me").await.expect(204);
    assert_eq!(Leaver::rows(app).await, planted);
    // Rows that have no words.
    for told in ["notifications", "llm_usage"] {
        let told = format!("SELECT count(*) FROM {told} WHERE user_id = '{}'", noah.user);
        assert_eq!(app.database.value(&told).await, 1);
    }
}

impl Leaver {
    /// How many rows of each table hold the canary.
    async fn rows(app: &App) -> Vec<(String, Value)> {
        let mut rows = Vec::new();
        for (table, _) in THEIRS {
            let sings = format!("SELECT count(*) FROM {table} t WHERE t::text LIKE '%{CANARY}%'");
            rows.push(((*table).to_owned(), app.database.value(&sings).await));
        }
        rows
    }
}

#[tokio::test]
async fn a_consumer_who_leaves_calls_off_what_is_to_come() {
    let app = App::builder().workers(0).start().await;
    let deal = Deal::new(&app).await;
    let booking = deal.booked(slot(3, "12:00")).await["id"].as_str().unwrap().to_owned();
    let open = app.request_row(deal.maya_id).await;
    app.lead_row(open, deal.provider).await;
    let offer = app.offer_row(open, deal.provider).await;
    let begun = app.offer_row(app.request_row(deal.maya_id).await, deal.provider).await;
    let begun = app.booking_row(begun, -1).await;
    deal.maya.delete("/auth/me").await.expect(204);
    assert_eq!(status(&app, "bookings", &booking).await, "cancelled");
    assert_eq!(status(&app, "offers", &offer.to_string()).await, "declined");
    assert_eq!(status(&app, "bookings", &begun.to_string()).await, "confirmed", "what has begun is done");
    for request in [deal.request, open] {
        assert_eq!(status(&app, "requests", &request.to_string()).await, "cancelled");
    }
    assert_eq!(app.told(deal.ann_id).await, ["booked", "cancelled", "offer_declined"]);
    let by = format!("SELECT cancelled_by::text FROM bookings WHERE id = '{booking}'");
    assert_eq!(app.database.value(&by).await, "consumer");
    // The time is free again.
    deal.another(&app).await.booked(slot(3, "12:00")).await;
}

#[tokio::test]
async fn whom_a_provider_leaves_is_matched_again() {
    let app = App::builder().workers(0).start().await;
    let deal = Deal::new(&app).await;
    let booking = deal.booked(slot(3, "12:00")).await["id"].as_str().unwrap().to_owned();
    let other = deal.another(&app).await;
    let offer = other.offered(&[slot(4, "12:00")]).await;
    app.database.execute("UPDATE tasks SET status = 'completed', stage = 'done', result = '{}'").await;
    deal.ann.delete("/auth/me").await.expect(204);
    assert_eq!(status(&app, "bookings", &booking).await, "cancelled");
    assert_eq!(status(&app, "offers", &offer).await, "withdrawn");
    assert_eq!((deal.stands(&app).await, other.stands(&app).await), (json!("matching"), json!("matched")));
    let tasks = "SELECT request_id FROM tasks WHERE kind = 'matching' AND status = 'processing'";
    assert_eq!(app.database.value(tasks).await, json!(deal.request));
    assert_eq!(app.told(deal.maya_id).await, ["offer", "booked", "cancelled"]);
    let answer = deal.maya.get(&format!("/providers/{}", deal.provider)).await;
    assert_problem!(answer, 404, "not_found");
}

/// Where something stands.
async fn status(app: &App, table: &str, id: &str) -> Value {
    app.database.value(&format!("SELECT status::text FROM {table} WHERE id = '{id}'")).await
}

#[tokio::test]
async fn an_operator_takes_out_and_erases_what_is_kept() {
    let app = App::builder().workers(0).start().await;
    let maya = Leaver::new(&app).await;
    let id = maya.user.to_string();
    let run = async |arguments: &[&str]| Process::output("proxie-api", arguments, app.environment()).await;
    let (code, exported) = run(&["export", &id]).await;
    assert_eq!(code, Some(0), "{exported}");
    let exported: Value = serde_json::from_str(&exported).unwrap();
    let asked_for = maya.caller.get("/auth/me/export").await.expect(200).body;
    assert_eq!(without_links(exported), without_links(asked_for));

    maya.plant(&app).await;
    assert_eq!(run(&["erase", &id]).await.0, Some(0));
    assert_eq!(Leaver::left(&app).await, [""; 0]);
    assert_eq!(run(&["erase", &id]).await.0, Some(0), "what is erased stays so");
    assert_eq!(run(&["erase", "nobody@example.com"]).await.0, Some(1));
    assert_eq!(run(&["erase", &Uuid::now_v7().to_string()]).await.0, Some(1));
    let noted = "SELECT DISTINCT action, admin_id, object_id FROM audit_log";
    assert_eq!(
        app.database.rows(noted).await,
        [json!({"action": "user.erase", "admin_id": null, "object_id": id})]
    );
}
