//! The people of the story, what they have to do with each other, and the canaries that are planted there.

use std::collections::BTreeMap;

use proxie_shared::model::users::Role;
use uuid::Uuid;

use super::table::{Form, Line, lines};
use crate::support::{App, Caller, day};

/// A canary that is planted.
pub struct Canary {
    /// Where it is, and who may see it.
    pub line: Line,
    /// What it looks like in an answer.
    pub text: String,
}

/// All people, and all that is planted.
pub struct Town {
    /// Who reads, in the order in which they also write.
    pub readers: Vec<(&'static str, Caller)>,
    /// Ids of things by the names that they have in paths and bodies.
    pub ids: BTreeMap<&'static str, Vec<String>>,
    /// What must not be told.
    pub canaries: Vec<Canary>,
}

/// The hash of nobody's password, as it is written.
const HASH: &str = "$argon2id$v=19$m=8,t=1,p=1$";
const SALT: &str = "saltsaltsalt";
const SUM: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

const CONSUMERS: [&str; 3] = ["sam", "noah", "maya"];
const PROVIDERS: [&str; 6] = ["zed", "casey", "olga", "lea", "offi", "bea"];

/// What is where, before the canaries are planted.
struct Things {
    users: BTreeMap<&'static str, Uuid>,
    businesses: BTreeMap<&'static str, Uuid>,
    /// By the names of the story: requests, offers, bookings, and the rest.
    named: BTreeMap<&'static str, Uuid>,
}

impl Town {
    /// Makes all of it; `anybody` calls the API that is to be read.
    pub async fn new(app: &App, anybody: &Caller) -> Self {
        let things = Things::new(app).await;
        let canaries = things.plant(app).await;
        let as_one = |name: &'static str, role| {
            let token = app.user(&things.users[name].to_string(), role).token.expect("a token");
            (name, anybody.with_token(&token))
        };
        let guest = anybody.move_on("/auth/guest").await.expect(201).body;
        let guest = anybody.with_token(guest["access_token"].as_str().expect("a token"));
        let mut readers = vec![("none", anybody.clone()), ("guest", guest)];
        readers.extend(["sam", "noah"].map(|name| as_one(name, Role::Consumer)));
        readers.extend(PROVIDERS.map(|name| as_one(name, Role::Provider)));
        readers.extend([as_one("maya", Role::Consumer), as_one("admin", Role::Admin)]);
        Self { readers, ids: things.ids(), canaries }
    }
}

impl Things {
    async fn new(app: &App) -> Self {
        let (mut users, mut businesses) = (BTreeMap::new(), BTreeMap::new());
        for name in CONSUMERS {
            users.insert(name, app.user_row(Role::Consumer).await);
        }
        users.insert("admin", app.user_row(Role::Admin).await);
        for name in PROVIDERS {
            users.insert(name, app.user_row(Role::Provider).await);
            businesses.insert(name, app.provider_row(users[name]).await);
        }
        let mut named = BTreeMap::new();
        let (maya, noah) = (users["maya"], users["noah"]);
        for (request, consumer, routed) in [
            ("open", maya, &["lea", "offi", "casey"][..]),
            ("booked", maya, &["bea", "offi"]),
            ("off", maya, &["casey"]),
            ("noah", noah, &["offi"]),
        ] {
            let id = app.request_row(consumer).await;
            named.insert(request, id);
            for provider in routed {
                app.lead_row(id, businesses[provider]).await;
            }
        }
        for (offer, request, provider) in [
            ("open.offer", "open", "offi"),
            ("booked.offer", "booked", "bea"),
            ("booked.declined", "booked", "offi"),
            ("off.offer", "off", "casey"),
            ("noah.offer", "noah", "offi"),
        ] {
            named.insert(offer, app.offer_row(named[request], businesses[provider]).await);
        }
        for (booking, offer, hours) in [
            ("booked.booking", "booked.offer", 30),
            ("off.booking", "off.offer", 50),
            ("noah.booking", "noah.offer", 40),
        ] {
            named.insert(booking, app.booking_row(named[offer], hours).await);
        }
        let over = app.done_booking_row(maya, businesses["olga"], 24 * 32).await;
        named.insert("over.booking", over);
        named.insert("over.review", app.review_row(over, 5).await);
        let at_home = "UPDATE bookings SET place = 'consumer', address = 'there'";
        app.database.execute(at_home).await;
        for (photo, owner) in [("open.photo", maya), ("maya.photo", maya), ("bea.photo", users["bea"])] {
            named.insert(photo, app.media_row(owner).await);
        }
        named.insert("bea.shown", app.media_row(users["bea"]).await);
        let rows = ["session", "task", "message", "draft", "enrollment", "template", "item", "offer_draft"];
        named.extend(rows.map(|name| (name, Uuid::now_v7())));
        named.insert("notification", app.notification_row(maya).await);
        let things = Self { users, businesses, named };
        things.rest(app).await;
        things
    }

    /// What no helper makes.
    async fn rest(&self, app: &App) {
        let Self { users, businesses, named } = self;
        let id = |name: &str| named[name];
        let made = format!(
            "UPDATE request_matches SET passed_at = now(), answered_at = now(), pass_reason = 'no'
               WHERE request_id = '{open}' AND provider_id = '{casey}';
             UPDATE offers SET status = 'declined' WHERE id = '{declined}';
             INSERT INTO offer_history (offer_id, \"from\", \"to\", actor_id, note)
               VALUES ('{declined}', 'pending', 'declined', '{maya}', 'no');
             UPDATE bookings SET status = 'cancelled', cancelled_by = 'consumer', cancel_reason = 'ill', ended_at = now()
               WHERE id = '{off_booking}';
             INSERT INTO booking_history (booking_id, \"from\", \"to\", actor_id, note)
               VALUES ('{off_booking}', 'confirmed', 'cancelled', '{maya}', 'why');
             UPDATE requests SET status = 'cancelled' WHERE id = '{off}';
             INSERT INTO request_history (request_id, \"from\", \"to\", actor_id, note)
               VALUES ('{booked}', 'offers_received', 'booked', '{maya}', 'why');
             UPDATE bookings SET proposed_start_at = now() + interval '3 days', proposed_by = 'consumer',
               proposed_end_at = now() + interval '73 hours', proposed_until = now() + interval '20 hours',
               proposed_note = 'later' WHERE id = '{booked_booking}';
             INSERT INTO request_media (request_id, media_id, position) VALUES ('{open}', '{photo}', 0);
             INSERT INTO preferences (user_id, source, key, same, value) VALUES ('{maya}', 'stated', 'style', 'x', 'x');
             INSERT INTO consumer_profiles (user_id, email, phone, street, city, latitude, longitude)
               SELECT id, 'x@example.com', '000', 'x', 'x', 40.68, -73.94 FROM users WHERE id IN ('{maya}', '{noah}');
             INSERT INTO accounts (user_id, email, password_hash)
               SELECT id, id || '@example.com', '{HASH}{SALT}${SUM}' FROM users WHERE role <> 'guest';
             INSERT INTO chat_sessions (id, user_id, role, title, last_seq)
               VALUES ('{session}', '{maya}', 'consumer', 'x', 1);
             INSERT INTO chat_messages (id, session_id, seq, turn, author, text, task_id)
               VALUES ('{message}', '{session}', 1, 1, 'user', 'x', '{task}');
             INSERT INTO tasks (id, kind, user_id, session_id, seq, message_id, status, stage, result, trace_id)
               VALUES ('{task}', 'chat', '{maya}', '{session}', 1, '{message}', 'completed', 'done', '{{}}', 'trace');
             INSERT INTO tasks (id, kind, user_id, request_id, status, stage, error_code, trace_id)
               VALUES ('{offer_draft}', 'offer_draft', '{offi}', '{open}', 'failed', 'done', 'internal', 'trace');
             INSERT INTO drafts (id, session_id, user_id, kind, fields, expires_at)
               VALUES ('{draft}', '{session}', '{maya}', 'request', '{{}}', now() + interval '1 day');
             INSERT INTO idempotency_keys (user_id, route, key, sent, answer)
               VALUES ('{maya}', 'POST /requests', 'key', sha256('x'), '{{}}');
             INSERT INTO enrollments (id, user_id, fields, reasons, expires_at)
               VALUES ('{enrollment}', '{noah}', '{{}}', '{{x}}', now() + interval '1 day');
             INSERT INTO provider_services (provider_id, service_id, places, licence, licence_number, licence_note)
               VALUES ('{bea}', 'pipe_repair', '{{consumer}}', 'verified', 'x', 'x');
             INSERT INTO provider_templates (id, provider_id, name, body) VALUES ('{template}', '{bea}', 'usual', 'x');
             INSERT INTO portfolio_items (id, provider_id, media_id) VALUES ('{item}', '{bea}', '{shown}');
             INSERT INTO provider_history (provider_id, \"from\", \"to\", actor_id, note)
               VALUES ('{bea}', 'suspended', 'active', '{admin}', 'x')",
            open = id("open"),
            off = id("off"),
            booked = id("booked"),
            casey = businesses["casey"],
            bea = businesses["bea"],
            offi = users["offi"],
            maya = users["maya"],
            noah = users["noah"],
            admin = users["admin"],
            declined = id("booked.declined"),
            off_booking = id("off.booking"),
            booked_booking = id("booked.booking"),
            photo = id("open.photo"),
            shown = id("bea.shown"),
            session = id("session"),
            message = id("message"),
            task = id("task"),
            offer_draft = id("offer_draft"),
            draft = id("draft"),
            enrollment = id("enrollment"),
            template = id("template"),
            item = id("item"),
        );
        app.database.execute(&made).await;
        // Whose own address of the business is none is reached by that of the account. Who has what lead is said above: the
        // others take no work, so that no matching gives them more.
        let offi = businesses["offi"];
        let more = format!(
            "UPDATE providers SET email = NULL WHERE id = '{offi}';
             UPDATE providers SET status = 'paused' WHERE id <> '{offi}';
             UPDATE tasks SET status = 'completed', stage = 'done', result = '{{}}'
               WHERE kind = 'matching' AND status = 'processing'"
        );
        app.database.execute(&more).await;
    }

    /// Plants every canary, each in its own place.
    async fn plant(&self, app: &App) -> Vec<Canary> {
        let mut canaries = Vec::new();
        for (at, line) in lines().into_iter().enumerate() {
            let text = match line.form {
                Form::Word => format!("cny{at:02}x"),
                Form::Amount => format!("7{at:02}31{at:02}9"),
                Form::Latitude => format!("4{at:02}739184"),
                Form::Id => {
                    let id = self.id(line.name).to_string();
                    canaries.push(Canary { line, text: id });
                    continue;
                }
            };
            let (table, set, whose) = self.place(line.name);
            let value = if line.form == Form::Latitude { format!("40.68{text}") } else { text.clone() };
            let there = format!("SELECT count(*) FROM {table} WHERE {whose}");
            assert_eq!(app.database.value(&there).await, 1, "{}", line.name);
            let set = set.replace("{c}", &value);
            app.database.execute(&format!("UPDATE {table} SET {set} WHERE {whose}")).await;
            canaries.push(Canary { line, text });
        }
        canaries
    }

    /// The thing whose id a canary is.
    fn id(&self, name: &str) -> Uuid {
        match name.split_once('.').expect("whose.what") {
            (person, "user_id") => self.users[person],
            ("maya", "photo_unhung") => self.named["maya.photo"],
            ("bea", "photo_unhung") => self.named["bea.photo"],
            ("open", "photo") => self.named["open.photo"],
            (request, "booking_id") => self.named[format!("{request}.booking").as_str()],
            _ => panic!("which id is {name}?"),
        }
    }

    /// Where a canary is planted: table, what is set there, and in which row.
    fn place(&self, name: &'static str) -> (&'static str, &'static str, String) {
        let (of, what) = name.split_once('.').expect("whose.what");
        let with = |name: &str| format!("id = '{}'", self.named[name]);
        let user = || format!("id = '{}'", self.users[of]);
        let by_user = || format!("user_id = '{}'", self.users[of]);
        let business = || format!("id = '{}'", self.businesses[of]);
        let by_business = || format!("provider_id = '{}'", self.businesses[of]);
        let is_provider = self.businesses.contains_key(of);
        let in_enrollment = |set| ("enrollments", set, by_user());
        match what {
            "account_email" => ("accounts", "email = '{c}@example.com'", by_user()),
            "password" => {
                ("accounts", "password_hash = replace(password_hash, 'saltsaltsalt', '{c}xxxxxx')", by_user())
            }
            "surname" => ("users", "name = 'Maya {c}'", user()),
            "email" if is_provider => ("providers", "email = '{c}@example.com'", business()),
            "phone" if is_provider => ("providers", "phone = '{c}'", business()),
            "street" if is_provider => ("providers", "street = '{c}'", business()),
            "home" if is_provider => ("providers", "latitude = {c}", business()),
            "least_price" => ("providers", "min_price_cents = {c}", business()),
            "external_id" => ("providers", "external_id = '{c}'", business()),
            "licence" => (
                "provider_services",
                "licence_number = '{c}'",
                format!("{} AND service_id = 'pipe_repair'", by_business()),
            ),
            "licence_note" => (
                "provider_services",
                "licence_note = '{c}'",
                format!("{} AND service_id = 'pipe_repair'", by_business()),
            ),
            "template" => ("provider_templates", "body = '{c}'", by_business()),
            "suspended_note" => ("provider_history", "note = '{c}'", by_business()),
            "email" => ("consumer_profiles", "email = '{c}@example.com'", by_user()),
            "phone" => ("consumer_profiles", "phone = '{c}'", by_user()),
            "memory" => ("preferences", "value = '{c}', same = '{c}'", by_user()),
            "street" => ("consumer_profiles", "street = '{c}'", by_user()),
            "city" => ("consumer_profiles", "city = '{c}'", by_user()),
            "home" => ("consumer_profiles", "latitude = {c}", by_user()),
            "chat_text" => ("chat_messages", "text = '{c}'", with("message")),
            "chat_title" => ("chat_sessions", "title = '{c}'", with("session")),
            "chat_known" => ("chat_sessions", "known = '{\"name\": \"{c}\"}'", with("session")),
            "chat_draft" => ("drafts", "fields = '{\"city\": \"{c}\"}'", with("draft")),
            "chat_answer" => ("tasks", "result = '{\"kind\": \"chat\", \"message\": \"{c}\"}'", with("task")),
            "key" => ("idempotency_keys", "answer = '{\"body\": \"{c}\"}'", by_user()),
            "description" => ("requests", "description = '{c}'", with(of)),
            "specialization" => ("requests", "specializations = '{{c}}'", with(of)),
            "budget" => ("requests", "budget_max_cents = {c}", with(of)),
            "place" => ("requests", "latitude = {c}", with(of)),
            "offer_message" => ("offers", "message = '{c}'", with(&format!("{of}.offer"))),
            "offer_price" => ("offers", "price_cents = {c}", with(&format!("{of}.offer"))),
            "offer_notes" => ("offers", "price_notes = '{c}'", with(&format!("{of}.offer"))),
            "declined_message" => ("offers", "message = '{c}'", with("booked.declined")),
            "pass_reason" => (
                "request_matches",
                "pass_reason = '{c}'",
                format!("request_id = '{}' AND passed_at IS NOT NULL", self.named[of]),
            ),
            "decline_reason" => {
                ("offer_history", "note = '{c}'", format!("offer_id = '{}'", self.named["booked.declined"]))
            }
            "note" if of == "booked" => {
                ("request_history", "note = '{c}'", format!("request_id = '{}'", self.named[of]))
            }
            "note" => {
                ("booking_history", "note = '{c}'", format!("booking_id = '{}'", self.named["off.booking"]))
            }
            "address" => ("bookings", "address = '{c}'", with(&format!("{of}.booking"))),
            "instructions" => ("bookings", "instructions = '{c}'", with(&format!("{of}.booking"))),
            "proposed_note" => ("bookings", "proposed_note = '{c}'", with(&format!("{of}.booking"))),
            "cancel_reason" => ("bookings", "cancel_reason = '{c}'", with(&format!("{of}.booking"))),
            "price" => ("bookings", "price_cents = {c}", with(&format!("{of}.booking"))),
            "enroll_name" => in_enrollment("fields = fields || '{\"business_name\": \"{c}\"}'"),
            "enroll_email" => in_enrollment("fields = fields || '{\"email\": \"{c}@example.com\"}'"),
            "enroll_phone" => in_enrollment("fields = fields || '{\"phone\": \"{c}\"}'"),
            "enroll_street" => in_enrollment("fields = fields || '{\"street\": \"{c}\"}'"),
            "enroll_licence" => in_enrollment(
                "fields = fields || '{\"services\": [{\"service_id\": \"pipe_repair\", \"licence_number\": \"{c}\"}]}'",
            ),
            "enroll_reason" => in_enrollment("reasons = ARRAY['{c}']"),
            _ => panic!("where is {name} planted?"),
        }
    }

    fn ids(&self) -> BTreeMap<&'static str, Vec<String>> {
        let named =
            |names: &[&str]| names.iter().map(|name| self.named[name].to_string()).collect::<Vec<_>>();
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        BTreeMap::from([
            ("user_id", ["maya", "noah", "bea"].map(|name| self.users[name].to_string()).to_vec()),
            ("provider_id", self.businesses.values().map(Uuid::to_string).collect()),
            ("request_id", named(&["open", "booked", "off", "noah"])),
            (
                "offer_id",
                named(&["open.offer", "booked.offer", "booked.declined", "off.offer", "noah.offer"]),
            ),
            ("booking_id", named(&["booked.booking", "off.booking", "noah.booking", "over.booking"])),
            ("review_id", named(&["over.review"])),
            ("enrollment_id", named(&["enrollment"])),
            ("notification_id", named(&["notification"])),
            ("media_id", named(&["open.photo", "maya.photo", "bea.photo", "bea.shown"])),
            ("session_id", named(&["session"])),
            ("task_id", named(&["task", "offer_draft"])),
            ("template_id", named(&["template"])),
            ("item_id", named(&["item"])),
            ("service_id", texts(&["haircut", "pipe_repair"])),
            ("category_id", texts(&["hair_beauty"])),
            ("file", texts(&["swagger-ui.css", "redoc.standalone.js", "original.1.private.x"])),
            ("from", vec![day(1).to_string()]),
            ("to", vec![day(3).to_string()]),
        ])
    }
}
