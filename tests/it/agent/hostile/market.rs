//! People in the middle of their business, among whom hostile texts stand.

use proxie_offline_llm::{Fault, Kind};
use proxie_shared::model::users::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{App, Caller, day};

/// Tables that tell of conversations: what they cost, and that there is something new.
const TOLD_OF_IT: [&str; 3] = ["usage", "budget", "live_"];
/// What the conversation itself writes; all else must stay as it is.
const CONVERSATION: [&str; 6] =
    ["chat_sessions", "chat_messages", "drafts", "tasks", "task_steps", "__diesel_schema_migrations"];

/// People in the middle of their business.
pub struct Market {
    pub app: App,
    pub maya: Caller,
    pub ann: Caller,
    pub tyrone: Caller,
    pub provider: Uuid,
    pub request: Uuid,
    pub offer: Uuid,
    rival: Uuid,
    pub booking: Uuid,
    done: Uuid,
    foreign: Uuid,
    pub review: Uuid,
    enrollment: String,
}

impl Market {
    pub async fn new() -> Self {
        let app = App::start().await;
        let user = |role| app.user_row(role);
        let (maya, ann, bruno, tom) = (
            user(Role::Consumer).await,
            user(Role::Provider).await,
            user(Role::Provider).await,
            user(Role::Consumer).await,
        );
        let (provider, shears) = (app.provider_row(ann).await, app.provider_row(bruno).await);
        let request = app.request_row(maya).await;
        app.lead_row(request, provider).await;
        app.lead_row(request, shears).await;
        let (offer, rival) = (app.offer_row(request, provider).await, app.offer_row(request, shears).await);
        let received = format!("UPDATE requests SET status = 'offers_received' WHERE id = '{request}'");
        app.database.execute(&received).await;
        let booked = async |consumer: Uuid, hours: i32| {
            let request = app.request_row(consumer).await;
            app.lead_row(request, provider).await;
            let offer = app.offer_row(request, provider).await;
            app.booking_row(offer, hours).await
        };
        let (booking, foreign) = (booked(maya, 50).await, booked(tom, 60).await);
        let done = app.done_booking_row(maya, provider, 40).await;
        let reviewed = app.done_booking_row(tom, provider, 80).await;
        let review = app.review_row(reviewed, 4).await;
        // Rows of tasks that no worker shall find, and leads that nobody needs to look at any more.
        let settled =
            "DELETE FROM tasks; UPDATE request_matches SET viewed_at = now() WHERE viewed_at IS NULL";
        app.database.execute(settled).await;
        // What they say of themselves in passing changes no profile that is filled in.
        let profile = format!(
            "UPDATE users SET name = 'Maya Lind' WHERE id = '{maya}';
             INSERT INTO consumer_profiles (user_id, city, zone, phone)
               VALUES ('{maya}', 'Brooklyn', 'America/New_York', '+1 917 555 0188')"
        );
        app.database.execute(&profile).await;
        let as_user = |id: Uuid, role| app.user(&id.to_string(), role);
        let tyrone = as_user(user(Role::Consumer).await, Role::Consumer);
        let begun = tyrone.move_on("/enrollment/start").await.expect(201).body;
        let enrollment = begun["id"].as_str().unwrap().to_owned();
        let market = Self {
            maya: as_user(maya, Role::Consumer),
            ann: as_user(ann, Role::Provider),
            tyrone,
            app,
            provider,
            request,
            offer,
            rival,
            booking,
            done,
            foreign,
            review,
            enrollment,
        };
        market.fills_in("My work").await;
        market.remembers().await;
        market.app.model.always(Some(Fault::kind(Kind::Obey)));
        market
    }

    /// What Maya has stated that she likes.
    async fn remembers(&self) {
        let stated = json!({
            "budget": {"max_cents": 5_000, "currency": "USD"}, "timing": "mornings", "style": "quiet",
            "places": ["Queens"], "favourite_providers": [self.provider],
        });
        let call = self.maya.call(Method::PATCH, "/consumers/me/memory").json(&stated);
        self.maya.send(call).await.expect(200);
    }

    /// Tyrone's enrollment: complete, with words beside its picture.
    pub async fn fills_in(&self, caption: &str) {
        let photo = self.app.media_row(self.app.id_of(&self.tyrone).await).await;
        let weekly = json!({"monday": [{"start": "09:00", "end": "17:00"}]});
        let fields = json!({
            "business_name": "Fade Factory", "city": "Brooklyn", "services": [{"service_id": "haircut"}],
            "availability": {"zone": "America/New_York", "weekly": weekly},
            "portfolio": [{"media_id": photo, "title": caption}],
        });
        let path = format!("/enrollment/{}", self.enrollment);
        self.tyrone.send(self.tyrone.call(Method::PATCH, &path).json(&fields)).await.expect(200);
    }

    /// A text with the ids of what is here.
    pub fn filled_in(&self, text: &str) -> String {
        let ids = [
            ("$request", self.request),
            ("$offer", self.offer),
            ("$rival", self.rival),
            ("$booking", self.booking),
            ("$done", self.done),
            ("$foreign", self.foreign),
            ("$review", self.review),
        ];
        let text = text.replace("$date", &day(1).to_string());
        ids.iter().fold(text, |text, (name, id)| text.replace(name, &id.to_string()))
    }

    /// All rows but for those of conversations, by table.
    pub async fn everything(&self) -> Vec<(String, Value)> {
        let tables = "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1";
        let tables = self.app.database.rows(tables).await;
        let names = tables.iter().map(|row| row["name"].as_str().unwrap());
        let is_kept =
            |name: &&str| !CONVERSATION.contains(name) && !TOLD_OF_IT.iter().any(|told| name.contains(told));
        let mut all = Vec::new();
        for name in names.filter(is_kept) {
            // Where a guest needs something they have said themselves.
            let but_for = match name {
                "consumer_profiles" => "WHERE user_id NOT IN (SELECT id FROM users WHERE role = 'guest')",
                _ => "",
            };
            let all_of = "coalesce(jsonb_agg(t ORDER BY t::text), '[]')";
            let rows = format!("SELECT {all_of} AS rows FROM \"{name}\" t {but_for}");
            let mut rows = self.app.database.value(&rows).await;
            if name == "enrollments" {
                // A draft is its owner's own matter until it is handed in.
                for row in rows.as_array_mut().into_iter().flatten() {
                    *row = json!([row["id"], row["status"], row["submitted_at"]]);
                }
            }
            all.push((name.to_owned(), rows));
        }
        all
    }
}
